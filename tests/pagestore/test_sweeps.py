"""What concerns very many pages happens in the background, in pieces, and keeps no news waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions import expanding
from stoppress.newsroom.models import Section
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address, BakeTask, Mark, Priority
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, AuthorFactory, SectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(store: Path) -> Iterator[Worker]:
    worker = Worker(Layout(store))
    yield worker
    worker.close()


def rename(section: Section, slug: str) -> None:
    section.refresh_from_db()
    section.title, section.slug = slug.title(), slug
    section.save()


def test_news_is_baked_before_a_renamed_section(publication: SmallPublication, worker: Worker) -> None:
    old = [ArticleFactory(section=publication.world) for _ in range(6)]
    actions.drain()
    rename(publication.world, "abroad")
    worker.step()
    assert BakeTask.objects.filter(priority__gte=Priority.SWEEP).count() > len(old)
    urgent = BakeTask.objects.filter(priority__lt=Priority.SWEEP)
    news = ArticleFactory(section=publication.local)
    fresh = {news.public_path, "/local/", "/", "/feed/"}
    while Mark.objects.filter(urgency=Mark.Urgency.NOW).exists() or urgent.exists():
        worker.step()
    assert Address.objects.filter(path__in=fresh).exclude(baked_at=None).count() == len(fresh)
    assert BakeTask.objects.filter(priority=Priority.SWEEP_PAGE).exists()
    actions.drain()
    assert Address.objects.get(path=old[0].public_path).state == Address.State.MOVED


def test_fronts_come_before_the_rest_of_a_sweep(publication: SmallPublication, worker: Worker) -> None:
    for _ in range(3):
        ArticleFactory(section=publication.world)
    actions.drain()
    outbox.enqueue_everything()
    front = BakeTask.objects.order_by("priority", "-address_id")
    nouns = [task.address.subject.partition(":")[0] for task in front.select_related("address")]
    assert nouns[-3:] == ["article"] * 3
    assert "home" in nouns[:-3]


def test_what_very_many_pages_show_is_swept(
    publication: SmallPublication, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    author = AuthorFactory()
    for _ in range(4):
        ArticleFactory(section=publication.world, authors=[author])
    actions.drain()
    monkeypatch.setattr(outbox, "MANY_PAGES", 3)
    newsroom.create_author("Another name", author.slug)
    outbox.derive()
    assert set(BakeTask.objects.values_list("priority", flat=True)) == {Priority.SWEEP, Priority.SWEEP_PAGE}


def test_a_sweep_breaks_off_for_news(publication: SmallPublication, worker: Worker) -> None:
    for _ in range(5):
        ArticleFactory(section=publication.world)
    actions.drain()
    outbox.enqueue_everything()
    waiting = BakeTask.objects.count()
    rings = iter([1, 1, 2])
    worker._bell = lambda: next(rings)  # type: ignore[method-assign] - read once before and once between two pages
    assert len(worker.bake()) == 2
    assert BakeTask.objects.filter(claimed_by="").count() == waiting - 2


def test_pages_below_are_marked_some_at_a_time(publication: SmallPublication, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [ArticleFactory(section=publication.world) for _ in range(5)]
    actions.drain()
    monkeypatch.setattr(expanding, "EXPANDED_AT_ONCE", 2)
    rename(publication.world, "abroad")
    most = 0
    while outbox.derive() is not None or BakeTask.objects.filter(priority__lt=Priority.SWEEP).exists():
        most = max(most, Mark.objects.count())
        BakeTask.objects.filter(priority__lt=Priority.SWEEP).delete()
    assert most == 3
    moved = Address.objects.filter(subject__in=[f"article:{one.pk}" for one in articles], state=Address.State.MOVED)
    assert moved.count() == len(articles)


def test_a_subsection_that_is_renamed_leaves_other_sections_alone(
    publication: SmallPublication, worker: Worker
) -> None:
    harbour = SectionFactory(parent=publication.world, title="Harbour", slug="harbour")
    inside, outside = ArticleFactory(section=harbour), ArticleFactory(section=publication.local)
    actions.drain()
    rename(harbour, "port")
    while outbox.derive() is not None or BakeTask.objects.filter(priority__lt=Priority.SWEEP).exists():
        worker.bake()
    waiting = set(BakeTask.objects.values_list("address__subject", flat=True))
    assert f"article:{inside.pk}" in waiting
    assert f"article:{outside.pk}" not in waiting


def test_many_marks_cost_hardly_more_queries_than_few(publication: SmallPublication) -> None:
    author = AuthorFactory()

    def queries(count: int) -> int:
        for _ in range(count):
            ArticleFactory(section=publication.world, authors=[author])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            outbox.derive()
        return len(captured)

    queries(1)
    few = queries(2)
    assert queries(12) == few
