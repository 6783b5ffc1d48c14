"""Storing replies that were judged: those that wait at the same moment by one transaction.

SQLite has one writer at a time, and whoever finds it taken sleeps and asks again; so the threads of a process queue up
here, and the first of them stores what all brought. A verdict was reached before the lock was held. It counts if
nothing that it rests upon changed meanwhile; else the reply is judged once more, alone and within the transaction.
Nobody hears that their reply is there before it is committed.
"""

import logging
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.comments import proofs, vault
from stoppress.comments.actions.breaking import look_for_surge
from stoppress.comments.actions.judging import Case, Judgement, judged, set_for
from stoppress.comments.actions.placing import count_new, note_new, put_new, record_of, signal_in, thread_on, threads_on
from stoppress.comments.models import Comment, Erasure, Machine, Mailbox, SpentProof, State, Thread, Writer
from stoppress.comments.models.people import new_public_id
from stoppress.comments.modes import breaking_on
from stoppress.comments.phases import Verdict
from stoppress.comments.rulebook import edition
from stoppress.comments.signals import comment_submitted
from stoppress.comments.standing import is_to_be_asked
from stoppress.comments.tasks import send_confirmations
from stoppress.core.prepared import Prepared

log = logging.getLogger("stoppress.comments")

MOST_AT_ONCE = 32
STAYS = ~Exists(Erasure.objects.filter(writer=OuterRef("pk")))
"""True of a writer who is not being erased."""
UNSEEN = timedelta(seconds=60)
"""Longer than a transaction lasts that was not seen yet when something was judged, and than clocks of hosts differ."""
_SAID = Prepared(
    lambda since, said: Comment.objects.filter(made_at__gte=since, fingerprint__in=said).values_list("fingerprint"),
    (Comment, "made_at"),
    (Comment, "fingerprint"),
)
_WROTE = Prepared(
    lambda since, writers: Comment.objects.filter(made_at__gte=since, writer_id__in=writers).values_list("writer_id"),
    (Comment, "made_at"),
    (Writer, "id"),
)
_SENT = Prepared(
    lambda since, networks: Machine.objects.filter(seen_at__gte=since, digest__in=networks).values_list("digest"),
    (Machine, "seen_at"),
    (Machine, "digest"),
)
_CAME = Prepared(lambda boxes: Mailbox.objects.filter(digest__in=boxes).values_list("digest"), (Mailbox, "digest"))


@dataclass(slots=True)
class _Waiting:
    """A reply that waits to be stored, and then what became of it."""

    case: Case
    judgement: Judgement
    comment: Comment | None = None
    refusal: Verdict | None = None
    error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.comment is not None or self.refusal is not None or self.error is not None


