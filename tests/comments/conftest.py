"""What waits is done when a test says so, whenever it is due."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from stoppress.newsroom.models import Article
    from tests.conftest import SmallPublication


@pytest.fixture
def open_to_all(settings: Any) -> None:
    """Whoever replies is published at once."""
    settings.STOPPRESS_COMMENTS = "open"


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch, open_to_all: None) -> None:
    """A few replies fill pages, all are welcome, and counts follow at once: a drained store is up to date."""
    from stoppress.comments import hooks, keys  # noqa: PLC0415 - needs Django set up

    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(keys, "ROOTS_ON_A_PAGE", 3)
    monkeypatch.setattr(keys, "REPLIES_ON_A_PAGE", 4)


@pytest.fixture
def story(publication: "SmallPublication") -> "Article":
    """An article at /world/ferry/, baked."""
    from tests.factories.newsroom import baked_ferry  # noqa: PLC0415 - needs Django set up

    return baked_ferry()


@pytest.fixture
def do_tasks() -> Callable[[], None]:
    """Does every task of replies that waits, those that are put off as well, and forgets it."""

    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - needs Django set up

    def do() -> None:
        for one in list(
            DBTaskResult.objects.filter(task_path__startswith="stoppress.comments").order_by("enqueued_at")
        ):
            one.delete()
            one.task.call(*one.args_kwargs["args"], **one.args_kwargs["kwargs"])

    return do
