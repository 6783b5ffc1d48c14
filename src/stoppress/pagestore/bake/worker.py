"""The worker: derives marks, bakes what is queued by priority, and tidies when there is nothing to do.

Any number of workers may share one store. A task is claimed with a lease; what was claimed by a process that is
dead is free again at once on the same machine and after the lease elsewhere.
"""

import hashlib
import logging
import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from stoppress.core import hooks
from stoppress.pagestore import outbox
from stoppress.pagestore.bake.fingerprint import fingerprint
from stoppress.pagestore.bake.render import BakeRefused, Rendered, render
from stoppress.pagestore.bake.writer import Prepared, Writer
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address, BakeTask, Clock, Dependency, Mark, Priority

log = logging.getLogger("stoppress.worker")

LEASE = timedelta(seconds=60)
FRESH_AT_ONCE = 4
SWEEP_AT_ONCE = 32
BELL_LOOK_SECONDS = 0.02
DATABASE_LOOK_SECONDS = 1.0
ADDRESSES_AT_ONCE = 500
"""Of those whose files are looked for between two looks at the queue."""
QUIET_SECONDS = 10.0
"""Without work for this long, pages are packed tighter: sooner, and each front would be packed for one edit's life."""
DATABASE_RETRY_SECONDS = 0.5
PACE = timedelta(seconds=5)
"""What readers say is baked again so long after the last time: in a wave they say something many times a second."""
DERIVATION_PAUSE_SECONDS = 0.1
"""Between two derivations, which hold the lock that everybody needs who writes; the first after a pause is at once."""


@dataclass(slots=True)
class _Baked:
    """One claimed task on its way through a bake."""

    task: BakeTask
    address: Address
    rendered: Rendered | None = None
    digest: str = ""
    prepared: Prepared | None = None
    error: str = ""


