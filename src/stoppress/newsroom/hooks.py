"""What the newsroom answers when the page store asks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from stoppress.core.hooks import hookimpl
from stoppress.newsroom.actions import derive, times, unmarked
from stoppress.pagestore.hookspecs import Derivation


@hookimpl
def derive_marks(keys: Sequence[str]) -> Derivation | None:
    return derive.derive(keys)


@hookimpl
def find_unmarked() -> Iterable[str]:
    return unmarked.find_unmarked()


@hookimpl
def keep_times(now: datetime) -> datetime | None:
    return times.keep_times(now)
