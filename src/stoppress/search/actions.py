"""The only place where the index is written: noting what changed, and indexing it."""

import logging
from collections.abc import Callable, Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from stoppress.newsroom.models import Publication
from stoppress.search import documents
from stoppress.search.engines import engine
from stoppress.search.models import Entry, Pending, Turn
from stoppress.search.words import form

log = logging.getLogger("stoppress.search")

AT_ONCE = 5
"""Articles in one transaction: on SQLite nobody else writes meanwhile."""
PLACES_PER_SECOND = 8

Progress = Callable[[int, int], None]


def note(page_ids: Iterable[int], urgency: Pending.Urgency = Pending.Urgency.NOW) -> None:
    """Say, in the transaction of a derivation, that these pages are to be looked at again."""
    Pending.objects.bulk_create([Pending(page_id=pk, urgency=urgency) for pk in page_ids], 1000)


def index_pending() -> int:
    """Index the next few of what waits, in one transaction; returns how many pages were looked at."""
    if not Pending.objects.exists():
        return 0
    with transaction.atomic():
        Turn.objects.select_for_update().get_or_create(pk=1)
        waiting = list(Pending.objects.order_by("urgency", "id")[:AT_ONCE])
        page_ids = sorted({one.page_id for one in waiting})
        _index(page_ids)
        # By number, so that what is noted meanwhile stays.
        Pending.objects.filter(pk__in=[one.pk for one in waiting]).delete()
    return len(page_ids)


def note_missed() -> int:
    """Note what differs from what was derived (a restore, another database, another version); returns how many."""
    found = sorted(missed(), reverse=True)
    note(found, Pending.Urgency.REBUILD)
    return len(found)


def missed() -> set[int]:
    """Articles that are in the index otherwise than they were derived, or not, or should not be, and don't wait."""
    public = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
    same = Entry.objects.filter(page_id=OuterRef("page_id"), content_hash=OuterRef("content_hash"), form=form())
    waiting = Pending.objects.filter(page_id=OuterRef("page_id"))
    absent = public.filter(~Exists(same), ~Exists(waiting)).values_list("page_id", flat=True)
    left = Entry.objects.filter(~Exists(public.filter(page_id=OuterRef("page_id"))), ~Exists(waiting))
    return {*absent, *left.values_list("page_id", flat=True)}


def reindex(progress: Progress | None = None) -> int:
    """Empty the index and make it again from all that is public now; returns how many articles are in it.

    Meanwhile what is not there yet is not found, the newest are found first, and what changes goes before.
    """
    with transaction.atomic():
        Turn.objects.select_for_update().get_or_create(pk=1)
        engine().clear()
        Entry.objects.all().delete()
        Pending.objects.all().delete()
        public = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
        note(public.order_by("-published_at", "-pk").values_list("pk", flat=True), Pending.Urgency.REBUILD)
        total = public.count()
    return index_all(progress, total)


def index_all(progress: Progress | None = None, total: int = 0) -> int:
    """Index until nothing waits, in this process; returns how many articles are in the index then."""
    done = 0
    while looked_at := index_pending():
        done += looked_at
        if progress is not None:
            progress(min(done, total or done), total or done)
    return Entry.objects.count()


def _index(page_ids: Sequence[int]) -> None:
    entries = Entry.objects.in_bulk(page_ids)
    found: dict[int, documents.Document] = {}
    try:
        found = documents.read(page_ids)
    except (ValueError, TypeError, KeyError, AttributeError):
        # One that can't be read must not keep the others out; it is not found until it is whole.
        log.exception("Not indexed: %s", page_ids)
        if len(page_ids) > 1:
            for pk in page_ids:
                _index([pk])
            return
    engine().remove([entry.place for entry in entries.values()])
    Entry.objects.filter(pk__in=[pk for pk in entries if pk not in found]).delete()
    for pk, document in found.items():
        public = document.publication
        entry = Entry(
            page_id=pk,
            place=_place(public),
            lists=document.lists,
            design=public.design,
            month=document.month,
            content_hash=public.content_hash,
            form=form(),
        )
        entry.save()
        engine().put(entry.place, document.parts, document.marks)


def _place(publication: Publication) -> int:
    """The first free place of its time or after."""
    moment = publication.published_at
    first = PLACES_PER_SECOND * int(moment.timestamp()) if moment is not None else 0
    while True:
        some = range(first, first + 20 * PLACES_PER_SECOND)
        rows = Entry.objects.filter(place__range=(some[0], some[-1])).exclude(pk=publication.pk)
        taken = set(rows.values_list("place", flat=True))
        if free := [place for place in some if place not in taken]:
            return free[0]
        first = some[-1] + 1
