"""What a page depends on, noted while it is rendered.

A bake opens a recording; templates, list functions and settings readers call :func:`depends_on` with the
surrogate keys (``noun:pk``) of what they show. Outside a bake the calls cost one context-variable read
and do nothing, so a preview or a miss renders with the same code.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Recording:
    """The surrogate keys that one render used, the moment at which its text stops being true, and what it looked up."""

    keys: set[str] = field(default_factory=set)
    valid_until: datetime | None = None
    known: dict[str, Any] = field(default_factory=dict)


_current: ContextVar[Recording | None] = ContextVar("stoppress_recording", default=None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Record dependencies until the block ends; an inner recording hides the outer one."""
    record = Recording()
    token = _current.set(record)
    try:
        yield record
    finally:
        _current.reset(token)


def is_recorded() -> bool:
    """Whether a bake notes what is asked for now; for who would look something up for the sake of its key alone."""
    return _current.get() is not None


def depends_on(*keys: str) -> None:
    """Say that what is being rendered shows ``keys``; a later mark on any of them makes it stale.

    Raises:
        ValueError: a key is not of the form ``noun:…``.
    """
    record = _current.get()
    for key in keys:
        noun, colon, rest = key.partition(":")
        if not (noun and colon and rest):
            raise ValueError(f"a surrogate key reads noun:pk, not {key!r}")
        if record is not None:
            record.keys.add(key)


def valid_until(moment: datetime) -> None:
    """Say that what is being rendered is true only until ``moment`` (aware); the earliest one wins.

    Raises:
        ValueError: ``moment`` has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("valid_until needs an aware datetime")
    record = _current.get()
    if record is not None and (record.valid_until is None or moment < record.valid_until):
        record.valid_until = moment


def once(key: str, look_up: Callable[[], T]) -> T:
    """What ``look_up`` says, asked once in a render however many parts of the page show it; anew outside of one."""
    record = _current.get()
    if record is None:
        return look_up()
    if key not in record.known:
        record.known[key] = look_up()
    found: T = record.known[key]
    return found
