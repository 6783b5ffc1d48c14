"""What readers say is baked at once when it is quiet, and not at each word in a wave."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.bake.worker import PACE, Worker
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address, Mark, Priority
from tests.conftest import SmallPublication
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db


class UntilIdle(threading.Event):
    """Is set as soon as the worker would wait."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


@pytest.fixture
def worker(store: Path) -> Iterator[Worker]:
    worker = Worker(Layout(store))
    yield worker
    worker.close()


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    return baked_ferry()


def work(worker: Worker) -> None:
    """Let the worker do what there is, as if a while had passed since the last time."""
    worker._next_derivation = 0.0
    worker.run(UntilIdle())


def test_a_wave_is_baked_now_and_then(story: Article, worker: Worker, store: Path) -> None:
    page = Path(Layout(store).stem(f"{story.public_path}comments/") + ".html")
    reply_to(story, "The first word")
    work(worker)
    assert "The first word" in page.read_text()
    reply_to(story, "The second word")
    work(worker)
    assert "The second word" not in page.read_text()
    assert not Mark.objects.filter(not_before=None).exists()
    newsroom.publish_article(
        story.get_parent().specific, newsroom.Draft(headline="News meanwhile", slug="news", body=[])
    )
    work(worker)
    assert "News meanwhile" in Path(Layout(store).stem("/") + ".html").read_text()
    talk = Address.objects.filter(priority=Priority.TALK)
    talk.update(baked_at=timezone.now() - PACE)
    work(worker)
    assert "The second word" in page.read_text()
    assert not talk.filter(task__isnull=False).exists()
