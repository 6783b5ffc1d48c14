"""Breaking-news mode: everything is read first for a while, and replies come slower. It ends by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions.audit import SYSTEM, record
from stoppress.accounts.models import Event, User
from stoppress.comments import keys, surges
from stoppress.comments.actions.rights import require_moderator
from stoppress.comments.actions.rules import KEY, renew
from stoppress.comments.models import SITE, BreakingNews
from stoppress.core.text import without_controls
from stoppress.pagestore.actions import mark

MOST_HOURS = 168
AUTOMATIC = timedelta(hours=2)
"""How long it lasts at least when a surge began it, unless it is calm before."""
CALM_FOR = timedelta(minutes=30)
LOOKED_AT_EVERY = timedelta(minutes=1)
LONGEST_NOTICE = 1_000

Ending = BreakingNews.Ending


def prepared_notice() -> str:
    """What readers are told above the form when nobody writes something else."""
    own: str = settings.STOPPRESS_COMMENTS_BREAKING_NOTICE
    return own or _(
        "This story is moving fast. For now an editor reads every reply before it appears, and that takes a while. "
        "Please write what you know, and say how you know it."
    )


def begin_breaking(scope: str, hours: int, notice: str, user: User) -> BreakingNews:
    """Read everything first from now on; where that is so already, for ``hours`` from now and with this notice.

    Args:
        scope: surrogate key of a subject, or ``site``.
        hours: after which it ends, when it is calm by then.
        notice: for readers; empty takes the prepared one.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: why not.
    """
    require_moderator(user)
    notice = without_controls(notice).strip() or prepared_notice()
    if not 1 <= hours <= MOST_HOURS:
        raise ValueError(_("Hours are a number from 1 to %d.") % MOST_HOURS)
    if len(notice) > LONGEST_NOTICE:
        raise ValueError(_("A notice has at most %d characters.") % LONGEST_NOTICE)
    if scope != SITE and not KEY.fullmatch(scope):
        raise ValueError(f"{scope!r} is no surrogate key")
    return _begin(scope, timezone.now() + timedelta(hours=hours), notice, user)


def end_breaking(row: BreakingNews, user: User) -> None:
    """Switch it off; what was held waits for a moderator as before.

    Raises:
        PermissionDenied: ``user`` is no moderator.
    """
    require_moderator(user)
    _end(row.pk, timezone.now(), Ending.HAND, user)


def look_for_surge(subjects: Sequence[str], now: datetime) -> None:
    """Begin it where more replies come than anybody expects; called with what some came to while it was not in force
    there."""
    if not settings.STOPPRESS_COMMENTS_SURGE:
        return
    begun = [scope for scope in subjects if surges.is_surge(scope, now)]
    if len(begun) < len(subjects) and surges.is_surge(SITE, now):
        begun.append(SITE)
    for scope in begun:
        _begin(scope, now + AUTOMATIC, prepared_notice(), None)


def keep_calm(now: datetime) -> datetime | None:
    """End what has lasted long enough; returns when to look again, ``None`` when nothing is in force."""
    due = BreakingNews.objects.filter(ended_at=None, looked_at__lte=now - LOOKED_AT_EVERY)
    for pk in list(due.values_list("pk", flat=True)):
        _look_at(pk, now)
    waiting = BreakingNews.objects.filter(ended_at=None).aggregate(first=Min("looked_at"))["first"]
    return None if waiting is None else waiting + LOOKED_AT_EVERY


def _begin(scope: str, ends_at: datetime, notice: str, user: User | None) -> BreakingNews:
    now = timezone.now()
    with transaction.atomic():
        row, is_new = BreakingNews.objects.get_or_create(
            scope=scope,
            ended_at=None,
            defaults={
                "notice": notice,
                "began_at": now,
                "looked_at": now,
                "ends_at": ends_at,
                "by": user,
                "is_automatic": user is None,
                "most": surges.rate(scope, now),
            },
        )
        if not is_new:
            if user is None:
                return row  # somebody was faster
            # Now it is somebody's choice, and lasts until the time that they said.
            row.ends_at, row.notice, row.by, row.is_automatic = ends_at, notice, user, False
            row.save(update_fields=["ends_at", "notice", "by", "is_automatic"])
        until = ends_at.isoformat()
        record(Event.BREAKING_BEGAN, scope, by=user or SYSTEM, is_automatic=user is None, until=until, rate=row.most)
        mark(keys.breaking(scope))
        renew()
    return row


def _look_at(pk: int, now: datetime) -> None:
    with transaction.atomic():
        # One worker looks, the others see that it did.
        row = BreakingNews.objects.select_for_update().get(pk=pk)
        if row.ended_at is not None or row.looked_at > now - LOOKED_AT_EVERY:
            return
        row.looked_at = now
        row.most = max(row.most, surges.rate(row.scope, now))
        row.calm_since = (row.calm_since or now) if surges.is_calm(row.scope, now) else None
        row.save(update_fields=["looked_at", "most", "calm_since"])
        if row.calm_since is not None and now >= row.ends_at:
            _end(pk, now, Ending.TIME, None)
        elif row.is_automatic and row.calm_since is not None and now - row.calm_since >= CALM_FOR:
            _end(pk, now, Ending.CALM, None)


def _end(pk: int, now: datetime, how: BreakingNews.Ending, user: User | None) -> None:
    with transaction.atomic():
        row = BreakingNews.objects.select_for_update().get(pk=pk)
        if row.ended_at is not None:
            return
        row.ended_at, row.ended_how, row.ended_by = now, how, user
        row.save(update_fields=["ended_at", "ended_how", "ended_by"])
        record(Event.BREAKING_ENDED, row.scope, by=user or SYSTEM, how=str(how), most=row.most)
        mark(keys.breaking(row.scope))
        renew()
