"""Processes die with their parent. That the kernel keeps its word is shown by the supervisor's journey."""

import ctypes
import multiprocessing
import os
import signal
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from stoppress.core import process_guard


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What is asked of the kernel, none of which happens; the parent is process 4711."""
    made: list[tuple[Any, ...]] = []
    library = SimpleNamespace(prctl=lambda *arguments: made.append(("prctl", *arguments)))
    monkeypatch.setattr(ctypes, "CDLL", lambda *_arguments, **_more: library)
    monkeypatch.setattr(os, "kill", lambda *arguments: made.append(("kill", *arguments)))
    monkeypatch.setattr(os, "getppid", lambda: 4711)
    return made


def test_nothing_happens_outside_a_tree(calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(process_guard.SUPERVISOR, raising=False)
    process_guard.die_with_parent()
    assert calls == []


def test_a_child_asks_the_kernel(calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(process_guard.SUPERVISOR, "4711")
    process_guard.die_with_parent()
    assert calls == [("prctl", 1, signal.SIGKILL, 0, 0, 0)]


def test_a_child_whose_parent_is_gone_already_ends(
    calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(process_guard.SUPERVISOR, "4712")
    process_guard.die_with_parent()
    assert calls[-1] == ("kill", os.getpid(), signal.SIGKILL)


def test_nothing_happens_where_there_is_no_such_call(
    calls: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(process_guard.SUPERVISOR, "4711")
    monkeypatch.setattr(sys, "platform", "darwin")
    process_guard.die_with_parent()
    assert calls == []


def test_a_forked_worker_belongs_to_the_process_that_forked_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(pid=99))
    monkeypatch.setenv(process_guard.SUPERVISOR, "4711")
    assert process_guard.expected_parent() == 99
    monkeypatch.delenv(process_guard.SUPERVISOR)
    assert process_guard.expected_parent() is None
