"""Mails about replies to one's own, put off: nobody waits for a mail server."""

import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django_tasks import task

from stoppress.comments import vault
from stoppress.comments.actions.follow import MOST_A_DAY, note_told
from stoppress.comments.links import unfollow_path
from stoppress.comments.models import Comment, State
from stoppress.comments.pages import newest_run, path_to
from stoppress.comments.tasks import PAUSES
from stoppress.comments.unwanted import is_wanted
from stoppress.core import hooks, mail

log = logging.getLogger("stoppress.comments")

QUOTED = 500
"""Characters of a reply in the mail about it."""


@task()
def tell_of_reply(comment_id: int, attempt: int = 0) -> None:
    """Tell whoever wanted to hear of it that somebody replied to them, if the address is known to be theirs.

    Args:
        attempt: how often it was tried before.
    """
    found = Comment.objects.select_related("thread", "root", "parent__writer").filter(pk=comment_id).first()
    parent = found.parent if found is not None else None
    if found is None or parent is None or parent.writer is None or not _is_to_be_told(found, parent):
        return
    subject = hooks.call().subject_of_key(key=found.thread.subject)
    email = vault.email_of(parent.writer)
    if email is not None and not is_wanted(email):
        return
    number = note_told(parent.writer, found) if attempt == 0 and subject and email else attempt
    if not number or subject is None or email is None:
        return
    unfollow = settings.BASE_URL + unfollow_path(parent)
    words = {
        "name": found.name,
        "story": subject.title,
        "quoted": "\n".join(f"> {line}" for line in Truncator(found.text).chars(QUOTED).split("\n")),
        "address": settings.BASE_URL + path_to(found, f"{subject.url}comments/", newest_run(found.thread)),
        "unfollow": unfollow,
        "is_last": attempt == 0 and number == MOST_A_DAY,
        "most": MOST_A_DAY,
    }
    title = _("%(name)s replied to you at %(title)s") % {"name": found.name, "title": settings.STOPPRESS_TITLE}
    # RFC 8058: one click in the mail program is enough.
    headers = {"List-Unsubscribe": f"<{unfollow}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    try:
        mail.send(title, render_to_string("comments/mails/replied.txt", words), email, headers)
    except mail.MailError as error:
        log.error("The mail about reply %d was not sent: %s", comment_id, error)
        if attempt < len(PAUSES):
            tell_of_reply.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(comment_id, attempt + 1)


def _is_to_be_told(comment: Comment, parent: Comment) -> bool:
    return (
        comment.state == State.APPROVED
        and parent.is_followed
        and parent.state == State.APPROVED
        and parent.writer is not None
        # Not by the address alone, which strangers can type: whoever owns it has asked for these mails.
        and parent.confirmed_at is not None
        and not parent.writer.mutes_mail
        and parent.writer_id != comment.writer_id
    )
