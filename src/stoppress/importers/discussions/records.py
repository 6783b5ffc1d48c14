"""What every such system has, as plain values. No Django: readers use it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

APPROVED, HELD, REFUSED, SPAM, REMOVED = "approved", "held", "refused", "spam", "removed"
UNCHANGED = "Nothing was changed."
MAX_VALUE = 2_000
"""Characters of a name or an address that are looked at."""
MAX_ID = 200


@dataclass(frozen=True, slots=True)
class Discussion:
    """What replies are on.

    Attributes:
        id: what tells it from the others of the file.
        address: where readers found it; with or without a host.
    """

    id: str
    address: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A reply as the other system has it.

    Attributes:
        id: what tells it from the others of the file.
        name_here: what tells it from all others, whatever file it comes in; kept with it.
        parent: id of what it answers; empty for the story itself.
        state: one of the words above.
        author: id of whoever wrote it, where names and addresses stand apart.
        text: as the other system keeps it.
        made_at: ``None`` when it does not say.
        public_id: what readers' links call it, where we gave it out ourselves.
        is_shell: it was taken back and comes all the same, without a word, for those that answered it.
        own: all that an export of our own says of it, as it stands there.
    """

    id: str
    name_here: str
    discussion: str
    state: str
    text: str
    parent: str = ""
    author: str = ""
    name: str = ""
    email: str = ""
    website: str = ""
    machine: str = ""
    made_at: datetime | None = None
    edited_at: datetime | None = None
    is_staff: bool = False
    is_pick: bool = False
    public_id: str = ""
    is_shell: bool = False
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, where that stands apart from what they wrote."""

    id: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an export of our own that is no reply, as it stands there.

    Attributes:
        kind: ``writer``, ``thread``, ``filter`` or ``breaking``.
        of: id of the discussion that it is about; empty for none.
    """

    kind: str
    of: str
    own: Mapping[str, Any]


Record = Discussion | Remark | Person | Line


class Reader(Protocol):
    """One file or folder of another system.

    Attributes:
        system: its name, as people write it.
        path: where it is.
    """

    system: str
    path: Path

    def records(self) -> Iterator[Record]:
        """Everything in it, in any order.

        Raises:
            ExportUnreadable: it can't be used.
        """
        ...

    def plain(self, text: str, simpler: Counter[str]) -> str:
        """A reply's text as ours are; what became simpler is counted."""
        ...


def moment_of(seconds: float) -> datetime | None:
    """A time from seconds since 1970; ``None`` for what is none."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def moment(text: str) -> datetime | None:
    """A time as ISO 8601 has it, UTC where no zone is said; ``None`` for what is none."""
    try:
        found = datetime.fromisoformat(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
