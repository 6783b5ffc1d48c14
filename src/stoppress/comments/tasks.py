"""Mails to those who reply, put off: nobody waits for a mail server."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from stoppress.comments import vault
from stoppress.comments.links import confirm_path, drawer_path, own_path
from stoppress.comments.models import Comment
from stoppress.core import mail

log = logging.getLogger("stoppress.comments")

MOST_A_DAY = 5
"""Mails of this kind to one address; a stranger may have typed it."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))


@task()
def send_confirmation(comment_id: int, attempt: int = 0) -> None:
    """Ask the owner of a mail address whether the reply is theirs. Quotes nothing: a stranger may have written it.

    Args:
        attempt: how often it was tried before.
    """
    comment = Comment.objects.select_related("writer").filter(pk=comment_id).first()
    if comment is None or comment.writer is None or comment.writer.is_verified:
        return
    since = timezone.now() - timedelta(days=1)
    if Comment.objects.filter(writer=comment.writer, made_at__gte=since, imported_id="").count() > MOST_A_DAY:
        return
    email = vault.email_of(comment.writer)
    if email is None:
        return
    links = {"confirm": settings.BASE_URL + confirm_path(comment), "own": settings.BASE_URL + own_path(comment)}
    if not _send(_("Your reply at %s"), "confirmation", links, email) and attempt < len(PAUSES):
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


def _send(subject: str, template: str, context: dict[str, Any], email: str) -> bool:
    """Whether the mail is under way; ``subject`` names the publication."""
    title = settings.STOPPRESS_TITLE
    text = render_to_string(f"comments/mails/{template}.txt", {"title": title, **context})
    try:
        mail.send(subject % title, text, email)
    except mail.MailError as error:
        log.error("A mail (%s) was not sent: %s", template, error)
        return False
    return True
