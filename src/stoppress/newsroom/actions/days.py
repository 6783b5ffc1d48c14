"""Where the archive has pages, after articles came to days or left them."""

from collections.abc import Collection

from django.db.models import Count, Max, Q

from stoppress.newsroom import keys
from stoppress.newsroom.archives import Period, day_named
from stoppress.newsroom.models import BUCKET, ListEntry
from stoppress.pagestore.actions import paths_of
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.models import Priority


def look_at_days(lists: Collection[str], out: Derivation) -> None:
    """Say where the days with these ``lists`` live now, or that they are gone; then their months and years."""
    days = {name: day for name in lists if (day := day_named(name)) is not None}
    if not days:
        return
    found = ListEntry.objects.filter(list__in=days).values("list").order_by()
    found = found.annotate(last=Max("position"), shown=Count("pk", filter=Q(is_present=True)))
    newest = {row["list"]: row["last"] // BUCKET for row in found}
    shown = {row["list"] for row in found if row["shown"]}
    known = paths_of(days)
    turned: set[Period] = set()
    for name, day in sorted(days.items()):
        older = [
            Live(f"{day.path}page/{number}/", keys.older_page(name, number), Priority.OLDER)
            for number in range(1, newest.get(name, 0) + 1)
        ]
        if name in shown:
            out.live += [Live(day.path, name, Priority.FRONT), *older]
        elif name in known:
            out.gone += [name, *(live.subject for live in older)]
        if (name in shown) != (name in known) and day.parent is not None:
            turned.add(day.parent)
    _look_at(turned, out)


def _look_at(periods: set[Period], out: Derivation) -> None:
    """Months, or years, below which a page came or went."""
    known = paths_of([one.subject for one in periods])
    turned: set[Period] = set()
    for one in sorted(periods, key=lambda one: one.start):
        out.stale.add(one.subject)
        is_there = one.has_stories()
        if is_there:
            out.live.append(Live(one.path, one.subject, Priority.FRONT))
        elif one.subject in known:
            out.gone.append(one.subject)
        if is_there != (one.subject in known):
            if one.parent is None:
                out.stale.add(keys.ARCHIVE)
            else:
                turned.add(one.parent)
    if turned:
        _look_at(turned, out)
