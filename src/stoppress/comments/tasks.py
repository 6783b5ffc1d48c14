"""Mails to those who reply, put off: nobody waits for a mail server."""

import logging
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from stoppress.comments import vault
from stoppress.comments.links import confirm_path, own_path
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
    title = settings.STOPPRESS_TITLE
    links = {
        "title": title,
        "confirm": settings.BASE_URL + confirm_path(comment),
        "own": settings.BASE_URL + own_path(comment),
    }
    try:
        mail.send(_("Your reply at %s") % title, render_to_string("comments/confirmation.txt", links), email)
    except mail.MailError as error:
        log.error("The mail to confirm reply %d was not sent: %s", comment_id, error)
        if attempt < len(PAUSES):
            send_confirmation.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(comment_id, attempt + 1)
