"""The layouts of fronts: which slots there are, in reading order, and how large the card in each is.

What a card of a size looks like is the design's; which story stands in a slot is :mod:`stoppress.newsroom.fronts`'.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


STRIP = "strip-"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one story.

    Attributes:
        row: name of the row that it stands in.
        number: which of the row's it is, from 1; 0 when it is alone there.
        size: of the card: ``lead``, ``standard``, ``plain`` or ``compact``.
    """

    name: str
    row: "str | _StrPromise"
    number: int
    size: str

    @property
    def row_name(self) -> str:
        """Name of its row: ``second`` for ``second-3``."""
        return self.name.partition("-")[0]

    @property
    def label(self) -> str:
        """What editors call it."""
        if self.is_strip:
            return _("Strip “%s”, first place") % self.row
        if not self.number:
            return str(self.row)
        return _("%(row)s, place %(number)d") % {"row": self.row, "number": self.number}

    @property
    def is_strip(self) -> bool:
        """Whether it is the first place of a section's strip, which belongs to no layout."""
        return self.name.startswith(STRIP)


@dataclass(frozen=True, slots=True)
class Layout:
    """Slots in reading order, the lead first."""

    name: str
    label: "str | _StrPromise"
    slots: tuple[Slot, ...]

    def slot(self, name: str) -> Slot | None:
        """The slot of this name."""
        return next((slot for slot in self.slots if slot.name == name), None)


def strip_slot(section_id: int, title: str) -> Slot:
    """The first place of a section's strip on the home page; ``title`` is the section's."""
    return Slot(f"{STRIP}{section_id}", title, 0, "feature")


LEAD, SECOND, MORE, BESIDE = (
    gettext_lazy("Lead"),
    gettext_lazy("Second row"),
    gettext_lazy("More stories"),
    gettext_lazy("Beside the lead"),
)


def _row(name: str, label: "str | _StrPromise", count: int, size: str) -> Iterable[Slot]:
    return (Slot(f"{name}-{number}", label, number, size) for number in range(1, count + 1))


def _beside() -> Iterable[Slot]:
    """Narrow: words alone, but for the first that has a picture."""
    return (Slot(f"beside-{number}", BESIDE, number, "plain") for number in range(1, 4))


def _layout(name: str, label: "str | _StrPromise", *rows: Iterable[Slot]) -> Layout:
    return Layout(name, label, (Slot("lead", LEAD, 0, "lead"), *(slot for row in rows for slot in row)))


HOME = (
    _layout(
        "standard",
        gettext_lazy("One lead, eleven stories"),
        _beside(),
        _row("second", SECOND, 4, "standard"),
        _row("more", MORE, 4, "compact"),
    ),
    _layout(
        "big-story",
        gettext_lazy("One story that is bigger than the others"),
        _row("second", SECOND, 4, "standard"),
        _row("more", MORE, 4, "compact"),
    ),
    _layout("short", gettext_lazy("One lead, three stories"), _beside()),
)
SECTION = (
    _layout("section", gettext_lazy("One lead, four stories, then the newest"), _row("second", SECOND, 4, "standard")),
    _layout("section-lead", gettext_lazy("One lead, then the newest")),
)


def layouts_for(*, is_home: bool) -> tuple[Layout, ...]:
    """What editors may choose from; the first is what they begin with."""
    return HOME if is_home else SECTION


def layout_named(name: str, *, is_home: bool) -> Layout:
    """The layout of this name, or the first when a later version knows it no more."""
    known = layouts_for(is_home=is_home)
    return next((layout for layout in known if layout.name == name), known[0])
