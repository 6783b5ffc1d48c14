"""Sections' lists: old pages never shift, and a place is kept."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import BUCKET, Article, ListEntry
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address, BakeTask
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


def files(store: Path, path: str) -> bytes:
    return Path(Layout(store).stem(path) + ".html").read_bytes()


def test_old_pages_stay_what_they_were(publication: SmallPublication, store: Path) -> None:
    for _ in range(2 * BUCKET + 3):
        ArticleFactory(section=publication.world)
    actions.drain()
    first = files(store, "/world/page/1/")
    for _ in range(BUCKET):
        ArticleFactory(section=publication.world)
    actions.drain()
    assert files(store, "/world/page/1/") == first
    assert files(store, "/world/page/3/")


@pytest.mark.parametrize(
    ("begin", "span"),
    [
        ((2020, 9, 1), "1–20 September 2020"),
        ((2020, 8, 30), "30 August – 18 September 2020"),
        ((2020, 12, 25), "25 December 2020 – 13 January 2021"),
    ],
)
def test_an_older_page_says_from_when_until_when(
    publication: SmallPublication, store: Path, begin: tuple[int, int, int], span: str
) -> None:
    days = [datetime(*begin, 12, 0, tzinfo=UTC) + timedelta(days=day) for day in range(2 * BUCKET + 1)]
    drafts = [DraftFactory(published_at=day) for day in days]
    newsroom.publish_articles([newsroom.NewArticle(section=publication.world, draft=draft) for draft in drafts])
    actions.drain()
    html = files(store, "/world/page/1/").decode()
    assert f"<title>World, {span} – " in html
    assert html.count(span) == 3  # and where it is, and its heading
    assert "page 1<" not in html


def test_no_article_is_missing_between_front_and_older_pages(publication: SmallPublication, store: Path) -> None:
    articles = [ArticleFactory(section=publication.world) for _ in range(3 * BUCKET + 7)]
    actions.drain()
    path, seen = "/world/", ""
    pages = 0
    while path:
        html = files(store, path).decode()
        seen += html
        pages += 1
        older = re.findall(r'href="/world/page/(\d+)/" rel="next"', html)
        path = f"/world/page/{older[0]}/" if older else ""
    assert pages > 1
    assert [a for a in articles if f'href="{a.public_path}"' not in seen] == []


def test_a_place_is_kept_while_an_article_is_away(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    ArticleFactory(section=publication.world)
    actions.drain()
    places = list(ListEntry.objects.filter(publication_id=article.pk).values_list("list", "position"))
    newsroom.unpublish_page(article)
    actions.drain()
    assert not ListEntry.objects.filter(publication_id=article.pk, is_present=True).exists()
    Article.objects.get(pk=article.pk).save_revision().publish()
    actions.drain()
    there = ListEntry.objects.filter(publication_id=article.pk, is_present=True).values_list("list", "position")
    assert list(there) == places


def test_a_section_shows_what_its_subsections_publish(publication: SmallPublication, store: Path) -> None:
    rowing = newsroom.create_section(publication.sports, "Rowing", "rowing")
    article = ArticleFactory(section=rowing, headline="Eights win")
    actions.drain()
    assert article.public_path == "/sports/rowing/" + article.slug + "/"
    assert "Eights win" in files(store, "/sports/").decode()
    assert "Eights win" in files(store, "/sports/rowing/").decode()
    assert "Eights win" not in files(store, "/world/").decode()


def test_a_new_bucket_bakes_two_older_pages_not_the_archive(publication: SmallPublication) -> None:
    for _ in range(4 * BUCKET):
        ArticleFactory(section=publication.world)
    actions.drain()
    ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    queued = BakeTask.objects.filter(address__path__startswith="/world/page/").values_list("address__path", flat=True)
    # The bucket that is full now has a page of its own, and the one before it links to it.
    assert set(queued) == {"/world/page/3/", "/world/page/4/"}


def test_a_story_with_another_date_takes_its_new_place_on_a_front(publication: SmallPublication, store: Path) -> None:
    """Fronts show the newest of a bucket: one that they do not show yet may come to the top."""
    articles = [ArticleFactory(section=publication.world) for _ in range(BUCKET)]
    assert actions.drain().failed == []
    last = articles[0]
    assert last.public_path not in (store / "pages/index.html").read_text(encoding="utf-8")
    last.first_published_at = timezone.now()
    last.save()
    assert actions.drain().failed == []
    assert last.public_path in (store / "pages/index.html").read_text(encoding="utf-8")


def test_a_page_that_wagtail_added_but_not_yet_published_is_not_public(publication: SmallPublication) -> None:
    article = Article(title="Half way", slug="half-way")
    publication.world.add_child(instance=article)
    assert article.live
    actions.drain()
    assert not Address.objects.filter(path=article.public_path).exists()
    article.save_revision().publish()
    actions.drain()
    assert Address.objects.get(path=article.public_path).state == Address.State.LIVE
