"""All that is kept of a person, given out or erased, as the General Data Protection Regulation wants it (articles 15,
17 and 20). The log says that it was done, and not of whom by their address."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.comments import vault
from stoppress.comments.actions.erasing import HELD, Erased, Progress, go_on_erasing, work_on
from stoppress.comments.actions.rights import may_forget
from stoppress.comments.belongings import records_of
from stoppress.comments.models import Appeal, Comment, Erasure, Forgotten, NoMail, Report, Statement, Writer
from stoppress.core import hooks

FIRST = timedelta(seconds=3)
"""The task looks so soon whether somebody else is done, who works on it while they are waited for."""


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


def erase_person(
    email: str,
    user: User | None = None,
    *,
    with_words: bool = False,
    seconds: float | None = None,
    progress: Progress | None = None,
) -> Erased:
    """Erase whoever has a mail address: the address itself, their names and websites, and that it was they who reported
    something; a later import does not bring them back.

    The address, their account and their reports are gone at once, and it is written down that the rest must go. Their
    replies follow, a few at a time; a task goes on where this stops, or is stopped.

    Args:
        user: who asks at the desk; ``None`` is the operator at the machine.
        with_words: what they wrote goes too; else it stays under no name.
        seconds: leave what takes longer to the task; ``None`` waits for all of it.
        progress: told how many replies are done, and how many there are.

    Raises:
        PermissionDenied: ``user`` may not.
    """
    _require(user)
    reports, begun = _begin(email, user, with_words=with_words)
    parts = [work_on(pk, seconds, progress) for pk in begun]
    return Erased(
        sum(one.replies for one in parts), sum(one.words for one in parts), reports, sum(one.left for one in parts)
    )


def _begin(email: str, user: User | None, *, with_words: bool) -> tuple[int, list[int]]:
    """Do what is done at once, and write down what is to be done.

    Returns:
        How many reports no longer say who sent them, and the erasures that have begun, an earlier one among them.
    """
    digest = vault.mail_digest(email)
    with transaction.atomic():
        reports = Report.objects.filter(digest=digest).update(sealed="", digest="", name="", network="")
        reports += sum(hooks.call().forget_person(is_theirs=_is_theirs(email)))
        tombstone, _is_new = Forgotten.objects.get_or_create(digest=digest)
        if with_words and not tombstone.with_words:
            tombstone.with_words = True
            tombstone.save(update_fields=["with_words"])
        if with_words:
            Erasure.objects.filter(digest=digest).update(with_words=True)
        writer = vault.writer_with(email)
        if writer is not None:
            _let_go(writer, digest, user, with_words=with_words)
        begun = list(Erasure.objects.filter(digest=digest).order_by("pk").values_list("pk", flat=True))
        known = writer.public_id if writer is not None else ""
        audit.record(Event.ERASURE_ASKED, known, by=user, reports=reports, with_words=with_words)
        if not begun:
            audit.record(Event.PERSON_ERASED, known, by=user, replies=0, words=0)
    return reports, begun


def _let_go(writer: Writer, digest: str, user: User | None, *, with_words: bool) -> None:
    """Nothing leads to them any more but what they wrote; what that is stays together until it is nobody's."""
    vault.drop_mailbox(writer)
    Writer.objects.filter(pk=writer.pk).update(
        user=None, display_name="", name_key="", is_verified=False, signed_out_at=timezone.now()
    )
    total = Comment.objects.filter(writer=writer).count()
    now = timezone.now()
    made = Erasure.objects.create(
        writer=writer, digest=digest, with_words=with_words, by=user, total=total, held_until=now + HELD
    )
    go_on_erasing.using(run_after=now + FIRST).enqueue(made.pk)


def _is_theirs(email: str) -> Callable[[str], bool]:
    folded = vault.folded_mail(email)
    return lambda typed: vault.folded_mail(typed) == folded


def _require(user: User | None) -> None:
    if user is not None and not may_forget(user):
        raise PermissionDenied(_("You may not give out or erase what is kept of a person."))


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
