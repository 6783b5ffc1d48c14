"""What other rules would have done to the replies of the last month. Reads, and writes nothing at all.

Each reply is judged twice, by the rules of today and by the changed ones, with what its writer had behind them then.
Some checks can't be asked again of the past, and are left out of both: how fast and how often somebody wrote, and who
had sent the same before. So it is the difference that counts.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from stoppress.comments.models import Comment, Mode, State, Thread, Writer
from stoppress.comments.modes import rules as rules_of_today
from stoppress.comments.phases import Submission, Surroundings, Verdict
from stoppress.comments.phases.entrance import hold_first
from stoppress.comments.phases.habits import new_writer
from stoppress.comments.phases.likeness import spam_model
from stoppress.comments.phases.verdict import Phase, Rules
from stoppress.comments.phases.words import disguise, held_words, length, links, refused_words

SPAN = timedelta(days=30)
MOST = 3_000
"""The newest replies; more would take longer than anybody waits."""
SHOWN = 50
ASKED_AGAIN: Sequence[Phase] = (length, disguise, refused_words, links, held_words, spam_model, hold_first, new_writer)
"""The checks that can be, in their order."""
NOT_TAKEN = "not-taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be different; ``None`` leaves it as it is.

    Attributes:
        mode: everywhere.
        most_characters: longer ones are not taken.
        likeness: from which on the spam model holds, in hundredths; 0 switches it off.
        held_words, refused_words: added to those that there are.
    """

    mode: Mode | None = None
    most_links: int | None = None
    most_characters: int | None = None
    trusted_after: int | None = None
    likeness: int | None = None
    held_words: Sequence[str] = ()
    refused_words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A reply that would have fared otherwise.

    Attributes:
        before, after: where it would have stood by today's and by the changed rules; :data:`NOT_TAKEN` for nowhere.
        reason: why, in a short word.
        now: where it stands today, after people looked.
    """

    comment: int
    before: str
    after: str
    reason: str
    now: State


@dataclass(slots=True)
class Rehearsal:
    """What came of it.

    Attributes:
        looked_at: replies that were judged.
        is_cut: there are more in the month.
        moves: how many would have gone from where to where, and where those stand now: ``(before, after, now)``.
        differences: the newest of them.
    """

    looked_at: int = 0
    is_cut: bool = False
    since: datetime | None = None
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many would have fared otherwise."""
        return sum(self.moves.values())

    @property
    def wronged(self) -> int:
        """Held or not taken where they would have been approved, though people let them stand."""
        return sum(
            count
            for (before, after, now), count in self.moves.items()
            if before == State.APPROVED and after != State.APPROVED and now == State.APPROVED
        )


def rehearse(change: Change) -> Rehearsal:
    """Judge the newest replies of the last month by changed rules."""
    today = rules_of_today()
    changed = _changed(today, change)
    found = Rehearsal(since=timezone.now() - SPAN)
    for comment, approved in _replies(found):
        found.looked_at += 1
        before, _reason = _judged(comment, approved, today, None, None)
        after, reason = _judged(comment, approved, changed, change.mode, change.most_characters)
        if before != after:
            found.moves[before, after, comment.state] += 1
            if len(found.differences) < SHOWN:
                found.differences.append(Difference(comment.pk, before, after, reason, State(comment.state)))
    return found


def _changed(today: Rules, change: Change) -> Rules:
    model = today.spam_model
    if change.likeness is not None:
        model = replace(model, threshold=change.likeness / 100) if model is not None and change.likeness else None
    return replace(
        today,
        most_links=today.most_links if change.most_links is None else change.most_links,
        trusted_after=today.trusted_after if change.trusted_after is None else change.trusted_after,
        held_words=[*today.held_words, *change.held_words],
        refused_words=[*today.refused_words, *change.refused_words],
        spam_model=model,
    )


def _replies(found: Rehearsal) -> Iterator[tuple[Comment, int]]:
    """The replies, the newest first, each with how many of its writer's had been approved before it."""
    rows = Comment.objects.filter(
        # By name: the queue's index begins with the states.
        state__in=[state for state in State.values if state != State.REMOVED],
        made_at__gte=found.since,
        imported_id="",
    )
    pks = list(rows.order_by("-made_at", "-pk").values_list("pk", flat=True)[: MOST + 1])
    found.is_cut = len(pks) > MOST
    pks = pks[:MOST]
    behind: Counter[int] = Counter()
    for start in range(0, len(pks), 500):
        some = Comment.objects.filter(pk__in=pks[start : start + 500]).select_related("writer", "thread")
        for comment in sorted(some, key=lambda one: (one.made_at, one.pk), reverse=True):
            writer = comment.writer
            if comment.state == State.APPROVED and writer is not None:
                behind[writer.pk] += 1
            # Those approved in all, less those that came with it or after it.
            yield comment, max(0, writer.approved - behind[writer.pk]) if writer is not None else 0


def _judged(
    comment: Comment, approved: int, rules: Rules, mode: Mode | None, most_characters: int | None
) -> tuple[str, str]:
    submission = Submission(
        name=comment.name,
        website=comment.website,
        text=comment.text,
        is_staff=comment.is_staff,
        is_edit=True,
        is_confirmed=comment.confirmed_at is not None,
    )
    surroundings = Surroundings(
        thread=comment.thread,
        writer=Writer(approved=approved),
        mode=mode or _mode_then(comment.thread),
        now=comment.made_at,
        rules=rules,
    )
    if most_characters is not None and len(comment.text) > most_characters:
        return NOT_TAKEN, "too-long"
    for phase in ASKED_AGAIN:
        verdict: Verdict | None = phase(submission, surroundings)
        if verdict is not None:
            return verdict.state or NOT_TAKEN, verdict.reason
    return State.APPROVED, "nothing-found"


def _mode_then(thread: Thread) -> Mode:
    """What its story says today, or the site; sections are left out, since nobody wrote down what they said then."""
    mode = Mode(thread.mode or settings.STOPPRESS_COMMENTS)
    return Mode.OPEN if mode in {Mode.CLOSED, Mode.ACCOUNTS} else mode
