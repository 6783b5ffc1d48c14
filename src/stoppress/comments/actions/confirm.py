"""Whoever has a mail address says that a reply is theirs. What waited for that alone is judged once more."""

from django.db import transaction
from django.utils import timezone

from stoppress.comments.actions.judging import judged_again
from stoppress.comments.actions.placing import settle, thread_on
from stoppress.comments.models import Comment, State, Writer
from stoppress.comments.standing import waits_for_writer

PHASE = "confirmation"


def confirm(comment: Comment) -> bool:
    """Whoever has the mail address says that ``comment`` is theirs; that shows whose the address is, too.

    Returns:
        Whether that is new: a link is good for this once.
    """
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.writer is None or comment.confirmed_at is not None:
            return False
        comment.confirmed_at = timezone.now()
        comment.save(update_fields=["confirmed_at"])
        Writer.objects.filter(pk=comment.writer.pk).update(is_verified=True)
        if waits_for_writer(comment):
            verdict, phase = judged_again(comment, comment.writer, thread, comment.text)
            # What would not be taken today was taken: somebody reads it.
            state = verdict.state or State.HELD
            settle(comment, thread, state, f"confirmed: {verdict.reason}", phase=phase or PHASE)
    return True
