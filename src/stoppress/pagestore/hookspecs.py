"""What the page store asks of the rooms above: what a mark means, and what was never marked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from stoppress.core.hooks import hookspec
from stoppress.pagestore.models import Mark, Priority


@dataclass(frozen=True, slots=True)
class Live:
    """A subject lives at ``path``; where it lived before now redirects there."""

    path: str
    subject: str
    priority: Priority = Priority.PAGE


@dataclass(slots=True)
class Derivation:
    """What follows from some marks.

    Attributes:
        stale: surrogate keys whose pages must be baked again, soon.
        swept: the same, in the background.
        live: subjects and where they live now, in an order in which no two of them need the same path.
        gone: subjects that have no address any more.
        marks: further marks to work through later, each with its urgency.
        timed: marks to work through at a time, and not before.
    """

    stale: set[str] = field(default_factory=set)
    swept: set[str] = field(default_factory=set)
    live: list[Live] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    marks: list[tuple[str, Mark.Urgency]] = field(default_factory=list)
    timed: list[tuple[str, datetime]] = field(default_factory=list)


@hookspec
def derive_marks(keys: Sequence[str]) -> Derivation | None:
    """Compare what is published now with what was derived before, and say what follows.

    Called by the worker inside the transaction that deletes the marks; writes made here belong to it.
    """


@hookspec
def find_unmarked() -> Iterable[Collection[str]]:  # type: ignore[empty-body]
    """Keys to mark because something changed without a mark (a restore, a write past the signals); at start-up.

    Comes in pieces, of which one may be empty: news that is published meanwhile waits for one piece at most.
    """


@hookspec
def keep_times(now: datetime) -> datetime | None:
    """Do what was planned for ``now`` or before, and say when the next thing is due; ``None`` for never.

    Called by the worker, outside any transaction, every second and at the time that was answered.
    """
