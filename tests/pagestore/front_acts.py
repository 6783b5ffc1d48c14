"""What newsrooms do to their fronts, as :mod:`tests.pagestore.acts` has it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions import fronts
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import Article, Edition, Front, FrontSlot, Home, Section, Topic
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address
from tests.pagestore.acts import DAY, Act, _articles, _pick


def _front(n: int) -> Any:
    return _pick(Section.objects, n) if n % 3 == 0 else Home.objects.get()


def lay_out(n: int, m: int) -> None:
    """Somebody pins a story, for a day or for good, or lets a rule fill a place; nobody else sees it yet."""
    if (page := _front(n)) is None or (article := _pick(_articles(), m)) is None:
        return
    slot = ("lead", "second-1", "second-2")[m % 3]
    row = FrontSlot.objects.filter(front__page_id=page.pk, slot=slot).first()
    seen = row.version if row is not None else 0
    if n % 4 == 0:
        rules = ["", "all", "design:opinion", *(one.key for one in Topic.objects.all())]
        rules += [f"section:{pk}" for pk in Section.objects.values_list("pk", flat=True)]
        fronts.set_up(page, slot, rule=rules[m % len(rules)], until=row.until if row else None, seen=seen)
    else:
        until = timezone.now() + DAY if m % 2 else None
        fronts.pin(page, slot, article, until=until, seen=seen)


def publish_front(n: int, m: int) -> None:
    lay_out(n, m)
    lay_out(n, m + 1)
    if page := _front(n):
        front = Front.objects.filter(page_id=page.pk).first()
        at = timezone.now() + DAY if m % 4 == 3 else None
        newsroom.publish_edition(page, seen=front.version if front else 0, at=at)


def edition_time_comes(n: int, m: int) -> None:
    if edition := _pick(newsroom.planned(), n):
        Edition.objects.filter(pk=edition.pk).update(due_at=timezone.now() - timedelta(seconds=1))
        keep_times(timezone.now())


def pin_ends(n: int, m: int) -> None:
    """A day has gone by for whoever is pinned on a live front."""
    past = (timezone.now() - timedelta(seconds=1)).isoformat()
    if front := _pick(Front.objects.exclude(live=None), n):
        slots = [{**one, "until": one["until"] and past} for one in front.live.slots]
        Edition.objects.filter(pk=front.live_id).update(slots=slots)
        Address.objects.exclude(valid_until=None).update(valid_until=timezone.now())
        worker = Worker(Layout(Path(django_settings.STOPPRESS_STORE)))
        worker.expire()
        worker.close()


def roll_back(n: int, m: int) -> None:
    if edition := _pick(Edition.objects, n):
        newsroom.roll_back(edition)


def unpublish_pinned(n: int, m: int) -> None:
    pinned = [
        one["article"] for front in Front.objects.exclude(live=None) for one in front.live.slots if one["article"]
    ]
    if article := _pick(Article.objects.filter(pk__in=pinned, live=True), n):
        newsroom.unpublish_page(article)


FRONT_ACTS: list[Act] = [
    lay_out,
    publish_front,
    publish_front,
    edition_time_comes,
    pin_ends,
    roll_back,
    unpublish_pinned,
]
