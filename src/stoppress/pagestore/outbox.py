"""The outbox and the queue: marks go in, bake tasks come out.

Whoever changes the store's state in the database holds the clock's row (:func:`store_transaction`), so a bake
that stores its dependencies and a derivation that looks for them never miss each other.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.db import DatabaseError, DataError, IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

from stoppress.core import hooks
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.layout import is_sound
from stoppress.pagestore.models import Address, BakeTask, Clock, Dependency, Mark, Priority, StaleKey

log = logging.getLogger("stoppress.outbox")

T = TypeVar("T")

MARKS_AT_ONCE = 200
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

    Marks of which one can't be derived are taken one by one; that one stays, with its error, for another try.

    Returns:
        Paths that became addresses, or ``None`` when no mark was due.

    Raises:
        DatabaseError: the database is away; nothing was changed.
    """
    due = Mark.objects.filter(Q(not_before=None) | Q(not_before__lte=timezone.now()))
    if not due.exists():
        return None
    first = list(due.filter(attempts=0).order_by("urgency", "id")[:MARKS_AT_ONCE])
    marks = first or list(due.order_by("not_before")[:1])
    return _derive_or_park(marks)


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
        for derivation in _derivations(keys):
            fresh += _apply_addresses(derivation)
            stale |= derivation.stale
            swept |= derivation.swept
            Mark.objects.bulk_create([Mark(key=key, urgency=urgency) for key, urgency in derivation.marks], 1000)
            timed = dict(derivation.timed)
            for some in _chunks(list(timed)):
                Mark.objects.filter(key__in=some, attempts=0, not_before__gt=timezone.now()).delete()
            Mark.objects.bulk_create([Mark(key=key, not_before=moment) for key, moment in timed.items()], 1000)
        _remember(stale | swept, clock.seq)
        enqueue_dependents(stale, is_sweep=False)
        enqueue_dependents(swept - stale, is_sweep=True)
        Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
        Mark.objects.filter(key__in=keys, attempts__gt=0).delete()  # what failed before has now been looked at
    return fresh


def enqueue_dependents(keys: Collection[str], *, is_sweep: bool) -> None:
    """Queue every address that shows one of ``keys``."""
    for some in _chunks(list(keys)):
        ids = Dependency.objects.filter(key__in=some).values_list("address_id", flat=True).distinct()
        enqueue(list(ids), Priority.SWEEP if is_sweep else None)


def enqueue(address_ids: Sequence[int], priority: Priority | None = None) -> None:
    """Queue addresses, at their own priority unless one is given; a task that waits already moves forward only."""
    for some in _chunks(address_ids):
        wanted = dict(Address.objects.filter(pk__in=some).values_list("pk", "priority"))
        if priority is not None:
            wanted = dict.fromkeys(wanted, int(priority))
        there = set(BakeTask.objects.filter(address_id__in=some).values_list("address_id", flat=True))
        for level in {wanted[pk] for pk in there}:
            BakeTask.objects.filter(address_id__in=[pk for pk in there if wanted[pk] == level]).update(
                priority=Least("priority", level), version=F("version") + 1, not_before=None
            )
        BakeTask.objects.bulk_create(
            [BakeTask(address_id=pk, priority=level) for pk, level in wanted.items() if pk not in there],
            ignore_conflicts=True,
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


def _apply_addresses(derivation: Derivation) -> list[str]:
    touched: set[str] = set()
    for subject in derivation.gone:
        if Address.objects.filter(subject=subject, state=Address.State.LIVE).update(state=Address.State.GONE):
            touched.add(subject)
    fresh = []
    for live in derivation.live:
        if _settle(live):
            fresh.append(live.path)
            touched.add(live.subject)
    # Every address of a subject that moved or went follows it: a redirect to the new place, or 410.
    for some in _chunks(sorted(touched)):
        enqueue(list(Address.objects.filter(subject__in=some).values_list("pk", flat=True)))
    return fresh


def _settle(live: Live) -> bool:
    """Let the subject live at its path; returns whether that is news."""
    if not is_sound(live.path):
        raise ValueError(f"{live.path!r} can't be an address")
    Address.objects.filter(subject=live.subject, state=Address.State.LIVE).exclude(path=live.path).update(
        state=Address.State.MOVED
    )
    address, was_new = Address.objects.get_or_create(
        path=live.path, defaults={"subject": live.subject, "priority": live.priority}
    )
    if was_new:
        return True
    if (address.subject, address.state) == (live.subject, Address.State.LIVE):
        return False
    address.subject, address.state, address.priority = live.subject, Address.State.LIVE, live.priority
    address.save(update_fields=["subject", "state", "priority"])
    return True


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
