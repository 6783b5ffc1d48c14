"""Questions and answers: a story whose readers ask named people between a start and an end. Reads."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments.models import Thread


@dataclass(frozen=True, slots=True)
class QuestionTime:
    """When one may ask, and whom.

    Attributes:
        names: of those who answer, as readers know them.
    """

    starts_at: datetime
    ends_at: datetime
    names: str

    def is_on(self, now: datetime) -> bool:
        """Whether one may ask at ``now``."""
        return self.starts_at <= now < self.ends_at

    def notice(self, now: datetime) -> str:
        """What readers are told of it at ``now``."""
        words = {"names": self.names, "start": _at(self.starts_at), "end": _at(self.ends_at)}
        if now < self.starts_at:
            return _("%(names)s will answer questions: from %(start)s until %(end)s you can send yours.") % words
        if now < self.ends_at:
            return _("Ask %(names)s until %(end)s. An editor reads each question first.") % words
        return _("%(names)s answered questions until %(end)s. No more are taken.") % words

    def next_change(self, now: datetime) -> datetime | None:
        """When the notice will be another."""
        return next((moment for moment in (self.starts_at, self.ends_at) if moment > now), None)


def question_time(thread: Thread | None) -> QuestionTime | None:
    """When one may ask in ``thread``; ``None`` where it is a thread like others."""
    if thread is None or thread.questions_from is None or thread.questions_until is None:
        return None
    return QuestionTime(thread.questions_from, thread.questions_until, thread.answered_by)


def answers_in(thread: Thread, user: User | None) -> bool:
    """Whether ``user`` is one of those who answer in ``thread``."""
    return user is not None and thread.questions_from is not None and bool(thread.answerers.filter(pk=user.pk).exists())


def _at(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
