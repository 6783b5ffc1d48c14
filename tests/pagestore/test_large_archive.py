"""What is asked at each publication, each second and each visit of the desk never reads a whole large table."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.bake.render import render
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.plans import reads_of_everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(publication: SmallPublication) -> SmallPublication:
    """More than a bucket of articles, baked."""
    for number in range(22):
        ArticleFactory(section=publication.world, published_at=timezone.now() - timedelta(days=number % 3))
    newsroom.schedule_article(publication.local, DraftFactory(slug="planned"), timezone.now() + timedelta(days=1))
    actions.drain()
    return publication


def test_no_page_is_baked_from_a_whole_table(archive: SmallPublication) -> None:
    today = f"/archive/{timezone.localtime():%Y/%m/%d/}"
    article = Article.objects.order_by("pk")[0].public_path
    lists = ["/", "/world/", "/world/page/1/", today, today[:-3], today[:-6], "/archive/"]
    for path in (article, *lists, "/feed/", "/world/feed/", "/sitemap.xml", "/sitemap/0.xml", "/sitemap/news.xml"):
        render(path)
        with reads_of_everything() as found:
            render(path)
        assert not found, f"{path}: {found}"


def test_a_publication_reads_no_whole_table(archive: SmallPublication, store: Path) -> None:
    with reads_of_everything() as found:
        ArticleFactory(section=archive.world)
        while outbox.derive() is not None:
            continue
    assert not found


def test_the_worker_reads_no_whole_table_while_it_waits(archive: SmallPublication, store: Path) -> None:
    worker = Worker(Layout(store))
    with reads_of_everything() as found:
        keep_times(timezone.now())
        worker.bake()
        worker.expire()
        worker.idle()
    worker.close()
    assert not found


def test_the_desk_reads_no_whole_table(archive: SmallPublication, client: Client) -> None:
    client.force_login(SuperuserFactory())
    article = Article.objects.order_by("pk")[0]
    views = [
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_explore", args=[archive.world.pk]),
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        reverse("wagtailadmin_pages:history", args=[article.pk]),
    ]
    for view in views:
        client.get(view)
        with reads_of_everything() as found:
            assert client.get(view).status_code == 200
        # But for who owns pages, which Wagtail asks for the filters of its explorer: one walk along a narrow index.
        found = [one for one in found if 'DISTINCT U0."owner_id"' not in one]
        assert not found, f"{view}: {found}"
