"""What Wagtail put off for an object that is gone by then ends well, and what really fails still fails."""

import pytest
from django.core.management import call_command
from django_tasks import task
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page

from stoppress.newsroom.models import Topic

pytestmark = pytest.mark.django_db


@task()
def looks_for_what_never_was() -> None:
    """Fails as a task of ours would that looks for the wrong row."""
    Page.objects.get(pk=10_000_000)


def work_off() -> None:
    call_command("db_worker", queue_name="*", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_before_its_tasks_ran_leaves_no_failure() -> None:
    topic = Topic.objects.create(name="Short-lived", slug="short-lived")
    waiting = set(DBTaskResult.objects.ready().values_list("task_path", flat=True))
    assert "modelsearch.tasks.insert_or_update_object_task" in waiting
    topic.delete()
    work_off()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.SUCCESSFUL}


@pytest.mark.django_db(transaction=True)
def test_a_task_that_misses_something_else_fails() -> None:
    looks_for_what_never_was.enqueue()
    work_off()
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED
