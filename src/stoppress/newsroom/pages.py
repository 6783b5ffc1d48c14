"""What templates show: cards, figures and the contexts of each page type, with the keys they depend on.

Lists are read from the derived tables alone, in a number of queries that does not grow with the archive.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, prefetch_related_objects
from django.http import Http404
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from wagtail.models import Page

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, structured
from stoppress.newsroom.figures import Figure, figure, figures_of
from stoppress.newsroom.models import (
    BUCKET,
    Article,
    Byline,
    Home,
    ListEntry,
    Publication,
    Section,
    Shelf,
    StaticPage,
)
from stoppress.newsroom.models.publication import FEEDS

HOME_CARDS = 11
STRIP_CARDS = 4
PLAIN_BLOCKS = {"text", "subheading", "image", "quote"}
"""Blocks that the style sheet of every page knows; what else stands in an article brings a sheet of its own."""
FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True)
class Tab:
    """A section in the navigation."""

    title: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Card:
    """An article as lists show it."""

    key: str
    path: str
    headline: str
    standfirst: str
    byline: str
    published_at: datetime | None
    section_title: str
    section_path: str
    figure: Figure | None
    kicker: str = ""
    design: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """A section's newest articles on the home page."""

    title: str
    path: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Label:
    """A section's title and address."""

    title: str
    path: str
    standfirst: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone's part in an article."""

    name: str
    path: str
    role: str
    role_name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page names it."""

    type: str
    name: str
    path: str


class SiteInfo:
    """What every page says of the publication; the fingerprint covers it."""

    @cached_property
    def title(self) -> str:
        return str(settings.STOPPRESS_TITLE)

    @cached_property
    def strapline(self) -> str:
        return str(settings.STOPPRESS_STRAPLINE)

    @cached_property
    def language(self) -> str:
        return str(settings.STOPPRESS_LANGUAGE)

    @cached_property
    def base_url(self) -> str:
        return str(settings.BASE_URL)


def common(path: str, tree_path: str = "", *, is_preview: bool = False) -> dict[str, Any]:
    """Site, tabs, crumbs and canonical address; ``tree_path`` says where in the sections the page stands."""
    depends_on(keys.NAV, keys.FOOTER)
    # Every page shows all three, and a query costs more than the rows: the tabs, the sections above, the footer.
    places = [tree_path[:end] for end in range(Page.steplen, len(tree_path), Page.steplen)]
    is_section = Q(noun=Publication.Noun.SECTION) & (Q(section_id=None) | Q(tree_path__in=places))
    found = _in_order(is_section | Q(noun=Publication.Noun.STATIC, is_in_footer=True))
    sections = [one for one in found if one.noun == Publication.Noun.SECTION]
    above = [section for section in sections if section.tree_path in places]
    depends_on(*(keys.section(section.pk) for section in above))
    return {
        "site": SiteInfo(),
        "tabs": [
            Tab(section.headline, section.path, bool(tree_path) and tree_path.startswith(section.tree_path))
            for section in sections
            if section.section_id is None
        ],
        "crumbs": [Label(section.headline, section.path) for section in above],
        "footer": [Label(one.headline, one.path) for one in found if one.noun == Publication.Noun.STATIC],
        "canonical": settings.BASE_URL + path,
        "is_preview": is_preview,
        "feeds": feeds_of("/"),
    }


def home(page: Home) -> dict[str, Any]:
    """The newest story large, the next ones, and a strip of each section."""
    depends_on(keys.home(page.pk))
    context = common("/")
    newest = _newest(keys.ALL, HOME_CARDS)
    above = {publication.pk for publication in newest}
    strips = []
    for section in _in_order(Q(noun=Publication.Noun.SECTION, section_id=None)):
        # Deep enough that no story stands on the page twice.
        candidates = _newest(keys.section_list(section.pk), HOME_CARDS + STRIP_CARDS)
        strips.append((section, [p for p in candidates if p.pk not in above][:STRIP_CARDS]))
    shown = _cards([*newest, *(publication for _, some in strips for publication in some)])
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


def listing_of(name: str, front: str, number: int | None) -> dict[str, Any]:
    """The cards of a list's front, or of its older page ``number``, and the ways to its neighbours.

    Raises:
        Http404: there is no such older page.
    """
    newest = _newest_bucket(name)
    if number is None:
        depends_on(keys.front(name), keys.newest(name))
        publications, reached = _front(name, newest)
        older = reached  # the page of the bucket before the oldest one shown has this number
        newer_path = None
        path = front
    else:
        if not 1 <= number <= newest:
            raise Http404
        publications = _bucket(name, number - 1)
        older = number - 1
        depends_on(keys.closed(name, number))
        newer_path = f"{front}page/{number + 1}/" if number < newest else front
        path = f"{front}page/{number}/"
    return {
        "path": path,
        "section_path": front,
        "cards": _cards(publications),
        "number": number,
        "older_path": f"{front}page/{older}/" if older >= 1 else None,
        "newer_path": newer_path,
    }


def feeds_of(front: str) -> list[FeedLink]:
    """The feeds of what lives at ``front``."""
    return [FeedLink(FEED_TYPES[kind], FEED_NAMES[kind], front + place) for kind, place in FEEDS.items()]


def article(page: Article, *, is_preview: bool = False) -> dict[str, Any]:
    """One article."""
    depends_on(keys.article(page.pk or 0))
    shared = common(page.public_path if page.path else "/", page.path or "", is_preview=is_preview)
    crumbs = shared["crumbs"]
    credits = [_credit(byline) for byline in _linked(page.bylines, "author")]
    writers = [credit for credit in credits if credit.role == Byline.Role.WRITER]
    topics = [use.topic for use in _linked(page.topics, "topic")]
    shelves = [_shelf_link(one) for one in [page.story, page.series, *topics] if one is not None]
    lead = None
    if page.lead_picture_id and page.display != Article.Display.PLAIN:
        lead = figure(page.lead_picture_id, page.lead_alt, page.lead_caption, is_decorative=page.lead_is_decorative)
    corrections = sorted(page.corrections.order_by(), key=lambda one: (one.at, one.sort_order or 0, one.pk or 0))
    kinds = {block.block_type for block in page.body}
    context = {
        **shared,
        "headline": page.title,
        "kicker": page.kicker,
        "design": page.design,
        "display": page.display,
        "standfirst": page.standfirst,
        "authors": writers,
        "credits": [credit for credit in credits if credit.role != Byline.Role.WRITER],
        "byline": get_text_list([credit.name for credit in writers], _("and")),
        "dateline_place": page.dateline_place,
        "dateline_at": page.dateline_at,
        "published_at": page.first_published_at,
        "updated_at": page.updated_at,
        "update_note": page.update_note,
        "section": crumbs[-1] if crumbs else None,
        "figure": lead,
        "story": _shelf_link(page.story) if page.story else None,
        "shelves": shelves,
        "corrections": corrections,
        "has_parts": bool(kinds - PLAIN_BLOCKS),
        "has_embeds": "embed" in kinds,
    }
    context["json_ld"] = [structured.article(context), structured.crumbs(context)]
    return context


def static_page(page: StaticPage, *, is_preview: bool = False) -> dict[str, Any]:
    """A page that the publication has about itself."""
    depends_on(keys.static(page.pk or 0))
    return {
        **common(page.public_path if page.path else "/", is_preview=is_preview),
        "headline": page.title,
        "current_path": page.public_path if page.path else "",
    }


def _linked(uses: Any, name: str) -> list[Any]:
    """An article's bylines or topics in order, each with what it links to; those that link to nothing are left out."""
    # Ordered here for the sake of a preview, whose rows stand in memory; so not in the database as well.
    found = sorted(uses.order_by().select_related(name), key=lambda use: (use.sort_order or 0, use.pk or 0))
    # There nothing is joined, and an author may be gone.
    prefetch_related_objects(found, name)
    return [use for use in found if getattr(use, name, None) is not None]


