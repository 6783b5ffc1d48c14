"""What waits is done when a test says so, whenever it is due."""

from collections.abc import Callable

import pytest


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
