"""When a running tree prunes, and what comes of it."""

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from stoppress.comments.models import Comment, Machine, Thread, Writer
from stoppress.config.instance import Instance, Settings
from stoppress.config.tidying import tidy_if_due
from stoppress.desk import actions as desk_actions
from stoppress.pagestore.actions import mark

pytestmark = pytest.mark.django_db
HOUR = 3600.0


@pytest.fixture
def paper(tmp_path: Path, ground: None, settings: Any) -> Instance:
    """An instance with one session that has expired."""
    instance = Instance(tmp_path, Settings())
    instance.runtime.mkdir(parents=True)
    settings.STOPPRESS_LOG_FILE = instance.log_file
    SessionStore().create()
    Session.objects.update(expire_date=timezone.now() - timedelta(days=1))
    return instance


def test_the_first_time_is_a_day_after_the_first_start_then_every_day(paper: Instance) -> None:
    now = time.time()
    assert not tidy_if_due(paper, now)
    assert not tidy_if_due(paper, now + 23 * HOUR)
    assert Session.objects.exists()
    assert tidy_if_due(paper, now + 25 * HOUR)
    assert not Session.objects.exists()
    assert not tidy_if_due(paper, time.time() + 23 * HOUR)


def test_it_waits_for_a_quiet_moment_but_not_for_ever(paper: Instance) -> None:
    mark("article:1")
    paper.pruned_file.touch()
    now = time.time()
    assert not tidy_if_due(paper, now + 30 * HOUR)
    assert tidy_if_due(paper, now + 40 * HOUR)


def test_what_must_go_goes_whatever_breaks_off_after_it(paper: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_asked: object, **_more: object) -> None:
        raise OSError("The disk is full.")

    writer = Writer.objects.create()
    comment = Comment.objects.create(
        thread=Thread.objects.create(subject="article:1"), writer=writer, name="Ada", made_at=timezone.now()
    )
    long_ago = timezone.now() - timedelta(days=31)
    Machine.objects.create(comment=comment, digest="d", sealed="s", seen_at=long_ago)
    for name in ("prune_revisions", "remove_task_results", "remove_expired_sessions"):
        monkeypatch.setattr(desk_actions, name, break_off)
    paper.pruned_file.touch()
    with pytest.raises(OSError, match="full"):
        tidy_if_due(paper, time.time() + 40 * HOUR)
    assert not Machine.objects.exists()


def test_results_of_tasks_and_full_log_files_go_when_they_are_old(paper: Instance) -> None:
    old, young, waiting = (
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="wagtail.tasks.delete_file_from_storage_task",
            backend_name="default",
            run_after=get_date_max(),
        )
        for _ in range(3)
    )
    for one, days in ((old, 15), (young, 13)):
        ended_at = timezone.now() - timedelta(days=days)
        DBTaskResult.objects.filter(pk=one.pk).update(status=TaskResultStatus.FAILED, finished_at=ended_at)
    logs = paper.log_file.parent
    logs.mkdir()
    for name, days in (("stoppress.log", 99), ("stoppress.log.1", 29), ("stoppress.log.2", 31), ("notes.txt", 99)):
        (logs / name).touch()
        os.utime(logs / name, (time.time() - days * 24 * HOUR,) * 2)
    paper.pruned_file.touch()
    assert tidy_if_due(paper, time.time() + 40 * HOUR)
    assert set(DBTaskResult.objects.all()) == {young, waiting}
    assert sorted(file.name for file in logs.iterdir()) == ["notes.txt", "stoppress.log", "stoppress.log.1"]
