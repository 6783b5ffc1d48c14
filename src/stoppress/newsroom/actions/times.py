"""Going live and off by the clock: each article apart, so that one that fails keeps no other waiting.

Wagtail's own command has no claim, and its first error stops the rest.
"""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from stoppress.accounts.models import User
from stoppress.newsroom.actions import editions
from stoppress.newsroom.models import Article, MissedTime, Publication

log = logging.getLogger("stoppress.times")

LATE = timedelta(seconds=30)
"""What happens later than this after its time was missed, and the desk is told."""
AT_ONCE = 100
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST_RETRY = timedelta(minutes=5)

Kind = MissedTime.Kind


@dataclass(frozen=True, slots=True)
class _Due:
    """Something whose time has come.

    Attributes:
        pk: of the revision that goes live, of the article that goes off, or of the edition.
    """

    kind: MissedTime.Kind
    pk: int
    article_id: int
    headline: str
    due_at: datetime


def keep_times(now: datetime) -> datetime | None:
    """Let go live and off what is due at ``now``; returns when the next is, ``None`` when nothing is planned.

    Safe to call from several processes at once and after any pause: each item is claimed by its row's lock and looked
    at again under it, and what was missed while nobody looked is done late and reported.

    Raises:
        DatabaseError: the database is away; what was done stays done.
    """
    waiting = set(
        MissedTime.objects.filter(done_at=None, not_before__gt=now).values_list("article_id", "kind", "due_at")
    )
    # Stories first: an edition of the same second may show them.
    for due in [*_going_live(now), *_going_off(now), *_appearing(now)]:
        if (due.article_id, due.kind, due.due_at) not in waiting:
            _keep(due, now)
    return _next_time(now)


def upcoming(count: int, user: User) -> list[tuple[datetime, int, str]]:
    """The next articles to go live of which ``user`` may know: time, page id and headline."""
    found = list(_scheduled().order_by("approved_go_live_at", "pk")[:AT_ONCE])
    known = known_to(user, [int(one.object_id) for one in found])
    shown = [(one.approved_go_live_at, int(one.object_id), one.object_str) for one in found]
    return [one for one in shown if one[1] in known][:count]


def known_to(user: User, page_ids: Collection[int]) -> set[int]:
    """Which of these pages ``user`` finds at the desk. Nobody else there hears of one before its time."""
    pages = PagePermissionPolicy().explorable_instances(user)
    return set(pages.filter(pk__in=page_ids).values_list("pk", flat=True))


def take_note(missed: MissedTime, user: User) -> None:
    """``user`` has seen that a time was missed; one that has still to happen goes on being shown.

    Raises:
        PermissionDenied: ``user`` may not enter the desk.
    """
    if not user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied(_("You may not do this."))
    missed.seen_by, missed.seen_at = user, timezone.now()
    missed.save(update_fields=["seen_by", "seen_at"])


def _scheduled() -> QuerySet[Revision]:
    """Planned revisions of pages; we plan nothing else.

    Found by their time alone: asked for their kind too, SQLite reads every revision there is, each second.
    """
    found: QuerySet[Revision] = Revision.objects.filter(approved_go_live_at__gt=LONG_AGO)
    return found


def _going_live(now: datetime) -> list[_Due]:
    found = _scheduled().filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")[:AT_ONCE]
    return [_Due(Kind.PUBLISH, one.pk, int(one.object_id), one.object_str, one.approved_go_live_at) for one in found]


def _going_off(now: datetime) -> list[_Due]:
    found = Publication.objects.filter(is_live=True, expires_at__lte=now).order_by("expires_at", "pk")[:AT_ONCE]
    return [_Due(Kind.UNPUBLISH, one.pk, one.pk, one.headline, one.expires_at) for one in found if one.expires_at]


def _appearing(now: datetime) -> list[_Due]:
    found = editions.planned().filter(due_at__lte=now)[:AT_ONCE]
    return [
        _Due(
            Kind.EDITION,
            one.pk,
            one.front.page_id,
            _("Edition %(number)d of “%(front)s”") % {"number": one.number, "front": one.front.page.title},
            one.due_at,
        )
        for one in found
    ]


