"""Archives by date: what each day held, and the way there by year and month."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import BUCKET, Article, ListEntry
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

NOON = datetime(2024, 2, 29, 12, tzinfo=UTC)


def links(store: Path, path: str) -> list[str]:
    """Where the page's main part leads, below the crumbs."""
    assert actions.drain().failed == []
    html = (store / f"pages{path}index.html").read_text(encoding="utf-8")
    return re.findall(r'href="([^"]+)"', html.partition('<header class="listing-head"')[2].partition("</main")[0])


def state(path: str) -> str:
    actions.drain()
    return str(Address.objects.get(path=path).get_state_display()).lower()


def date(article: Article, moment: datetime) -> None:
    """Give it another date, as an import or a correction does."""
    article = Article.objects.get(pk=article.pk)
    article.first_published_at = moment
    article.save()


def test_a_new_publication_has_an_empty_archive(publication: SmallPublication, store: Path, client: Client) -> None:
    assert links(store, "/archive/") == []
    for path in ("/archive/2024/", "/archive/2024/02/29/", "/archive/2023/02/29/", "/archive/9999/12/31/"):
        assert client.get(path).status_code == 404


def test_from_years_down_to_a_days_stories(publication: SmallPublication, store: Path) -> None:
    leap = ArticleFactory(section=publication.world, slug="leap")
    date(leap, NOON)
    date(ArticleFactory(section=publication.local, slug="march"), NOON + timedelta(days=1))
    date(ArticleFactory(section=publication.local, slug="old"), NOON.replace(year=1999, day=28))
    march = [f"/archive/2024/03/{rest}" for rest in ("", "01/")]
    newest, oldest = ["/archive/2024/", "/archive/2024/02/", march[0]], ["/archive/1999/", "/archive/1999/02/"]
    assert links(store, "/archive/") == [*march, *newest, *oldest]
    assert links(store, "/archive/2024/") == ["/archive/2024/02/", "/archive/2024/03/"]
    assert links(store, "/archive/2024/02/")[-1] == "/archive/2024/02/29/"
    assert "/world/leap/" in links(store, "/archive/2024/02/29/")
    html = (store / "pages/archive/2024/02/29/index.html").read_text(encoding="utf-8")
    assert "February 29, 2024" in html or "29 February 2024" in html
    oracle.assert_true(store.parent / "fresh")


def test_a_day_that_loses_its_last_story_is_gone_with_its_month(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, slug="leap")
    date(article, NOON)
    assert state("/archive/2024/02/29/") == "live"
    date(article, NOON + timedelta(days=40))
    assert [state(f"/archive/2024/{rest}") for rest in ("", "02/", "02/29/", "04/", "04/09/")] == [
        "live",
        "gone",
        "gone",
        "live",
        "live",
    ]
    assert links(store, "/archive/2024/")[-1] == "/archive/2024/04/"
    newsroom.kill_article(Article.objects.get(pk=article.pk), "false", None)
    assert state("/archive/2024/") == "gone"
    assert links(store, "/archive/") == []
    date(ArticleFactory(section=publication.world, slug="again"), NOON)
    assert links(store, "/archive/2024/02/")[-1] == "/archive/2024/02/29/"
    oracle.assert_true(store.parent / "fresh")


def test_a_busy_day_has_older_pages(publication: SmallPublication, store: Path) -> None:
    for number in range(2 * BUCKET + 1):
        date(ArticleFactory(section=publication.world, slug=f"story-{number}"), NOON + timedelta(minutes=number))
    found = links(store, "/archive/2024/02/29/")
    assert f"/world/story-{2 * BUCKET}/" in found
    assert found[-1] == "/archive/2024/02/29/page/1/"
    assert "/world/story-0/" in links(store, "/archive/2024/02/29/page/1/")
    oracle.assert_true(store.parent / "fresh")


def test_the_archive_opens_its_newest_years_and_names_those_before(publication: SmallPublication, store: Path) -> None:
    for year in range(2000, 2014):
        date(ArticleFactory(section=publication.world, slug=f"in-{year}"), NOON.replace(year=year, day=28))
    found = links(store, "/archive/")
    assert found[:2] == ["/archive/2013/02/", "/archive/2013/02/28/"]
    assert "/archive/2012/02/" in found
    assert "/archive/2011/02/" not in found
    assert found[-2:] == ["/archive/2001/", "/archive/2000/"]
    article = Article.objects.get(slug="in-2013")
    date(article, NOON.replace(year=2013, month=1))
    assert links(store, "/archive/")[:2] == ["/archive/2013/01/", "/archive/2013/01/29/"]
    oracle.assert_true(store.parent / "fresh")


def test_a_day_ends_where_the_publication_is(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, slug="late")
    date(article, NOON.replace(hour=23))
    assert state("/archive/2024/02/29/") == "live"
    with timezone.override("Asia/Tokyo"):
        marks = oracle.unmarked()
        assert marks == [f"page:{article.pk}"]
        actions.mark(*marks)
        assert state("/archive/2024/03/01/") == "live"
        assert oracle.unmarked() == []
    assert state("/archive/2024/02/29/") == "gone"


def test_a_publication_of_an_older_version_gets_its_archive(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, slug="before")
    date(article, NOON)
    actions.drain()
    ListEntry.objects.filter(list__startswith="day:").delete()
    Address.objects.filter(path__startswith="/archive/").delete()
    assert sorted(oracle.unmarked()) == sorted([f"page:{article.pk}", f"page:{publication.home.pk}"])
    actions.bake_everything()
    assert links(store, "/archive/2024/02/")[-1] == "/archive/2024/02/29/"
    assert oracle.unmarked() == []


def test_a_story_that_is_planned_is_in_no_archive(publication: SmallPublication, store: Path, settings: Any) -> None:
    article = ArticleFactory(section=publication.world, slug="planned")
    Article.objects.filter(pk=article.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    actions.mark(f"page:{article.pk}")
    assert links(store, "/archive/") == []
