"""The supervisor: starts the processes of an instance, restarts one that dies, renews and stops them all.

It imports no Django and does no work of its own, so that nothing but a kill ends it.
"""

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType

from stoppress.cli.children import Child, Readiness, kill_family, manner, spawn
from stoppress.cli.renewal import RenewalError, renew
from stoppress.core.process_guard import SUPERVISOR

LONGEST_PAUSE_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.1
LONG_LIFE_SECONDS = 10.0
"""A process that lived this long is started again at once; one that did not waits longer each time."""
STOP_SECONDS = 10.0
READY_LOOK_SECONDS = 0.05
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD)


class Supervisor:
    """Runs ``children`` until a signal stops it. Use it in the main thread, once.

    Args:
        children: what to run, in the order of starting.
        environment: the children's.
        is_ready: asked until it says yes, then ``on_ready`` is called once.
        tell: takes one line for the operator.
        on_renewed: told the end of each renewal: ``""``, or what went wrong.
        on_change: told all children whenever one was started, renewed or buried.
    """

    def __init__(
        self,
        children: Sequence[Child],
        environment: Mapping[str, str],
        is_ready: Callable[[], bool],
        on_ready: Callable[[], None],
        tell: Callable[[str], None],
        on_renewed: Callable[[str], None] = lambda _trouble: None,
        on_change: Callable[[Sequence[Child]], None] = lambda _children: None,
    ) -> None:
        self._children = {child.name: child for child in children}
        self._environment = {**environment, SUPERVISOR: str(os.getpid())}
        self._is_ready = is_ready
        self._on_ready = on_ready
        self._tell = tell
        self._on_renewed = on_renewed
        self._on_change = on_change
        self._is_announced = False
        self._stop_by: float | None = None
        self._is_forced = False
        self._is_renewal_wanted = False
        self._renewal: Iterator[None] | None = None
        self._retiring: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        """Supervise until SIGTERM, SIGINT or SIGHUP; returns the exit code.

        The first signal drains, a second one kills. SIGUSR1 replaces all children, see :mod:`stoppress.cli.renewal`.
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
        if number == signal.SIGUSR1:
            self._is_renewal_wanted = True
        elif self._stop_by is None:
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
        self._renew()
        return True

    def _renew(self) -> None:
        """Go on with the renewal, if there is one; a wish that comes meanwhile is the next."""
        if self._renewal is None:
            if not (self._is_renewal_wanted and self._is_announced):
                return
            self._is_renewal_wanted = False
            self._renewal = renew(list(self._children.values()), self._spawn, self._retiring)
        trouble = ""
        try:
            next(self._renewal)
            return
        except StopIteration:
            self._tell("Every process is renewed.")
        except (RenewalError, OSError) as error:
            trouble = str(error)
            self._tell(f"The renewal broke off: {trouble}. What was not renewed yet goes on as before.")
        self._renewal = None
        self._changed()
        self._on_renewed(trouble)

    def _spawn(self, child: Child, readiness: Readiness | None = None) -> "subprocess.Popen[bytes]":
        return spawn(child, self._environment, readiness)

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.running = self._spawn(child)
        self._changed()

    def _bury(self, child: Child, ended: subprocess.Popen[bytes]) -> None:
        kill_family(ended)  # a server's workers die with it; this only makes it sooner
        child.running = None
        if self._stop_by is not None:
            return
        now = time.monotonic()
        child.quick_deaths = 0 if now - child.started_at >= LONG_LIFE_SECONDS else child.quick_deaths + 1
        child.due_at = now + pause_after(child.quick_deaths)
        child.last_end = manner(ended.returncode)
        self._tell(f"{child.name} ended ({child.last_end}); starting it again.")
        self._changed()

    def _changed(self) -> None:
        self._on_change(list(self._children.values()))

    def _stop_some(self, stop_by: float) -> bool:
        if self._renewal is not None:
            self._renewal = None
            for process in self._retiring:
                process.terminate()
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
        return bool(alive) or any(process.poll() is None for process in self._retiring)

    def _pause(self) -> float | None:
        """Seconds until something is due, ``None`` when only a signal can bring news."""
        now = time.monotonic()
        if self._stop_by is not None:
            return max(self._stop_by - now, 0.0)
        moments = [child.due_at - now for child in self._children.values() if child.running is None]
        if not self._is_announced or self._renewal is not None:
            moments.append(READY_LOOK_SECONDS)
        return max(min(moments), 0.0) if moments else None

    def _kill_all(self) -> None:
        for process in self._retiring:
            kill_family(process)
            process.wait()
        for child in self._children.values():
            if child.running is not None:
                kill_family(child.running)
                child.running.wait()
                child.running = None


def pause_after(quick_deaths: int) -> float:
    """Seconds to wait before a child that died soon after its start, so often in a row, is started again."""
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (quick_deaths - 1), LONGEST_PAUSE_SECONDS) if quick_deaths else 0.0


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
