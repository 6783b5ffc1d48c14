"""Asking a service elsewhere, put off: nobody waits for it, and what it is asked of is held meanwhile."""

import logging
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from stoppress.comments import vault
from stoppress.comments.actions.answered import take_answer
from stoppress.comments.elsewhere import NoAnswerError, Question, ask, is_asked
from stoppress.comments.models import Comment
from stoppress.core import hooks

log = logging.getLogger("stoppress.comments")

PAUSES = (timedelta(minutes=1), timedelta(minutes=10))


@task()
def ask_of(comment_id: int, edited: str, attempt: int = 0) -> None:
    """Ask whether a reply is spam, and let the answer count; without one it stays held.

    Args:
        edited: when its writer had changed it last, so that no answer counts for other words.
        attempt: how often it was tried before.
    """
    comment = Comment.objects.select_related("thread").filter(pk=comment_id).first()
    if comment is None or not is_asked() or edited_of(comment) != edited:
        return
    subject = hooks.call().subject_of_key(key=comment.thread.subject)
    question = Question(
        text=comment.text,
        name=comment.name,
        website=comment.website,
        address=vault.machine_of(comment),
        on=settings.BASE_URL + subject.url if subject is not None else settings.BASE_URL,
        made_at=comment.made_at,
        is_answer=comment.parent_id is not None,
    )
    try:
        answer = ask(question)
    except NoAnswerError as error:
        log.warning("The spam service said nothing of reply %d: %s", comment_id, error)
        if attempt < len(PAUSES):
            ask_of.using(run_after=timezone.now() + PAUSES[attempt]).enqueue(comment_id, edited, attempt + 1)
        else:
            take_answer(comment, None)
    else:
        take_answer(comment, answer)


def edited_of(comment: Comment) -> str:
    """What stands for the words that a reply has now."""
    return comment.edited_at.isoformat() if comment.edited_at else ""
