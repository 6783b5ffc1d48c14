"""What goes into a phase and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from stoppress.comments.models import BreakingNews, Mode, State, Thread, Writer
from stoppress.comments.spam import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A reply as it came in, by whatever entrance.

    Attributes:
        trap: what stood in the field that people don't see.
        seconds: how long the form was open, as far as is known.
        is_edit: it was let through before, and is looked at again.
        is_staff: its writer works at the desk, or is one of those who answer questions here.
        is_proven: a proof of work came with it.
        is_account: its writer is signed in, and the name is theirs alone.
        is_confirmed: whoever sends it has shown that the mail address is theirs; else anybody may have typed it.
    """

    name: str
    website: str
    text: str
    trap: str = ""
    seconds: float | None = None
    is_edit: bool = False
    is_staff: bool = False
    is_proven: bool = False
    is_account: bool = False
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a newsroom can set.

    Attributes:
        trusted_after: approved replies after which a writer is no longer new.
        most_links: more of them are held.
        held_words: words that are read first.
        refused_words: words that are not taken.
        spam_model: what likeness to spam is measured by; ``None`` for nothing.
        asks_service: a service elsewhere is asked of what nothing else holds.
        staff_names: names that only staff may use.
        minute_most, hour_most: replies from one writer or network.
        breaking_seconds: between two replies of one writer to one subject, in breaking-news mode.
        breaking_most: replies to one subject within a minute, in breaking-news mode.
        unproven_most: the same, of those without a proof of work.
    """

    trusted_after: int = 2
    most_links: int = 2
    held_words: Sequence[str] = ()
    refused_words: Sequence[str] = ()
    spam_model: Model | None = None
    asks_service: bool = False
    staff_names: Sequence[str] = ()
    minute_most: int = 3
    hour_most: int = 30
    breaking_seconds: int = 120
    breaking_most: int = 60
    unproven_most: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a phase may look at; nothing here is to be changed.

    Attributes:
        mode: who may reply here, after section and site were asked.
        thread, writer: without a row where there was none yet.
        network: digest of the network that it came from; empty when unknown.
        is_open: anybody may reply here now; not, when it is closed, frozen or too old.
        has_account: its writer is signed in.
        breaking: everything is read first for a while.
    """

    thread: Thread
    writer: Writer
    mode: Mode
    now: datetime
    network: str = ""
    is_open: bool = True
    has_account: bool = False
    breaking: BreakingNews | None = None
    rules: Rules = field(default_factory=Rules)

    @property
    def is_newcomer(self) -> bool:
        """Whether its writer has never written before, so that there is nothing to look for."""
        return self.writer.pk is None

    @property
    def holds_guests(self) -> bool:
        """Whether every reply waits here whose writer has not shown that the address is theirs. Where it does not, no
        check may hold one for what is known of the address: whoever typed it would see that something is."""
        return self.mode is not Mode.OPEN or self.breaking is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a phase found.

    Attributes:
        state: where the reply is to stand; ``None`` when it is not taken at all, and its writer keeps the text.
        reason: a short word for the log and for figures.
        note: for its writer, in words.
    """

    state: State | None
    reason: str
    note: str = ""


class Phase(Protocol):
    """One thing that is looked at; ``None`` when it has nothing to say."""

    __name__: str

    def __call__(self, submission: Submission, surroundings: Surroundings) -> Verdict | None: ...
