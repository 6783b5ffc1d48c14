"""Making a thread one of questions and answers, and a thread like others again."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments import keys
from stoppress.comments.actions.placing import thread_on
from stoppress.comments.actions.rights import may_moderate
from stoppress.comments.models import Thread
from stoppress.core.text import without_controls
from stoppress.pagestore.actions import mark

LONGEST_NAMES = 200


def set_question_time(
    subject: str, starts_at: datetime, ends_at: datetime, answerers: Sequence[User], user: User, names: str = ""
) -> Thread:
    """Let readers ask ``answerers`` about a subject between two times.

    Args:
        subject: its surrogate key.
        names: of those who answer, as readers know them; empty for the names of their accounts.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: nobody answers, or it ends before it starts.
    """
    _require(user)
    names = " ".join(without_controls(names).split()) or _(" and ").join(str(one) for one in answerers)
    if not answerers:
        raise ValueError(_("Say who answers."))
    if ends_at <= starts_at:
        raise ValueError(_("It must end after it starts."))
    if len(names) > LONGEST_NAMES:
        raise ValueError(_("The names have at most %d characters.") % LONGEST_NAMES)
    with transaction.atomic():
        thread = thread_on(subject)
        thread.questions_from, thread.questions_until, thread.answered_by = starts_at, ends_at, names
        thread.save(update_fields=["questions_from", "questions_until", "answered_by"])
        thread.answerers.set(answerers)
        _mark(subject)
    return thread


def end_question_time(subject: str, user: User) -> None:
    """Make it a thread like others; what was asked and answered stays.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    _require(user)
    with transaction.atomic():
        thread = thread_on(subject)
        thread.questions_from, thread.questions_until, thread.answered_by = None, None, ""
        thread.save(update_fields=["questions_from", "questions_until", "answered_by"])
        thread.answerers.clear()
        _mark(subject)


def _require(user: User) -> None:
    if not may_moderate(user):
        raise PermissionDenied(_("You may not moderate replies."))


def _mark(subject: str) -> None:
    mark(keys.look_again(subject), keys.count(subject), keys.newest(subject), keys.answers(subject))
