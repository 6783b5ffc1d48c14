"""The fronts: the home page, a section, and what stands on a shelf."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.text import capfirst

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, structured
from stoppress.newsroom.models import Home, ListEntry, Publication, Section, Shelf
from stoppress.newsroom.pages.lists import Card, cards_of, listing_of, newest_of
from stoppress.newsroom.pages.site import Label, common, feeds_of, in_order

HOME_CARDS = 11
STRIP_CARDS = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """A section's newest articles on the home page."""

    title: str
    path: str
    cards: list[Card]


def home(page: Home) -> dict[str, Any]:
    """The newest story large, the next ones, and a strip of each section."""
    depends_on(keys.home(page.pk))
    context = common("/")
    newest = newest_of(keys.ALL, HOME_CARDS)
    above = {publication.pk for publication in newest}
    strips = []
    for section in in_order(Q(noun=Publication.Noun.SECTION, section_id=None)):
        # Deep enough that no story stands on the page twice.
        candidates = newest_of(keys.section_list(section.pk), HOME_CARDS + STRIP_CARDS)
        strips.append((section, [p for p in candidates if p.pk not in above][:STRIP_CARDS]))
    shown = cards_of([*newest, *(publication for _, some in strips for publication in some)])
    by_key = {card.key: card for card in shown}
    cards = [by_key[publication.subject] for publication in newest]
    return {
        **context,
        "json_ld": [structured.organization(context)],
        "lead": cards[0] if cards else None,
        "cards": cards[1:],
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
    return {
        **common(listing["path"], page.path),
        **listing,
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
    if not listing["cards"] and not ListEntry.objects.filter(list=owner.key).exists():
        raise Http404
    return {
        **common(listing["path"]),
        **listing,
        "section": Label(owner.name, front, owner.summary),
        "shelf": owner,
        "kind": capfirst(str(owner._meta.verbose_name)),
        "feeds": feeds_of(front),
    }
