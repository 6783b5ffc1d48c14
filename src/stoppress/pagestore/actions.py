"""All that other rooms may do to the page store: mark, redirect, and bake now."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from stoppress.pagestore import outbox
from stoppress.pagestore.bake.render import render
from stoppress.pagestore.bake.worker import Worker, target_of
from stoppress.pagestore.bake.writer import Writer
from stoppress.pagestore.layout import Layout, is_sound, normal
from stoppress.pagestore.models import Address, BakeTask, Mark, Priority

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class BakeReport:
    """How a bake went: how many pages, and each path or surrogate key that failed with its reason."""

    baked: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def mark(*keys: str) -> None:
    """Say, in the transaction of the change itself, that ``keys`` changed; the workers hear of it when it commits."""
    Mark.objects.bulk_create([Mark(key=key) for key in dict.fromkeys(keys)])
    layout = _layout()
    transaction.on_commit(layout.ring)


def add_redirect(path: str, subject: str) -> bool:
    """Let the old ``path`` redirect to wherever ``subject`` (``article:42``) lives; returns whether that is news.

    A page that lives at ``path`` stays. Safe to repeat.

    Raises:
        ValueError: ``path`` can't be an address.
    """
    return add_redirects([(path, subject)])[0]


def add_redirects(pairs: Sequence[tuple[str, str]]) -> list[bool]:
    """As :func:`add_redirect` for many paths and subjects, in a fixed number of queries.

    Raises:
        ValueError: names the path that can't be an address; nothing was written.
    """
    wanted = [(normal(path), subject) for path, subject in pairs]
    for path, _subject in wanted:
        if not is_sound(path):
            raise ValueError(f"{path!r} can't be an address")
    if not wanted:
        return []
    with outbox.store_transaction():
        news = outbox.redirect(wanted)
    if any(news):
        transaction.on_commit(_layout().ring)
    return news


def drain(progress: Progress | None = None) -> BakeReport:
    """Derive every mark and bake all that is due, in this process."""
    worker = Worker(_layout())
    try:
        return _drain(worker, progress)
    finally:
        worker.close()


def bake_everything(progress: Progress | None = None) -> BakeReport:
    """Bake every address again, also what nobody marked."""
    worker = Worker(_layout())
    try:
        worker.start()
        while outbox.derive() is not None:
            continue
        with outbox.store_transaction():
            Address.objects.exclude(digest="").update(digest="")  # so that a file that was damaged is written as well
        outbox.enqueue_everything()
        return _drain(worker, progress)
    finally:
        worker.close()


def bake_paths(paths: Collection[str]) -> BakeReport:
    """Bake the given addresses now.

    Raises:
        ValueError: names a path that is not an address of this publication.
    """
    wanted = [normal(f"/{path.lstrip('/')}") for path in paths]
    known = dict(Address.objects.filter(path__in=wanted).values_list("path", "pk"))
    if missing := [path for path in wanted if path not in known]:
        raise ValueError(f"{missing[0]} is not an address of this publication")
    with outbox.store_transaction():
        Address.objects.filter(pk__in=known.values()).update(digest="")  # as in bake_everything
        outbox.enqueue(list(known.values()), Priority.PAGE)
    return drain()


def bake_afresh(root: Path) -> int:
    """Bake every address into an empty store at ``root``, beside the one in use; returns how many.

    The oracle: whatever happened, the store in use must equal this one, byte for byte.

    Raises:
        BakeRefused: a page can't be baked.
    """
    writer = Writer(Layout(root))
    count = 0
    try:
        for address in Address.objects.order_by("path").iterator():
            if address.state == Address.State.LIVE:
                rendered = render(address.path)
                prepared = writer.prepare_page(address.path, rendered.body, rendered.suffix)
            else:
                prepared = writer.prepare_tombstone(address.path, target_of(address))
            writer.commit([prepared])
            count += 1
    finally:
        writer.close()
    return count


def lost_paths() -> list[str]:
    """Addresses that were baked and whose files are not in the store."""
    layout = _layout()
    writer = Writer(layout)
    try:
        return [
            path
            for path, state in Address.objects.exclude(baked_at=None).values_list("path", "state").iterator()
            if not (writer.has_page(path) if state == Address.State.LIVE else writer.has_tombstone(path))
        ]
    finally:
        writer.close()


def _drain(worker: Worker, progress: Progress | None) -> BakeReport:
    failed: dict[str, str] = {}
    done: set[str] = set()
    while True:
        fresh = outbox.derive()
        if fresh is not None:
            worker.writer.announce(fresh)
        results = worker.bake()
        if fresh is None and not results:
            break
        for path, error in results:
            if error:
                failed[path] = error
            else:
                done.add(path)
                failed.pop(path, None)
        if progress is not None:
            progress(len(done), len(done) + BakeTask.objects.count())
    parked = Mark.objects.filter(attempts__gt=0).values_list("key", "error")
    return BakeReport(baked=len(done), failed=[*sorted(failed.items()), *parked])


def _layout() -> Layout:
    return Layout(Path(settings.STOPPRESS_STORE))


def paths_of(subjects: Iterable[str]) -> dict[str, str]:
    """Where each of ``subjects`` lives now; those that live nowhere are left out."""
    live = Address.objects.filter(subject__in=list(subjects), state=Address.State.LIVE)
    return dict(live.values_list("subject", "path"))


def subject_at(path: str) -> str | None:
    """What lives at ``path`` as far as was derived."""
    found = Address.objects.filter(path=path, state=Address.State.LIVE).values_list("subject", flat=True)
    return next(iter(found), None)  # at most one, and first() would order it at each render's cost
