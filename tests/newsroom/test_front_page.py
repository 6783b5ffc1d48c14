"""What the home page says besides its slots: of when it is, and what else there is on its lead."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ArticleTopic, Story, Topic
from stoppress.newsroom.pages import home as home_context
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory
from tests.newsroom.test_pages import page
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

SIX = datetime(2020, 11, 26, 18, 0, tzinfo=UTC)
DATED = re.compile(r'class="dated">.*?datetime="([^"]+)"><span>([^<]+)</span>([^<]+)<')
HEADLINES = re.compile(r'<h[34][^>]*><a href="[^"]+">([^<]+)<')


def test_the_front_is_dated_by_its_newest_story_and_by_no_clock(publication: SmallPublication, store: Path) -> None:
    assert DATED.search(page(store, "/")) is None
    ArticleFactory(section=publication.world, published_at=SIX - timedelta(days=1))
    newest = ArticleFactory(section=publication.world, published_at=SIX - timedelta(minutes=2))
    dated = DATED.search(page(store, "/"))
    assert dated is not None
    assert dated.groups() == ("2020-11-26T17:58:00Z", "Thursday,", " 26 November 2020, 17:58")
    old = ArticleFactory(section=publication.local, published_at=SIX - timedelta(days=3))
    assert "2020-11-26T17:58:00Z" in page(store, "/")
    old.updated_at = SIX
    old.save_revision().publish()
    assert DATED.search(page(store, "/"))[1] == "2020-11-26T18:00:00Z"  # type: ignore[index]
    newsroom.unpublish_page(Article.objects.get(pk=old.pk))
    assert DATED.search(page(store, "/"))[1] == "2020-11-26T17:58:00Z"  # type: ignore[index]
    newsroom.unpublish_page(newest)
    assert DATED.search(page(store, "/"))[1] == "2020-11-25T18:00:00Z"  # type: ignore[index]
    oracle.assert_true(store.parent / "fresh")


def test_beside_the_lead_the_first_that_has_a_picture_shows_it(publication: SmallPublication, store: Path) -> None:
    pictures = [PictureFactory(colour=colour) for colour in ("teal", "navy", "olive")]
    for headline, picture in [("Last", pictures[0]), ("Third", pictures[1]), ("Second", None), ("Lead", pictures[2])]:
        ArticleFactory(section=publication.world, headline=headline, lead_picture=picture)
    beside = page(store, "/").partition('<div class="beside">')[2].partition("</section>")[0]
    cards = beside.split("<article ")[1:]
    assert [("<img" in card, 'class="card standard' in card) for card in cards] == [
        (False, False),
        (True, True),
        (False, False),
    ]


def more_on(store: Path) -> tuple[str, list[str]]:
    """The name above the headlines below the lead, and these; each story of theirs stands nowhere else."""
    html = page(store, "/")
    part = html.partition('class="more-on"')[2].partition("</div>")[0]
    headlines = re.findall(r"<li><a [^>]*>([^<]+)<", part)
    assert not set(headlines) & set(HEADLINES.findall(html))
    name = re.search(r"<bdi>([^<]+)<", part)
    return name[1] if name else "", headlines


def test_below_the_lead_stands_what_else_there_is_on_it(publication: SmallPublication, store: Path) -> None:
    wall = newsroom.create_shelf(Story, "The harbour wall", "wall")
    tides = newsroom.create_shelf(Topic, "Tides", "tides")
    for n in range(1, 6):
        ArticleFactory(section=publication.local, headline=f"Wall {n}", fields={"story": wall})
    for n in range(1, 3):
        ArticleFactory(section=publication.local, headline=f"Tide {n}", topics=[tides])
    for n in range(11):
        ArticleFactory(section=publication.world, headline=f"World {n}")
    lead = ArticleFactory(section=publication.world, headline="It stands", fields={"story": wall}, topics=[tides])
    assert more_on(store) == ("The harbour wall", ["Wall 5", "Wall 4", "Wall 3"])
    newsroom.unpublish_page(Article.objects.get(title="Wall 4"))
    assert more_on(store) == ("The harbour wall", ["Wall 5", "Wall 3", "Wall 2"])
    wall.name = "A wall"
    wall.save()
    assert more_on(store)[0] == "A wall"
    oracle.assert_true(store.parent / "fresh")

    # It is no part of that story any more; then of nothing that anybody else is.
    lead = Article.objects.get(pk=lead.pk)
    lead.story = None
    lead.save_revision().publish()
    assert more_on(store) == ("Tides", ["Tide 2", "Tide 1"])
    lead = Article.objects.get(pk=lead.pk)
    lead.topics = []
    lead.save_revision().publish()
    assert more_on(store) == ("", [])
    # And it joins one again.
    lead = Article.objects.get(pk=lead.pk)
    lead.topics = [ArticleTopic(topic=tides)]
    lead.save_revision().publish()
    assert more_on(store) == ("Tides", ["Tide 2", "Tide 1"])
    ArticleFactory(section=publication.world, headline="Another leads")
    assert more_on(store) == ("", [])
    oracle.assert_true(store.parent / "fresh")


def queries(publication: SmallPublication) -> int:
    actions.drain()
    with CaptureQueriesContext(connection) as captured:
        assert home_context(publication.home)["lead_more"] is not None
    return len(captured)


def test_what_else_there_is_costs_the_same_however_much_it_is(publication: SmallPublication) -> None:
    topics = [newsroom.create_shelf(Topic, f"Topic {n}", f"topic-{n}") for n in range(9)]
    ArticleFactory(section=publication.local, topics=topics[:1])
    for _ in range(11):
        ArticleFactory(section=publication.world)
    ArticleFactory(section=publication.world, topics=topics[:1])
    few = queries(publication)
    for n in range(45):
        ArticleFactory(section=publication.local, topics=topics[n % 9 :])
    ArticleFactory(section=publication.world, topics=topics)
    assert queries(publication) == few
