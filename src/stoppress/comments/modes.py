"""Who may reply where: what is set for the thread counts before the section's, and that before the site's. Reads."""

from datetime import datetime, timedelta

from django.conf import settings

from stoppress.comments.models import Mode, Thread
from stoppress.comments.phases.verdict import Rules
from stoppress.comments.questions import question_time
from stoppress.comments.staff import staff_names
from stoppress.core.subject import Subject, SubjectState


def mode_of(subject: Subject, thread: Thread | None) -> Mode:
    """The mode that is in force on ``subject``."""
    if subject.state is not SubjectState.LIVE:
        return Mode.CLOSED
    mode = Mode(thread.mode if thread is not None and thread.mode else settings.STOPPRESS_COMMENTS)
    return Mode.HOLD_FIRST if mode is not Mode.CLOSED and question_time(thread) is not None else mode


def closes_at(subject: Subject) -> datetime | None:
    """When replies end by themselves, counted from its publication; ``None`` for never."""
    days = settings.STOPPRESS_COMMENTS_CLOSE_DAYS
    return subject.published_at + timedelta(days=days) if days and subject.published_at else None


def is_open(subject: Subject, thread: Thread | None, now: datetime) -> bool:
    """Whether anybody may reply at ``now``."""
    if (time := question_time(thread)) is not None:
        return mode_of(subject, thread) is not Mode.CLOSED and time.is_on(now)
    end = closes_at(subject)
    return mode_of(subject, thread) is not Mode.CLOSED and (end is None or end > now)


def rules() -> Rules:
    """What the newsroom has set."""
    return Rules(
        trusted_after=settings.STOPPRESS_COMMENTS_TRUSTED_AFTER,
        held_words=tuple(settings.STOPPRESS_COMMENTS_HELD_WORDS),
        refused_words=tuple(settings.STOPPRESS_COMMENTS_REFUSED_WORDS),
        staff_names=staff_names(),
    )
