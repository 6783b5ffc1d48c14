"""Taking a reply in, whatever the entrance."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments import vault
from stoppress.comments.actions.judging import Case, judged
from stoppress.comments.actions.storing import sent_before, store
from stoppress.comments.actions.twice import own_of_before, shown_before
from stoppress.comments.models import Comment, Mailbox, State, Thread, Writer
from stoppress.comments.pages import thread_of
from stoppress.comments.phases import Submission, Verdict
from stoppress.comments.staff import is_author, is_staff
from stoppress.comments.text import fingerprint, one_line, typed, website_of
from stoppress.core.sealing import digest
from stoppress.core.subject import Subject

LONGEST_NAME = 80
LONGEST_ONCE = 64
ID_BYTES = 9
ONCE = "stoppress.comments.once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What somebody sent.

    Attributes:
        to: public id of the reply that it answers; empty for the subject itself.
        address: of the machine that sent it; empty when unknown.
        follow: tell its writer by mail when somebody answers it.
        seconds: how long the form was open, as far as is known.
        once: a secret of the form that it was sent from: the same from the same form is one reply. Empty for none.
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
    once: str = ""
    seconds: float | None = None


class NotTakenError(Exception):
    """A reply was not stored; the text says why, for its writer, who still has it in the form.

    Attributes:
        field: which field is wrong; empty for none in particular.
        reason: a short word.
        others: what else is wrong with it, so that all can be mended at once.
        shown: the reply that readers see since a moment and that says just this, by the same name: the form was sent
            twice, most likely.
    """

    others: Sequence["NotTakenError"] = ()
    shown: Comment | None = None

    def __init__(self, words: str, reason: str, field: str = "") -> None:
        super().__init__(words)
        self.reason, self.field = reason, field


def submit(subject: Subject, reply: Reply, user: User | None = None, reader: Writer | None = None) -> Comment:
    """Judge a reply and store it, approved, held or as spam; sent twice from one form, it is the one that is there.

    Args:
        user: who is signed in to the desk.
        reader: who is signed in as a reader (:mod:`stoppress.comments.signing_in`).

    Raises:
        NotTakenError: it was not stored, and why.
    """
    if reader is not None and _writes_as_another(reply, reader):
        reader = None
    submission = _read(reply, user, reader)
    thread = thread_of(subject.key)
    mailbox = None
    if reader is None and user is None:
        mailbox = vault.mailbox_of(reply.email)
        writer = mailbox.writer
    else:
        writer = reader or _writer_of(user)
    case = Case(
        subject=subject,
        submission=submission,
        fingerprint=fingerprint(submission.text),
        parent=_parent(thread, reply.to),
        writer=writer,
        mailbox=mailbox if mailbox is not None and mailbox.pk is None else None,
        machine=vault.machine_at(reply.address),
        user=user,
        proof=reply.proof,
        is_author=user is not None and is_author(subject, user),
        is_followed=reply.follow,
        public_id=_id_of(subject, reply, writer, mailbox, user) if reply.once else "",
    )
    judgement = judged(case, writer, thread)
    # What is refused costs nobody else anything: it never waits for the lock.
    outcome = judgement.verdict if judgement.verdict.state is None else store(case, judgement)
    if isinstance(outcome, Verdict):
        if (sent := sent_before(case) if case.public_id else own_of_before(case)) is not None:
            return sent
        refused = NotTakenError(outcome.note, outcome.reason)
        refused.shown = None if case.public_id else shown_before(case)
        raise refused
    return outcome


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
        is_confirmed=user is not None or reader is not None,
    )


def _id_of(subject: Subject, reply: Reply, writer: Writer, mailbox: Mailbox | None, user: User | None) -> str:
    """The public id of a reply that comes from a form with a secret of its own: the same for the same, and no other's.

    So the database itself keeps a form that is sent twice from being two replies, and nobody looks for the first before
    there is a second.
    """
    who = mailbox.digest if mailbox is not None else f"{writer.public_id if user is None else user.pk}"
    said = [subject.key, who, reply.once[:LONGEST_ONCE], reply.to, reply.name, reply.website, reply.text]
    key = bytes.fromhex(digest("\0".join(said), ONCE))
    return urlsafe_b64encode(key[:ID_BYTES]).decode()


def _writes_as_another(reply: Reply, reader: Writer) -> bool:
    """Whether somebody else writes in a browser that knows ``reader``: a form on a baked page asks everybody for a name
    and an address, and who gives both is believed to be the guest they say."""
    email = reply.email.strip()
    return bool(one_line(reply.name)) and vault.is_mail(email) and not vault.is_of(reader, email)


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


def _parent(thread: Thread | None, public_id: str) -> Comment | None:
    if not public_id:
        return None
    shown = Comment.objects.select_related("root").filter(public_id=public_id, state=State.APPROVED)
    parent = shown.filter(thread=thread).first() if thread is not None else None
    if parent is None:
        raise NotTakenError(_("What you reply to is no longer there. Your words are kept below."), "no-parent")
    return parent


def _writer_of(user: User | None) -> Writer:
    """Who somebody at the desk is among the writers; without a row before their first reply."""
    return Writer.objects.filter(user=user).first() or Writer(user=user, is_verified=True)
