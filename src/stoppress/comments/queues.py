"""What waits for moderators, a page at a time. Reads; a page costs the same however many replies wait.

A page is found by where the one before it ended, never by counting to it.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.comments.models import Appeal, Ban, Comment, Decision, Report, ReportState, State, Thread, Writer
from stoppress.comments.text import words_of

ON_A_PAGE = 25
NEW_FOR = timedelta(days=1)
SEARCHED = 5_000
"""So many replies are searched at once; whoever wants to goes on from there."""
MOST_COUNTED = 1_000
LAST_ONES = 3
"""So many of a writer's newest replies stand beside each of theirs."""
AT_WORK = timedelta(minutes=10)
"""Whoever decided something since then is at work."""
AT_WORK_SEEN = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CURSOR = re.compile(r"(\d{1,18})\.(\d{1,18})", re.ASCII)

Row = tuple[Any, ...]
"""Number and time that order the queue, the reply's number, and its name, text and :data:`LOOKED_AT` where replies are
looked at one by one."""

STATES: dict[str, State] = {
    "held": State.HELD,
    "new": State.APPROVED,
    "spam": State.SPAM,
    "refused": State.REFUSED,
}
"""The queues of replies by where they stand. Others are by what waits for a decision, and ``decided`` is of what people
decided lately."""
DECIDED = "decided"
LOOKED_AT = ("signal", "decided_for")
QUEUES = (*STATES, "reported", "appeals", DECIDED)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which queue.

    Attributes:
        words: all of them are in the text or the name; case, accents and order make no difference.
        subject: only what was said on it, ``article:42``.
        writer: public id of who said it.
        signal: only what a check found this in, ``links``.
        reason: only what people decided for this, ``insult``.
        ground: only what readers report for this, ``illegal``; counts in the queue of reports alone.
        is_newest_first: else who has waited longest comes first.
        after: where the page before ended, ``microseconds.id``.
    """

    queue: str = "held"
    words: str = ""
    subject: str = ""
    writer: str = ""
    signal: str = ""
    reason: str = ""
    ground: str = ""
    is_newest_first: bool = False
    after: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it is not about the whole queue."""
        return any((self.words, self.subject, self.writer, self.signal, self.reason, self.ground))


