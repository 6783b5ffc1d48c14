"""Tasks whose process was killed are done by the next one."""

import pytest
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from stoppress.config.interrupted import STARTS, resume_tasks

pytestmark = pytest.mark.django_db


def claimed(times: int) -> DBTaskResult:
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="wagtail.tasks.delete_file_from_storage_task",
        backend_name="default",
        run_after=get_date_max(),
    )
    for number in range(times):
        task.claim(f"worker-{number}")
    return task


def test_a_task_that_was_cut_short_is_ready_again() -> None:
    cut, waiting = claimed(1), claimed(0)
    assert resume_tasks() == 1
    assert set(DBTaskResult.objects.ready()) == {cut, waiting}


def test_a_task_that_ends_its_process_each_time_is_given_up() -> None:
    deadly = claimed(STARTS)
    assert resume_tasks() == 0
    deadly.refresh_from_db()
    assert deadly.status == TaskResultStatus.FAILED
    assert "killed 3 times" in deadly.traceback
