"""What a writer says against a decision, once, and what somebody else decides of it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.comments.actions.placing import settle, thread_on
from stoppress.comments.actions.rights import require_moderator
from stoppress.comments.actions.submit import NotTakenError
from stoppress.comments.models import Appeal, Comment, Decision, State
from stoppress.comments.standing import refusal_in_force
from stoppress.comments.tasks import tell_of_appeal
from stoppress.comments.text import MOST_CHARACTERS, typed
from stoppress.core.text import without_controls

APPEALED_WITHIN = timedelta(days=183)
"""Six months (article 20, paragraph 1, of the Digital Services Act)."""


GRANTED = "appeal-granted"


class OwnDecisionError(PermissionDenied):
    """Somebody wants to decide in a case of their own: of an appeal against their decision, or of their own reply."""


def may_appeal(decision: Decision) -> bool:
    """Whether the writer may say something against a decision of a person, now and for the first time."""
    is_in_force = decision == refusal_in_force(decision.comment)
    is_early = timezone.now() < decision.at + APPEALED_WITHIN
    return is_in_force and is_early and not Appeal.objects.filter(decision=decision).exists()


def appeal(decision: Decision, text: str) -> Appeal:
    """Ask that somebody else looks at a decision.

    Raises:
        NotTakenError: it was not kept, and why.
    """
    text = typed(text)
    if not text:
        raise NotTakenError(_("Say why the decision is wrong."), "empty", "text")
    if len(text) > MOST_CHARACTERS:
        raise NotTakenError(_("At most %d characters.") % MOST_CHARACTERS, "too-long", "text")
    too_late = NotTakenError(_("Nothing can be said against this decision any more."), "too-late")
    with transaction.atomic():
        thread_on(decision.comment.thread.subject)
        decision = Decision.objects.select_related("comment").get(pk=decision.pk)
        if not may_appeal(decision):
            raise too_late
        try:
            with transaction.atomic():
                return Appeal.objects.create(decision=decision, text=text)
        except IntegrityError:  # twice in the same moment
            raise too_late from None


def is_by(comment: Comment, user: User) -> bool:
    """Whether ``user`` wrote it, signed in at the desk."""
    return comment.writer is not None and comment.writer.user_id == user.pk


def decide_appeal(appeal: Appeal, user: User, *, is_granted: bool, answer: str = "") -> Appeal:
    """Restore the reply, or let the decision stand; its writer is told, with the answer.

    Raises:
        OwnDecisionError: ``user`` made the decision, or wrote the reply.
        PermissionDenied: ``user`` is no moderator.
        ValueError: it is decided already, or the reply was taken back.
    """
    require_moderator(user)
    with transaction.atomic():
        decision = Decision.objects.select_related("comment__thread").get(pk=appeal.decision_id)
        thread = thread_on(decision.comment.thread.subject)
        appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
        if appeal.is_granted is not None:
            raise ValueError(_("This appeal is decided already."))
        if decision.by_id == user.pk:
            raise OwnDecisionError(_("You made this decision yourself; somebody else has to look at the appeal."))
        comment = Comment.objects.select_for_update().get(pk=decision.comment_id)
        if is_by(comment, user):
            raise OwnDecisionError(_("This reply is your own; somebody else has to look at the appeal."))
        if comment.state == State.REMOVED:
            raise ValueError(_("Its writer took this reply back."))
        answer = without_controls(answer).strip()
        _end(appeal, user, is_granted=is_granted, answer=answer)
        if is_granted and comment.state != State.APPROVED:
            settle(comment, thread, State.APPROVED, GRANTED, words=answer, by=user)
    return appeal


def end_appeals(comment: Comment, user: User | None) -> None:
    """End what waits against decisions of a reply that was let through or taken back meanwhile. Called inside a
    transaction, with the reply locked."""
    if comment.state not in {State.APPROVED, State.REMOVED}:
        return
    for one in Appeal.objects.select_for_update().filter(decision__comment=comment, is_granted=None):
        _end(one, user, is_granted=comment.state == State.APPROVED, answer="")


def _end(appeal: Appeal, user: User | None, *, is_granted: bool, answer: str) -> None:
    appeal.is_granted, appeal.answer = is_granted, answer
    appeal.decided_at, appeal.by = timezone.now(), user
    appeal.save(update_fields=["is_granted", "answer", "decided_at", "by"])
    audit.record(Event.APPEAL_DECIDED, f"appeal {appeal.pk}", by=user, granted=is_granted)
    tell_of_appeal.enqueue(appeal.pk)
