"""What templates show: cards, figures and the contexts of each page type, with the keys they depend on.

Lists are read from the derived tables alone, in a number of queries that does not grow with the archive.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import Http404
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.media.actions import make_renditions, specs
from stoppress.media.models import Picture
from stoppress.newsroom import keys
from stoppress.newsroom.models import BUCKET, Article, Home, ListEntry, Publication, Section

HOME_CARDS = 11
STRIP_CARDS = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as pages show it: the sizes that exist, and the words that belong to it here."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


MakeFigure = Callable[[str, str], Figure]
"""From alt text and caption to a figure."""


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
    """Site, tabs and canonical address; ``tree_path`` says where in the sections the page stands."""
    depends_on(keys.NAV)
    tabs = [
        Tab(section.headline, section.path, bool(tree_path) and tree_path.startswith(section.tree_path))
        for section in _top_sections()
    ]
    return {"site": SiteInfo(), "tabs": tabs, "canonical": settings.BASE_URL + path, "is_preview": is_preview}


def home(page: Home) -> dict[str, Any]:
    """The newest story large, the next ones, and a strip of each section."""
    depends_on(keys.home(page.pk))
    context = common("/")
    newest = _newest(keys.ALL, HOME_CARDS)
    above = {publication.pk for publication in newest}
    strips = []
    for section in _top_sections():
        # Deep enough that no story stands on the page twice.
        candidates = _newest(keys.section_list(section.pk), HOME_CARDS + STRIP_CARDS)
        strips.append((section, [p for p in candidates if p.pk not in above][:STRIP_CARDS]))
    shown = _cards([*newest, *(publication for _, some in strips for publication in some)])
    by_key = {card.key: card for card in shown}
    cards = [by_key[publication.subject] for publication in newest]
    return {
        **context,
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
    depends_on(keys.section(page.pk))
    name = keys.section_list(page.pk)
    newest = _newest_bucket(name)
    front = page.public_path
    if number is None:
        depends_on(f"section:{page.pk}:front", keys.newest(name))
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
        **common(path, page.path),
        "section": Label(page.title, front, page.standfirst),
        "section_path": front,
        "cards": _cards(publications),
        "number": number,
        "older_path": f"{front}page/{older}/" if older >= 1 else None,
        "newer_path": newer_path,
    }


def article(page: Article, *, is_preview: bool = False) -> dict[str, Any]:
    """One article."""
    depends_on(keys.article(page.pk or 0))
    label = None
    parent = page.get_parent() if page.path else None
    if parent is not None:
        depends_on(keys.section(parent.pk))
        label = Label(parent.title, parent.specific.public_path) if parent.live else None
    authors = [str(byline.author) for byline in _bylines(page)]
    for byline in _bylines(page):
        depends_on(keys.author(byline.author_id))
    return {
        **common(page.public_path if page.path else "/", page.path or "", is_preview=is_preview),
        "headline": page.title,
        "standfirst": page.standfirst,
        "authors": authors,
        "byline": get_text_list(authors, _("and")),
        "published_at": page.first_published_at,
        "section": label,
        "figure": figure(page.lead_picture_id, page.lead_alt, page.lead_caption) if page.lead_picture_id else None,
    }


def figure(picture_id: int | None, alt: str = "", caption: str = "") -> Figure | None:
    """A picture's figure; ``None`` when it can't be shown."""
    if picture_id is None:
        return None
    make = _figures([picture_id]).get(picture_id)
    return make(alt, caption) if make else None


def newest_in_all(count: int) -> list[Publication]:
    """The newest articles of the whole publication, for feeds."""
    return _newest(keys.ALL, count)


def _top_sections() -> Iterable[Publication]:
    sections = Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True, section_id=None)
    return sections.order_by("tree_path")


def _bylines(page: Article) -> list[Any]:
    return sorted(page.bylines.all(), key=lambda byline: byline.sort_order or 0)


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
    sections = Publication.objects.in_bulk(section_ids)
    figures = _figures([p.picture_id for p in publications if p.picture_id])
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
            figure=make(p.picture_alt, "") if make else None,
        )
    return list(cards.values())


def _isolated(name: str) -> str:
    """A name between Unicode's isolates, so that neighbours in other scripts keep their order (UAX 9)."""
    return f"\u2068{name}\u2069"


def _figures(picture_ids: Sequence[int]) -> dict[int, MakeFigure]:
    """For each picture that can be shown, a function of alt text and caption that gives its figure."""
    wanted = set(picture_ids)
    if not wanted:
        return {}
    depends_on(*(keys.picture(pk) for pk in sorted(wanted)))
    makers: dict[int, MakeFigure] = {}
    for picture in Picture.objects.filter(pk__in=wanted, withdrawn_at=None).prefetch_related("renditions"):
        by_spec = {rendition.filter_spec: rendition for rendition in picture.renditions.all()}
        # The sizes are made when a picture is saved; making them here mends a picture that came another way.
        found = [by_spec[spec] for spec in specs() if spec in by_spec]
        renditions = found if len(found) == len(specs()) else make_renditions(picture)
        if renditions:
            makers[picture.pk] = _maker(picture, renditions)
    return makers


def _maker(picture: Picture, renditions: Sequence[Any]) -> MakeFigure:
    sizes = {rendition.width: rendition for rendition in renditions}
    default = sizes.get(640) or renditions[-1]
    srcset = ", ".join(f"{sizes[width].url} {width}w" for width in sorted(sizes))

    def make(alt: str, caption: str) -> Figure:
        return Figure(
            default.url, srcset, default.width, default.height, alt or picture.description, caption, picture.credit
        )

    return make
