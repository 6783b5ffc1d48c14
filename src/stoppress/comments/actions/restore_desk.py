"""Bringing back what an export of our own says of the desk: what moderators ask of the queues, and when everything was
read first. What is here already stays as it is."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils import timezone

from stoppress.accounts.actions.audit import SYSTEM, record
from stoppress.accounts.models import Event
from stoppress.comments import keys
from stoppress.comments.actions.filters import MOST
from stoppress.comments.actions.restore import AS_BEFORE, LEFT_OUT, NEW, accounts_by_name
from stoppress.comments.actions.rules import renew
from stoppress.comments.models import BreakingNews, SavedFilter, Writer
from stoppress.comments.past import PastBreaking, PastFilter
from stoppress.comments.queues import QUEUES
from stoppress.comments.text import one_line
from stoppress.pagestore.actions import mark


def bring_filter(one: PastFilter) -> str:
    """Give a saved filter to the account of its name here; returns what became of it.

    Nobody else gets it, not even one that was for all: only who made a filter may change it. One on a story or a writer
    who is not here would ask for something else, or for nothing.
    """
    user, name = accounts_by_name([one.by]).get(one.by), one_line(one.name)
    query = _asked_here(one)
    if user is None or query is None or not name or one.queue not in QUEUES:
        return LEFT_OUT
    with transaction.atomic():
        theirs = SavedFilter.objects.filter(user=user)
        if theirs.filter(name=name).exists():
            return AS_BEFORE
        if theirs.count() >= MOST:
            return LEFT_OUT
        SavedFilter.objects.create(user=user, name=name, queue=one.queue, query=query, is_shared=one.is_shared)
    return NEW


def bring_breaking(scope: str, one: PastBreaking) -> str:
    """Keep a time in which everything was read first; returns what became of it.

    One that lasts goes on here, unless one does already, or its time is over: then it has ended.

    Args:
        scope: surrogate key of what it was on, as that is called here, or ``site``.
    """
    ended_at, how, now = one.ended_at, one.ended_how, timezone.now()
    people = accounts_by_name([one.by, one.ended_by])
    with transaction.atomic():
        here = BreakingNews.objects.filter(scope=scope)
        if here.filter(began_at=one.began_at).exists():
            return AS_BEFORE
        if ended_at is None and (one.ends_at <= now or here.filter(ended_at=None).exists()):
            ended_at, how = min(one.ends_at, now), BreakingNews.Ending.TIME
        BreakingNews.objects.create(
            scope=scope,
            notice=one.notice,
            began_at=one.began_at,
            ends_at=one.ends_at,
            by=people.get(one.by),
            is_automatic=one.is_automatic,
            looked_at=one.looked_at,
            calm_since=one.calm_since,
            most=one.most,
            ended_at=ended_at,
            ended_how=how,
            ended_by=people.get(one.ended_by),
        )
        if ended_at is None:
            until = one.ends_at.isoformat()
            record(Event.BREAKING_BEGAN, scope, by=SYSTEM, until=until, rate=one.most, imported=True)
            mark(keys.breaking(scope))
            renew()
    return NEW


def _asked_here(one: PastFilter) -> str | None:
    """What it asks for, in the names of here; ``None`` where what it is about is not here."""
    asked = dict(parse_qsl(one.query))
    if not asked.keys() & {"on", "by"}:
        return one.query
    if "on" in asked:
        asked["on"] = one.subject
    if "by" in asked:
        found = Writer.objects.filter(pk=one.writer).first() if one.writer is not None else None
        asked["by"] = "" if found is None else found.public_id
    return None if "" in (asked.get("on"), asked.get("by")) else urlencode(asked)
