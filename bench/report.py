"""What a part found, as a piece of Markdown."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """One part's findings.

    Attributes:
        title: what was compared.
        wanted: what must hold, in words.
        headers: columns of the table.
        rows: its cells.
        notes: what the reader must know to trust it, a sentence each.
    """

    title: str
    wanted: str
    headers: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        parts = [f"## {self.title}", "", f"Wanted: {self.wanted}", "", *table(self.headers, self.rows)]
        if self.notes:
            parts += ["", " ".join(self.notes)]
        return "\n".join(parts) + "\n"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table, padded so that it reads well as plain text too."""
    widths = [max(len(row[i]) for row in (headers, *rows)) for i in range(len(headers))]

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return [line(headers), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *(line(row) for row in rows)]


def rate(requests_per_second: float) -> str:
    """Requests per second."""
    return f"{requests_per_second:,.0f}/s"


def milliseconds(seconds: float) -> str:
    """A time in milliseconds."""
    return f"{seconds * 1e3:.1f} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"


def microseconds(seconds: float) -> str:
    """A time in microseconds."""
    return f"{seconds * 1e6:.1f} µs"


def megabytes(number: int) -> str:
    """An amount of memory or disk."""
    return f"{number / 1e6:,.1f} MB"
