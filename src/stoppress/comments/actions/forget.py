"""All that is kept of a person, given out or erased, as the General Data Protection Regulation wants it (articles 15,
17 and 20). The log says that it was done, and not of whom by their address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.comments import vault
from stoppress.comments.actions.appeals import end_appeals
from stoppress.comments.actions.placing import count_for_writer, mark_shown, note, put, thread_on
from stoppress.comments.actions.reporting import end_reports
from stoppress.comments.actions.rights import may_forget
from stoppress.comments.belongings import records_of
from stoppress.comments.models import Appeal, Comment, Forgotten, Machine, NoMail, Report, State, Statement, Writer
from stoppress.core import hooks

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, by how many.

    Attributes:
        words: replies whose words went too.
        reports: of replies, and of errors, that no longer say who sent them.
    """

    replies: int
    words: int
    reports: int


def export_person(email: str, user: User | None = None) -> Iterator[dict[str, Any]]:
    """All that is kept of whoever has a mail address, as records.

    Args:
        user: who asks at the desk; ``None`` is the operator at the machine.

    Raises:
        PermissionDenied: ``user`` may not.
    """
    _require(user)
    writer = vault.writer_with(email)
    known = writer.public_id if writer is not None else ""
    audit.record(Event.PERSON_EXPORTED, known, by=user)
    return _records(email, writer)


def erase_person(email: str, user: User | None = None, *, with_words: bool = False) -> Erased:
    """Erase whoever has a mail address: the address itself, their names and websites, and that it was they who reported
    something; a later import does not bring them back.

    Args:
        user: who asks at the desk; ``None`` is the operator at the machine.
        with_words: what they wrote goes too; else it stays under no name.

    Raises:
        PermissionDenied: ``user`` may not.
    """
    _require(user)
    digest = vault.mail_digest(email)
    with transaction.atomic():
        writer = vault.writer_with(email)
        known = writer.public_id if writer is not None else ""
        replies = words = 0
        if writer is not None:
            for comment in _theirs(writer):
                words += _erase(comment, with_words=with_words)
                replies += 1
            writer.delete()
        reports = Report.objects.filter(digest=digest).update(sealed="", digest="", name="", network="")
        reports += sum(hooks.call().forget_person(is_theirs=_is_theirs(email)))
        tombstone, _is_new = Forgotten.objects.get_or_create(digest=digest)
        if with_words and not tombstone.with_words:
            tombstone.with_words = True
            tombstone.save(update_fields=["with_words"])
        audit.record(Event.PERSON_ERASED, known, by=user, replies=replies, words=words, reports=reports)
    return Erased(replies, words, reports)


def _is_theirs(email: str) -> Callable[[str], bool]:
    folded = vault.folded_mail(email)
    return lambda typed: vault.folded_mail(typed) == folded


def _require(user: User | None) -> None:
    if user is not None and not may_forget(user):
        raise PermissionDenied(_("You may not give out or erase what is kept of a person."))


def _theirs(writer: Writer) -> Iterator[Comment]:
    """Every reply of theirs, a few at once; each is looked for again when the ones before are written."""
    rows = Comment.objects.filter(writer=writer).select_related("thread").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = batch[-1].pk
        yield from batch


def _erase(comment: Comment, *, with_words: bool) -> bool:
    """Take the name off a reply, and its words if wanted; whether they went."""
    thread = thread_on(comment.thread.subject)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    before = comment.state
    comment.name, comment.website, comment.writer = _("Deleted"), "", None
    comment.is_account = comment.is_followed = False
    goes = with_words and before != State.REMOVED
    if goes:
        comment.text, comment.fingerprint = "", ""
        put(comment, thread, State.REMOVED)
        decision = note(comment, "erased", phase="own")
        count_for_writer(comment, before)
        end_reports(comment, decision)
        end_appeals(comment, None)
    else:
        comment.save(update_fields=["name", "website", "is_account", "is_followed", "writer"])
        if before == State.APPROVED:
            mark_shown(comment, thread.subject)
    Appeal.objects.filter(decision__comment=comment).update(text="")
    Machine.objects.filter(comment=comment).delete()
    return goes


def _records(email: str, writer: Writer | None) -> Iterator[dict[str, Any]]:
    yield {"record": "person", "email": email.strip()}
    if writer is not None:
        yield from records_of(writer)
        for ban in writer.bans.order_by("pk"):
            yield {
                "record": "ban",
                "reason": ban.reason,
                "since": ban.at.isoformat(),
                "until": ban.until.isoformat() if ban.until else None,
                "lifted_at": ban.lifted_at.isoformat() if ban.lifted_at else None,
            }
        for caution in writer.cautions.order_by("pk"):
            yield {"record": "caution", "text": caution.text, "at": caution.at.isoformat()}
        for statement in Statement.objects.filter(decision__comment__writer=writer).select_related("decision__comment"):
            yield {
                "record": "decision",
                "reply": statement.decision.comment.public_id,
                "state": statement.decision.state,
                "at": statement.decision.at.isoformat(),
                "words": statement.decision.note,
                "facts": statement.facts,
                "clause": statement.clause,
                "is_legal": statement.is_legal,
                "is_automated": statement.is_automated,
            }
        for appeal in Appeal.objects.filter(decision__comment__writer=writer).select_related("decision__comment"):
            yield {
                "record": "appeal",
                "reply": appeal.decision.comment.public_id,
                "text": appeal.text,
                "at": appeal.made_at.isoformat(),
                "is_granted": appeal.is_granted,
                "answer": appeal.answer,
            }
        yield from _machines(writer)
    digest = vault.mail_digest(email)
    for since in NoMail.objects.filter(digest=digest).values_list("since", flat=True):
        yield {"record": "no-mail", "since": since.isoformat()}
    for report in Report.objects.filter(digest=digest).order_by("pk"):
        yield {
            "record": "report",
            "ground": report.ground,
            "text": report.text,
            "name": report.name,
            "at": report.made_at.isoformat(),
            "state": report.state,
        }
    for records in hooks.call().records_of_person(is_theirs=_is_theirs(email)):
        yield from records


def _machines(writer: Writer) -> Iterator[dict[str, Any]]:
    for address, comment, seen_at in vault.machines_of(writer):
        yield {"record": "network-address", "address": address, "reply": comment, "at": seen_at.isoformat()}
