"""What an export of our own says besides replies, from JSON that nobody has looked at yet. No Django.

Whatever is not of the right kind counts as not said; texts are cut to what fits.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from stoppress.comments.past import (
    Past,
    PastAppeal,
    PastBan,
    PastBreaking,
    PastCaution,
    PastDecision,
    PastFilter,
    PastReport,
    PastStatement,
    Person,
    Settings,
)
from stoppress.importers.discussions.records import MAX_VALUE, moment

MAX_TEXT = 65_535
MOST = 2**31 - 1
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""For what has to have a time and says none."""
STATES = frozenset({"held", "approved", "refused", "spam", "removed"})
GROUNDS = frozenset({"spam", "abuse", "private", "illegal", "children"})
ENDS = frozenset({"open", "upheld", "dismissed", "gone"})
ENDINGS = frozenset({"time", "calm", "hand"})
MODES = frozenset({"open", "new-first", "hold-first", "accounts", "closed"})
T = TypeVar("T")


def past_of(reply: Mapping[str, Any]) -> Past:
    """What happened to a reply."""
    return Past(
        decisions=_each(reply.get("decisions"), _decision),
        reports=_each(reply.get("reports"), _report),
    )


def person_of(line: Mapping[str, Any]) -> Person:
    """A line of ``writers.jsonl``."""
    return Person(
        id=number_of(line.get("id")),
        public_id=text_of(line, "public_id", 16),
        name=text_of(line, "name", 80),
        account=text_of(line, "account", 150),
        email=text_of(line, "email", MAX_VALUE),
        is_verified=line.get("is_verified") is True,
        mutes_mail=line.get("mutes_mail") is True,
        since=time_of(line, "since"),
        bans=_each(line.get("bans"), _ban),
        cautions=_each(line.get("cautions"), _caution),
    )


def settings_of(line: Mapping[str, Any]) -> Settings:
    """A line of ``threads.jsonl``."""
    mode = text_of(line, "mode", 12)
    starts, ends = time_of(line, "questions_from"), time_of(line, "questions_until")
    is_asked = starts is not None and ends is not None
    names = line.get("answerers")
    return Settings(
        mode=mode if mode in MODES else "",
        close_days=count_of(line.get("close_days")),
        frozen_at=time_of(line, "frozen_at"),
        frozen_note=text_of(line, "frozen_note", 300),
        questions_from=starts if is_asked else None,
        questions_until=ends if is_asked else None,
        answered_by=text_of(line, "answered_by", 200),
        answerers=tuple(one[:150] for one in names if isinstance(one, str)) if isinstance(names, list) else (),
    )


def filter_of(line: Mapping[str, Any], subject: str, writer: int | None) -> PastFilter:
    """A line of ``filters.jsonl``.

    Args:
        subject: surrogate key of what it is on, as that is called here.
        writer: primary key of whose replies it asks for here.
    """
    return PastFilter(
        by=text_of(line, "by", 150),
        name=text_of(line, "name", 60),
        queue=text_of(line, "queue", 20),
        query=text_of(line, "query", 3_000),
        is_shared=line.get("is_shared") is True,
        subject=subject,
        writer=writer,
    )


def breaking_of(line: Mapping[str, Any]) -> PastBreaking | None:
    """A line of ``breaking.jsonl``; ``None`` for one that does not say from when to when."""
    began_at, ends_at = time_of(line, "began_at"), time_of(line, "ends_at")
    if began_at is None or ends_at is None:
        return None
    ended_at, how = time_of(line, "ended_at"), text_of(line, "ended_how", 4)
    return PastBreaking(
        notice=text_of(line, "notice", 1_000),
        began_at=began_at,
        ends_at=ends_at,
        by=text_of(line, "by", 150),
        is_automatic=line.get("is_automatic") is True,
        looked_at=time_of(line, "looked_at") or began_at,
        calm_since=time_of(line, "calm_since"),
        most=count_of(line.get("most")) or 0,
        ended_at=ended_at,
        ended_how=how if ended_at is not None and how in ENDINGS else "",
        ended_by=text_of(line, "ended_by", 150),
    )


def text_of(found: Mapping[str, Any], name: str, most: int) -> str:
    """A text, cut; a character that no database keeps is left out."""
    value = found.get(name)
    return value.replace("\x00", "").encode("utf-8", "replace").decode()[:most] if isinstance(value, str) else ""


def number_of(value: object) -> str:
    """The number of a record, as text; empty for none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else ""


def count_of(value: object) -> int | None:
    """A number from 0; ``None`` for none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST else None


def _decision(line: Mapping[str, Any]) -> PastDecision | None:
    state, statement, appeal = text_of(line, "state", 8), line.get("statement"), line.get("appeal")
    if state not in STATES:
        return None
    return PastDecision(
        state=state,
        phase=text_of(line, "phase", 30),
        reason=text_of(line, "reason", 60),
        note=text_of(line, "note", MAX_TEXT),
        at=time_of(line, "at") or NEVER,
        by=text_of(line, "by", 150),
        statement=_statement(statement) if isinstance(statement, dict) else None,
        appeal=_appeal(appeal) if isinstance(appeal, dict) else None,
    )


def _statement(line: Mapping[str, Any]) -> PastStatement:
    return PastStatement(
        facts=text_of(line, "facts", MAX_TEXT),
        is_legal=line.get("is_legal") is True,
        clause=text_of(line, "clause", MAX_TEXT),
        is_automated=line.get("is_automated") is True,
        redress=text_of(line, "redress", MAX_TEXT),
    )


def _appeal(line: Mapping[str, Any]) -> PastAppeal:
    granted = line.get("is_granted")
    return PastAppeal(
        text=text_of(line, "text", MAX_TEXT),
        made_at=time_of(line, "made_at") or NEVER,
        is_granted=granted if isinstance(granted, bool) else None,
        answer=text_of(line, "answer", MAX_TEXT),
        decided_at=time_of(line, "decided_at"),
        by=text_of(line, "by", 150),
    )


def _report(line: Mapping[str, Any]) -> PastReport | None:
    ground, state = text_of(line, "ground", 10), text_of(line, "state", 10)
    if ground not in GROUNDS or state not in ENDS:
        return None
    return PastReport(
        ground=ground,
        text=text_of(line, "text", MAX_TEXT),
        name=text_of(line, "name", 80),
        state=state,
        made_at=time_of(line, "made_at") or NEVER,
        decision=count_of(line.get("decision")),
        email=text_of(line, "email", MAX_VALUE),
    )


def _ban(line: Mapping[str, Any]) -> PastBan | None:
    at = time_of(line, "at")
    if at is None:
        return None
    return PastBan(
        reason=text_of(line, "reason", MAX_TEXT),
        at=at,
        until=time_of(line, "until"),
        by=text_of(line, "by", 150),
        lifted_at=time_of(line, "lifted_at"),
        lifted_by=text_of(line, "lifted_by", 150),
    )


def _caution(line: Mapping[str, Any]) -> PastCaution | None:
    at = time_of(line, "at")
    return None if at is None else PastCaution(text=text_of(line, "text", MAX_TEXT), at=at, by=text_of(line, "by", 150))


def _each(value: object, make: Callable[[Mapping[str, Any]], T | None]) -> tuple[T, ...]:
    lines = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(made for made in map(make, lines) if made is not None)


def time_of(line: Mapping[str, Any], name: str) -> datetime | None:
    """A time; ``None`` for what is none."""
    return moment(text_of(line, name, 40))
