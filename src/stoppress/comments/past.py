"""What an export of our own says of the past of replies and of those who wrote them, as plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStatement:
    """Why a reply could not be seen, as its writer was told."""

    facts: str
    is_legal: bool
    clause: str
    is_automated: bool
    redress: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAppeal:
    """What its writer said against a decision, and what became of it.

    Attributes:
        by: name of the account that decided; empty for none.
    """

    text: str
    made_at: datetime
    is_granted: bool | None
    answer: str
    decided_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision of a phase or a person.

    Attributes:
        by: name of the account that decided; empty for a phase.
    """

    state: str
    phase: str
    reason: str
    note: str
    at: datetime
    by: str
    statement: PastStatement | None
    appeal: PastAppeal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReport:
    """What somebody reported.

    Attributes:
        email: where they want to hear of it; empty for nowhere.
        decision: which of the reply's decisions ended it, from 0.
    """

    ground: str
    text: str
    name: str
    state: str
    made_at: datetime
    decision: int | None
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """All that happened to one reply, the oldest first."""

    decisions: tuple[PastDecision, ...] = ()
    reports: tuple[PastReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBan:
    """Somebody was kept out; ``by`` and ``lifted_by`` are names of accounts."""

    reason: str
    at: datetime
    until: datetime | None
    by: str
    lifted_at: datetime | None
    lifted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCaution:
    """Somebody was told something."""

    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who writes.

    Attributes:
        id: by which the replies of the file name them.
        name: of their account with us; empty without one.
        account: of the desk, by its name; empty for none.
        email: empty when the file has none.
        since: when we first heard of them.
    """

    id: str
    public_id: str
    name: str
    account: str
    email: str
    is_verified: bool
    mutes_mail: bool
    since: datetime | None
    bans: tuple[PastBan, ...] = ()
    cautions: tuple[PastCaution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a newsroom has set for a thread; ``answerers`` are names of accounts."""

    mode: str = ""
    close_days: int | None = None
    frozen_at: datetime | None = None
    frozen_note: str = ""
    questions_from: datetime | None = None
    questions_until: datetime | None = None
    answered_by: str = ""
    answerers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFilter:
    """A question to a queue that a moderator keeps.

    Attributes:
        by: name of the account that keeps it; empty for one that is not told.
        query: as it was asked there.
        subject: surrogate key of what it is on here; empty for nothing.
        writer: primary key of whose replies it asks for here; ``None`` for nobody's.
    """

    by: str
    name: str
    queue: str
    query: str
    is_shared: bool
    subject: str = ""
    writer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastBreaking:
    """A time in which everything was read first; ``by`` and ``ended_by`` are names of accounts.

    Attributes:
        ended_at: ``None`` while it lasts.
    """

    notice: str
    began_at: datetime
    ends_at: datetime
    by: str
    is_automatic: bool
    looked_at: datetime
    calm_since: datetime | None
    most: int
    ended_at: datetime | None
    ended_how: str
    ended_by: str
