"""The outbox and the queue: marks go in, bake tasks come out.

Whoever changes the store's state in the database holds the clock's row (:func:`store_transaction`), so a bake
that stores its dependencies and a derivation that looks for them never miss each other.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.db import DatabaseError, DataError, IntegrityError, connection, transaction
from django.db.models import Case, Count, DateTimeField, Expression, F, Q, QuerySet, SmallIntegerField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from stoppress.core import hooks
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.layout import is_sound
from stoppress.pagestore.models import Address, BakeTask, Clock, Dependency, Mark, Priority, StaleKey

log = logging.getLogger("stoppress.outbox")

T = TypeVar("T")

MARKS_AT_ONCE = 200
SWEPT_MARKS_AT_ONCE = 50
"""Of those that nobody waits for: what is published meanwhile waits for their transaction to end."""
MANY_PAGES = 500
"""What more pages than this show is brought up to date in the background, or it would keep news waiting."""
ADDRESSES_AT_ONCE = 10_000
IDS_AT_ONCE = 500
"""How many values go into one SQL list."""
STALE_KEYS_KEPT = 20_000
"""Derivations whose stale keys are remembered; no bake lasts longer than that."""

LONGEST_RETRY_SECONDS = 300.0


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    return timedelta(seconds=min(0.1 * 2.0 ** min(attempts, 30), LONGEST_RETRY_SECONDS))


@contextmanager
def store_transaction() -> Iterator[Clock]:
    """A transaction that holds the clock's lock."""
    with transaction.atomic():
        clock, _ = Clock.objects.select_for_update().get_or_create(pk=1)
        yield clock


def now_seq() -> int:
    """The clock's reading; read it before a render begins."""
    # Not first(): to order what can only be one row is a third of the query's cost.
    return next(iter(Clock.objects.filter(pk=1).values_list("seq", flat=True)), 0)


def derive() -> list[str] | None:
    """Work through the next marks in one transaction: queue what is stale, then delete them by id.

    Marks of which one can't be derived are taken one by one; that one stays, with its error, for another try. What
    follows from an earlier mark waits until nothing is left to bake that readers wait for.

    Returns:
        Paths that became addresses, or ``None`` when no mark was due.

    Raises:
        DatabaseError: the database is away; nothing was changed.
    """
    due = Mark.objects.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
    if not due.exists():
        return None
    marks = list(due.filter(attempts=0).order_by("urgency", "id")[:MARKS_AT_ONCE])
    marks = [mark for mark in marks if mark.urgency == marks[0].urgency]
    if marks and marks[0].urgency == Mark.Urgency.EXPANDED:
        if due_tasks().filter(priority__lt=Priority.TALK).exists():
            return None
        del marks[SWEPT_MARKS_AT_ONCE:]
    return _derive_or_park(marks or list(due.order_by("not_before")[:1]))


def due_tasks() -> QuerySet[BakeTask]:
    """What may be baked now: claimed by nobody and not waiting for another try."""
    now = timezone.now()
    return BakeTask.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lt=now), Q(not_before=None) | Q(not_before__lte=now)
    )


def _derive_or_park(marks: Sequence[Mark]) -> list[str]:
    try:
        return _derive(marks)
    except Exception as error:
        # Anything else that the database says is about itself, not about a mark.
        if isinstance(error, DatabaseError) and not isinstance(error, DataError | IntegrityError):
            raise
        if len(marks) > 1:
            return [path for mark in marks for path in _derive_or_park([mark])]
        _park(marks[0], error)
        return []


def _park(mark: Mark, error: Exception) -> None:
    attempts = mark.attempts + 1
    text = f"{error}" if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
    Mark.objects.filter(pk=mark.pk).update(
        attempts=attempts, not_before=timezone.now() + pause_after(attempts), error=text[:2000]
    )
    Mark.objects.filter(key=mark.key, attempts__gt=0).exclude(pk=mark.pk).delete()
    log.warning("What changed in %s was not derived: %s", mark.key, text)


