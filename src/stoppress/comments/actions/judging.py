"""What is decided of a reply that came in, and upon what. Reads, so that nobody else waits while it is decided."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.comments import proofs
from stoppress.comments.models import Comment, Machine, Mailbox, Mode, SpentProof, Thread, Writer
from stoppress.comments.modes import breaking_on, rules, standing_of
from stoppress.comments.phases import Submission, Surroundings, Verdict, judge
from stoppress.comments.questions import answers_in
from stoppress.comments.rulebook import rulebook
from stoppress.core import hooks
from stoppress.core.subject import Subject

OF_THREAD = ("mode", "close_days", "questions_from", "questions_until", "frozen_at", "frozen_note")
"""What is set for a thread that verdicts rest upon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A reply as it came in, and what stays so while it waits.

    Attributes:
        writer: without a row for somebody new.
        mailbox: of somebody new, without a row as well.
        machine: where it came from, as it is kept; ``None`` for an unknown address.
        proof: of work, as it was sent; empty for none.
        public_id: of the reply, where it is known before there is one; empty for any.
    """

    subject: Subject
    submission: Submission
    fingerprint: str
    writer: Writer
    mailbox: Mailbox | None
    machine: Machine | None
    user: User | None
    parent: Comment | None = None
    proof: str = ""
    public_id: str = ""
    is_author: bool = False
    is_followed: bool = False

    @property
    def network(self) -> str:
        """Digest of the network that it came from; empty when unknown."""
        return "" if self.machine is None else self.machine.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was decided, and what it rests upon.

    Attributes:
        phase: empty where none had anything to say.
        edition: of what the desk has set.
        of_thread: what was set for the thread.
        breaking: surrogate key of where breaking-news mode is in force; empty for nowhere that matters here.
    """

    verdict: Verdict
    phase: str
    is_answerer: bool
    is_proven: bool
    at: datetime
    edition: str
    of_thread: tuple[object, ...]
    breaking: str


def judged(case: Case, writer: Writer, thread: Thread | None, *, is_spent_now: bool | None = None) -> Judgement:
    """What is decided of ``case`` as things are.

    Args:
        writer: as they are known now.
        thread: as it is now; ``None`` where nobody replied yet.
        is_spent_now: whether its proof of work was spent for it just now; ``None`` to see whether it still can be.
    """
    book = rulebook()
    now = timezone.now()
    own = thread or Thread(subject=case.subject.key)
    is_answerer = thread is not None and answers_in(thread, case.user)
    standing = standing_of(case.subject, own, book)
    breaking = breaking_on(case.subject.key, book)
    is_proven = bool(is_spent_now)
    if breaking is not None and is_spent_now is None:
        is_proven = _can_be_spent(case)
    surroundings = Surroundings(
        thread=own,
        writer=writer,
        mode=standing.mode,
        now=now,
        network=case.network,
        is_open=standing.is_open(now) or (is_answerer and standing.mode is not Mode.CLOSED and not standing.frozen_at),
        has_account=case.user is not None or case.submission.is_account,
        breaking=breaking,
        rules=rules(book),
    )
    # Those who answer are read by nobody first; they work here or are guests.
    submission = replace(case.submission, is_proven=is_proven, is_staff=case.submission.is_staff or is_answerer)
    verdict, phase = judge(submission, surroundings)
    return Judgement(
        verdict=verdict,
        phase=phase,
        is_answerer=is_answerer,
        is_proven=is_proven,
        at=now,
        edition=book.word,
        of_thread=set_for(own),
        breaking="" if breaking is None else breaking.scope,
    )


def judged_again(comment: Comment, writer: Writer, thread: Thread, text: str) -> tuple[Verdict, str]:
    """What is decided of a reply that was let in before, and by which phase; approval by none.

    The door is not asked again: who was let in may mend a word after it has closed.

    Args:
        text: what it says now.
    """
    submission = Submission(
        name=comment.name,
        website=comment.website,
        text=text,
        is_edit=True,
        is_staff=comment.is_staff or comment.is_answerer,
        is_proven=comment.is_proven,
        is_account=comment.is_account,
        is_confirmed=comment.confirmed_at is not None,
    )
    subject = hooks.call().subject_of_key(key=thread.subject)
    surroundings = Surroundings(
        thread=thread,
        writer=writer,
        mode=Mode.OPEN if subject is None else standing_of(subject, thread).mode,
        now=timezone.now(),
        has_account=True,
        breaking=breaking_on(thread.subject),
        rules=rules(),
    )
    return judge(submission, surroundings)


def set_for(thread: Thread) -> tuple[object, ...]:
    """What is set for ``thread`` that verdicts rest upon."""
    return tuple(getattr(thread, name) for name in OF_THREAD)


def _can_be_spent(case: Case) -> bool:
    proof = proofs.read(case.proof, case.subject.key)
    return proof is not None and not SpentProof.objects.filter(nonce=proof.nonce).exists()
