"""Who may reply where: what is set for the thread counts before the section's, and that before the site's. Reads.

What is asked here is recorded, so a page that shows the answer is baked again when it changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from stoppress.comments import keys, likeness
from stoppress.comments.elsewhere import is_asked
from stoppress.comments.models import SITE, BreakingNews, Mode, SectionRules, Thread
from stoppress.comments.phases.verdict import Rules
from stoppress.comments.questions import question_time
from stoppress.comments.rulebook import Rulebook, rulebook
from stoppress.comments.staff import staff_names
from stoppress.core.recorder import depends_on, is_recorded
from stoppress.core.subject import Subject, SubjectState


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds on one subject.

    Attributes:
        opens_at: when one may begin; ``None`` for always.
        closes_at: when replies end by themselves; ``None`` for never.
        frozen_at: since when nobody replies any more.
        frozen_note: what readers are told of it.
        mode_from: surrogate key of what says so; :data:`SITE` for the settings.
        days_from: the same, of when replies end.
    """

    mode: Mode
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    frozen_at: datetime | None = None
    frozen_note: str = ""
    mode_from: str = SITE
    days_from: str = SITE

    def is_open(self, now: datetime) -> bool:
        """Whether anybody may reply at ``now``."""
        has_begun = self.opens_at is None or self.opens_at <= now
        is_over = self.closes_at is not None and self.closes_at <= now
        return self.mode is not Mode.CLOSED and self.frozen_at is None and has_begun and not is_over


def standing_of(subject: Subject, thread: Thread | None, book: Rulebook | None = None) -> Standing:
    """What is in force on ``subject``, after thread, sections and site were asked.

    Args:
        book: the rulebook, for who has asked for it already.
    """
    if is_recorded():
        depends_on(*(keys.rules(section) for section in subject.sections))
    if subject.state is not SubjectState.LIVE:
        return Standing(Mode.CLOSED, mode_from=subject.key)
    own = thread or Thread(subject=subject.key)
    book = book or rulebook()
    chain = rules_of(subject.sections, book) if book.sections and not _says_all(own) else {}
    mode, mode_from = settings.STOPPRESS_COMMENTS, SITE
    days, days_from = int(settings.STOPPRESS_COMMENTS_CLOSE_DAYS), SITE
    for section in reversed(subject.sections) if chain else ():
        if (rule := chain.get(section)) is not None:
            mode, mode_from = (rule.mode, section) if rule.mode else (mode, mode_from)
            days, days_from = (rule.close_days, section) if rule.close_days is not None else (days, days_from)
    if own.mode:
        mode, mode_from = own.mode, subject.key
    if own.close_days is not None:
        days, days_from = own.close_days, subject.key
    ends = subject.published_at + timedelta(days=days) if days and subject.published_at else None
    questions = question_time(own)
    if questions is not None and mode != Mode.CLOSED:
        # Between its start and its end, and each question is read first.
        mode, ends = Mode.HOLD_FIRST, questions.ends_at
    opens_at = questions.starts_at if questions is not None else None
    return Standing(Mode(mode), opens_at, ends, own.frozen_at, own.frozen_note, mode_from, days_from)


def rules_of(sections: Sequence[str], book: Rulebook | None = None) -> Mapping[str, SectionRules]:
    """What these sections say, by their keys."""
    said = (book or rulebook()).sections
    return {section: said[section] for section in sections if section in said}


def breaking_on(subject: str, book: Rulebook | None = None) -> BreakingNews | None:
    """The breaking-news mode that is in force on ``subject``; its own before that of the whole site."""
    depends_on(*(keys.breaking(scope) for scope in (subject, SITE)))
    found = (book or rulebook()).breaking
    return found.get(subject) or found.get(SITE)


def rules(book: Rulebook | None = None) -> Rules:
    """What the newsroom has set."""
    return Rules(
        trusted_after=settings.STOPPRESS_COMMENTS_TRUSTED_AFTER,
        held_words=tuple(settings.STOPPRESS_COMMENTS_HELD_WORDS),
        refused_words=tuple(settings.STOPPRESS_COMMENTS_REFUSED_WORDS),
        staff_names=staff_names(),
        spam_model=likeness.in_force(book),
        asks_service=is_asked(),
    )


def _says_all(thread: Thread) -> bool:
    return bool(thread.mode) and thread.close_days is not None
