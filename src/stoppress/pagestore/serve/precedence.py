"""Readers first: the front runs in real time (sched(7)) while it takes little of a processor.

A fair scheduler lets a process that wakes wait until another's slice ends, two to five milliseconds, however far that
other one stands back. A hit takes some hundredths of one. In real time the front takes a processor as soon as it has
something to do. Whoever may do that can also stop a machine, so it lasts only while the front's share is small, and the
kernel says when it has not rested for too long (``RLIMIT_RTTIME``, getrlimit(2)). See ADR 0012.
"""

import asyncio
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
"""The share of a processor above which it waits its turn like everything else."""
LITTLE = 0.3
"""The share below which it goes first again."""
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
        spent: processor seconds of this thread.
        clock: seconds.

    Attributes:
        is_first: whether it goes first now.
    """

    def __init__(
        self,
        set_first: Callable[[bool], None],
        spent: Callable[[], float] = time.thread_time,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.is_first = False
        self._set_first, self._spent, self._clock = set_first, spent, clock
        self._seen = (spent(), clock())

    def look(self) -> None:
        """Go first where the share since the last look is little, and no longer where it is too much.

        Raises:
            OSError: this process may not.
        """
        spent, now = self._spent(), self._clock()
        share = (spent - self._seen[0]) / max(now - self._seen[1], LOOK_SECONDS / 10)
        self._seen = (spent, now)
        wanted = share < (TOO_MUCH if self.is_first else LITTLE)
        if wanted is not self.is_first:
            self._set_first(wanted)
            self.is_first = wanted

    def stand_back(self) -> None:
        """Wait its turn until the next look."""
        self._set_first(False)
        self.is_first = False

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look again and again while ``loop`` runs, in its thread, or never again once it is refused."""
        try:
            self.look()
        except OSError as error:
            log.info("Readers wait their turn with everything else on this machine: no real time here (%s).", error)
            return
        loop.call_later(LOOK_SECONDS, self.watch, loop)


@contextmanager
def going_first() -> Iterator[Callable[[], None]]:
    """What lets the calling thread go first while that takes little, once a loop runs in it, until this is left.

    It must be the main thread: the kernel's word comes as a signal.
    """
    precedence = Precedence(_set_real_time)

    def on_restless(_number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            precedence.stand_back()

    def begin() -> None:
        if hasattr(os, "sched_setscheduler"):  # Linux
            signal.signal(signal.SIGXCPU, on_restless)
            precedence.watch(asyncio.get_running_loop())

    try:
        yield begin
    finally:
        if precedence.is_first:
            precedence.stand_back()


def _set_real_time(is_first: bool) -> None:
    policy = os.SCHED_RR if is_first else os.SCHED_OTHER
    if is_first:
        _limit_real_time(RESTLESS_SECONDS)
    os.sched_setscheduler(0, policy | os.SCHED_RESET_ON_FORK, os.sched_param(1 if is_first else 0))
    if not is_first:
        _limit_real_time(DEADLY_SECONDS)  # what was counted stays counted, and would be said again


def _limit_real_time(seconds: float) -> None:
    """Have the kernel send SIGXCPU to whoever runs in real time for so long and never rests, and in the end SIGKILL."""
    _, most = resource.getrlimit(resource.RLIMIT_RTTIME)
    wanted, deadly = int(seconds * 1e6), int(DEADLY_SECONDS * 1e6)
    if most != resource.RLIM_INFINITY:
        wanted, deadly = min(wanted, most), min(deadly, most)
    resource.setrlimit(resource.RLIMIT_RTTIME, (wanted, deadly))