@dataclass(frozen=True, slots=True)
class WriterRecord:
    """What is known of a writer.

    Attributes:
        last: their newest replies.
        ban: the one in force.
    """

    writer: Writer
    last: Sequence[Comment] = ()
    ban: Ban | None = None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of a queue.

    Attributes:
        records: by the writer's id.
        reports: those that wait, by the reply's id; ``appeals`` alike.
        after: where to go on; empty at the end.
        is_cut: the search has not looked at everything yet.
    """

    comments: Sequence[Comment]
    records: Mapping[int, WriterRecord]
    after: str = ""
    is_cut: bool = False
    reports: Mapping[int, Sequence[Report]] = field(default_factory=dict)
    appeals: Mapping[int, Appeal] = field(default_factory=dict)


def held_count() -> tuple[int, bool]:
    """How many replies wait, and whether there are more still: beyond a thousand nobody counts."""
    return _bounded(Comment.objects.filter(state=State.HELD))


def reported_count() -> tuple[int, bool]:
    """How many replies are reported, as :func:`held_count` counts."""
    return _bounded(Comment.objects.filter(reported_at__isnull=False))


def appeals_count() -> tuple[int, bool]:
    """How many appeals wait, as :func:`held_count` counts."""
    return _bounded(Appeal.objects.filter(is_granted=None))


def _bounded(rows: "QuerySet[Any]") -> tuple[int, bool]:
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    return min(found, MOST_COUNTED), found > MOST_COUNTED


def oldest_held() -> datetime | None:
    """Since when the reply waits that has waited longest."""
    waiting = Comment.objects.filter(state=State.HELD).order_by("made_at", "pk")
    return waiting.values_list("made_at", flat=True).first()


def at_work(besides: User, now: datetime) -> list[tuple[str, int]]:
    """Who else decides just now, and how much they have: the names of people, the busiest first."""
    theirs = Decision.objects.filter(by__isnull=False).order_by("-pk").select_related("by")[:AT_WORK_SEEN]
    lately = Counter(str(one.by) for one in theirs if one.by_id != besides.pk and one.at > now - AT_WORK)
    return lately.most_common()


def page(asked: Asked) -> QueuePage:
    """A page of a queue, with all that a moderator wants to know of each reply."""
    found_by = {"decided": _decided, "appeals": _appealed}.get(asked.queue, _standing)
    rows = found_by(asked)
    if rows is None:
        return QueuePage([], {})
    if not _is_searched(asked):
        found = list(rows[: ON_A_PAGE + 1])
        after = _cursor(found[ON_A_PAGE - 1]) if len(found) > ON_A_PAGE else ""
        return _filled([row[2] for row in found[:ON_A_PAGE]], after)
    return _search(rows, asked)


def these(ids: Sequence[int]) -> QueuePage:
    """The replies of these numbers, in this order; those that are gone are left out."""
    return _filled(ids, "")


def record_of(writer: Writer) -> WriterRecord:
    """What is known of one writer."""
    return _records([writer.pk])[writer.pk]


def first_signals(asked: Asked) -> "Counter[str]":
    """What checks found in the first replies of a queue, whatever else is asked; none where it is not by states."""
    if asked.queue not in STATES:
        return Counter()
    plain = Asked(asked.queue, subject=asked.subject, writer=asked.writer, is_newest_first=asked.is_newest_first)
    rows = _standing(plain)
    # Cut before it is counted, so that sixty thousand cost what a thousand do.
    return Counter() if rows is None else Counter(rows.values_list("signal", flat=True)[:MOST_COUNTED])


def _is_searched(asked: Asked) -> bool:
    """Whether its replies are looked at one by one: no index has words, nor why people decided in the order in which
    they did."""
    return bool(asked.words) or (asked.queue == DECIDED and bool(asked.signal or asked.reason))


def _search(rows: "QuerySet[Any, Row]", asked: Asked) -> QueuePage:
    # Here, not in the database: SQLite finds no Ü for an ü, and neither engine an e for an é.
    wanted = words_of(asked.words)
    why = [(place, value) for place, value in enumerate((asked.signal, asked.reason), 5) if value]
    ids: list[int] = []
    looked_at, last = 0, ""
    for row in rows[:SEARCHED].iterator():
        looked_at, last = looked_at + 1, _cursor(row)
        if any(row[place] != value for place, value in why):
            continue
        said = f" {' '.join(words_of(f'{row[3]} {row[4]}'))}" if wanted else ""
        if all(f" {word}" in said for word in wanted):
            ids.append(row[2])
            if len(ids) == ON_A_PAGE:
                return _filled(ids, last)
    is_cut = looked_at == SEARCHED
    return _filled(ids, last if is_cut else "", is_cut=is_cut)


def _standing(asked: Asked) -> "QuerySet[Comment, Row] | None":
    if asked.queue == "reported":
        reported = Comment.objects.filter(reported_at__isnull=False)
        if asked.ground:
            waiting = Report.objects.filter(comment=OuterRef("pk"), state=ReportState.OPEN, ground=asked.ground)
            reported = reported.filter(Exists(waiting))
        return _in_time(asked, reported, "reported_at")
    rows = Comment.objects.filter(state=STATES.get(asked.queue, State.HELD))
    if asked.queue == "new":
        rows = rows.filter(made_at__gte=timezone.now() - NEW_FOR)
    return _in_time(asked, rows, "made_at")


def _in_time(asked: Asked, rows: "QuerySet[Comment]", at: str) -> "QuerySet[Comment, Row] | None":
    """In the order of one of their times, from where the page before ended."""
    narrowed = _narrowed(asked)
    if narrowed is None:
        return None
    for name in LOOKED_AT:
        if name in narrowed:
            # It goes without saying, but SQLite takes an index over what is not empty for nothing less.
            rows = rows.exclude(**{name: ""})
    rows = _from(rows.filter(**narrowed), asked, at)
    return rows.values_list("pk", at, "id", *_columns(asked))


def _from(rows: "QuerySet[Any]", asked: Asked, at: str) -> "QuerySet[Any]":
    place = _place(asked.after)
    if place is not None:
        moment, pk = place
        way = "lt" if asked.is_newest_first else "gt"
        beyond = Q(**{f"{at}__{way}": moment}) | Q(**{at: moment, f"pk__{way}": pk})
        rows = rows.filter(beyond, **{f"{at}__{way}e": moment})
    sign = "-" if asked.is_newest_first else ""
    return rows.order_by(f"{sign}{at}", f"{sign}pk")


def _appealed(asked: Asked) -> "QuerySet[Appeal, Row] | None":
    """Replies of which an appeal waits."""
    narrowed = _narrowed(asked)
    if narrowed is None:
        return None
    waiting = {f"decision__comment__{name}": value for name, value in narrowed.items()}
    rows = _from(Appeal.objects.filter(is_granted=None, **waiting), asked, "made_at")
    return rows.values_list("pk", "made_at", "decision__comment", *_columns(asked, "decision__comment__"))


def _decided(asked: Asked) -> "QuerySet[Decision, Row] | None":
    """What people decided, the newest first; a reply stands where the last of its decisions does."""
    narrowed = _narrowed(asked)
    if narrowed is None:
        return None
    by_people = Decision.objects.filter(by__isnull=False)
    later = by_people.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    exact = {f"comment__{name}": one for name, one in narrowed.items() if name not in LOOKED_AT}
    rows = by_people.filter(~Exists(later), **exact)
    place = _place(asked.after)
    if place is not None:
        rows = rows.filter(pk__lt=place[1])
    return rows.order_by("-pk").values_list("pk", "at", "comment_id", *_columns(asked, "comment__"))


def _columns(asked: Asked, path: str = "") -> list[str]:
    return [f"{path}{name}" for name in ("name", "text", *LOOKED_AT)] if _is_searched(asked) else []


def _narrowed(asked: Asked) -> dict[str, int | str] | None:
    """What else is asked for, as columns; ``None`` when there can be no such reply."""
    found: dict[str, int | str] = {}
    if asked.signal:
        found["signal"] = asked.signal
    if asked.reason:
        found["decided_for"] = asked.reason
    if asked.subject:
        thread = Thread.objects.filter(subject=asked.subject).values_list("pk", flat=True).first()
        if thread is None:
            return None
        found["thread_id"] = thread
    if asked.writer:
        writer = Writer.objects.filter(public_id=asked.writer).values_list("pk", flat=True).first()
        if writer is None:
            return None
        found["writer_id"] = writer
    return found


def _cursor(row: Row) -> str:
    """Where a page ends: the time of its last row, to the microsecond, and its number."""
    return f"{(row[1] - EPOCH) // MICROSECOND}.{row[0]}"


def _place(cursor: str) -> tuple[datetime, int] | None:
    """What a cursor says; ``None`` for one that nobody was given."""
    found = CURSOR.fullmatch(cursor)
    try:
        return None if found is None else (EPOCH + int(found[1]) * MICROSECOND, int(found[2]))
    except OverflowError:
        return None


def _filled(ids: Sequence[int], after: str, *, is_cut: bool = False) -> QueuePage:
    decisions = Decision.objects.select_related("by").order_by("pk")
    found = Comment.objects.select_related("thread", "writer", "parent")
    by_id = found.prefetch_related(Prefetch("decisions", decisions)).in_bulk(ids)
    comments = [by_id[pk] for pk in ids if pk in by_id]
    reports: dict[int, list[Report]] = {}
    if any(one.reports for one in comments):
        waiting = Report.objects.filter(comment__in=comments, state=ReportState.OPEN)
        for one in waiting.order_by("made_at"):
            reports.setdefault(one.comment_id, []).append(one)
    refused = [one.pk for one in comments if one.state in {State.REFUSED, State.SPAM}]
    appealed = Appeal.objects.filter(decision__comment__in=refused, is_granted=None).select_related("decision__by")
    appeals = {one.decision.comment_id: one for one in appealed} if refused else {}
    records = _records({one.writer_id for one in comments if one.writer_id})
    return QueuePage(comments, records, after, is_cut, reports, appeals)


def _records(ids: Collection[int]) -> dict[int, WriterRecord]:
    theirs = Comment.objects.filter(writer=OuterRef("pk")).order_by("-made_at").values("pk")
    # A look-up each by the index, so that who has written ten thousand costs what anybody does.
    newest = {f"newest_{n}": Subquery(theirs[n : n + 1]) for n in range(LAST_ONES + 1)}
    rows = list(Writer.objects.filter(pk__in=ids).annotate(**newest)) if ids else []
    numbers = {writer.pk: [getattr(writer, name) for name in newest] for writer in rows}
    replies = Comment.objects.select_related("thread").in_bulk(
        [pk for all_of in numbers.values() for pk in all_of if pk]
    )
    in_force = Ban.objects.filter(Q(until=None) | Q(until__gt=timezone.now()), writer__in=ids, lifted_at=None)
    bans = {ban.writer_id: ban for ban in in_force.select_related("by").order_by("at")} if ids else {}
    return {
        writer.pk: WriterRecord(
            writer, [replies[pk] for pk in numbers[writer.pk] if pk in replies], bans.get(writer.pk)
        )
        for writer in rows
    }