class Worker:
    """Bakes for one store. Not thread-safe; a process has one."""

    def __init__(self, layout: Layout) -> None:
        self.writer = Writer(layout)
        self.layout = layout
        self.name = f"{socket.gethostname()}:{os.getpid()}:{id(self):x}"
        self._next_times = self._next_derivation = 0.0
        self._is_paced = False
        self._due_at: datetime | None = None

    def start(self) -> None:
        """Look around to the end (:meth:`look_around`)."""
        for _ in self.look_around():
            pass

    def look_around(self) -> Iterator[None]:
        """Find what was missed while nobody worked: dead claims, lost files, unmarked changes, a new fingerprint.

        An archive of a hundred thousand pages takes seconds. It is done piece by piece, so that what is published
        meanwhile can be baked between two pieces.
        """
        self.writer.remove_stale_temporaries()
        release_dead_claims()
        yield
        for pieces in hooks.call().find_unmarked():
            for keys in pieces:
                Mark.objects.bulk_create([Mark(key=key, urgency=Mark.Urgency.EXPANDED) for key in keys], 1000)
                yield
        last = 0
        while some := list(Address.objects.filter(pk__gt=last).order_by("pk")[:ADDRESSES_AT_ONCE]):
            self._find_lost(some)
            last = some[-1].pk
            yield
        self._sweep_on_new_fingerprint()

    def _find_lost(self, some: Sequence[Address]) -> None:
        """Queue those whose files are gone; a handful as news, many in the background."""
        has = {Address.State.LIVE: self.writer.has_page}
        lost = [one for one in some if not has.get(Address.State(one.state), self.writer.has_tombstone)(one.path)]
        if lost:
            # What waits for its bake anyway, keeps its place in the queue.
            waiting = set(BakeTask.objects.filter(address__in=lost).values_list("address_id", flat=True))
            with outbox.store_transaction():
                outbox.enqueue([one.pk for one in lost if one.pk not in waiting])
            self.writer.announce(one.path for one in lost if one.state == Address.State.LIVE)

    def step(self) -> int:
        """Derive, then bake one batch of the most urgent tasks; returns how much was done, 0 for nothing."""
        fresh = None
        if time.monotonic() >= self._next_derivation:
            fresh = outbox.derive()
            if fresh is not None and self._is_paced:
                self._next_derivation = time.monotonic() + DERIVATION_PAUSE_SECONDS
        if fresh:
            self.writer.announce(fresh)
        done = 0 if fresh is None else 1
        return done + len(self.bake())

    def bake(self) -> list[tuple[str, str]]:
        """Bake one batch of the most urgent tasks that are due: each path with its error, ``""`` for none."""
        claimed = self._claim()
        if not claimed:
            return []
        began_at, rung = outbox.now_seq(), self._bell()
        for done, one in enumerate(claimed):
            if done and one.task.priority >= Priority.SWEEP and self._bell() != rung:
                # Something was published: what is left of this batch of a sweep waits for it.
                BakeTask.objects.filter(pk__in=[late.task.pk for late in claimed[done:]], claimed_by=self.name).update(
                    claimed_by="", claimed_until=None
                )
                del claimed[done:]
                break
            self._prepare(one)
        self._sync([one for one in claimed if one.prepared is not None])
        with outbox.store_transaction() as clock:
            mine = {
                task.pk: task
                for task in BakeTask.objects.filter(pk__in=[one.task.pk for one in claimed], claimed_by=self.name)
                .select_related("address")
                .select_for_update(of=("self",))
            }
            shown: list[tuple[_Baked, BakeTask]] = []
            for one in claimed:
                if (task := mine.get(one.task.pk)) is None or task.address.state != one.address.state:
                    self._drop(one, task)
                elif one.error or not self._show(one):
                    _note_failure(one, task)
                else:
                    shown.append((one, task))
            self.writer.tell([one.prepared for one, _task in shown if one.prepared is not None])
            _store(shown, began_at, clock)
        return [(one.address.path, one.error) for one in claimed]

    def idle(self) -> bool:
        """One small thing for quiet times: the best compression of one page; returns whether there was one."""
        address = (
            Address.objects.filter(state=Address.State.LIVE, is_fully_compressed=False, task=None)
            .exclude(digest="")
            .order_by("pk")
            .first()
        )
        if address is None:
            return False
        body = self.writer.read(address.path)
        if body is None or _digest(body) != address.digest:
            Address.objects.filter(pk=address.pk).update(is_fully_compressed=True)
            return True
        prepared = Prepared(address.path, tuple(self.writer.squeeze(address.path, body)), ())
        with outbox.store_transaction():
            is_same = Address.objects.filter(
                pk=address.pk, digest=address.digest, state=Address.State.LIVE, task=None
            ).update(is_fully_compressed=True)
            if is_same:
                self.writer.commit([prepared])
            else:
                self.writer.discard(prepared)
        return True

    def expire(self) -> None:
        """Queue the pages whose text stopped being true by the passing of time."""
        due = list(Address.objects.filter(valid_until__lte=timezone.now()).values_list("pk", flat=True))
        if due:
            with outbox.store_transaction():
                Address.objects.filter(pk__in=due).update(valid_until=None)
                outbox.enqueue(due)

    def keep_times(self) -> None:
        """Let the rooms above do what they planned for now, once a second and when the next thing is due."""
        now = timezone.now()
        # The clock on the wall may be set back or forth: that it is a second later is measured by the other.
        if time.monotonic() < self._next_times and (self._due_at is None or now < self._due_at):
            return
        self._next_times = time.monotonic() + DATABASE_LOOK_SECONDS
        self._due_at = min((due for due in hooks.call().keep_times(now=now) if due is not None), default=None)

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set; a database that is away is waited for."""
        is_interrupted = False
        pieces: Iterator[None] | None = self.look_around()
        next_look = quiet_from = 0.0
        bell = -1
        self._is_paced = True
        while not stop.is_set():
            rung = self._bell()
            try:
                if is_interrupted:
                    self._give_back()
                    is_interrupted = False
                if pieces is not None and next(pieces, True):
                    pieces = None
                self.keep_times()
                if pieces is None and rung == bell and time.monotonic() < next_look:
                    stop.wait(BELL_LOOK_SECONDS)
                    continue
                if self.step():
                    quiet_from = time.monotonic() + QUIET_SECONDS
                    continue
                bell = rung
                is_put_off = time.monotonic() < self._next_derivation
                next_look = time.monotonic() + (DERIVATION_PAUSE_SECONDS if is_put_off else DATABASE_LOOK_SECONDS)
                release_dead_claims()
                self.expire()
                if time.monotonic() >= quiet_from:
                    if self.idle():
                        next_look = 0.0
                    else:
                        quiet_from = math.inf
            except (DatabaseError, OSError) as error:
                log.warning("Waiting: %s. Nothing is lost; readers keep what is baked.", error)
                connections.close_all()
                is_interrupted = True
                if pieces is not None:
                    pieces = self.look_around()  # an iterator that failed has ended
                stop.wait(DATABASE_RETRY_SECONDS)

    def close(self) -> None:
        """Give back what is claimed and let go of the store."""
        self._give_back()
        self.writer.close()

    def _give_back(self) -> None:
        """Free what an error left claimed; the name stays, since these pages may be half shown."""
        BakeTask.objects.filter(claimed_by=self.name).update(claimed_until=None)

    def _bell(self) -> int:
        try:
            return self.layout.bell_file.stat().st_mtime_ns
        except OSError:
            return 0

    def _claim(self) -> list[_Baked]:
        due = outbox.due_tasks().order_by("priority", "-address_id")
        if self._is_paced:
            due = due.exclude(priority=Priority.TALK, address__baked_at__gt=timezone.now() - PACE)
        if not due.exists():
            return []
        with transaction.atomic():
            tasks = list(
                due.select_related("address").select_for_update(skip_locked=True, of=("self",))[:SWEEP_AT_ONCE]
            )
            if not tasks:
                return []
            first = tasks[0].priority
            limit = SWEEP_AT_ONCE if first >= Priority.SWEEP else FRESH_AT_ONCE
            tasks = [task for task in tasks if task.priority == first][:limit]
            BakeTask.objects.filter(pk__in=[task.pk for task in tasks]).update(
                claimed_by=self.name, claimed_until=timezone.now() + LEASE
            )
        for task in tasks:
            if task.claimed_by:
                # Another bake of it was cut short: its files may be newer than what the database says of them.
                task.address.digest = ""
        return [_Baked(task, task.address) for task in tasks]

    def _prepare(self, one: _Baked) -> None:
        address = one.address
        try:
            if address.state != Address.State.LIVE:
                one.prepared = self.writer.prepare_tombstone(address.path, target_of(address))
                return
            one.rendered = render(address.path)
            one.digest = _digest(one.rendered.body)
            if one.digest != address.digest or not self.writer.has_page(address.path):
                one.prepared = self.writer.prepare_page(address.path, one.rendered.body, one.rendered.suffix)
        except (BakeRefused, OSError) as error:
            one.error = f"{error}"

    def _sync(self, batch: Sequence[_Baked]) -> None:
        prepared = [one.prepared for one in batch if one.prepared is not None]
        for one, error in zip(batch, self.writer.sync(prepared), strict=True):
            if error is not None and one.prepared is not None:
                self.writer.discard(one.prepared)
                one.error, one.prepared = f"{error}", None

    def _show(self, one: _Baked) -> bool:
        """Give its files their names; returns whether that went well.

        Inside the transaction: a crash after this leaves the task with its claim, and the bake is repeated.
        """
        if one.prepared is not None:
            try:
                self.writer.show(one.prepared)
            except OSError as error:
                self.writer.discard(one.prepared)
                one.error, one.address.digest = f"{error}", ""
        return not one.error

    def _drop(self, one: _Baked, task: BakeTask | None) -> None:
        """Somebody else has it now, or the address changed its state meanwhile: the task stays for another try."""
        if one.prepared is not None:
            self.writer.discard(one.prepared)
        if task is not None:
            Address.objects.filter(pk=task.address_id).update(digest=one.address.digest)
            BakeTask.objects.filter(pk=task.pk).update(claimed_by="", claimed_until=None)

    def _sweep_on_new_fingerprint(self) -> None:
        now = fingerprint()
        file = self.layout.fingerprint_file
        if file.exists() and file.read_text(encoding="ascii") == now:
            return
        outbox.enqueue_everything()
        fresh = self.layout.temporary / f"fingerprint-{os.getpid()}"
        fresh.write_text(now, encoding="ascii")
        fresh.replace(file)


def target_of(address: Address) -> str | None:
    """Where a moved address points now: never to another redirect; ``None`` when its subject is gone."""
    if address.state != Address.State.MOVED:
        return None
    live = Address.objects.filter(subject=address.subject, state=Address.State.LIVE).values_list("path", flat=True)
    return live.first()


def release_dead_claims() -> None:
    """Free what processes of this machine claimed that live no more; the names stay, see :meth:`Worker._claim`."""
    host = socket.gethostname()
    claimed = BakeTask.objects.exclude(claimed_by="").exclude(claimed_until=None)
    for claimant in claimed.values_list("claimed_by", flat=True).distinct():
        its_host, _, rest = claimant.partition(":")
        pid = rest.partition(":")[0]
        if its_host == host and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            BakeTask.objects.filter(claimed_by=claimant).update(claimed_until=None)


def _store(shown: Sequence[tuple[_Baked, BakeTask]], began_at: int, clock: Clock) -> None:
    """Write down what these pages depend on and that they are baked, all of a batch together where it is the same."""
    before: dict[int, set[str]] = {one.address.pk: set() for one, _task in shown}
    for address_id, key in Dependency.objects.filter(address_id__in=before).values_list("address_id", "key"):
        before[address_id].add(key)
    added: list[Dependency] = []
    done: list[int] = []
    for one, task in shown:
        address, keys = one.address, one.rendered.keys if one.rendered else frozenset[str]()
        if gone := before[address.pk] - keys:
            Dependency.objects.filter(address=address, key__in=gone).delete()
        added += [Dependency(address=address, key=key) for key in keys - before[address.pk]]
        changes: dict[str, object] = {
            "digest": one.digest,
            "baked_at": timezone.now(),
            "valid_until": one.rendered.valid_until if one.rendered else None,
            "error": "",
            "failed_at": None,
        }
        if one.digest != address.digest:
            changes["is_fully_compressed"] = False
        Address.objects.filter(pk=address.pk).update(**changes)
        if task.version == one.task.version and not outbox.went_stale_since(keys, began_at, clock):
            done.append(task.pk)
        else:
            BakeTask.objects.filter(pk=task.pk).update(claimed_by="", claimed_until=None, attempts=0)
    Dependency.objects.bulk_create(added, 1000)
    # The newsroom hears of deletions of whatever model, so that an ordinary one would first fetch each task.
    BakeTask.objects.filter(pk__in=done)._raw_delete(connection.alias)


def _note_failure(one: _Baked, task: BakeTask) -> None:
    """Keep the last good version, say it on the desk, and try again later."""
    attempts = task.attempts + 1
    BakeTask.objects.filter(pk=task.pk).update(
        claimed_by="",
        claimed_until=None,
        attempts=attempts,
        not_before=None if task.version != one.task.version else timezone.now() + outbox.pause_after(attempts),
    )
    Address.objects.filter(pk=one.address.pk).update(
        error=one.error[:2000], failed_at=timezone.now(), digest=one.address.digest
    )
    log.warning("%s was not baked: %s", one.address.path, one.error)


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def main(stop: threading.Event, ready: Callable[[], None] | None = None) -> None:
    """Run a worker for the instance's store until ``stop`` is set. Django must be set up."""
    from django.conf import settings  # noqa: PLC0415 - read when the process starts, so that tests can move the store

    worker = Worker(Layout(Path(settings.STOPPRESS_STORE)))
    if ready is not None:
        ready()
    try:
        worker.run(stop)
    finally:
        try:
            worker.close()
        except DatabaseError as error:
            log.warning("Claims are left to their lease: %s", error)
