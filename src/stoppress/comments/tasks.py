"""Mails to those who reply, put off: nobody waits for a mail server."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from stoppress.comments import vault
from stoppress.comments.links import appeal_path, confirm_path, drawer_path, own_path
from stoppress.comments.models import (
    Appeal,
    Ban,
    Caution,
    Comment,
    Decision,
    Report,
    ReportGround,
    State,
    Writer,
)
from stoppress.comments.reasons import in_words
from stoppress.comments.standing import ban_in_words, is_to_be_asked, refusal_in_force, waits_for_writer
from stoppress.comments.unwanted import is_wanted, no_mail_address
from stoppress.core import mail

log = logging.getLogger("stoppress.comments")

MOST_A_DAY = 5
"""Mails of this kind to one address; a stranger may have typed it."""
DAY, ASKED_WITHIN = timedelta(days=1), timedelta(days=7)
"""Who wrote something longer ago is not asked about it: tasks may have stood still."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


@task()
def send_confirmations(comment_ids: list[int]) -> None:
    """As :func:`send_confirmation` for replies that were stored together, whatever becomes of one of them.

    What went out is noted mail by mail. When this is begun again because its process was killed, the one mail that was
    under way then may go out twice, and no other; none is left out.
    """
    failed: Exception | None = None
    for comment_id in comment_ids:
        try:
            send_confirmation.call(comment_id)
        except Exception as error:  # noqa: BLE001 - raised below, when the others have theirs
            failed = error
    if failed is not None:
        raise failed


@task()
def send_confirmation(comment_id: int, attempt: int = 0) -> None:
    """Ask the owner of a mail address whether the reply is theirs. Quotes nothing: a stranger may have written it.

    Args:
        attempt: how often it was tried before.
    """
    comment = Comment.objects.select_related("writer").filter(pk=comment_id).first()
    if comment is None or comment.writer is None or comment.asked_at is not None or not is_to_be_asked(comment):
        return
    now = timezone.now()
    late = Comment.objects.filter(writer=comment.writer, made_at__gte=now - ASKED_WITHIN)
    if comment.made_at < now - ASKED_WITHIN or late.filter(asked_at__gte=now - DAY).count() >= MOST_A_DAY:
        return
    email = vault.email_of(comment.writer)
    if email is None:
        return
    context = {
        "confirm": settings.BASE_URL + confirm_path(comment),
        "own": settings.BASE_URL + own_path(comment),
        "waits": waits_for_writer(comment),
        "is_followed": comment.is_followed,
    }
    if _send(_("Your reply at %s"), "confirmation", context, email):
        Comment.objects.filter(pk=comment_id).update(asked_at=timezone.now())
    elif attempt < len(PAUSES):
        send_confirmation.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(comment_id, attempt + 1)


@task()
def send_drawer_link(sealed: str, onward: str, attempt: int = 0) -> None:
    """Send the link to one's own replies. An address that nothing was written from gets it too, or the mail would tell.

    Args:
        sealed: the address, as the vault seals it: tasks are kept for a while.
        onward: the key of a subject that they want to reply to; empty for none.
        attempt: how often it was tried before.
    """
    links = {"enter": settings.BASE_URL + drawer_path(sealed, onward)}
    if not _send(_("Your replies at %s"), "drawer", links, vault.opened(sealed)) and attempt < len(PAUSES):
        send_drawer_link.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(sealed, onward, attempt + 1)


@task()
def tell_reporter(report_id: int, decision_id: int | None = None, attempt: int = 0) -> None:
    """Tell whoever reported a reply that the report came, or what became of it. Quotes nothing of the reply.

    Args:
        decision_id: what ended it; ``None`` to say that it came.
        attempt: how often it was tried before.
    """
    report = Report.objects.select_related("comment").filter(pk=report_id).first()
    if report is None or not report.sealed or (decision_id is not None and report.decision_id != decision_id):
        return  # what ended it was undone meanwhile
    context = {
        "is_open": decision_id is None,
        "number": report.pk,
        "ground": report.get_ground_display(),
        "is_shown": report.comment.state == State.APPROVED,
        "is_legal": report.ground in {ReportGround.ILLEGAL, ReportGround.CHILDREN},
    }
    email = vault.opened(report.sealed)
    if not _send(_("Your report to %s"), "report", context, email) and attempt < len(PAUSES):
        again = timezone.now() + PAUSES[attempt]
        tell_reporter.using(run_after=again).enqueue(report_id, decision_id, attempt + 1)


