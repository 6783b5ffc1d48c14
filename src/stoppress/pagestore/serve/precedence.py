"""Readers first: the front runs in real time (sched(7)) while it takes little of a processor.

A fair scheduler lets a process that wakes wait until another's slice ends, two to five milliseconds, however far that
other one stands back. A hit takes some hundredths of one. In real time the front takes a processor as soon as it has
something to do. Whoever may do that can also stop a machine, so it lasts only while the front's share is small, and the
kernel says when it has not rested for too long (``RLIMIT_RTTIME``, getrlimit(2)). See ADR 0012.
"""

import asyncio
import errno
import logging
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

LOOK_SECONDS = 0.1
"""How often the front looks what it takes."""
TOO_MUCH = 0.5
"""The share of a processor above which it waits its turn like everything else, where there is a processor for each."""
LITTLE = 0.6
"""The part of that share below which it goes first again."""
BACK_SECONDS = (2.0, 30.0)
"""How long it waits its turn then, at first and at most: each time twice as long, until it has gone first that long."""
RESTLESS_SECONDS = 0.5
"""So long it may run in real time without a rest before it is told to wait its turn."""
DEADLY_SECONDS = 5.0
"""So long, if it does not listen, before it is killed."""

log = logging.getLogger("stoppress.front")


class Precedence:
    """Whether this thread goes before everything else, looked at ten times a second.

    It needs the right to real time: root's, ``CAP_SYS_NICE`` or a limit ``RTPRIO`` of 1. Without it nothing changes.

    Args:
        set_first: makes the calling thread go first, or wait its turn. Raises :class:`OSError` where that is forbidden.
        most: the share of a processor that it may take in real time.
        spent: processor seconds of this thread.
        clock: seconds.

    Attributes:
        is_first: whether it goes first now.
    """

    def __init__(
        self,
        set_first: Callable[[bool], None],
        most: float = TOO_MUCH,
        spent: Callable[[], float] = time.thread_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_first = False
        self._set_first, self._most, self._spent, self._clock = set_first, most, spent, clock
        self._seen = (spent(), clock())
        self._back_until, self._back_for, self._first_since = 0.0, BACK_SECONDS[0], 0.0

    def look(self) -> None:
        """Go first where the share since the last look is little, and no longer where it is too much.

        Raises:
            OSError: this process may not.
        """
        spent, now = self._spent(), self._clock()
        share = (spent - self._seen[0]) / max(now - self._seen[1], LOOK_SECONDS / 10)
        self._seen = (spent, now)
        if self.is_first and share >= self._most:
            self.stand_back()
        elif not self.is_first and share < self._most * LITTLE and now >= self._back_until:
            self._first_since = now
            self.is_first = True  # before it is: a signal that comes between takes it back
            self._set_first(True)

    def stand_back(self) -> None:
        """Wait its turn for a while: one that starves takes little, too."""
        now = self._clock()
        if now - self._first_since > BACK_SECONDS[1]:
            self._back_for = BACK_SECONDS[0]
        self._back_until = now + self._back_for
        self._back_for = min(2 * self._back_for, BACK_SECONDS[1])
        self.is_first = False
        self._set_first(False)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look again and again while ``loop`` runs, in its thread, or never again once it is refused."""
        try:
            self.look()
        except OSError as error:
            self.is_first = False
            log.info("Readers wait their turn with everything else on this machine: no real time here (%s).", error)
            return
        loop.call_later(LOOK_SECONDS, self.watch, loop)


@contextmanager
def going_first(fronts: int = 1) -> Iterator[Callable[[], None]]:
    """What lets the calling thread go first while that takes little, once a loop runs in it, until this is left.

    It must be the main thread: the kernel's word comes as a signal.

    Args:
        fronts: how many processes do so on this machine; together they take half of its processors at most.
    """
    most = TOO_MUCH * min(1.0, (os.cpu_count() or 1) / fronts)
    precedence = Precedence(_set_real_time, most)

    def on_restless(_number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            precedence.stand_back()

    def begin() -> None:
        if not hasattr(os, "SCHED_RESET_ON_FORK"):  # no Linux
            return
        signal.signal(signal.SIGXCPU, on_restless)
        precedence.watch(asyncio.get_running_loop())

    try:
        yield begin
    finally:
        if precedence.is_first:
            precedence.stand_back()


def _set_real_time(is_first: bool) -> None:
    """Set the thread's policy, and with it the limits that the kernel watches over (getrlimit(2))."""
    policy = os.SCHED_RR if is_first else os.SCHED_OTHER
    if is_first and 0 <= resource.getrlimit(resource.RLIMIT_RTTIME)[1] < DEADLY_SECONDS * 1e6:
        raise PermissionError(errno.EPERM, "RLIMIT_RTTIME is too short")
    os.sched_setscheduler(0, policy | os.SCHED_RESET_ON_FORK, os.sched_param(1 if is_first else 0))
    # Each time that it speaks the kernel allows a second more, and it counts on from where it was until the next rest.
    seconds = RESTLESS_SECONDS if is_first else DEADLY_SECONDS
    resource.setrlimit(resource.RLIMIT_RTTIME, (int(seconds * 1e6), int(DEADLY_SECONDS * 1e6)))
    if is_first:
        time.sleep(1e-6)