def _credit(byline: Byline) -> Credit:
    author = byline.author
    depends_on(author.key)
    return Credit(author.name, author.public_path, byline.role, byline.get_role_display())


def _shelf_link(one: Shelf) -> Label:
    depends_on(one.key)
    return Label(one.name, one.public_path)


def newest_in(name: str, count: int) -> list[Publication]:
    """The newest articles of a list, for feeds."""
    publications = _newest(name, count)
    depends_on(*(keys.card(p.pk) for p in publications))
    return publications


def _in_order(which: Q) -> list[Publication]:
    return sorted(Publication.objects.filter(which, is_live=True), key=lambda one: one.tree_path)


def _newest_bucket(name: str) -> int:
    """Number of the newest bucket; a front that shows it depends on ``keys.newest``, an older page does not."""
    last = ListEntry.objects.filter(list=name).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) // BUCKET


def _bucket(name: str, number: int) -> list[Publication]:
    depends_on(keys.bucket(name, number))
    entries = ListEntry.objects.of(name).in_bucket(number, BUCKET).select_related("publication")
    return _sorted(entry.publication for entry in entries)


def _front(name: str, newest: int, wanted: int = BUCKET) -> tuple[list[Publication], int]:
    """Whole buckets from the newest back until ``wanted`` articles are there; also the oldest bucket reached."""
    publications: list[Publication] = []
    number = newest
    while True:
        publications += _bucket(name, number)
        if len(publications) >= wanted or number == 0:
            return _sorted(publications), number
        number -= 1


def _newest(name: str, count: int) -> list[Publication]:
    depends_on(keys.newest(name))
    return _front(name, _newest_bucket(name), count)[0][:count]


def _sorted(publications: Iterable[Publication]) -> list[Publication]:
    """Newest first; the page number breaks ties, so that a bake is the same each time."""
    return sorted(
        publications, key=lambda p: (p.published_at.timestamp() if p.published_at else 0.0, p.pk), reverse=True
    )


def _cards(publications: Sequence[Publication]) -> list[Card]:
    section_ids = {p.section_id for p in publications if p.section_id}
    # One that was taken off leads nowhere; its articles stay where they are.
    sections = {pk: one for pk, one in Publication.objects.in_bulk(section_ids).items() if one.is_live}
    figures = figures_of([p.picture_id for p in publications if p.picture_id])
    cards: dict[int, Card] = {}
    for p in publications:
        if p.pk in cards:
            continue
        depends_on(keys.card(p.pk))
        label = sections.get(p.section_id) if p.section_id else None
        if p.section_id:
            depends_on(keys.section(p.section_id))
        make = figures.get(p.picture_id) if p.picture_id else None
        cards[p.pk] = Card(
            key=p.subject,
            path=p.path,
            headline=p.headline,
            standfirst=p.standfirst,
            byline=get_text_list([_isolated(name) for name in json.loads(p.byline or "[]")], _("and")),
            published_at=p.published_at,
            section_title=label.headline if label else "",
            section_path=label.path if label else "",
            figure=make(p.picture_alt, "", p.picture_is_decorative) if make else None,
            kicker=p.kicker,
            design=p.design,
            updated_at=p.updated_at,
        )
    return list(cards.values())


def _isolated(name: str) -> str:
    """A name between Unicode's isolates, so that neighbours in other scripts keep their order (UAX 9)."""
    return f"\u2068{name}\u2069"
