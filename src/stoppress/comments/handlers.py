"""What follows from what happened to a reply."""

from typing import Any

from stoppress.comments.actions.answered import waits_for_answer
from stoppress.comments.asking import ask_of, edited_of
from stoppress.comments.elsewhere import is_asked
from stoppress.comments.models import Comment, State
from stoppress.comments.signals import comment_decided
from stoppress.comments.telling import tell_of_reply


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    comment_decided.connect(decided, dispatch_uid="comments.decided")


def decided(comment: Comment, before: str | None, **_: Any) -> None:
    """Whoever wants to hear of replies to theirs is told of one that readers see now."""
    parent = comment.parent
    if comment.state == State.APPROVED != before and parent is not None and parent.is_followed:
        tell_of_reply.enqueue(comment.pk)
    # What is held for an answer alone needs a question.
    if is_asked() and waits_for_answer(comment):
        ask_of.enqueue(comment.pk, edited_of(comment))
