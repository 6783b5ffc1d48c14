"""Giving readers a front: now, at a time, or as it was before. The only place where an edition is made or goes live."""

import logging
from datetime import datetime
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.core.text import without_controls
from stoppress.newsroom import keys
from stoppress.newsroom.actions.fronts import FrontPage, lock_front, require_may_lay_out, require_seen
from stoppress.newsroom.front_draft import draft_of
from stoppress.newsroom.models import Edition, Front, FrontSlot, Home, MissedTime
from stoppress.pagestore.actions import mark

log = logging.getLogger("stoppress.fronts")


def publish_edition(
    page: FrontPage, *, seen: int, note: str = "", at: datetime | None = None, user: User | None = None
) -> Edition:
    """Make an edition of the front as it is laid out; it goes live now, or at ``at`` (aware).

    Args:
        seen: the front's version when ``user`` looked.

    Raises:
        PermissionDenied: ``user`` may not lay out this front.
        ChangedMeanwhileError: somebody changed it since; nothing was published.
        ValidationError: ``at`` is past, or the note is too long; nothing was published.
    """
    require_may_lay_out(page, user)
    now = timezone.now()
    if at is not None and at <= now:
        raise ValidationError({"at": _("This time is past. Give a later one, or publish now.")})
    with transaction.atomic():
        front = lock_front(page)
        require_seen(front, seen)
        plan = draft_of(page.pk, is_home=isinstance(page, Home)).plan
        slots = [choice.as_data() for choice in plan.choices if not choice.is_blank]
        edition = Edition(
            layout=plan.layout.name, slots=slots, note=without_controls(note).strip(), by=user, due_at=at or now
        )
        _add(front, edition, now, is_now=at is None)
        if user is not None:
            released = FrontSlot.objects.filter(front=front, claimed_by=user)
            released.update(claimed_by=None, claimed_until=None, asked_by=None, asked_at=None)
    return edition


def roll_back(edition: Edition, *, user: User | None = None) -> Edition:
    """Give readers what ``edition`` holds again, as an edition of its own. What is being laid out stays as it is.

    Raises:
        PermissionDenied: ``user`` may not lay out this front.
    """
    page = cast("FrontPage", edition.front.page.specific)
    require_may_lay_out(page, user)
    now = timezone.now()
    again = Edition(layout=edition.layout, slots=edition.slots, copy_of=edition.number, by=user, due_at=now)
    with transaction.atomic():
        _add(lock_front(page), again, now, is_now=True)
    return again


def cancel_edition(edition: Edition, *, user: User | None = None) -> None:
    """Let a planned edition not go live.

    Raises:
        PermissionDenied: ``user`` may not lay out this front.
        ValidationError: it is not planned any more.
    """
    page = cast("FrontPage", edition.front.page.specific)
    require_may_lay_out(page, user)
    with transaction.atomic():
        lock_front(page)
        planned = Edition.objects.filter(pk=edition.pk, went_live_at=None, cancelled_at=None)
        if not planned.update(cancelled_at=timezone.now(), cancelled_by=user):
            raise ValidationError(_("Edition %d is not planned any more. Nothing was changed.") % edition.number)


def planned() -> QuerySet[Edition]:
    """Editions that have still to go live, the next first."""
    waiting = Edition.objects.filter(went_live_at=None, cancelled_at=None)
    return waiting.select_related("front__page", "by").order_by("due_at", "number")


def go_live(pk: int, now: datetime) -> bool:
    """Let a planned edition go live; returns whether it did: somebody else may have been faster.

    One whose time was missed, while a later edition went live, stays behind.
    """
    fronts = Edition.objects.filter(pk=pk).values("front_id")
    front = Front.objects.select_for_update(skip_locked=True).filter(pk__in=fronts).first()
    edition = Edition.objects.filter(pk=pk, went_live_at=None, cancelled_at=None, due_at__lte=now).first()
    if front is None or edition is None:
        return False
    live = front.live
    if live is not None and live.due_at > edition.due_at:
        Edition.objects.filter(pk=pk).update(cancelled_at=now)
        noted = MissedTime.objects.filter(article_id=front.page_id, kind=MissedTime.Kind.EDITION)
        noted.filter(due_at=edition.due_at).update(done_at=now, error="", not_before=None)
        log.warning("%s was due at %s; %s had gone live meanwhile.", edition, edition.due_at.isoformat(), live)
        return False
    _show(front, edition, now)
    return True


def _add(front: Front, edition: Edition, now: datetime, *, is_now: bool) -> None:
    edition.front = front
    edition.number = (front.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition.made_at = now
    edition.clean_fields(exclude=[one.name for one in Edition._meta.fields if one.name != "note"])
    edition.save()
    if is_now:
        _show(front, edition, now)


def _show(front: Front, edition: Edition, now: datetime) -> None:
    edition.went_live_at = now
    edition.save(update_fields=["went_live_at"])
    front.live = edition
    front.save(update_fields=["live"])
    mark(keys.edition(front.page_id))
