"""What the doctor finds, check by check; the command itself is in test_main."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from stoppress.cli.doctor import content, machine, tree
from stoppress.cli.doctor.finding import Finding, Level
from stoppress.cli.founding import lay_out
from stoppress.cli.place import UNFINISHED
from stoppress.comments.models import Comment, Machine, Thread
from stoppress.config.instance import Instance
from stoppress.core import tree_status
from stoppress.core.tree_status import ProcessStatus
from stoppress.newsroom.models import MissedTime
from stoppress.pagestore import actions as pagestore
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address, BakeTask, Mark, Priority
from stoppress.search.actions import index_all
from stoppress.search.models import Entry, Pending
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory
from tests.tree import free_port


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """Folders and settings, without a database."""
    made = lay_out(tmp_path / "paper", {"port": free_port()})
    (made.data / UNFINISHED).unlink()
    return made


def told(findings: Iterator[Finding], level: Level) -> list[str]:
    """The words of what was found of one level."""
    return [f"{one.subject}: {one.text}" for one in findings if one.level == level]


def test_a_store_that_takes_no_files_is_found(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(machine.check_folders(instance), Level.OK)

    def refuse(_handle: int) -> None:
        raise OSError(122, "Disk quota exceeded")

    monkeypatch.setattr(os, "fsync", refuse)
    (said,) = told(machine.check_folders(instance), Level.FAIL)
    assert "takes no files: Disk quota exceeded. Readers read on" in said
    assert not list(instance.store.glob(".probe*"))


@pytest.mark.parametrize(("free", "level"), [(50_000_000, Level.FAIL), (500_000_000, Level.WARN), (5e9, Level.OK)])
def test_a_disk_that_fills_up_is_found(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    usage = shutil.disk_usage(instance.store)._replace(free=int(free))
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert len(told(machine.check_room(instance), level)) == 2


def test_settings_for_ones_own_machine_are_found_on_a_public_one(instance: Instance) -> None:
    assert told(machine.check_settings(instance), Level.WARN) == []
    chosen = lay_out(instance.root.parent / "open", {"host": "0.0.0.0", "debug": True})
    debug, links, passwords = told(machine.check_settings(chosen), Level.WARN)
    assert "strangers see tracebacks" in debug
    assert "links say http://127.0.0.1:8000" in links
    assert "unencrypted" in passwords
    proxied = lay_out(instance.root.parent / "proxied", {"base_url": "https://news.example"})
    assert "trusted_proxies names no proxy" in told(machine.check_settings(proxied), Level.WARN)[0]


def test_a_process_that_keeps_dying_is_found(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "is_held", lambda _instance: True)
    monkeypatch.setattr(tree, "answers", lambda _host, _port: True)
    here = os.getpid()
    processes = [
        ProcessStatus("app", here, 0.0, 0, ""),
        ProcessStatus("front", here, 0.0, 1, "signal 9"),
        ProcessStatus("worker", 0, timezone.now().timestamp(), 7, "exit code 1"),
        ProcessStatus("tasks", 0, 0.0, 1, "exit code 1"),
    ]
    tree_status.write(instance.tree_file, processes)
    found = list(tree.check_tree(instance))
    assert told(iter(found), Level.FAIL) == ["worker: ended 7 times in a row (exit code 1); its log says why"]
    assert told(iter(found), Level.WARN) == ["tasks: is down (exit code 1); it is started again"]
    assert any("front: works since" in one for one in told(iter(found), Level.OK))
    instance.tree_file.write_text("not what was expected", encoding="utf-8")
    assert told(tree.check_tree(instance), Level.FAIL) == []


@pytest.mark.django_db
def test_changes_that_wait_or_reach_no_page_are_found() -> None:
    assert told(content.check_queue(), Level.WARN) == []
    now = timezone.now()
    Mark.objects.create(key="article:1", not_before=now + timedelta(days=2))  # a planned time is no delay
    Mark.objects.create(key="article:2", attempts=3, not_before=now, error="'/a b/' can't be\nan address")
    Mark.objects.update(made_at=now - timedelta(days=1))
    sweep = Address.objects.create(path="/old/", subject="article:9")
    task = BakeTask.objects.create(address=sweep, priority=Priority.SWEEP)
    BakeTask.objects.update(queued_at=now - timedelta(hours=1))
    (said,) = told(content.check_queue(), Level.WARN)
    assert said == "worker: what changed in article:2 reaches no page: '/a b/' can't be an address"
    assert told(content.check_queue(), Level.OK) == ["worker: 0 pages wait to be baked, 1 more in the background"]
    BakeTask.objects.filter(pk=task.pk).update(priority=Priority.PAGE)
    assert "the oldest change for 3600 s" in told(content.check_queue(), Level.WARN)[0]


def test_pages_that_failed_are_lost_or_of_another_version_are_found(
    publication: SmallPublication, instance: Instance, store: Path
) -> None:
    pagestore.bake_everything()
    assert told(content.check_pages(instance), Level.WARN) == []
    (store / "pages/world/index.html").unlink()
    Address.objects.filter(path="/local/").update(failed_at=timezone.now(), error="a\nreason")
    Layout(store).fingerprint_file.write_text("another", encoding="ascii")
    failed, lost, old = told(content.check_pages(instance), Level.WARN)
    assert failed == "pages: /local/ was not baked: a reason. 'stoppress bake /local/'"
    assert "1 are missing in the store, such as /world/" in lost
    assert "of another version" in old


@pytest.mark.django_db
def test_times_tasks_and_clocks_that_went_wrong_are_found() -> None:
    assert told(content.check_times(), Level.OK)
    assert told(content.check_tasks(), Level.OK)
    assert told(content.check_clock(), Level.OK)
    now = timezone.now()
    due = now - timedelta(hours=1)
    MissedTime.objects.create(article_id=1, headline="Late", kind="publish", due_at=due, done_at=now)
    MissedTime.objects.create(article_id=2, headline="Never", kind="unpublish", due_at=due, error="locked")
    said = "\n".join(told(content.check_times(), Level.WARN))
    assert "“Late” was to go live" in said
    assert "it has not: locked" in said
    DBTaskResult.objects.create(
        status=TaskResultStatus.FAILED,
        finished_at=now,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="mail.send",
        queue_name="default",
        backend_name="default",
        traceback="Traceback\nOSError: no route\n",
    )
    assert told(content.check_tasks(), Level.WARN) == [
        "tasks: 1 background tasks failed within a day; the last, mail.send: OSError: no route"
    ]
    Address.objects.create(path="/x/", subject="article:1", baked_at=now + timedelta(hours=2))
    assert "it was set back" in told(content.check_clock(), Level.WARN)[0]


@pytest.mark.django_db
def test_an_index_that_is_behind_is_found(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    pagestore.drain()
    waiting = len(set(Pending.objects.values_list("page_id", flat=True)))
    assert told(content.check_search(), Level.OK) == [
        f"search: 0 articles can be found, {waiting} pages wait to be indexed"
    ]
    Pending.objects.update(made_at=timezone.now() - timedelta(minutes=5))
    (said,) = told(content.check_search(), Level.WARN)
    assert said.startswith(f"search: {waiting} pages wait to be indexed, the first for 30")
    index_all()
    Entry.objects.filter(pk=article.pk).delete()
    (said,) = told(content.check_search(), Level.WARN)
    assert said == "search: 1 articles are not in the index as they are; 'stoppress search reindex'"


@pytest.mark.django_db
def test_addresses_of_readers_that_nobody_deletes_are_found() -> None:
    now = timezone.now()
    thread = Thread.objects.create(subject="article:1")
    comment = Comment.objects.create(thread=thread, name="Ada", made_at=now)
    Machine.objects.create(comment=comment, digest="d", sealed="s", seen_at=now - timedelta(days=29))
    assert told(content.check_privacy(), Level.OK)
    Machine.objects.update(seen_at=now - timedelta(days=31))
    (said,) = told(content.check_privacy(), Level.WARN)
    assert said.startswith("privacy: 1 network addresses of those who replied are older than 30 days")
