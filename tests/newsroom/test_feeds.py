"""Feeds and the news sitemap, read back as machines read them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from lxml import etree

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Topic
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
DC = "{http://purl.org/dc/elements/1.1/}creator"
NEWS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def baked(store: Path, name: str) -> bytes:
    assert actions.drain().failed == []
    return (store / "pages" / name).read_bytes()


def test_each_owner_has_its_own_articles_in_every_kind(publication: SmallPublication, store: Path) -> None:
    topic, author = Topic.objects.create(name="Tides", slug="tides"), AuthorFactory(name="Ada & Co", slug="ada")
    ArticleFactory(section=publication.world, headline="High <water>", topics=[topic], authors=[author])
    ArticleFactory(section=publication.local, headline="Elsewhere")
    for owner, titles in {
        "": {"High <water>", "Elsewhere"},
        "world/": {"High <water>"},
        "topic/tides/": {"High <water>"},
        "author/ada/": {"High <water>"},
    }.items():
        rss = etree.fromstring(baked(store, f"{owner}feed/index.xml"))
        assert {item.findtext("title") for item in rss.iter("item")} == titles
        atom = etree.fromstring(baked(store, f"{owner}feed/atom/index.xml"))
        assert {entry.findtext("a:title", namespaces=ATOM) for entry in atom.findall("a:entry", ATOM)} == titles
        feed = json.loads(baked(store, f"{owner}feed/json/index.json"))
        assert {item["title"] for item in feed["items"]} == titles
        assert feed["feed_url"].endswith(f"/{owner}feed/json/")


def test_what_each_format_demands(publication: SmallPublication, store: Path) -> None:
    author = AuthorFactory(name="Ada & Co", slug="ada")
    changed = timezone.now().replace(microsecond=0)
    ArticleFactory(section=publication.world, authors=[author], fields={"updated_at": changed})
    (item,) = etree.fromstring(baked(store, "feed/index.xml")).iter("item")
    assert item.findtext(DC) == "Ada & Co"
    assert item.findtext("author") is None
    atom = etree.fromstring(baked(store, "feed/atom/index.xml"))
    for name in ("id", "title", "updated", "author"):  # RFC 4287, 4.1.1
        assert atom.find(f"a:{name}", ATOM) is not None
    (entry,) = atom.findall("a:entry", ATOM)
    assert entry.findtext("a:updated", namespaces=ATOM) == changed.isoformat()
    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Ada & Co"
    (item,) = json.loads(baked(store, "feed/json/index.json"))["items"]
    assert item["authors"] == [{"name": "Ada & Co"}]
    assert item["date_modified"] == changed.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_text_is_no_markup_to_who_reads_it_as_html(publication: SmallPublication, store: Path) -> None:
    ArticleFactory(section=publication.world, standfirst="2 < 3 <script>alert(1)</script>")
    escaped = "2 &lt; 3 &lt;script&gt;alert(1)&lt;/script&gt;"
    (item,) = etree.fromstring(baked(store, "feed/index.xml")).iter("item")
    assert item.findtext("description") == escaped
    atom = etree.fromstring(baked(store, "feed/atom/index.xml"))
    assert atom.findtext("a:entry/a:summary", namespaces=ATOM) == escaped
    (item,) = json.loads(baked(store, "feed/json/index.json"))["items"]
    assert item["content_text"] == "2 < 3 <script>alert(1)</script>"


def test_a_feed_forgets_what_was_taken_down(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, headline="Not for long")
    assert b"Not for long" in baked(store, "world/feed/index.xml")
    newsroom.kill_article(article, "A court says so.")
    for name in ("feed/index.xml", "world/feed/atom/index.xml", "world/feed/json/index.json", "sitemap/news.xml"):
        assert b"Not for long" not in baked(store, name)


def test_the_news_sitemap_holds_two_days_and_knows_when_it_ends(publication: SmallPublication, store: Path) -> None:
    now = timezone.now()
    ArticleFactory(section=publication.world, headline="Fresh & new", published_at=now - timedelta(hours=47))
    ArticleFactory(section=publication.world, headline="Stale", published_at=now - timedelta(hours=49))
    root = etree.fromstring(baked(store, "sitemap/news.xml"))
    assert [one.text for one in root.iterfind(".//n:title", NEWS)] == ["Fresh & new"]
    assert root.findtext(".//n:language", namespaces=NEWS) == "en"
    until = Address.objects.get(path="/sitemap/news.xml").valid_until
    assert until is not None
    assert abs(until - (now + timedelta(hours=1))) < timedelta(minutes=1)
