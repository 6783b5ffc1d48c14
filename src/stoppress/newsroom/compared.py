"""Revisions side by side at the desk. Wagtail compares letters by colour and shows a body as loose texts; here words
are struck through and underlined, and blocks are named, with what happened to them.
"""

from typing import Any

from django.db import models
from django.template.loader import render_to_string
from wagtail.admin.compare import FieldComparison, register_comparison_class

from stoppress.media.models import Picture
from stoppress.newsroom.blocks import BodyField
from stoppress.newsroom.changes import body_changes, marked, words_changed
from stoppress.newsroom.models import Article
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


def register() -> None:
    """Take the place of Wagtail's; called once, when the desk begins."""
    register_comparison_class(models.CharField, comparison_class=WordsComparison)
    register_comparison_class(models.TextField, comparison_class=WordsComparison)
    register_comparison_class(BodyField, comparison_class=BodyComparison)
