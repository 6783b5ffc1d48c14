"""Blocks that are words: quotes, a box of facts, a timeline, a table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    BooleanBlock,
    CharBlock,
    DateTimeBlock,
    ListBlock,
    RichTextBlock,
    StructBlock,
    StructBlockValidationError,
    TextBlock,
)
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

# Never take a name out: an editor's next save would delete what it stands for. ``fact`` joins when facts exist.
BODY_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class QuoteBlock(StructBlock):
    """Someone's words, set apart, with who said them."""

    quote = TextBlock()
    attribution = CharBlock(required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "newsroom/blocks/quote.html"


class PullQuoteBlock(StructBlock):
    """A line of the article itself, set large to draw the eye."""

    quote = TextBlock(help_text=_("A line that stands in the text as well."))
    attribution = CharBlock(required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        template = "newsroom/blocks/pull_quote.html"


class FactBoxBlock(StructBlock):
    """What one should know, beside the report."""

    title = CharBlock(max_length=200)
    text = RichTextBlock(features=BODY_FEATURES, required=False)
    points = ListBlock(CharBlock(max_length=500), default=[], required=False, help_text=_("Shown as a list."))

    class Meta:
        icon = "info-circle"
        label = _("Fact box")
        template = "newsroom/blocks/fact_box.html"


class TimelineEntryBlock(StructBlock):
    """One thing that happened, and when."""

    at = DateTimeBlock(required=False, label=_("time"))
    label = CharBlock(
        required=False, max_length=100, help_text=_("Shown instead of the time: “Monday”, “Spring 1994”.")
    )
    text = RichTextBlock(features=BODY_FEATURES)

    def clean(self, value: Any) -> Any:
        """Wagtail's own.

        Raises:
            StructBlockValidationError: neither a time nor a label says when.
        """
        cleaned = super().clean(value)
        if not cleaned["at"] and not cleaned["label"]:
            raise StructBlockValidationError({"label": ValidationError(_("Give a time or a label."))})
        return cleaned


class TimelineBlock(StructBlock):
    """What happened, in order."""

    title = CharBlock(required=False, max_length=200)
    entries = ListBlock(TimelineEntryBlock(), min_num=1)

    class Meta:
        icon = "history"
        label = _("Timeline")
        template = "newsroom/blocks/timeline.html"


class GridBlock(TypedTableBlock):
    """Columns of words or of figures. What was stored askew is read as well as it can be, never refused."""

    text = CharBlock(required=False)
    number = CharBlock(required=False, help_text=_("As readers should see it: 1,204 or 12 % or –."))

    def to_python(self, value: Any) -> Any:
        """Load a table; unknown columns are words, and short rows are filled up."""
        raw = value if isinstance(value, dict) else {}
        columns = [
            {
                "type": kind if (kind := column.get("type")) in self.child_blocks else "text",
                "heading": str(column.get("heading") or ""),
            }
            for column in raw.get("columns") or ()
        ]
        rows = []
        for row in raw.get("rows") or ():
            cells = ["" if cell is None else str(cell) for cell in row.get("values") or ()][: len(columns)]
            rows.append({"values": cells + [""] * (len(columns) - len(cells))})
        return super().to_python({"columns": columns, "rows": rows, "caption": str(raw.get("caption") or "")})


class TableBlock(StructBlock):
    """A table with a caption, headed columns and, if wanted, headed rows."""

    table = GridBlock()
    has_row_headers = BooleanBlock(
        required=False, label=_("first column heads the rows"), help_text=_("Says of each row what it is about.")
    )
    source = CharBlock(required=False, max_length=300, help_text=_("Where the figures are from."))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "newsroom/blocks/table.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """The value, and whether a column has a heading: a row of empty cells heads nothing."""
        has_head = any(column["heading"] for column in value["table"].columns)
        return {**super().get_context(value, parent_context), "has_head": has_head}

    def clean(self, value: Any) -> Any:
        """Wagtail's own.

        Raises:
            StructBlockValidationError: there is nothing in it, or (to publish) nothing says what it shows.
        """
        cleaned = super().clean(value)
        if not cleaned["table"].row_data:
            raise StructBlockValidationError({"table": ValidationError(_("The table has no rows."))})
        if not self.is_deferred_validation and not cleaned["table"].caption.strip():
            raise StructBlockValidationError(
                {"table": ValidationError(_("Give the table a caption: it says what the figures are of."))}
            )
        return cleaned