class _RefusedError(Exception):
    """Undoes what was begun."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict


_queue: deque[_Waiting] = deque()
_door = Lock()


def store(case: Case, judgement: Judgement) -> Comment | Verdict:
    """Store a reply by its judgement; returns the verdict instead when it is refused after all."""
    own = _Waiting(case, judgement)
    if connection.in_atomic_block:
        _settle([own])  # nobody else may depend on how the transaction ends that is open around
    else:
        _queue.append(own)
        with _door:
            while not own.is_done:
                _settle_all([_queue.popleft() for _ in range(min(len(_queue), MOST_AT_ONCE))])
    if own.error is not None:
        raise own.error
    return own.comment or own.refusal or own.judgement.verdict


def sent_before(case: Case) -> Comment | None:
    """The reply that was stored when the same form was sent before; ``None`` for none, or a form without a secret."""
    return Comment.objects.filter(public_id=case.public_id).first() if case.public_id else None


def _settle_all(batch: Sequence[_Waiting]) -> None:
    try:
        _settle(batch)
    finally:
        for one in batch:
            if not one.is_done:  # this thread was interrupted, and those who wait must not for ever
                one.error = OperationalError("Whoever stored this was interrupted.")


def _settle(batch: Sequence[_Waiting]) -> None:
    for some in _apart(batch):
        doubtful: Sequence[_Waiting]
        try:
            with transaction.atomic():
                doubtful = _store_as_judged(some)
        except OperationalError as error:
            # The database is busy or away, and was waited for.
            for one in some:
                one.comment, one.error = None, error
            continue
        except Exception:  # noqa: BLE001 - whatever it is about, it is about one of them; alone it will show whose
            doubtful = some
        for one in doubtful:
            one.comment = None
            try:
                with transaction.atomic():
                    _store_afresh(one)
            except _RefusedError as refused:
                one.comment, one.refusal = None, refused.verdict
            except Exception as error:  # noqa: BLE001 - raised where it is waited for
                one.comment, one.error = None, error
    _look_for_surges([one for one in batch if one.comment is not None])


def _apart(batch: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """In groups of which none would have been judged otherwise after another of the same."""
    left = list(batch)
    while left:
        taken: set[object] = set()
        group: list[_Waiting] = []
        later: list[_Waiting] = []
        for one in left:
            rests_upon = set(_rests_upon(one))
            (later if rests_upon & taken else group).append(one)
            taken |= rests_upon
        yield group
        left = later


def _rests_upon(one: _Waiting) -> Iterator[object]:
    case = one.case
    yield "writer", case.mailbox.digest if case.mailbox is not None else case.writer.pk
    yield "said", case.fingerprint
    if case.network:
        yield "network", case.network
    if one.judgement.breaking:
        yield "subject", case.subject.key


def _store_as_judged(some: Sequence[_Waiting]) -> list[_Waiting]:
    """Store those whose judgement still holds; returns the others."""
    threads = threads_on({one.case.subject.key for one in some})
    doubtful = _doubtful(some, threads)
    sure = [one for one in some if id(one) not in doubtful]
    if sure:
        newcomers = {
            one.case.mailbox.digest: (one.case.mailbox, _newcomer(one)) for one in sure if one.case.mailbox is not None
        }
        vault.write_down(newcomers)
        writers = [newcomers[box.digest][1] if (box := one.case.mailbox) else one.case.writer for one in sure]
        _write(sure, threads, writers, counted={writer.pk for _mailbox, writer in newcomers.values()})
    return [one for one in some if id(one) in doubtful]


def _newcomer(one: _Waiting) -> Writer:
    approved, refused = record_of(one.judgement.verdict.state or "")
    return Writer(approved=approved, refused=refused)


def _doubtful(some: Sequence[_Waiting], threads: Mapping[str, Thread]) -> set[int]:
    """Which of them something happened to since they were judged: by ``id``."""
    since = min(one.judgement.at for one in some) - UNSEEN
    word = edition()
    said_since = {said for (said,) in _SAID.all(since, [*{one.case.fingerprint for one in some}])}
    known = [one.case.writer.pk for one in some if one.case.writer.pk is not None]
    wrote_since = {writer for (writer,) in _WROTE.all(since, known)}
    as_known: set[int] = set()
    if known:  # neither erased nor kept out meanwhile
        still = Writer.objects.filter(STAYS, pk__in=known).exclude(bans__at__gte=since)
        as_known = set(still.values_list("pk", flat=True))
    sent_since = {network for (network,) in _SENT.all(since, [*{one.case.network for one in some} - {""}])}
    boxes = [one.case.mailbox.digest for one in some if one.case.mailbox is not None]
    came_since = {box for (box,) in _CAME.all(boxes)}
    return {
        id(one)
        for one in some
        if one.judgement.edition != word
        or one.judgement.of_thread != set_for(threads[one.case.subject.key])
        or one.judgement.breaking  # where replies of one subject are counted, and proofs spent
        or one.case.fingerprint in said_since
        or one.case.writer.pk in wrote_since
        or (one.case.writer.pk is not None and one.case.writer.pk not in as_known)
        or (one.case.mailbox is None and one.case.writer.pk is None)  # of somebody at the desk who writes for once
        or one.case.network in sent_since
        or (one.case.mailbox is not None and one.case.mailbox.digest in came_since)
    }


def _store_afresh(one: _Waiting) -> None:
    """Judge it once more, with the thread locked, and store it.

    Raises:
        _RefusedError: it is not taken.
    """
    case = one.case
    thread = thread_on(case.subject.key)
    one.comment = sent_before(case)
    if one.comment is not None:
        return
    known = case.writer if case.mailbox is None else vault.known_again(case.mailbox)
    writer = known or case.writer
    here = Writer.objects.select_for_update().filter(STAYS, pk=writer.pk)
    if writer.pk is not None and not here.exists():
        raise _RefusedError(Verdict(None, "erased", _("What the paper kept of you was just erased. Send this again.")))
    is_asked = breaking_on(case.subject.key) is not None
    one.judgement = judged(case, writer, thread, is_spent_now=is_asked and _spend_proof(case))
    state = one.judgement.verdict.state
    if state is None:
        raise _RefusedError(one.judgement.verdict)
    if case.mailbox is not None and known is None:
        writer = vault.written_down(case.mailbox)
    elif writer.pk is None:
        writer = Writer.objects.get_or_create(user=case.user, defaults={"is_verified": True})[0]
    _write([one], {case.subject.key: thread}, [writer])


def _write(
    some: Sequence[_Waiting],
    threads: Mapping[str, Thread],
    writers: Sequence[Writer],
    counted: Collection[int] = frozenset(),
) -> None:
    """Rows for replies whose state is settled.

    Args:
        writers: of each its own.
        counted: primary keys of those whose record counts theirs already.
    """
    comments = [_comment(one, threads[one.case.subject.key], writer) for one, writer in zip(some, writers, strict=True)]
    put_new(comments)
    machines = []
    for one, comment in zip(some, comments, strict=True):
        one.comment = comment
        if (seen := one.case.machine) is not None:
            machines.append(Machine(comment=comment, digest=seen.digest, sealed=seen.sealed, seen_at=comment.made_at))
    vault.note_machines(machines)
    found = [(one.judgement.phase, one.judgement.verdict) for one in some]
    note_new(comments, [(phase, verdict.reason, verdict.note) for phase, verdict in found])
    count_new(comments, {one.pk for one in writers} - set(counted))
    for comment in comments:
        comment_submitted.send(Comment, comment=comment)
    if asked := [one.pk for one in comments if is_to_be_asked(one)]:
        send_confirmations.enqueue(asked)


def _comment(one: _Waiting, thread: Thread, writer: Writer) -> Comment:
    case, submission, parent = one.case, one.case.submission, one.case.parent
    now = timezone.now()
    return Comment(
        public_id=case.public_id or new_public_id(),
        thread=thread,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        writer=writer,
        name=submission.name,
        website=submission.website,
        text=submission.text,
        fingerprint=case.fingerprint,
        state=one.judgement.verdict.state or State.HELD,
        is_staff=submission.is_staff,
        is_proven=one.judgement.is_proven,
        is_account=submission.is_account,
        is_author=case.is_author,
        is_answerer=one.judgement.is_answerer,
        is_followed=case.is_followed,
        signal=signal_in(one.judgement.phase, one.judgement.verdict.reason),
        confirmed_at=now if submission.is_confirmed else None,
        made_at=now,
    )


def _spend_proof(case: Case) -> bool:
    """Whether a sound proof of work came that counted for no other reply; it never will again."""
    proof = proofs.read(case.proof, case.subject.key)
    if proof is None:
        return False
    return SpentProof.objects.get_or_create(nonce=proof.nonce, defaults={"lapses_at": proof.lapses_at})[1]


def _look_for_surges(stored: Sequence[_Waiting]) -> None:
    quiet = {one.case.subject.key for one in stored if not one.judgement.breaking}
    try:
        if quiet:
            look_for_surge(sorted(quiet), timezone.now())
    except DatabaseError as error:
        log.warning("Nobody could look for a wave of replies: %s. The next reply asks again.", error)
