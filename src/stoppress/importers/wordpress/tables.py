"""A table's elements as a table block, where it is one of rows and columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from stoppress.importers.wordpress.elements import Element, line_of

MAX_COLUMNS = 50
MAX_CELLS = 10_000
"""Rows times columns; nobody reads more, and short rows are filled up."""
_FIGURE = re.compile(r"[-+−–]?\s?[€$£¥]?\s?\d[\d.,'’\s]*\s?[%‰€$£¥]?")
_NOTHING = frozenset({"", "-", "–", "—"})


@dataclass(slots=True)
class Grid:
    """A table as read.

    Attributes:
        problem: why a table block can't hold it; empty when it can.
        headings: of the columns, all empty when the table has none.
        has_row_headers: whether each row's first cell says what the row is about.
        more_heads: rows of headings beyond the first, which became ordinary rows.
    """

    problem: str = ""
    headings: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    caption: str = ""
    has_row_headers: bool = False
    more_heads: int = 0

    def value(self) -> dict[str, Any]:
        """The table block's value."""
        columns = [
            {"type": "number" if _is_figures([row[place] for row in self.rows]) else "text", "heading": heading}
            for place, heading in enumerate(self.headings)
        ]
        rows = [{"values": row} for row in self.rows]
        table = {"columns": columns, "rows": rows, "caption": self.caption}
        return {"table": table, "has_row_headers": self.has_row_headers, "source": ""}


def is_for_looks(element: Element) -> bool:
    """Whether a table has only one cell, and so was made for the look of it."""
    return sum(1 for _cell, _number in zip(element.iter("td", "th"), range(2), strict=False)) < 2


def read(element: Element, caption: str) -> Grid:
    """Read a ``table`` that has no table in it."""
    head: list[list[Element]] = []
    middle: list[list[Element]] = []
    foot: list[list[Element]] = []
    for row in element.iter("tr"):
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        if not cells:
            continue
        parent = row.getparent().tag
        {"thead": head, "tfoot": foot}.get(parent, middle).append(cells)
    body = [*middle, *foot]
    if not head and len(body) > 1 and _is_heading(body[0]) and not all(_is_heading(row) for row in body):
        head = [body.pop(0)]
    if not body:
        head, body = [], head
    everything = [*head, *body]
    if any(_spans(cell) for row in everything for cell in row):
        return Grid("cells that span rows or columns")
    width = max((len(row) for row in everything), default=0)
    if width > MAX_COLUMNS or width * len(everything) > MAX_CELLS:
        return Grid("more columns or rows than anyone reads")
    headings = _filled(head[0], width) if head else [""] * width
    rows = [_filled(row, width) for row in (*head[1:], *body)]
    return Grid(
        headings=headings,
        rows=[row for row in rows if any(row)],
        caption=caption,
        has_row_headers=width > 1 and all(row[0].tag == "th" for row in body),
        more_heads=max(0, len(head) - 1),
    )


def _is_heading(row: Sequence[Element]) -> bool:
    return all(cell.tag == "th" for cell in row)


def _spans(cell: Element) -> bool:
    return any(cell.get(name, "1").strip() not in {"1", ""} for name in ("colspan", "rowspan"))


def _filled(row: Sequence[Element], width: int) -> list[str]:
    words = [line_of(cell) for cell in row]
    return words + [""] * (width - len(words))


def _is_figures(column: Sequence[str]) -> bool:
    told = [words for words in column if words not in _NOTHING]
    return bool(told) and all(len(words) < 40 and _FIGURE.fullmatch(words) for words in told)
