"""Replacing the processes of a running tree, one after the other, so that readers notice nothing.

What serves is replaced by a successor that is ready before its predecessor is told to stop. What works alone stops
first: two versions of the worker must not bake side by side, or pages of the old one would pass for new.
"""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from math import inf

from stoppress.cli.children import Child, Readiness, kill_family, manner

READY_SECONDS = 120.0
"""How long a new process may take until it is ready."""
STOP_SECONDS = 10.0
"""How long an old one may take to finish what it does."""

Process = subprocess.Popen[bytes]
Spawn = Callable[[Child, Readiness], Process]


class RenewalError(Exception):
    """A new process did not get ready; the text says which and why."""


def renew(children: Sequence[Child], spawn: Spawn, retiring: list[Process]) -> Iterator[None]:
    """Replace the processes of ``children`` in order; yields whenever there is something to wait for.

    Args:
        spawn: starts a child's program anew.
        retiring: holds each process that belongs to no child meanwhile, so that a stop ends it too.

    Raises:
        RenewalError: one did not get ready. One that overlaps goes on as it was; those after it were not touched.
    """
    for child in children:
        if child.running is None:
            child.due_at = 0.0  # it is down and starts anew in any case
        elif child.overlaps:
            yield from _take_over(child, spawn, retiring)
        else:
            yield from _restart(child, child.running, spawn, retiring)


def _take_over(child: Child, spawn: Spawn, retiring: list[Process]) -> Iterator[None]:
    with Readiness() as readiness:
        fresh = spawn(child, readiness)
        retiring.append(fresh)
        try:
            yield from _until_ready(child, fresh, readiness)
        except RenewalError:
            kill_family(fresh)
            fresh.wait()
            retiring.remove(fresh)
            raise
    # In this order: at no moment does a process belong to nobody.
    old, child.running, child.started_at = child.running, fresh, time.monotonic()
    retiring.remove(fresh)
    if old is not None:
        yield from _retire(old, retiring)


def _restart(child: Child, old: Process, spawn: Spawn, retiring: list[Process]) -> Iterator[None]:
    child.running, child.due_at = None, inf
    yield from _retire(old, retiring)
    child.due_at = 0.0
    with Readiness() as readiness:
        fresh = child.running = spawn(child, readiness)
        child.started_at = time.monotonic()
        yield from _until_ready(child, fresh, readiness)


def _until_ready(child: Child, fresh: Process, readiness: Readiness) -> Iterator[None]:
    give_up_at = time.monotonic() + READY_SECONDS
    while not readiness.is_there():
        if fresh.poll() is not None:
            raise RenewalError(f"the new {child.name} ended ({manner(fresh.returncode)}) before it was ready")
        if time.monotonic() > give_up_at:
            raise RenewalError(f"the new {child.name} was not ready after {READY_SECONDS:.0f} s")
        yield


def _retire(old: Process, retiring: list[Process]) -> Iterator[None]:
    retiring.append(old)
    old.terminate()
    give_up_at = time.monotonic() + STOP_SECONDS
    while old.poll() is None and time.monotonic() < give_up_at:
        yield
    kill_family(old)
    old.wait()
    retiring.remove(old)
