"""A front as it is being laid out, read for the desk and for the next edition."""

from dataclasses import dataclass

from stoppress.newsroom.fronts import Choice, Plan
from stoppress.newsroom.layouts import STRIP, layout_named, layouts_for, strip_slot
from stoppress.newsroom.models import Front, FrontSlot, Publication


@dataclass(frozen=True, slots=True)
class FrontDraft:
    """What is wanted in each slot, and who is at it.

    Attributes:
        front: ``None`` while nobody has touched it.
        rows: slots that somebody has touched, by name.
        aside: pins in slots that the layout has not.
    """

    front: Front | None
    plan: Plan
    rows: dict[str, FrontSlot]
    aside: list[FrontSlot]

    @property
    def version(self) -> int:
        """The front's, 0 while nobody has touched it."""
        return self.front.version if self.front is not None else 0


def draft_of(page_id: int, *, is_home: bool) -> FrontDraft:
    """The front of a page as it is being laid out, in two queries; in three when a strip was touched."""
    people = ("changed_by", "live", "live__by")
    front = Front.objects.select_related(*people).filter(page_id=page_id).first()
    layout = layout_named(front.layout, is_home=is_home) if front else layouts_for(is_home=is_home)[0]
    found = front.slots.select_related("claimed_by", "changed_by", "asked_by") if front is not None else ()
    rows = {row.slot: row for row in found}
    blank = FrontSlot()
    choices = [
        Choice(slot, row.article_id, row.headline, row.until, row.rule)
        for slot in layout.slots
        for row in [rows.get(slot.name, blank)]
    ]
    names = {slot.name for slot in layout.slots}
    touched = sorted(name for name in rows if name.startswith(STRIP)) if is_home else []
    if touched:
        pks = {name: int(name.removeprefix(STRIP)) for name in touched}
        titles = dict(Publication.objects.filter(pk__in=pks.values()).values_list("pk", "headline"))
        for name, pk in pks.items():
            row = rows[name]
            slot = strip_slot(pk, titles.get(pk, ""))
            choices.append(Choice(slot, row.article_id, row.headline, row.until, row.rule))
    names |= set(touched)
    aside = [row for name, row in rows.items() if name not in names and row.article_id is not None]
    return FrontDraft(front, Plan(layout, tuple(choices)), rows, aside)