def _derive(marks: Sequence[Mark]) -> list[str]:
    with store_transaction() as clock:
        # Whoever held the clock before may have done them.
        marks = list(Mark.objects.filter(pk__in=[mark.pk for mark in marks]).order_by("urgency", "id"))
        if not marks:
            return []
        keys = list(dict.fromkeys(mark.key for mark in marks))
        clock.seq += 1
        clock.save(update_fields=["seq"])
        fresh: list[str] = []
        stale, swept = set(keys), set[str]()
        is_sweep = all(mark.urgency == Mark.Urgency.EXPANDED for mark in marks)
        for derivation in _derivations(keys):
            fresh += _apply_addresses(derivation, is_sweep=is_sweep)
            stale |= derivation.stale
            swept |= derivation.swept
            Mark.objects.bulk_create([Mark(key=key, urgency=urgency) for key, urgency in derivation.marks], 1000)
            timed = dict(derivation.timed)
            for some in _chunks(list(timed)):
                Mark.objects.filter(key__in=some, attempts=0, not_before__gt=timezone.now()).delete()
            Mark.objects.bulk_create([Mark(key=key, not_before=moment) for key, moment in timed.items()], 1000)
        _remember(stale | swept, clock.seq)
        enqueue_dependents(stale, is_sweep=is_sweep)
        enqueue_dependents(swept - stale, is_sweep=True)
        Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
        Mark.objects.filter(key__in=keys, attempts__gt=0).delete()  # what failed before has now been looked at
    return fresh


def enqueue_dependents(keys: Collection[str], *, is_sweep: bool) -> None:
    """Queue every address that shows one of ``keys``; in the background also for a key that very many show."""
    for some in _chunks(sorted(keys)):
        many = set(some)
        if not is_sweep:
            counted = Dependency.objects.filter(key__in=some).values("key").order_by().annotate(pages=Count("pk"))
            many = set(counted.filter(pages__gt=MANY_PAGES).values_list("key", flat=True))
        for chosen, in_background in ((many, True), (set(some) - many, False)):
            if chosen:
                ids = Dependency.objects.filter(key__in=chosen).order_by().values("address_id")
                _enqueue(Address.objects.filter(pk__in=ids), is_sweep=in_background)


def enqueue(address_ids: Sequence[int], priority: Priority | None = None) -> None:
    """Queue addresses, at their own priority unless one is given; a task that waits already moves forward only."""
    for some in _chunks(address_ids):
        _enqueue(Address.objects.filter(pk__in=some), is_sweep=False, priority=priority)


def enqueue_everything() -> None:
    """Queue every address in the background, in pieces: whoever publishes meanwhile does not wait for all of them."""
    last = Address.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for start in range(last, 0, -ADDRESSES_AT_ONCE):
        with store_transaction():
            _enqueue(Address.objects.filter(pk__lte=start, pk__gt=start - ADDRESSES_AT_ONCE), is_sweep=True)


def _enqueue(addresses: QuerySet[Address], *, is_sweep: bool, priority: Priority | None = None) -> None:
    """Queue what ``addresses`` finds, in one statement: there may be a hundred thousand of them.

    The ORM has no ``INSERT … SELECT``. Both engines have the same, but for the name of the smaller of two.
    """
    soon = (Priority.FRAGMENT, Priority.FRONT, Priority.FEED)
    level: Expression | F = Value(int(priority)) if priority is not None else F("priority")
    if is_sweep:
        level = Case(When(priority__in=soon, then=int(Priority.SWEEP)), default=int(Priority.SWEEP_PAGE))
    now = Value(timezone.now(), DateTimeField())
    chosen = addresses.order_by().annotate(level=Cast(level, SmallIntegerField()), at=now)
    select, values = chosen.values_list("pk", "level", "at").query.sql_with_params()
    smaller = "MIN" if connection.vendor == "sqlite" else "LEAST"
    table = connection.ops.quote_name(BakeTask._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (address_id, priority, queued_at, version, attempts, claimed_by) "  # noqa: S608 - names are ours
            f"SELECT chosen.*, 1, 0, '' FROM ({select}) chosen WHERE true ON CONFLICT (address_id) DO UPDATE SET "
            f"priority = {smaller}({table}.priority, excluded.priority), version = {table}.version + 1, "
            "not_before = NULL",
            values,
        )


def went_stale_since(keys: Iterable[str], seq: int, clock: Clock) -> bool:
    """Whether one of ``keys`` was derived stale after the reading ``seq``; call it while the ``clock`` is held."""
    if clock.seq == seq:
        return False  # nothing at all was derived, as after most bakes of one page
    return any(StaleKey.objects.filter(key__in=some, seq__gt=seq).exists() for some in _chunks(list(keys)))


