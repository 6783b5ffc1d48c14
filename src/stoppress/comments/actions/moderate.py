"""What moderators do. Everything is written down, and nothing of it is ever changed afterwards."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments import keys
from stoppress.comments.actions.placing import count_for_writer, note, put, thread_on
from stoppress.comments.models import Ban, Comment, Decision, Mode, State, Writer
from stoppress.pagestore.actions import mark

MODERATE = "comments.change_comment"


def decide(comment: Comment, state: State, reason: str, user: User, words: str = "") -> Comment:
    """Let a reply through, refuse it, or call it spam.

    Args:
        reason: a short word, the same for the same cause.
        words: for its writer.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: its writer took it back.
    """
    _require(user)
    with transaction.atomic():
        thread = thread_on(comment.thread.subject)
        comment = Comment.objects.select_for_update().get(pk=comment.pk)
        if comment.state == State.REMOVED:
            raise ValueError(_("Its writer took this reply back."))
        before = comment.state
        if before != state:
            put(comment, thread, state)
            note(comment, reason, words=words, by=user)
            count_for_writer(comment, before)
    return comment


def undo(comment: Comment, user: User) -> Comment:
    """Take back the newest decision of a person: the reply stands where it stood before.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: nobody has decided anything of it.
    """
    decisions = list(Decision.objects.filter(comment=comment).order_by("-pk")[:2])
    if not decisions or decisions[0].by_id is None:
        raise ValueError(_("Nobody has decided anything of this reply yet."))
    former = State(decisions[1].state) if len(decisions) > 1 else State.HELD
    return decide(comment, former, "undo", user)


def ban(writer: Writer, reason: str, user: User, until: datetime | None = None) -> Ban:
    """Let ``writer`` reply no more, until a time or for good; they are told why when they try.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: no reason is given.
    """
    _require(user)
    if not reason.strip():
        raise ValueError(_("Say why; they will read it."))
    return Ban.objects.create(writer=writer, reason=reason.strip(), until=until, by=user)


def lift_ban(ban: Ban, user: User) -> None:
    """Let them reply again.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    _require(user)
    Ban.objects.filter(pk=ban.pk, lifted_at=None).update(lifted_at=timezone.now())


def set_mode(subject: str, mode: Mode | None, user: User) -> None:
    """Say who may reply on one subject; ``None`` leaves it to what holds for all.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    _require(user)
    with transaction.atomic():
        thread = thread_on(subject)
        thread.mode = mode or ""
        thread.save(update_fields=["mode"])
        mark(keys.look_again(subject), keys.count(subject), keys.newest(subject))


def _require(user: User) -> None:
    if not user.has_perm(MODERATE):
        raise PermissionDenied(_("You may not moderate replies."))
