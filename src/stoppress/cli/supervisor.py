"""The supervisor: starts the processes of an instance, restarts one that dies, and stops them all.

It imports no Django and does no work of its own, so that nothing but a kill ends it.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from stoppress.core.process_guard import LISTENER, SUPERVISOR

LONGEST_PAUSE_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.1
LONG_LIFE_SECONDS = 10.0
"""A process that lived this long is started again at once; one that did not waits longer each time."""
STOP_SECONDS = 10.0
READY_LOOK_SECONDS = 0.05
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


@dataclass(slots=True)
class Child:
    """One process of the tree.

    Attributes:
        stops_after: the children that must be gone before this one is told to stop.
        listener: a bound socket that the child inherits, if it serves.
    """

    name: str
    command: Sequence[str]
    stops_after: frozenset[str] = frozenset()
    listener: socket.socket | None = None
    running: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    quick_deaths: int = 0
    is_told_to_stop: bool = False


class Supervisor:
    """Runs ``children`` until a signal stops it. Use it in the main thread, once.

    Args:
        children: what to run, in the order of starting.
        environment: the children's.
        is_ready: asked until it says yes, then ``on_ready`` is called once.
        tell: takes one line for the operator.
    """

    def __init__(
        self,
        children: Sequence[Child],
        environment: Mapping[str, str],
        is_ready: Callable[[], bool],
        on_ready: Callable[[], None],
        tell: Callable[[str], None],
    ) -> None:
        self._children = {child.name: child for child in children}
        self._environment = {**environment, SUPERVISOR: str(os.getpid())}
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._tell = tell
        self._is_announced = False
        self._stop_by: float | None = None
        self._is_forced = False

    def run(self) -> int:
        """Supervise until SIGTERM, SIGINT or SIGHUP; returns the exit code.

        The first signal drains, a second one kills.
        """
        with _signals(self._on_signal) as wake:
            try:
                while self._step():
                    wake(self._pause())
            finally:
                self._kill_all()
        return 1 if self._is_forced else 0

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        if self._stop_by is None:
            self._stop_by = time.monotonic() + STOP_SECONDS
        else:
            self._is_forced = True

    def _step(self) -> bool:
        for child in self._children.values():
            if child.running is not None and child.running.poll() is not None:
                self._bury(child, child.running)
        if self._stop_by is not None:
            return self._stop_some(self._stop_by)
        for child in self._children.values():
            if child.running is None and child.due_at <= time.monotonic():
                self._start(child)
        if not self._is_announced and self._is_ready():
            self._is_announced = True
            self._on_ready()
        return True

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        # A session of its own: Ctrl-C reaches only the supervisor, and the whole family can be killed at once.
        environment = dict(self._environment)
        handles = [] if child.listener is None else [child.listener.fileno()]
        if handles:
            environment[LISTENER] = str(handles[0])
        child.running = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            child.command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=handles,
        )

    def _bury(self, child: Child, ended: subprocess.Popen[bytes]) -> None:
        _kill_family(ended)  # a server's workers die with it; this only makes it sooner
        child.running = None
        if self._stop_by is not None:
            return
        now = time.monotonic()
        child.quick_deaths = 0 if now - child.started_at >= LONG_LIFE_SECONDS else child.quick_deaths + 1
        child.due_at = now + pause_after(child.quick_deaths)
        self._tell(f"{child.name} ended ({_manner(ended.returncode)}); starting it again.")

    def _stop_some(self, stop_by: float) -> bool:
        alive = [child for child in self._children.values() if child.running is not None]
        if self._is_forced or time.monotonic() >= stop_by:
            if alive:
                self._tell(f"Killing {', '.join(child.name for child in alive)}.")
            return False
        names = {child.name for child in alive}
        for child in alive:
            if child.running is not None and not child.is_told_to_stop and not child.stops_after & names:
                child.is_told_to_stop = True
                child.running.terminate()
        return bool(alive)

    def _pause(self) -> float | None:
        """Seconds until something is due, ``None`` when only a signal can bring news."""
        now = time.monotonic()
        if self._stop_by is not None:
            return max(self._stop_by - now, 0.0)
        moments = [child.due_at - now for child in self._children.values() if child.running is None]
        if not self._is_announced:
            moments.append(READY_LOOK_SECONDS)
        return max(min(moments), 0.0) if moments else None

    def _kill_all(self) -> None:
        for child in self._children.values():
            if child.running is not None:
                _kill_family(child.running)
                child.running.wait()
                child.running = None


def pause_after(quick_deaths: int) -> float:
    """Seconds to wait before a child that died soon after its start, so often in a row, is started again."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (quick_deaths - 1), LONGEST_PAUSE_SECONDS) if quick_deaths else 0.0


def _kill_family(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _manner(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


@contextlib.contextmanager
def _signals(handler: Callable[[int, FrameType | None], None]) -> Iterator[Callable[[float | None], None]]:
    """Route the signals to ``handler``; yields a function that waits for one, at most so many seconds."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    # nohup's wish that a closed terminal doesn't matter is respected.
    taken = [n for n in SIGNALS if n != signal.SIGHUP or signal.getsignal(n) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in taken}
    wakeup_before = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        selector.register(reader, selectors.EVENT_READ)

        def wait(seconds: float | None) -> None:
            selector.select(seconds)
            with contextlib.suppress(BlockingIOError):
                reader.recv(4096)

        try:
            yield wait
        finally:
            signal.set_wakeup_fd(wakeup_before)
            for number, old in before.items():
                signal.signal(number, old)
            reader.close()
            writer.close()


def child(
    process: str, *, name: str = "", stops_after: Iterable[str] = (), listener: socket.socket | None = None
) -> Child:
    """A process of :mod:`stoppress.config.process`. ``-P`` keeps the current folder out of its imports.

    Args:
        name: what the operator is told, if there are several of the kind.
    """
    command = [sys.executable, "-P", "-m", "stoppress.config.process", process]
    return Child(name or process, command, frozenset(stops_after), listener)
