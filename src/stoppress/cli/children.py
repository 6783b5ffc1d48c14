"""The processes below the supervisor: how each is started, and how its whole family is ended."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from stoppress.core.handover import READY
from stoppress.core.process_guard import LISTENER
from stoppress.core.tree_status import ProcessStatus


@dataclass(slots=True)
class Child:
    """One process of the tree.

    Attributes:
        stops_after: the children that must be gone before this one is told to stop.
        listener: a bound socket that the child inherits, if it serves.
        overlaps: whether its successor may work beside it, and takes over before it is told to stop.
        quick_deaths: how often in a row it ended soon after its start.
        last_end: how it ended the last time, in words.
    """

    name: str
    command: Sequence[str]
    stops_after: frozenset[str] = frozenset()
    listener: socket.socket | None = None
    overlaps: bool = False
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    quick_deaths: int = 0
    is_told_to_stop: bool = False
    last_end: str = ""


class Readiness:
    """The reading end of the pipe on which a process says that it is ready; a context manager."""

    def __init__(self) -> None:
        self._reader, self.writer = os.pipe()
        os.set_blocking(self._reader, False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        os.close(self._reader)
        self.let_go()

    def let_go(self) -> None:
        """Close our copy of the writing end, once the process has its own."""
        if self.writer >= 0:
            os.close(self.writer)
            self.writer = -1

    def is_there(self) -> bool:
        """Whether the process has said so."""
        try:
            return bool(os.read(self._reader, 1))
        except BlockingIOError:
            return False


def spawn(
    child: Child, environment: Mapping[str, str], readiness: Readiness | None = None
) -> "subprocess.Popen[bytes]":
    """Start the child's program; who keeps it is the caller's to say.

    Args:
        environment: its environment variables; the file descriptors that it inherits are added.
        readiness: where it shall say that it is ready, if somebody waits for that.
    """
    variables = dict(environment)
    handles = []
    if child.listener is not None:
        handles.append(child.listener.fileno())
        variables[LISTENER] = str(handles[-1])
    if readiness is not None:
        handles.append(readiness.writer)
        variables[READY] = str(handles[-1])
    # A group of its own: Ctrl-C reaches only the supervisor, and the whole family can be killed at once. But one
    # session for all: Linux shares processors among sessions before it looks who is how nice (sched(7), autogroup).
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        child.command, env=variables, stdin=subprocess.DEVNULL, process_group=0, pass_fds=handles
    )
    if readiness is not None:
        readiness.let_go()
    return process


def kill_family(process: "subprocess.Popen[bytes]") -> None:
    """End the process and all that it started, at once."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def manner(code: int) -> str:
    """How a process ended, in words."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def statuses(children: Iterable[Child]) -> list[ProcessStatus]:
    """What others may know of ``children``."""
    now, clock = time.time(), time.monotonic()
    return [
        ProcessStatus(
            name=one.name,
            pid=one.running.pid if one.running is not None else 0,
            since=round(now - (clock - one.started_at), 3),
            quick_deaths=one.quick_deaths,
            last_end=one.last_end,
        )
        for one in children
    ]


def child(
    process: str,
    *,
    name: str = "",
    stops_after: Iterable[str] = (),
    listener: socket.socket | None = None,
    overlaps: bool = False,
) -> Child:
    """A process of :mod:`stoppress.config.process`. ``-P`` keeps the current folder out of its imports.

    Args:
        name: what the operator is told, if there are several of the kind.
        overlaps: as in :class:`Child`.
    """
    command = [sys.executable, "-P", "-m", "stoppress.config.process", process]
    return Child(name or process, command, frozenset(stops_after), listener, overlaps)
