"""What the desk opens on: what is out since midnight, what comes, what was put right, and who is writing what.

Reads; never writes. Each list costs the same however large the archive is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from wagtail.admin.models import EditingSession
from wagtail.models import Page, Revision
from wagtail.permissions import policy_registry

from stoppress.accounts.models import User
from stoppress.comments.actions.rights import may_moderate
from stoppress.comments.queues import appeals_count, held_count, oldest_held, reported_count
from stoppress.newsroom.actions import planned as planned_editions
from stoppress.newsroom.actions import upcoming
from stoppress.newsroom.models import Article, Correction, Edition, Publication

SHOWN = 12
CORRECTIONS_SHOWN = timedelta(days=7)
REVISIONS_LOOKED_AT = 300
"""So many of the newest revisions are asked for an embargo that nobody has planned yet."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the desk's first screen.

    Attributes:
        at: when it happened or will.
        path: where readers find it; empty while they can't.
        note: what is to be said of it beside its headline.
    """

    at: datetime
    page_id: int
    headline: str
    path: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who has a story open.

    Attributes:
        is_changing: they have typed something that is not saved.
        is_idle: nothing was heard of them for some minutes.
    """

    who: str
    page_id: int
    headline: str
    is_changing: bool
    is_idle: bool
    is_me: bool


@dataclass(frozen=True, slots=True)
class Today:
    """All of it.

    Attributes:
        out_count: how many stories were published since midnight.
        latest: the newest ones on a day that has none yet.
        editions: of fronts, that have still to appear.
    """

    now: datetime
    out: Sequence[Line]
    out_count: int
    latest: Sequence[Line]
    updated: Sequence[Line]
    planned: Sequence[Line]
    editions: Sequence[Edition]
    embargoed: Sequence[Line]
    corrected: Sequence[Line]
    writers: Sequence[Writer]


@dataclass(frozen=True, slots=True)
class WaitingReplies:
    """Replies that wait for a moderator.

    Attributes:
        is_more: beyond ``count`` nobody counted.
        since: when the one came in that has waited longest; ``None`` when none is held.
        reported: replies that readers reported; ``appeals`` that writers made.
    """

    count: int
    is_more: bool
    since: datetime | None
    reported: int = 0
    appeals: int = 0


def waiting_replies(user: User) -> WaitingReplies | None:
    """The replies that wait; ``None`` for whom they don't concern, or when none does."""
    if not may_moderate(user):
        return None
    since, reported, appeals = oldest_held(), reported_count()[0], appeals_count()[0]
    if since is None and not reported and not appeals:
        return None
    count, is_more = held_count()
    return WaitingReplies(count, is_more, since, reported, appeals)


def today(user: User) -> Today:
    """The day as it is now, for ``user``: of what is not public they see what they may open."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    articles = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
    out = articles.filter(published_at__gte=midnight, published_at__lte=now)
    updated = articles.filter(updated_at__gte=midnight, updated_at__lte=now, published_at__lt=midnight)
    out_count = out.count()
    latest = [] if out_count else articles.order_by("-published_at", "-pk")[: SHOWN // 2]
    planned = [Line(moment, pk, headline) for moment, pk, headline in upcoming(SHOWN, user)]
    return Today(
        now=now,
        out=[_line(one, one.published_at) for one in out.order_by("-published_at", "-pk")[:SHOWN]],
        out_count=out_count,
        latest=[_line(one, one.published_at) for one in latest],
        updated=[_line(one, one.updated_at) for one in updated.order_by("-updated_at", "-pk")[:SHOWN]],
        planned=planned,
        editions=list(planned_editions()[:SHOWN]),
        embargoed=_embargoed(user, now, {line.page_id for line in planned}),
        corrected=_corrected(now),
        writers=_writers(user),
    )


def _line(one: Publication, moment: datetime | None, note: str = "") -> Line:
    return Line(moment or timezone.now(), one.page_id, one.headline, one.path, note)


def _embargoed(user: User, now: datetime, planned: set[int]) -> list[Line]:
    """Drafts that must not go out yet and that nobody has planned, the next first."""
    pages = Page.objects.filter(live=False)
    # Those of pages are picked here: asked for them, SQLite reads and sorts all there are.
    newest = Revision.objects.order_by("-created_at", "-pk")[:REVISIONS_LOOKED_AT]
    kind = ContentType.objects.get_for_model(Page).pk
    rows = newest.values_list("object_id", "content__embargo_until", "base_content_type_id")
    found: dict[int, datetime] = {}
    seen: set[int] = set()
    for object_id, embargo in [(pk, embargo) for pk, embargo, of in rows if of == kind]:
        pk = int(object_id)
        moment = parse_datetime(embargo) if isinstance(embargo, str) else None
        if pk not in seen and moment is not None and moment > now:
            found[pk] = moment
        seen.add(pk)
    visible = _visible(user, pages.filter(pk__in=found.keys() - planned))
    lines = [Line(found[pk], pk, headline) for pk, headline in visible.items()]
    return sorted(lines, key=lambda line: (line.at, line.page_id))[:SHOWN]


def _corrected(now: datetime) -> list[Line]:
    recent = Correction.objects.filter(
        article__live=True, withdrawn_at=None, at__gte=now - CORRECTIONS_SHOWN, at__lte=now
    )
    rows = list(recent.order_by("-at", "-pk").values_list("article_id", "at", "text")[:SHOWN])
    live = Publication.objects.filter(is_live=True).in_bulk([pk for pk, _at, _text in rows])
    return [_line(live[pk], moment, text) for pk, moment, text in rows if pk in live]


def _writers(user: User) -> list[Writer]:
    sessions = EditingSession.objects.available().select_related("user").order_by("-last_seen_at")
    open_now = list(sessions.filter(content_type__app_label="newsroom", content_type__model="article")[: 4 * SHOWN])
    titles = _visible(user, Article.objects.filter(pk__in=[int(one.object_id) for one in open_now]))
    found: dict[tuple[int, int], Writer] = {}
    for one in open_now:
        pk = int(one.object_id)
        if pk in titles:
            found.setdefault(
                (one.user_id, pk),
                Writer(str(one.user), pk, titles[pk], one.is_editing, one.is_idle, one.user_id == user.pk),
            )
    return list(found.values())[:SHOWN]


def _visible(user: User, pages: QuerySet[Any]) -> dict[int, str]:
    """Headlines by number of those ``pages`` that ``user`` may open, as their newest draft has them."""
    policy = policy_registry.get_by_type(Page)
    mine = policy.explorable_instances(user).order_by().values("pk")
    return {
        pk: draft or title for pk, title, draft in pages.filter(pk__in=mine).values_list("pk", "title", "draft_title")
    }
