"""Revisions side by side at the desk. Wagtail compares letters by colour and shows a body as loose texts; here words
are struck through and underlined, and blocks are named, with what happened to them.
"""

from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail.admin.compare import FieldComparison, register_comparison_class

from stoppress.media.models import Picture
from stoppress.newsroom.blocks import BodyField
from stoppress.newsroom.changes import Piece, body_changes, marked, words_changed
from stoppress.newsroom.models import Article, Byline
from stoppress.newsroom.panels import COMPARISONS
from stoppress.newsroom.passages import field_label


class WordsComparison(FieldComparison):
    """A line or a text."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.is_headline = field.name == "title" and isinstance(obj_b, Article)

    def field_label(self) -> str:
        """What the desk's form calls it."""
        return field_label("title") if self.is_headline else str(super().field_label())

    def htmldiff(self) -> str:
        """Both, with what went and what came."""
        return str(marked(words_changed(str(self.val_a or ""), str(self.val_b or ""))))


class BodyComparison(FieldComparison):
    """An article's body."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.before, self.after = self.val_a.get_prep_value(), self.val_b.get_prep_value()

    def has_changed(self) -> bool:
        """Whether a block is other than it was."""
        return bool(self.before != self.after)

    def htmldiff(self) -> str:
        """The blocks that are, with their words and pictures."""
        changes = body_changes(self.before, self.after)
        ids = {pk for change in changes for pk in change.pictures or () if pk}
        pictures = Picture.objects.in_bulk(ids)
        rows = [
            (change, [(place, pictures.get(pk)) for place, pk in enumerate(change.pictures or ()) if pk])
            for change in changes
        ]
        return render_to_string("newsroom/compare_body.html", {"rows": rows})


class ValueComparison(FieldComparison):
    """One thing that a form holds: a time, yes or no, a choice, something that was chosen."""

    def htmldiff(self) -> str:
        """What it was, and what it is."""
        before, after = self.in_words(self.val_a), self.in_words(self.val_b)
        if before == after:
            return str(format_html("{}", after))
        return str(marked([Piece("old", before), Piece("same", " → "), Piece("new", after)]))

    def in_words(self, value: Any) -> str:
        """As the desk's forms and lists show it."""
        if value is None or value == "":
            return _("not set")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime):
            return str(date_format(timezone.localtime(value), "DATETIME_FORMAT"))
        if isinstance(value, date):
            return str(date_format(value, "DATE_FORMAT"))
        return str(dict(self.field.flatchoices).get(value, value))


class ChosenComparison(ValueComparison):
    """Something that stands elsewhere: a story, a series, an author."""

    def in_words(self, value: Any) -> str:
        """Its name."""
        if value is None:
            return _("not set")
        found = self.field.related_model._default_manager.filter(pk=value).first()
        return str(found) if found is not None else _("what is gone")


class PictureComparison(ChosenComparison):
    """A picture, to be seen."""

    def htmldiff(self) -> str:
        """Both, small."""
        ids = [self.val_a, self.val_b]
        pictures = Picture.objects.in_bulk([pk for pk in ids if pk])
        if ids[0] == ids[1]:
            return str(format_html("{}", self.in_words(ids[1])))
        shown = [(place, pictures.get(pk)) for place, pk in enumerate(ids) if pk]
        return render_to_string("newsroom/compare_picture.html", {"pictures": shown})


class RowsComparison(FieldComparison):
    """Rows in an order, by what they say; how the database numbers them is nobody's news."""

    def __init__(self, relation: str, label: str, obj_a: Any, obj_b: Any) -> None:
        self.label = label
        self.rows_a, self.rows_b = ([_row(row) for row in getattr(one, relation).all()] for one in (obj_a, obj_b))

    def field_label(self) -> str:
        """What the desk's form calls them."""
        return self.label

    def has_changed(self) -> bool:
        """Whether one came, went or stands elsewhere."""
        return self.rows_a != self.rows_b

    def htmldiff(self) -> str:
        """All of them, with what went and what came."""
        pieces: list[Piece] = []
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, self.rows_a, self.rows_b, autojunk=False).get_opcodes():
            for place, rows in (("old", self.rows_a[i1:i2]), ("new", self.rows_b[j1:j2])):
                if kind == "equal" and place == "old":
                    continue
                for row in rows:
                    pieces += [Piece("same", ", ")] * bool(pieces) + [Piece("same" if kind == "equal" else place, row)]
        return str(marked(pieces))


def _row(row: Any) -> str:
    is_special = isinstance(row, Byline) and row.role != Byline.Role.WRITER
    return f"{row} ({row.get_role_display()})" if is_special else str(row)


def register() -> None:
    """Take the place of Wagtail's; called once, when the desk begins."""
    for field in (models.DateTimeField, models.DateField, models.BooleanField):
        register_comparison_class(field, comparison_class=ValueComparison)
    COMPARISONS.update(rows=RowsComparison, picture=PictureComparison, value=ValueComparison)
    # By way of the base of all models: a class for the field itself would take the place of the look-up by model.
    register_comparison_class(models.ForeignKey, to=models.Model, comparison_class=ChosenComparison)
    register_comparison_class(models.CharField, comparison_class=WordsComparison)
    register_comparison_class(models.TextField, comparison_class=WordsComparison)
    register_comparison_class(BodyField, comparison_class=BodyComparison)
