"""Feeds of everything, a section, an author, a topic, a story or a series: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from stoppress.core.recorder import depends_on
from stoppress.core.text import without_controls
from stoppress.newsroom import corrected, keys, pages, shelving
from stoppress.newsroom.models import Home, Publication
from stoppress.newsroom.models.publication import FEEDS
from stoppress.newsroom.structured import stamp

FEED_ITEMS = 20
ABOUT_CORRECTIONS = "What this item got wrong and how it is right."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Owner:
    """What a feed is of.

    Attributes:
        list: name of the list of its articles.
        path: where it lives.
    """

    list: str
    title: str
    summary: str
    path: str


def owner_at(path: str) -> Owner | None:
    """Whose feeds lie below ``path`` (``/``, ``/world/``, ``/topic/tides/``); ``None`` when nobody lives there."""
    site = pages.SiteInfo()
    if path == "/":
        return Owner(keys.ALL, site.title, site.strapline or site.title, "/")
    noun, _slash, slug = path.strip("/").partition("/")
    shelf = shelving.shelf_at(noun, slug)
    if shelf is not None:
        depends_on(shelf.key)
        return Owner(shelf.key, f"{shelf.name} – {site.title}", shelf.summary, path)
    section = Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True, path=path).first()
    if section is None:
        return None
    depends_on(section.subject)
    return Owner(keys.section_list(section.pk), f"{section.headline} – {site.title}", section.standfirst, path)


def write(owner: Owner, kind: str) -> tuple[str, str]:
    """A feed's text and its media type; ``kind`` is a key of ``FEEDS``."""
    publications = pages.newest_in(owner.list, FEED_ITEMS)
    return _WRITERS[kind](owner, publications, pages.SiteInfo().base_url + owner.path + FEEDS[kind])


def _rss(owner: Owner, publications: list[Publication], address: str) -> tuple[str, str]:
    return _generated(_Rss, owner, publications, address), "application/rss+xml"


def _atom(owner: Owner, publications: list[Publication], address: str) -> tuple[str, str]:
    return _generated(_Atom, owner, publications, address), "application/atom+xml"


def _generated(kind: Any, owner: Owner, publications: list[Publication], address: str) -> str:
    site = pages.SiteInfo()
    feed = kind(
        title=without_controls(owner.title),
        link=site.base_url + owner.path,
        description=without_controls(owner.summary or owner.title),
        language=site.language,
        feed_url=address,
        author_name=site.title,
        feed_guid=site.base_url + owner.path,
        began_at=EPOCH if publications else _began_at(),
    )
    for item in publications:
        # One such character, and the whole feed can't be written.
        names = [without_controls(name) for name in json.loads(item.byline or "[]")]
        feed.add_item(
            title=without_controls(item.headline),
            link=site.base_url + item.path,
            description=_description(item),
            pubdate=item.published_at,
            updateddate=item.told_at or item.published_at,
            unique_id=f"{site.base_url}/#{item.subject}",
            unique_id_is_permalink=False,
            author_name=", ".join(names) or None,
            creators=names,
        )
    return str(feed.writeString("utf-8"))


def _description(item: Publication) -> str:
    """What both formats hold as HTML; ours is text, with what was corrected behind it."""
    told = str(escape(without_controls(item.standfirst)))
    for _pk, text, at in corrected.in_feed(item):
        day = date_format(timezone.localtime(datetime.fromisoformat(at)), "DATE_FORMAT")
        told += f"<p>{escape(_('Corrected on %(day)s:') % {'day': day})} {escape(without_controls(text))}</p>"
    return told


def _began_at() -> datetime:
    """When the publication was made: the date of a feed that holds nothing yet."""
    return Home.objects.order_by("pk").values_list("first_published_at", flat=True).first() or EPOCH


def _json(owner: Owner, publications: list[Publication], address: str) -> tuple[str, str]:
    site = pages.SiteInfo()
    items = [
        {
            "id": f"{site.base_url}/#{item.subject}",
            "url": site.base_url + item.path,
            "title": item.headline,
            "content_text": item.standfirst or item.headline,
            "date_published": stamp(item.published_at),
            **({"date_modified": stamp(item.told_at)} if item.told_at else {}),
            "authors": [{"name": name} for name in json.loads(item.byline or "[]")],
            **_corrections(site.base_url + item.path, item),
        }
        for item in publications
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": owner.title,
        "home_page_url": site.base_url + owner.path,
        "feed_url": address,
        "description": owner.summary or owner.title,
        "language": site.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1), "application/feed+json"


def _corrections(address: str, item: Publication) -> dict[str, Any]:
    """An extension of ours (JSON Feed 1.1, *Extensions*); nothing when nothing was corrected."""
    told = [
        {"url": f"{address}#correction-{pk}", "content_text": text, "date_published": at}
        for pk, text, at in corrected.in_feed(item)
    ]
    return {"_corrections": {"about": ABOUT_CORRECTIONS, "items": told}} if told else {}


_WRITERS: dict[str, Callable[[Owner, list[Publication], str], tuple[str, str]]] = {
    "rss": _rss,
    "atom": _atom,
    "json": _json,
}


class _Stable:
    """A feed whose date is its newest item's, so that the same content is the same file."""

    items: list[dict[str, Any]]
    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        dates = [item["updateddate"] for item in self.items if item["updateddate"]]
        began_at: datetime = self.feed["began_at"]
        return max(dates, default=began_at)


class _Rss(_Stable, Rss201rev2Feed):
    """RSS with the authors' names in Dublin Core: RSS's own element wants a mail address."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": "http://purl.org/dc/elements/1.1/"}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item | {"author_name": None})
        for name in item["creators"]:
            handler.addQuickElement("dc:creator", name)


class _Atom(_Stable, Atom1Feed):
    """Atom, its dates in order."""
