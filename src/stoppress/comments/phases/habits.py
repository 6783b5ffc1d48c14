"""What else its writer, and others, have said."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from stoppress.comments.models import Comment, State
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict
from stoppress.comments.standing import UNCONFIRMED
from stoppress.comments.text import fingerprint, words_of
from stoppress.core.prepared import Prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet

LOOKED_BACK = timedelta(days=1)
COMPARED = 40
"""So many of a writer's newest replies are compared word by word."""
ALIKE = 0.85
SHORTEST_WORDS = 8
"""Short replies are alike by chance."""
COPIES_ELSEWHERE = 2
NEAR_REPEAT = "near-repeat"
NOBODY = 0
"""No primary key: somebody without a row has said nothing."""
MOST_COPIES = 50
"""So many are looked at one by one; beyond, the database is asked."""


def _same(print_of_it: object, since: object) -> "QuerySet[Comment]":
    return Comment.objects.filter(fingerprint=print_of_it, made_at__gte=since)


_SAME = Prepared(
    lambda print_of_it, since: _same(print_of_it, since).values_list("thread_id", "writer_id", "name")[:MOST_COPIES],
    (Comment, "fingerprint"),
    (Comment, "made_at"),
)


def repeat(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The same was said before: here by the same person, or by whomever in several places.

    Who has not shown whose address it is, is the same by their name. By the address they must not be: anybody could
    send the words of a reply that they read with addresses that they guess, and learn by the answer whose it is (ADR
    0013).
    """
    if submission.is_edit:
        return None
    since = surroundings.now - LOOKED_BACK
    print_of_it = fingerprint(submission.text)
    found = _SAME.all(print_of_it, since)
    here = surroundings.thread.pk
    said_here = [(writer, name) for thread, writer, name in found if thread == here]
    mine = {"writer": surroundings.writer.pk or NOBODY} if submission.is_confirmed else {"name": submission.name}
    if here is not None and (
        any(mine in ({"writer": writer}, {"name": name}) for writer, name in said_here)
        or (len(found) == MOST_COPIES and _same(print_of_it, since).filter(thread=here, **mine).exists())
    ):
        return Verdict(None, "said-before", _("This was sent here already. Your words are kept below."))
    is_long = len(words_of(submission.text)) >= SHORTEST_WORDS
    if is_long and (
        len(found) - len(said_here) >= COPIES_ELSEWHERE
        or (
            len(found) == MOST_COPIES
            and _same(print_of_it, since).exclude(thread=here)[:COPIES_ELSEWHERE].count() >= COPIES_ELSEWHERE
        )
    ):
        return Verdict(State.SPAM, "copied")
    return None


def near_repeat(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Almost the same was sent by this writer a while ago; where that may hold it."""
    if _tells(submission, surroundings) or not _is_near(submission, surroundings):
        return None
    return Verdict(State.HELD, NEAR_REPEAT)


def noted_repeat(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The same of a reply that nothing else holds: it is shown, and moderators find it by this."""
    if not _tells(submission, surroundings) or not _is_near(submission, surroundings):
        return None
    return Verdict(State.APPROVED, NEAR_REPEAT)


def new_writer(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Nobody knows its writer yet, and this place wants to; or they are known by an address that anybody can type, and
    nobody has shown that it is theirs."""
    if submission.is_staff or surroundings.mode != "new-first":
        return None
    if surroundings.writer.approved < surroundings.rules.trusted_after:
        return Verdict(State.HELD, "new-writer")
    return None if submission.is_confirmed else Verdict(State.HELD, UNCONFIRMED)


def _tells(submission: Submission, surroundings: Surroundings) -> bool:
    """Whether somebody who only typed an address would see that one like it is held for what its owner wrote."""
    return not surroundings.holds_guests and not submission.is_confirmed


def _is_near(submission: Submission, surroundings: Surroundings) -> bool:
    words = words_of(submission.text)
    if submission.is_edit or surroundings.is_newcomer or len(words) < SHORTEST_WORDS:
        return False
    mine = Comment.objects.filter(writer=surroundings.writer, made_at__gte=surroundings.now - LOOKED_BACK)
    newest = mine.order_by("-made_at").values_list("text", flat=True)[:COMPARED]
    return any(_likeness(words, words_of(text)) >= ALIKE for text in newest)


def _likeness(one: list[str], other: list[str]) -> float:
    """Share of three-word runs that both have (Jaccard), 0 to 1."""
    first, second = _runs(one), _runs(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
