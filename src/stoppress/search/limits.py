"""How much searching one app process does, so that a flood of it neither fills the app nor the database.

In memory and each process for itself: to count in the database would cost more than what it saves.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
WAITING = 4
"""Searches that wait for a place; with those that have one they are few of what the front passes on at once."""
PATIENCE_SECONDS = 1.0
SEARCH_SECONDS = 2.0
"""After this a search is broken off in the database."""
BUSY_RETRY_SECONDS = 5


class BusyError(Exception):
    """Too many search at once."""


class Allowance:
    """How often each subscriber may ask: so many at once, and one more every so often. Safe in threads.

    Args:
        most: at once.
        per_second: how fast it grows again.
    """

    REMEMBERED = 10_000

    def __init__(self, most: float, per_second: float) -> None:
        self._most = most
        self._per_second = per_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, subscriber: str, cost: float = 1.0) -> float:
        """Take ``cost``; returns 0, or when there is too little left the seconds to wait for it."""
        if not subscriber:
            return 0.0
        now = time.monotonic()
        with self._lock:
            left, since = self._left.pop(subscriber, (self._most, now))
            left = min(self._most, left + (now - since) * self._per_second)
            is_enough = left >= cost
            self._left[subscriber] = (left - cost if is_enough else left, now)
            while len(self._left) > self.REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if is_enough else (cost - left) / self._per_second

    def forget(self) -> None:
        """Start afresh with everybody."""
        with self._lock:
            self._left.clear()


class Gate:
    """Lets a few in at once, has a few more wait, and turns the rest away. Safe in threads."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, patience: float = PATIENCE_SECONDS) -> None:
        self._places = threading.Semaphore(at_once)
        self._queue = threading.Semaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            BusyError: there is none, nor soon.
        """
        if not self._queue.acquire(blocking=False):
            raise BusyError
        try:
            if not self._places.acquire(timeout=self._patience):
                raise BusyError
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._queue.release()


ALLOWANCE = Allowance(most=40, per_second=1)
"""Of each subscriber; a school or a mobile network can be one."""
SUGGESTION = 0.25
"""What as-you-type costs of it."""
GATE = Gate()
