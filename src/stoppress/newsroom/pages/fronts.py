"""The fronts: the home page, a section, and what stands on a shelf."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import fronts, keys, structured
from stoppress.newsroom.figures import figure
from stoppress.newsroom.models import Author, Home, ListEntry, Publication, Section, Shelf
from stoppress.newsroom.pages.lists import Card, cards_of, isolated, listing_of
from stoppress.newsroom.pages.site import About, Label, about, common, feeds_of, in_order
from stoppress.newsroom.shelving import shelf_of

ROW = 4
"""Stories below the first of a section that nobody has laid out."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A section's newest articles on the home page."""

    title: str
    path: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class More:
    """What else there is on the lead: the running story, series or topic, and headlines of it."""

    about: Label
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Row:
    """Cards that stand together on a front.

    Attributes:
        name: of the row in the layout, see :mod:`stoppress.newsroom.layouts`.
    """

    name: str
    cards: list[Card]


def home(page: Home) -> dict[str, Any]:
    """The slots as editors or rules filled them, the lead apart, and a strip of each section's newest."""
    depends_on(keys.home(page.pk))
    context = common("/")
    sections = in_order(Q(noun=Publication.Noun.SECTION, section_id=None))
    plan = fronts.live_plan(page.pk, is_home=True) or fronts.untouched(is_home=True)
    arranged = fronts.arrange(keys.ALL, plan, [keys.section_list(section.pk) for section in sections], has_more=True)
    rows, by_key = _placed(arranged)
    lead = _lead(rows)
    strips = [(section, arranged.strips[keys.section_list(section.pk)]) for section in sections]
    site = context["site"]
    said = page.search_description or site.strapline or site.title
    return {
        **context,
        "json_ld": [structured.organization(context)],
        "about": about(site.title, said, lead.figure if lead else None),
        "lead": lead,
        "lead_more": _more(arranged, by_key),
        "rows": rows,
        "layout": plan.layout.name,
        "dated_at": _dated_at(by_key.values()),
        "strips": [
            Strip(section.headline, section.path, cards if is_led else _picture_first(cards))
            for section, some in strips
            if some
            for cards in [[by_key[one.subject] for one in some]]
            for is_led in [keys.section_list(section.pk) in arranged.led]
        ],
    }


def _more(arranged: fronts.Arranged, by_key: Mapping[str, Card]) -> More | None:
    """What stands below the lead; ``None`` when there is nothing else."""
    about = shelf_of(arranged.more_in) if arranged.more_in else None
    if about is None:
        return None
    depends_on(about.key)
    return More(Label(about.name, about.public_path), [by_key[one.subject] for one in arranged.more])


def _picture_first(cards: list[Card]) -> list[Card]:
    """The newest with a picture leads the others."""
    return sorted(cards, key=lambda card: card is not next((one for one in cards if one.figure), cards[0]))


def _dated_at(cards: Iterable[Card]) -> datetime | None:
    """When the newest of them appeared or was updated: the front's date, which no clock moves."""
    return max((at for card in cards for at in (card.published_at, card.updated_at) if at), default=None)


def section(page: Section, number: int | None) -> dict[str, Any]:
    """The section's front, or with ``number`` one of its older pages, counted from the oldest.

    Raises:
        Http404: no such older page, or not yet.
    """
    depends_on(keys.section(page.pk), keys.about(page.pk))
    front = page.public_path
    name = keys.section_list(page.pk)
    listing = listing_of(name, front, number)
    lead: Card | None = None
    rows: list[Row] = []
    plan = fronts.live_plan(page.pk, is_home=False) if number is None else None
    if plan is not None:
        rows, by_key = _placed(fronts.arrange(name, plan))
        lead = _lead(rows)
        listing["cards"] = [card for card in _foreseen(name, listing["cards"]) if card.key not in by_key]
    elif number is None and listing["cards"]:
        lead, *rest = listing["cards"]
        rows = [Row("second", rest[:ROW])] if rest else []
        listing["cards"] = rest[ROW:]
    context = {
        **common(listing["path"], page.path),
        **listing,
        "lead": lead,
        "rows": rows,
        "layout": plan.layout.name if plan is not None else "",
        "section": Label(page.title, front, page.standfirst),
        "feeds": feeds_of(front),
    }
    said = page.search_description or page.standfirst
    return {**context, "about": _about(context, said), "json_ld": [structured.crumbs(context)]}


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
    if isinstance(owner, Author):
        # Whose page it is need not be said at each; with whom it was written must.
        alone = isolated(owner.name)
        listing["cards"] = [replace(card, byline="") if card.byline == alone else card for card in listing["cards"]]
    context = {
        **common(listing["path"]),
        **listing,
        "section": Label(owner.name, front, owner.summary),
        "shelf": owner,
        "portrait": figure(owner.portrait_id) if isinstance(owner, Author) else None,
        "kind": capfirst(str(owner._meta.verbose_name)),
        "feeds": feeds_of(front),
    }
    return {**context, "about": _about(context, owner.summary), "json_ld": [structured.crumbs(context)]}


def _foreseen(name: str, cards: list[Card]) -> list[Card]:
    """A list as it will be at the time for which a preview is; for readers as it is."""
    coming = cards_of(fronts.foreseen(name))
    known = {card.key for card in coming}
    stay = [card for card in cards if card.key not in known and not fronts.is_foreseen_gone(int(card.key[8:]))]
    return [*coming, *stay]


def _about(context: Mapping[str, Any], description: str) -> About:
    """Of a list; its first story brings the picture."""
    title = context["section"].title
    plain = _("%(name)s: what %(title)s has reported") % {"name": title, "title": context["site"].title}
    first = context.get("lead") or next(iter(context["cards"]), None)
    return about(title, description or plain, first.figure if first else None)


def _placed(arranged: fronts.Arranged) -> tuple[list[Row], dict[str, Card]]:
    """The rows of a front, each card in its slot's size; and every card of the front by its key."""
    publications = [one.publication for one in arranged.shown if one.publication is not None]
    below = [publication for some in (arranged.more, *arranged.strips.values()) for publication in some]
    by_key = {card.key: card for card in cards_of([*publications, *below])}
    slots = [one.choice.slot for one in arranged.shown]
    cards = [(slot, replace(by_key[p.subject], size=slot.size)) for p, slot in zip(publications, slots, strict=True)]
    grouped = groupby(cards, lambda one: one[0].row_name)
    return [Row(name, _one_picture([card for _slot, card in some])) for name, some in grouped], by_key


def _one_picture(cards: list[Card]) -> list[Card]:
    """Of cards of words alone the first that has a picture shows it: they reach as far as what they stand by."""
    first = next((card for card in cards if card.figure), None)
    return [replace(card, size="standard") if card is first and card.size == "plain" else card for card in cards]


def _lead(rows: list[Row]) -> Card | None:
    """Take the lead out of the rows."""
    return rows.pop(0).cards[0] if rows and rows[0].name == "lead" else None