def _next_time(now: datetime) -> datetime | None:
    live = _scheduled().filter(approved_go_live_at__gt=now).aggregate(next=Min("approved_go_live_at"))["next"]
    off = Publication.objects.filter(is_live=True, expires_at__gt=now).aggregate(next=Min("expires_at"))["next"]
    again = MissedTime.objects.filter(done_at=None, not_before__gt=now).aggregate(next=Min("not_before"))["next"]
    edition = editions.planned().filter(due_at__gt=now).aggregate(next=Min("due_at"))["next"]
    return min((moment for moment in (live, off, edition, again) if moment is not None), default=None)


def _keep(due: _Due, now: datetime) -> None:
    try:
        with transaction.atomic():
            if _ACTS[due.kind](due, now):
                _note_done(due, now)
    except Exception as error:
        # Anything else that the database says is about itself, not about this article.
        if isinstance(error, DatabaseError) and not isinstance(error, DataError | IntegrityError):
            raise
        _note_failure(due, now, error)


def _publish(due: _Due, now: datetime) -> bool:
    """Returns whether it went live: somebody else may have been faster, or an embargo is longer."""
    revision = Revision.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=due.pk, approved_go_live_at__lte=now
    )
    if (found := revision.first()) is None:
        return False
    page = Page.objects.get(pk=due.article_id).specific
    if getattr(page, "killed_at", None) is not None:
        page.revisions.update(approved_go_live_at=None)
        return False
    embargo = _embargo_of(page)
    if embargo is not None and embargo > now:
        # A newer draft holds the story back; whatever was approved before waits for it.
        found.approved_go_live_at = embargo
        found.save(update_fields=["approved_go_live_at"])
        return False
    found.publish(log_action="wagtail.publish.scheduled", skip_permission_checks=True)
    return True


def _unpublish(due: _Due, now: datetime) -> bool:
    page = Page.objects.select_for_update(skip_locked=True).filter(pk=due.pk, live=True, expire_at__lte=now).first()
    if page is None:
        return False
    UnpublishPageAction(page.specific, set_expired=True, log_action="wagtail.unpublish.scheduled").execute(
        skip_permission_checks=True
    )
    return True


def _appear(due: _Due, now: datetime) -> bool:
    return editions.go_live(due.pk, now)


_ACTS: dict[MissedTime.Kind, Callable[[_Due, datetime], bool]] = {
    Kind.PUBLISH: _publish,
    Kind.UNPUBLISH: _unpublish,
    Kind.EDITION: _appear,
}


def _embargo_of(page: Page) -> datetime | None:
    if not isinstance(page, Article):
        return None
    embargo: datetime | None = page.get_latest_revision_as_object().embargo_until
    return embargo


def _note_done(due: _Due, now: datetime) -> None:
    noted = MissedTime.objects.filter(article_id=due.article_id, kind=due.kind, due_at=due.due_at)
    if noted.update(done_at=now, error="", not_before=None) or now - due.due_at <= LATE:
        return
    MissedTime.objects.create(
        article_id=due.article_id, headline=due.headline[:255], kind=due.kind, due_at=due.due_at, done_at=now
    )
    log.warning("“%s” was to %s at %s and did so only now.", due.headline, due.kind.label, due.due_at.isoformat())


def _note_failure(due: _Due, now: datetime, error: Exception) -> None:
    text = "; ".join(error.messages) if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
    missed, _was_new = MissedTime.objects.get_or_create(
        article_id=due.article_id, kind=due.kind, due_at=due.due_at, defaults={"headline": due.headline[:255]}
    )
    missed.attempts += 1
    missed.error = text[:2000]
    missed.not_before = now + min(timedelta(seconds=2.0 ** min(missed.attempts, 20)), LONGEST_RETRY)
    missed.save()
    log.error("“%s” could not %s at %s: %s", due.headline, due.kind.label, due.due_at.isoformat(), text)
