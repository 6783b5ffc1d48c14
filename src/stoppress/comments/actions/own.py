"""What its writer may do to a reply: change it for a while, and take it back at any time."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.comments.actions.appeals import end_appeals
from stoppress.comments.actions.judging import judged_again
from stoppress.comments.actions.placing import settle, thread_on
from stoppress.comments.actions.reporting import end_reports
from stoppress.comments.actions.submit import NotTakenError
from stoppress.comments.models import Comment, State
from stoppress.comments.standing import is_to_be_asked
from stoppress.comments.tasks import send_confirmations
from stoppress.comments.text import fingerprint, typed

EDITED_WITHIN = timedelta(minutes=15)
"""A reply may be changed so long; afterwards others may have answered it."""


def may_change(comment: Comment) -> bool:
    """Whether its writer may still change it. What an editor points out stays what it was when they did."""
    is_early = timezone.now() < comment.made_at + EDITED_WITHIN
    return comment.state in {State.APPROVED, State.HELD} and is_early and not comment.is_pick


def change_own(comment: Comment, text: str) -> Comment:
    """Replace the text of one's own reply; it is judged again, and what was held stays held. Where everything is read
    first the new words are, too, whoever has approved the old ones.

    Raises:
        NotTakenError: it stays as it was, and why.
    """
    text = typed(text)
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if not may_change(comment) or comment.writer is None:
            raise NotTakenError(_("This reply can no longer be changed. You can still take it back."), "too-late")
        verdict, phase = judged_again(comment, comment.writer, thread, text)
        if verdict.state is None:
            raise NotTakenError(verdict.note, verdict.reason)
        state = State(comment.state) if verdict.state is State.APPROVED else verdict.state
        comment.text, comment.fingerprint, comment.edited_at = text, fingerprint(text), timezone.now()
        settle(comment, thread, state, f"changed: {verdict.reason}", phase=phase or "change")
        if comment.asked_at is None and is_to_be_asked(comment):  # it may wait for its writer's word only now
            send_confirmations.enqueue([comment.pk])
    return comment


def remove_own(comment: Comment) -> None:
    """Take one's own reply back: its words go, its place stays for those who answered it."""
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.state == State.REMOVED:
            return
        comment.text, comment.website, comment.fingerprint = "", "", ""
        decision = settle(comment, thread, State.REMOVED, "removed by its writer", phase="own")
        end_reports(comment, decision)
        end_appeals(comment, None)
