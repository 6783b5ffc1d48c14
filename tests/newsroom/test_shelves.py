"""Authors, topics, stories and series have pages, from the first article on, and follow their names."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import keys
from stoppress.newsroom.models import BUCKET, Article, Author, Publication, Series, Story, Topic
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db


def page(store: Path, path: str) -> str:
    assert actions.drain().failed == []
    return (store / f"pages{path}index.html").read_text(encoding="utf-8")


def state(path: str) -> str | None:
    actions.drain()
    address = Address.objects.filter(path=path).first()
    return address and address.state


def test_a_topic_has_a_page_once_an_article_stands_on_it(publication: SmallPublication, store: Path) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides", description="High and low.")
    assert state("/topic/tides/") is None
    article = ArticleFactory(section=publication.world, headline="The flood", topics=[topic])
    html = page(store, "/topic/tides/")
    assert "Tides" in html
    assert "High and low." in html
    assert "The flood" in html
    assert '<a href="/topic/tides/">Tides</a>' in page(store, article.public_path)


@pytest.mark.parametrize(("kind", "field"), [(Story, "story"), (Series, "series")])
def test_a_story_or_series_gathers_its_articles(
    publication: SmallPublication, store: Path, kind: type[Story | Series], field: str
) -> None:
    shelf = kind.objects.create(name="The long night", slug="the-long-night")
    for section in (publication.world, publication.local):
        ArticleFactory(section=section, headline=f"From {section.title}", fields={field: shelf})
    html = page(store, f"/{kind.noun}/the-long-night/")
    assert "From World" in html
    assert "From Local" in html


@pytest.mark.parametrize(
    ("slug", "reason"), [("feed", "reserved"), ("page", "reserved"), ("日" * 90, "too long"), ("a b", "valid")]
)
def test_a_slug_that_is_no_address_is_refused(publication: SmallPublication, slug: str, reason: str) -> None:
    for make in (
        lambda: newsroom.create_shelf(Topic, "Tides", slug),
        lambda: newsroom.create_author("Ada Pell", slug),
        Topic(name="Tides", slug=slug).full_clean,
    ):
        with pytest.raises(ValidationError, match=reason):
            make()
    assert not Topic.objects.exists()


def test_characters_that_no_feed_can_hold_are_dropped(publication: SmallPublication, store: Path) -> None:
    author = newsroom.create_author("Ada\x0b Pell", "ada")
    ArticleFactory(section=publication.world, headline="Har\x08bour", standfirst="It\x1f opens", authors=[author])
    Author.objects.update(name="Ada \x0bPell")  # past the check, as in an older version's database
    Publication.objects.update(headline="Har\x08bour")
    actions.mark(keys.newest(keys.ALL), keys.NEWS_SITEMAP)
    assert "Harbour" in page(store, "/world/")
    for file in ("feed/index.xml", "feed/atom/index.xml", "sitemap/news.xml"):
        ElementTree.fromstring((store / "pages" / file).read_bytes())


def test_an_author_has_a_page_with_older_pages_and_feeds(publication: SmallPublication, store: Path) -> None:
    author = AuthorFactory(name="Ada Okafor", slug="ada", bio="Reports from the harbour.")
    for number in range(2 * BUCKET + 3):
        ArticleFactory(section=publication.world, headline=f"Report {number}", authors=[author])
    html = page(store, "/author/ada/")
    assert "Reports from the harbour." in html
    assert 'href="/author/ada/page/1/"' in html
    assert "Report 0<" in page(store, "/author/ada/page/1/")
    assert "By " not in html.partition('class="river"')[2].partition("</main>")[0]
    ArticleFactory(section=publication.world, authors=[author, AuthorFactory(name="Ben Tal", slug="ben")])
    assert page(store, "/author/ada/").count("By \u2068Ada Okafor\u2069 and \u2068Ben Tal\u2069") == 1
    for place in ("feed/", "feed/atom/", "feed/json/"):
        assert state(f"/author/ada/{place}") == Address.State.LIVE


def test_another_slug_redirects_pages_and_feeds(publication: SmallPublication) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides")
    ArticleFactory(section=publication.world, topics=[topic])
    assert state("/topic/tides/feed/") == Address.State.LIVE
    topic.slug = "sea"
    topic.save()
    assert state("/topic/tides/") == state("/topic/tides/feed/") == Address.State.MOVED
    assert state("/topic/sea/") == state("/topic/sea/feed/json/") == Address.State.LIVE


def test_a_shelf_that_is_deleted_is_gone_and_its_articles_stay(publication: SmallPublication, store: Path) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides")
    article = ArticleFactory(section=publication.world, topics=[topic])
    assert state("/topic/tides/") == Address.State.LIVE
    topic.delete()
    assert state("/topic/tides/") == state("/topic/tides/feed/") == Address.State.GONE
    assert "Tides" not in page(store, article.public_path)


def test_roles_stand_apart_from_the_byline(publication: SmallPublication, store: Path) -> None:
    writer, photographer = AuthorFactory(name="Ada Okafor"), AuthorFactory(name="Ben Tal", slug="ben")
    article = ArticleFactory(
        section=publication.world, authors=[writer], credits=[(photographer, "photography")], slug="seen"
    )
    html = page(store, article.public_path)
    byline = re.search(r'<p class="byline">.*?</p>', html)
    assert byline is not None
    assert "Ben Tal" not in byline[0]
    assert "Photography: " in html
    assert "/world/seen/" in page(store, "/author/ben/")


def test_a_correction_an_update_and_a_dateline_are_said(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world)
    assert "Updated on" not in page(store, article.public_path)
    edited = Article.objects.get(pk=article.pk)
    draft = newsroom.Draft(
        headline=edited.title,
        slug=edited.slug,
        corrections=[("The bridge is in Port Ada, not in Ada Bay.", edited.first_published_at)],
        fields={
            "updated_at": edited.first_published_at,
            "update_note": "A second bridge",
            "dateline_place": "PORT ADA",
        },
    )
    newsroom.update_article(edited, draft)
    html = page(store, article.public_path)
    for words in ("Updated on", "A second bridge", "Corrections", "not in Ada Bay", "PORT ADA"):
        assert words in html
    machine = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert machine["@type"] == "NewsArticle"
    assert machine["correction"][0]["text"] == "The bridge is in Port Ada, not in Ada Bay."
    assert machine["locationCreated"]["name"] == "PORT ADA"


def test_words_of_an_editor_never_leave_the_machine_readable_block(publication: SmallPublication, store: Path) -> None:
    bad = '</script><script>alert(1)</script><!-- "'
    article = ArticleFactory(section=publication.world, headline=bad, standfirst=bad)
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page(store, article.public_path))
    assert json.loads(found[0])["headline"] == bad


def test_design_and_display_stand_on_the_page(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, fields={"design": "opinion", "display": "showcase"})
    html = page(store, article.public_path)
    assert 'data-design="opinion"' in html
    assert 'data-display="showcase"' in html
    assert '"OpinionNewsArticle"' in html


@pytest.mark.parametrize("path", ["/topic/none/", "/topic/none/feed/", "/nowhere/feed/atom/", "/author/none/page/1/"])
def test_what_does_not_exist_is_not_found(publication: SmallPublication, client: object, path: str) -> None:
    assert client.get(path).status_code == 404  # type: ignore[attr-defined]
