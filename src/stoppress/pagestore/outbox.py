"""The outbox and the queue: marks go in, bake tasks come out.

Whoever changes the store's state in the database holds the clock's row (:func:`store_transaction`), so a bake
that stores its dependencies and a derivation that looks for them never miss each other.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Least

from stoppress.core import hooks
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.layout import is_sound
from stoppress.pagestore.models import Address, BakeTask, Clock, Dependency, Mark, Priority, StaleKey

T = TypeVar("T")

MARKS_AT_ONCE = 200
IDS_AT_ONCE = 500
"""How many values go into one SQL list."""
STALE_KEYS_KEPT = 20_000
"""Derivations whose stale keys are remembered; no bake lasts longer than that."""


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

    Returns:
        Paths that became addresses, or ``None`` when there was no mark.
    """
    if not Mark.objects.exists():
        return None
    with store_transaction() as clock:
        marks = list(Mark.objects.order_by("urgency", "id")[:MARKS_AT_ONCE])
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
        _remember(stale | swept, clock.seq)
        enqueue_dependents(stale, is_sweep=False)
        enqueue_dependents(swept - stale, is_sweep=True)
        Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
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


def redirect(path: str, subject: str) -> bool:
    """Let ``path`` redirect to where ``subject`` lives; returns whether anything changed.

    An address that is live stays what it is: a page is worth more than an old link.
    """
    address, was_new = Address.objects.get_or_create(
        path=path, defaults={"subject": subject, "state": Address.State.MOVED}
    )
    if not was_new:
        if address.state == Address.State.LIVE or (address.subject, address.state) == (subject, Address.State.MOVED):
            return False
        address.subject, address.state = subject, Address.State.MOVED
        address.save(update_fields=["subject", "state"])
    enqueue([address.pk])
    return True


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
