"""Recommending a reply: no account, no cookie, nothing that is kept longer than a day, and few bakes in a wave."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from stoppress.comments import keys
from stoppress.comments.actions.placing import keys_of
from stoppress.comments.models import Comment, Recommendation, State
from stoppress.core.network import subscriber
from stoppress.core.sealing import digest
from stoppress.pagestore.actions import mark

PURPOSE = "stoppress.comments.recommend"
COALESCED = timedelta(seconds=20)
"""So late at most is a recommendation counted on the pages; all that come meanwhile are counted with it."""
MOST_OF_NETWORK = 20
"""One network may be a school; it is no crowd."""
AT_ONCE = 500


def recommend(comment: Comment, address: str, browser: str) -> bool:
    """Note that somebody recommends ``comment``; returns whether that is news.

    Args:
        address: of their machine; empty when unknown.
        browser: what it calls itself.
    """
    day = timezone.now().date()
    network = digest(f"{day} {subscriber(address)}", PURPOSE)
    reader = digest(f"{day} {subscriber(address)} {browser[:500]}", PURPOSE)
    if comment.state != State.APPROVED:
        return False
    if Recommendation.objects.filter(comment=comment, network=network).count() >= MOST_OF_NETWORK:
        return False
    try:
        with transaction.atomic():
            Recommendation.objects.create(comment=comment, reader=reader, network=network, day=day)
    except IntegrityError:
        return False
    return True


def count_recommendations(now: datetime) -> datetime | None:
    """Count what has waited long enough, and mark the pages that say so; returns when to look again."""
    waiting = Recommendation.objects.filter(is_counted=False).order_by("pk")
    first = waiting.values_list("at", flat=True).first()
    if first is None:
        return None
    if first + COALESCED > now:
        return first + COALESCED
    with transaction.atomic():
        rows = list(waiting.select_for_update(skip_locked=True).values_list("pk", "comment_id")[:AT_ONCE])
        Recommendation.objects.filter(pk__in=[pk for pk, _comment in rows]).update(is_counted=True)
        tally = Counter(comment_id for _pk, comment_id in rows)
        marked: set[str] = set()
        for comment in Comment.objects.select_related("thread", "root").filter(pk__in=tally).order_by("pk"):
            marked |= _counted(comment, tally[comment.pk])
        mark(*sorted(marked))
        forget_recommendations(now)
    return now if len(rows) == AT_ONCE else None


def forget_recommendations(now: datetime, *, is_dry: bool = False) -> int:
    """Delete who recommended what on other days; the count stays. Returns how many there were.

    Args:
        is_dry: only count them.
    """
    old = Recommendation.objects.filter(day__lt=now.date(), is_counted=True)
    return old.count() if is_dry else old.delete()[0]


def _counted(comment: Comment, count: int) -> set[str]:
    subject = comment.thread.subject
    marked = {*keys_of(comment, subject), keys.recommended(subject)} - {keys.look_again(subject)}
    if not Comment.objects.filter(thread=comment.thread, recommended__gt=0).exists():
        # The first in this thread: a page of the most recommended begins, and the others lead to it.
        marked |= {keys.look_again(subject), keys.newest(subject)}
    Comment.objects.filter(pk=comment.pk).update(recommended=F("recommended") + count)
    return marked
