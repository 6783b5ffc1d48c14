"""How many replies come, against the usual: the last ten minutes and the day before them. Reads, and never counts on.

Each question looks at no more rows than its answer needs, since it is asked when there is no time.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from stoppress.comments.models import SITE, Comment, State

SPAN = timedelta(minutes=10)
USUAL = timedelta(days=1)
SPANS_IN_USUAL = USUAL // SPAN
TIMES_THE_USUAL = 4
SITE_TIMES = 3
"""A wave over the whole site is so much higher than one over a story, before anybody calls it one."""
MOST_COUNTED = 2_000


def is_surge(scope: str, now: datetime) -> bool:
    """Whether more come than anybody expects: the number that is set, and several times the usual.

    Args:
        scope: surrogate key of a subject, or of the site.
    """
    least = _least(scope)
    if not settings.STOPPRESS_COMMENTS_SURGE or (now_come := rate(scope, now)) < least:
        return False
    enough = now_come * SPANS_IN_USUAL // TIMES_THE_USUAL + 1
    before = _written(scope, now - SPAN - USUAL, now - SPAN)
    return before[:enough].count() < enough


def is_calm(scope: str, now: datetime) -> bool:
    """Whether fewer come than half of what would be called a wave."""
    return rate(scope, now) * 2 < _least(scope)


def rate(scope: str, now: datetime) -> int:
    """Replies within ten minutes before ``now``, whatever became of them; at most :data:`MOST_COUNTED`."""
    return _written(scope, now - SPAN, now)[:MOST_COUNTED].count()


def _least(scope: str) -> int:
    number = int(settings.STOPPRESS_COMMENTS_SURGE) or 40
    return number * SITE_TIMES if scope == SITE else number


def _written(scope: str, since: datetime, until: datetime) -> QuerySet[Comment]:
    # All states by name: the queue's index begins with them.
    found = Comment.objects.filter(
        state__in=State.values, made_at__gt=since, made_at__lte=until, imported_id=""
    ).order_by()
    return found if scope == SITE else found.filter(thread__subject=scope)
