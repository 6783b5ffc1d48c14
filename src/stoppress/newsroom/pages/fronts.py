"""The fronts: the home page, a section, and what stands on a shelf."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.text import capfirst

from stoppress.core.recorder import depends_on
from stoppress.newsroom import fronts, keys, structured
from stoppress.newsroom.models import Home, ListEntry, Publication, Section, Shelf
from stoppress.newsroom.pages.lists import Card, cards_of, listing_of
from stoppress.newsroom.pages.site import Label, common, feeds_of, in_order


@dataclass(frozen=True, slots=True)
class Strip:
    """A section's newest articles on the home page."""

    title: str
    path: str
    cards: list[Card]


def home(page: Home) -> dict[str, Any]:
    """The slots as editors or rules filled them, the lead apart, and a strip of each section's newest."""
    depends_on(keys.home(page.pk))
    context = common("/")
    sections = in_order(Q(noun=Publication.Noun.SECTION, section_id=None))
    plan = fronts.live_plan(page.pk, is_home=True) or fronts.untouched(is_home=True)
    arranged = fronts.arrange(keys.ALL, plan, [keys.section_list(section.pk) for section in sections])
    placed, by_key = _placed(arranged)
    lead = placed.pop(0) if placed and placed[0].size == "lead" else None
    strips = [(section, arranged.strips[keys.section_list(section.pk)]) for section in sections]
    return {
        **context,
        "json_ld": [structured.organization(context)],
        "lead": lead,
        "cards": placed,
        "layout": plan.layout.name,
        "strips": [
            Strip(section.headline, section.path, [by_key[publication.subject] for publication in some])
            for section, some in strips
            if some
        ],
    }


def section(page: Section, number: int | None) -> dict[str, Any]:
    """The section's front, or with ``number`` one of its older pages, counted from the oldest.

    Raises:
        Http404: no such older page, or not yet.
    """
    depends_on(keys.section(page.pk), keys.about(page.pk))
    front = page.public_path
    name = keys.section_list(page.pk)
    listing = listing_of(name, front, number)
    lead = None
    plan = fronts.live_plan(page.pk, is_home=False) if number is None else None
    if plan is not None:
        arranged = fronts.arrange(name, plan)
        placed, by_key = _placed(arranged)
        lead = placed.pop(0) if placed and placed[0].size == "lead" else None
        listing["cards"] = [*placed, *(card for card in listing["cards"] if card.key not in by_key)]
    return {
        **common(listing["path"], page.path),
        **listing,
        "lead": lead,
        "layout": plan.layout.name if plan is not None else "",
        "section": Label(page.title, front, page.standfirst),
        "feeds": feeds_of(front),
    }


def shelf(owner: Shelf, number: int | None) -> dict[str, Any]:
    """What stands on an author's, topic's, story's or series' page.

    Raises:
        Http404: nothing stands there, or there is no such older page.
    """
    depends_on(owner.key)
    front = owner.public_path
    listing = listing_of(owner.key, front, number)
    if not listing["cards"] and not ListEntry.objects.of(owner.key).exists():
        raise Http404
    return {
        **common(listing["path"]),
        **listing,
        "section": Label(owner.name, front, owner.summary),
        "shelf": owner,
        "kind": capfirst(str(owner._meta.verbose_name)),
        "feeds": feeds_of(front),
    }


def _placed(arranged: fronts.Arranged) -> tuple[list[Card], dict[str, Card]]:
    """The cards of a front's slots, each in its slot's size; and every card of the front by its key."""
    publications = [one.publication for one in arranged.shown if one.publication is not None]
    below = [publication for some in arranged.strips.values() for publication in some]
    by_key = {card.key: card for card in cards_of([*publications, *below])}
    sizes = [one.choice.slot.size for one in arranged.shown]
    return [replace(by_key[p.subject], size=size) for p, size in zip(publications, sizes, strict=True)], by_key