@task()
def tell_writer(decision_id: int, attempt: int = 0) -> None:
    """Tell a writer whose address is theirs why a reply can't be seen, and how to appeal.

    Args:
        attempt: how often it was tried before.
    """
    decision = Decision.objects.select_related("comment__writer", "statement").filter(pk=decision_id).first()
    if decision is None or decision != refusal_in_force(decision.comment):
        return  # undone, or decided anew
    context = {
        "why": in_words(decision.reason),
        "words": decision.note,
        "statement": decision.statement,
        "own": settings.BASE_URL + own_path(decision.comment),
        "appeal": settings.BASE_URL + appeal_path(decision),
    }
    if not _send_to(decision.comment.writer, _("Your reply at %s"), "refusal", context) and attempt < len(PAUSES):
        tell_writer.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(decision_id, attempt + 1)


@task()
def tell_of_appeal(appeal_id: int, attempt: int = 0) -> None:
    """Tell a writer what became of an appeal.

    Args:
        attempt: how often it was tried before.
    """
    appeal = Appeal.objects.select_related("decision__comment__writer").filter(pk=appeal_id).first()
    if appeal is None or appeal.is_granted is None:
        return
    comment = appeal.decision.comment
    context = {"is_granted": appeal.is_granted, "words": appeal.answer, "own": settings.BASE_URL + own_path(comment)}
    if not _send_to(comment.writer, _("Your appeal to %s"), "appeal", context) and attempt < len(PAUSES):
        tell_of_appeal.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(appeal_id, attempt + 1)


@task()
def tell_ban(ban_id: int, attempt: int = 0) -> None:
    """Tell a writer that they may not reply, until when and why; no longer when it was lifted meanwhile.

    Args:
        attempt: how often it was tried before.
    """
    ban = Ban.objects.select_related("writer").filter(pk=ban_id, lifted_at=None).first()
    if ban is None:
        return
    context = {"said": ban_in_words(ban), "my": settings.BASE_URL + reverse("comments:my")}
    if not _send_to(ban.writer, _("Your replies at %s"), "ban", context) and attempt < len(PAUSES):
        tell_ban.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(ban_id, attempt + 1)


@task()
def tell_caution(caution_id: int, attempt: int = 0) -> None:
    """Tell a writer what a moderator wants them to hear.

    Args:
        attempt: how often it was tried before.
    """
    caution = Caution.objects.select_related("writer").filter(pk=caution_id).first()
    if caution is None:
        return
    context = {"words": caution.text, "my": settings.BASE_URL + reverse("comments:my")}
    if not _send_to(caution.writer, _("Your replies at %s"), "caution", context) and attempt < len(PAUSES):
        tell_caution.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(caution_id, attempt + 1)


def _send_to(writer: Writer | None, subject: str, template: str, context: dict[str, Any]) -> bool:
    """As :func:`_send`, to a writer; whoever has not shown that the address is theirs gets nothing."""
    email = vault.email_of(writer) if writer is not None and writer.is_verified else None
    return email is None or _send(subject, template, context, email)


def _send(subject: str, template: str, context: dict[str, Any], email: str) -> bool:
    """Whether nothing is left to do: the mail is under way, or not wanted; ``subject`` names the publication."""
    if not is_wanted(email):
        return True
    title, no_mail = settings.STOPPRESS_TITLE, no_mail_address(email)
    text = render_to_string(f"comments/mails/{template}.txt", {"title": title, "no_mail": no_mail, **context})
    try:
        mail.send(subject % title, text, email)
    except mail.MailError as error:
        log.error("A mail (%s) was not sent: %s", template, error)
        return False
    return True
