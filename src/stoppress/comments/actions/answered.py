"""What a service elsewhere said of a reply."""

from django.db import transaction

from stoppress.comments.actions.placing import note, settle, thread_on
from stoppress.comments.elsewhere import Answer
from stoppress.comments.models import Comment, Decision, State

ASKED = "asked-elsewhere"
PHASE = "service"
STATES = {Answer.FINE: State.APPROVED, Answer.SPAM: State.SPAM}


def waits_for_answer(comment: Comment) -> bool:
    """Whether ``comment`` is held for nothing but an answer."""
    last = Decision.objects.filter(comment=comment).order_by("-pk").values_list("phase", "reason").first()
    return comment.state == State.HELD and last is not None and last[0] == PHASE and last[1].endswith(ASKED)


def take_answer(comment: Comment, answer: Answer | None) -> None:
    """Let an answer count for ``comment`` as it was asked of; ``None`` leaves it held, for people to decide.

    Nothing is done when anybody decided meanwhile, or its writer changed it.
    """
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        found = Comment.objects.select_for_update().get(pk=comment.pk)
        if found.edited_at != comment.edited_at or not waits_for_answer(found):
            return
        if answer is None:
            note(found, "no-answer", phase=PHASE)
            return
        settle(found, thread, STATES[answer], f"service-{answer}", phase=PHASE)
