"""Taking a reply in, whatever the entrance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments import proofs, vault
from stoppress.comments.actions.breaking import look_for_surge
from stoppress.comments.actions.placing import count_for_writer, note, put, signal_in, thread_on
from stoppress.comments.models import Comment, Mode, SpentProof, State, Thread, Writer
from stoppress.comments.modes import breaking_on, rules, standing_of
from stoppress.comments.phases import Submission, Surroundings, judge
from stoppress.comments.questions import answers_in
from stoppress.comments.signals import comment_submitted
from stoppress.comments.staff import is_author, is_staff
from stoppress.comments.tasks import send_confirmation
from stoppress.comments.text import fingerprint, one_line, typed, website_of
from stoppress.core.subject import Subject

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody sent.

    Attributes:
        to: public id of the reply that it answers; empty for the subject itself.
        address: of the machine that sent it; empty when unknown.
        follow: tell its writer by mail when somebody answers it.
        seconds: how long the form was open, as far as is known.
        proof: of work, where it was asked for.
        trap: what stood in the field that people don't see.
    """

    name: str
    email: str
    text: str
    website: str = ""
    to: str = ""
    address: str = ""
    trap: str = ""
    follow: bool = False
    proof: str = ""
    seconds: float | None = None


class NotTakenError(Exception):
    """A reply was not stored; the text says why, for its writer, who still has it in the form.

    Attributes:
        field: which field is wrong; empty for none in particular.
        reason: a short word.
        others: what else is wrong with it, so that all can be mended at once.
    """

    others: Sequence["NotTakenError"] = ()

    def __init__(self, words: str, reason: str, field: str = "") -> None:
        super().__init__(words)
        self.reason, self.field = reason, field


def submit(subject: Subject, reply: Reply, user: User | None = None, reader: Writer | None = None) -> Comment:
    """Judge a reply and store it, approved, held or as spam.

    Args:
        user: who is signed in to the desk.
        reader: who is signed in as a reader (:mod:`stoppress.comments.signing_in`).

    Raises:
        NotTakenError: it was not stored, and why.
    """
    submission = _read(reply, user, reader)
    now = timezone.now()
    with transaction.atomic():
        thread = thread_on(subject.key)
        parent = _parent(thread, reply.to)
        writer = _writer(reply.email, user) if reader is None else reader
        is_answerer = answers_in(thread, user)
        standing = standing_of(subject, thread)
        breaking = breaking_on(subject.key)
        if breaking is not None and _is_spent_now(reply.proof, subject.key):
            submission = replace(submission, is_proven=True)
        surroundings = Surroundings(
            thread=thread,
            writer=writer,
            mode=standing.mode,
            now=now,
            network=vault.network_digest(reply.address),
            is_open=standing.is_open(now)
            or (is_answerer and standing.mode is not Mode.CLOSED and not standing.frozen_at),
            has_account=user is not None or submission.is_account,
            breaking=breaking,
            rules=rules(),
        )
        # Those who answer are read by nobody first; they work here or are guests.
        judged = replace(submission, is_staff=True) if is_answerer else submission
        verdict, phase = judge(judged, surroundings)
        if verdict.state is None:
            # Inside, so that what was only begun is undone: no thread and no writer without a reply.
            raise NotTakenError(verdict.note, verdict.reason)
        wrote_it = user is not None and is_author(subject, user)
        more = {
            "is_author": wrote_it,
            "is_answerer": is_answerer,
            "is_followed": reply.follow,
            "signal": signal_in(phase, verdict.reason),
        }
        comment = _store(submission, thread, parent, writer, verdict.state, more)
        vault.note_machine(comment, reply.address)
        note(comment, verdict.reason, phase=phase, words=verdict.note)
        count_for_writer(comment, None)
        comment_submitted.send(Comment, comment=comment)
        if breaking is None:
            look_for_surge(subject.key, comment.made_at)
        if not writer.is_verified and verdict.state is not State.SPAM:
            send_confirmation.enqueue(comment.pk)
    return comment


def confirm_mail(writer: Writer) -> None:
    """``writer`` opened the link that went to their address."""
    Writer.objects.filter(pk=writer.pk).update(is_verified=True)


def _read(reply: Reply, user: User | None, reader: Writer | None) -> Submission:
    is_account = reader is not None and reader.has_account
    if reader is not None and is_account:
        reply = replace(reply, name=reader.display_name)
    if wrong := list(_wrong(reply, user, reader)):
        wrong[0].others = wrong[1:]
        raise wrong[0]
    name = one_line(reply.name) or (str(user) if user is not None else "")
    website = website_of(reply.website)
    works_here = user is not None and is_staff(user)
    return Submission(
        name=name,
        website=website,
        text=typed(reply.text),
        trap=reply.trap,
        seconds=reply.seconds,
        is_staff=works_here,
        is_account=is_account,
    )


def _wrong(reply: Reply, user: User | None, reader: Writer | None) -> Iterator[NotTakenError]:
    """What is wrong with each field, whatever the reply says."""
    name = one_line(reply.name)
    if not name and user is None:
        yield NotTakenError(_("Say who you are; any name will do."), "no-name", "name")
    if len(name) > LONGEST_NAME:
        yield NotTakenError(_("A name has at most %d characters.") % LONGEST_NAME, "long-name", "name")
    if vault.gives_away(name, reply.email):
        yield NotTakenError(_("Everybody would read your mail address. Choose another name."), "mail-name", "name")
    if user is None and reader is None:
        if not _is_mail(reply.email.strip()):
            words = _("This is no mail address. It will not be published; we need it to write to you.")
            yield NotTakenError(words, "no-mail", "email")
        elif len(reply.email.strip()) > vault.LONGEST_MAIL:
            yield NotTakenError(_("This mail address is too long."), "no-mail", "email")
    if not typed(reply.text):
        yield NotTakenError(_("Write something first."), "empty", "text")
    if one_line(reply.website) and not website_of(reply.website):
        yield NotTakenError(
            _("This is no address of a website. Leave it empty if you have none."), "website", "website"
        )


def _is_mail(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _parent(thread: Thread, public_id: str) -> Comment | None:
    if not public_id:
        return None
    parent = Comment.objects.filter(thread=thread, public_id=public_id, state=State.APPROVED).first()
    if parent is None:
        raise NotTakenError(_("What you reply to is no longer there. Your words are kept below."), "no-parent")
    return parent


def _writer(email: str, user: User | None) -> Writer:
    if user is None:
        return vault.writer_of(email)
    return Writer.objects.get_or_create(user=user, defaults={"is_verified": True})[0]


def _is_spent_now(text: str, subject: str) -> bool:
    """Whether ``text`` is a proof of work for this subject that counted for no other reply, and never will again."""
    proof = proofs.read(text, subject)
    if proof is None:
        return False
    return SpentProof.objects.get_or_create(nonce=proof.nonce, defaults={"lapses_at": proof.lapses_at})[1]


def _store(
    submission: Submission, thread: Thread, parent: Comment | None, writer: Writer, state: State, more: dict[str, Any]
) -> Comment:
    comment = Comment(
        thread=thread,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        writer=writer,
        name=submission.name,
        website=submission.website,
        text=submission.text,
        fingerprint=fingerprint(submission.text),
        is_staff=submission.is_staff,
        is_proven=submission.is_proven,
        is_account=submission.is_account,
        made_at=timezone.now(),
        **more,
    )
    put(comment, thread, state)
    return comment
