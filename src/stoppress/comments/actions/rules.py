"""What the desk sets: who may reply where, and until when. Every change is an entry of the audit log."""

import re
import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions.audit import record
from stoppress.accounts.models import Event, User
from stoppress.comments import keys
from stoppress.comments.actions.placing import thread_on
from stoppress.comments.actions.rights import require_moderator
from stoppress.comments.models import Edition, Mode, SectionRules, Thread
from stoppress.core.text import without_controls
from stoppress.pagestore.actions import mark

MOST_DAYS = 36_500
LONGEST_NOTE = 300
KEY = re.compile(r"[a-z]+:[0-9]{1,18}", re.ASCII)


def set_mode(subject: str, mode: Mode | None, user: User) -> None:
    """Say who may reply on one subject; ``None`` leaves it to what holds for its section, or for all.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    with transaction.atomic():
        thread = _thread(subject, user)
        if thread.mode != (mode or ""):
            thread.mode = mode or ""
            _keep(thread, "mode", user, mode=thread.mode)


def set_close_days(subject: str, days: int | None, user: User) -> None:
    """Say after how many days one subject takes no more replies; 0 for never, ``None`` leaves it to what holds.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: nobody counts so many days.
    """
    _check(days)
    with transaction.atomic():
        thread = _thread(subject, user)
        if thread.close_days != days:
            thread.close_days = days
            _keep(thread, "close_days", user, close_days=days)


def freeze(subject: str, note: str, user: User) -> None:
    """Let nobody reply any more on one subject; what is there stays to be read, and says why if ``note`` does.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: the note is too long.
    """
    note = without_controls(note).strip()
    if len(note) > LONGEST_NOTE:
        raise ValueError(_("At most %d characters for readers.") % LONGEST_NOTE)
    with transaction.atomic():
        thread = _thread(subject, user)
        thread.frozen_at, thread.frozen_note = thread.frozen_at or timezone.now(), note
        _keep(thread, "frozen_at", user, frozen=True, note=note)


def thaw(subject: str, user: User) -> None:
    """Let people reply again, as mode and time allow.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    with transaction.atomic():
        thread = _thread(subject, user)
        if thread.frozen_at is not None:
            thread.frozen_at, thread.frozen_note = None, ""
            _keep(thread, "frozen_at", user, frozen=False)


def set_section_rules(section: str, mode: Mode | None, days: int | None, user: User) -> None:
    """Say who may reply in a section and what stands below it, and for how long; ``None`` leaves it to what holds.

    Args:
        section: its surrogate key, ``section:5``.
        days: after publication; 0 for never.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: that is no key, or nobody counts so many days.
    """
    require_moderator(user)
    _check(days)
    if not KEY.fullmatch(section):
        raise ValueError(f"{section!r} is no surrogate key")
    with transaction.atomic():
        found = SectionRules.objects.select_for_update().filter(section=section).first()
        row = found or SectionRules(section=section)
        if (row.mode, row.close_days) == (mode or "", days):
            return
        SectionRules.objects.update_or_create(section=section, defaults={"mode": mode or "", "close_days": days})
        record(Event.REPLY_RULES, section, by=user, mode=mode or "", close_days=days)
        mark(keys.rules(section))
        renew()


def renew() -> None:
    """Say, in the transaction of the change itself, that what :mod:`stoppress.comments.rulebook` keeps is outdated."""
    Edition.objects.update_or_create(pk=1, defaults={"word": secrets.token_urlsafe(16)})


def _thread(subject: str, user: User) -> Thread:
    require_moderator(user)
    return thread_on(subject)


def _keep(thread: Thread, field: str, user: User, **details: object) -> None:
    fields = [field, "frozen_note"] if field == "frozen_at" else [field]
    thread.save(update_fields=fields)
    record(Event.REPLY_RULES, thread.subject, by=user, **details)
    mark(keys.look_again(thread.subject), keys.count(thread.subject), keys.newest(thread.subject))


def _check(days: int | None) -> None:
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise ValueError(_("Days are a number from 0 to %d.") % MOST_DAYS)