def redirect(pairs: Sequence[tuple[str, str]]) -> list[bool]:
    """Let each path redirect to where its subject lives; returns of each whether that is news.

    An address that is live stays what it is: a page is worth more than an old link.
    """
    known: dict[str, Address] = {}
    for some in _chunks(sorted({path for path, _subject in pairs})):
        known |= {address.path: address for address in Address.objects.filter(path__in=some)}
    fresh: dict[str, Address] = {}
    turned: dict[str, Address] = {}
    news = []
    for path, subject in pairs:
        address = known.get(path)
        if address is None:
            fresh[path] = known[path] = Address(path=path, subject=subject, state=Address.State.MOVED)
        elif address.state == Address.State.LIVE or (address.subject, address.state) == (subject, Address.State.MOVED):
            news.append(False)
            continue
        else:
            address.subject, address.state = subject, Address.State.MOVED
            turned[path] = address
        news.append(True)
    Address.objects.bulk_create(fresh.values())
    for path, address in turned.items():
        if path not in fresh:
            address.save(update_fields=["subject", "state"])
    enqueue([address.pk for address in (fresh | turned).values()])
    return news


def _derivations(keys: list[str]) -> list[Derivation]:
    answers: list[Derivation] = hooks.call().derive_marks(keys=keys)
    return answers


def _apply_addresses(derivation: Derivation, *, is_sweep: bool) -> list[str]:
    register = _Register(derivation)
    fresh = [live.path for live in derivation.live if register.settle(live)]
    register.write()
    # Every address of a subject that moved or went follows it: a redirect to the new place, or 410.
    for some in _chunks(sorted(register.touched)):
        _enqueue(Address.objects.filter(subject__in=some), is_sweep=is_sweep)
    return fresh


class _Register:
    """The addresses that a derivation is about: read at once, changed in memory, written at once.

    Attributes:
        touched: subjects that got, left or lost an address.
    """

    def __init__(self, derivation: Derivation) -> None:
        self.touched: set[str] = set()
        self._by_path: dict[str, Address] = {}
        self._live: dict[str, Address] = {}
        self._changed: dict[str, Address] = {}
        for some in _chunks(sorted({live.path for live in derivation.live})):
            self._by_path |= {one.path: one for one in Address.objects.filter(path__in=some)}
        for some in _chunks(sorted({*derivation.gone, *(live.subject for live in derivation.live)})):
            for one in Address.objects.filter(subject__in=some, state=Address.State.LIVE):
                self._live[one.subject] = self._by_path.setdefault(one.path, one)
        for subject in derivation.gone:
            if (gone := self._live.pop(subject, None)) is not None:
                self._change(gone, Address.State.GONE)
                self.touched.add(subject)

    def settle(self, live: Live) -> bool:
        """Let the subject live at its path; returns whether that is news.

        Raises:
            ValueError: the path can't be an address.
        """
        if not is_sound(live.path):
            raise ValueError(f"{live.path!r} can't be an address")
        before = self._live.get(live.subject)
        if before is not None and before.path == live.path:
            return False
        if before is not None:
            self._change(before, Address.State.MOVED)
        address = self._by_path.get(live.path)
        if address is None:
            address = self._by_path[live.path] = Address(path=live.path)
        elif address.state == Address.State.LIVE:
            self._live.pop(address.subject, None)
        address.subject, address.priority = live.subject, live.priority
        self._change(address, Address.State.LIVE)
        self._live[live.subject] = address
        self.touched.add(live.subject)
        return True

    def write(self) -> None:
        """Write what changed: first what is live no more, since a subject lives at one place only."""
        there = [one for one in self._changed.values() if one.pk is not None]
        left = [one.pk for one in there]
        for some in _chunks(left):
            Address.objects.filter(pk__in=some, state=Address.State.LIVE).update(state=Address.State.MOVED)
        Address.objects.bulk_update(there, ["subject", "state", "priority"], batch_size=100)
        Address.objects.bulk_create([one for one in self._changed.values() if one.pk is None], 500)

    def _change(self, address: Address, state: Address.State) -> None:
        address.state = state
        self._changed[address.path] = address


def _remember(keys: set[str], seq: int) -> None:
    for some in _chunks(sorted(keys)):
        StaleKey.objects.bulk_create(
            [StaleKey(key=key, seq=seq) for key in some],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seq"],
        )
    if seq % 1000 == 0:
        StaleKey.objects.filter(seq__lt=seq - STALE_KEYS_KEPT).delete()


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), IDS_AT_ONCE):
        yield values[start : start + IDS_AT_ONCE]
