"""The audit log: adding to it, following its chain, and taking off what is old enough.

Each entry's digest covers the entry and the digest before it, with a key that is not in the database: whoever can
write to the database but not read the key can neither change a row nor put one in. A row that is cut off at the end
leaves no gap; every entry that a request made is therefore a line of the ordinary log as well, and ``stoppress doctor``
says how far the chain goes.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from wagtail.log_actions import get_active_log_context

from stoppress.accounts.models import AuditCheckpoint, AuditEntry, Event, User
from stoppress.core.network import client_address, origin_of

log = logging.getLogger("stoppress.audit")

SALT = "stoppress.accounts.audit"
APPENDING = 0x5350_4155
"""Number of the lock that PostgreSQL's writers take, one after the other; SQLite has one writer anyway."""
TRIGGERS = ("accounts_audit_no_update", "accounts_audit_no_delete")
ABOUT_LENGTH, TEXT_LENGTH = 255, 500


class _System:
    """Stop Press itself, whoever's request it was that came by."""


SYSTEM = _System()
"""Did what nobody asked for: a wave that was noticed, a time that was over."""

_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)
_is_quiet: ContextVar[bool] = ContextVar("audit_quiet", default=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What following the chain found.

    Attributes:
        count: entries that are there and sound.
        last: number and digest of the last of them; ``(0, "")`` when there is none.
        trouble: what is wrong with the first that is not sound, in one line; ``""`` when all are.
    """

    count: int
    last: tuple[int, str]
    trouble: str


def record(event: Event, about: str = "", *, by: User | _System | None = None, **details: Any) -> AuditEntry | None:
    """Add an entry, in the transaction that is open, if one is.

    Args:
        about: to what or whom it happened.
        by: who did it; by default whoever's request this is, or the system itself. With :data:`SYSTEM` it names nobody,
            nor where the request came from.
        details: more, as JSON; no secrets, no mail addresses.

    Returns:
        The entry, or ``None`` within :func:`quietly`.
    """
    if _is_quiet.get():
        return None
    request = _request.get()
    asking = None if by is SYSTEM else request
    actor = by if isinstance(by, User) else _asking(request) if by is None else None
    entry = AuditEntry(
        at=timezone.now().astimezone(UTC),
        event=event,
        actor_id=actor.pk if actor else None,
        actor=_clean(actor.get_username() if actor else "", 150),
        about=_clean(about, ABOUT_LENGTH),
        details={
            key: _clean(value, TEXT_LENGTH) if isinstance(value, str) else value for key, value in details.items()
        },
        origin=origin_of(client_address(asking)) if asking is not None else "",
    )
    with transaction.atomic():
        _wait_in_line()
        number, digest = _end()
        entry.number = number + 1
        entry.digest = _digest(digest, entry)
        entry.save(force_insert=True)
    if request is not None:  # a command's own output is for whoever typed it
        log.info("entry %d: %s, account %s (%s…)", entry.number, entry.event, entry.actor_id, entry.digest[:16])
    return entry


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """What is recorded within came from this request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


@contextmanager
def quietly() -> Iterator[None]:
    """Nothing is recorded within: the caller says it all in one entry."""
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)


def verify() -> Verdict:
    """Follow the chain from the last checkpoint, or from its beginning, to its end."""
    number, digest, count = 0, "", 0
    checkpoint = AuditCheckpoint.objects.order_by("-upto").first()
    if checkpoint is not None:
        if not constant_time_compare(checkpoint.seal, _seal(checkpoint.upto, checkpoint.digest)):
            return Verdict(0, (0, ""), f"the checkpoint at entry {checkpoint.upto} was not made by 'stoppress prune'")
        number, digest = checkpoint.upto, checkpoint.digest
    for entry in AuditEntry.objects.filter(number__gt=number).order_by("number").iterator(chunk_size=1000):
        if entry.number != number + 1:
            missing = f"entry {number + 1} is" if entry.number == number + 2 else f"entries from {number + 1} are"
            return Verdict(count, (number, digest), f"{missing} missing before entry {entry.number}")
        if not constant_time_compare(entry.digest, _digest(digest, entry)):
            return Verdict(count, (number, digest), f"entry {entry.number} is not what was written")
        number, digest, count = entry.number, entry.digest, count + 1
    return Verdict(count, (number, digest), "")


def is_guarded() -> bool:
    """Whether the database still refuses to change entries and to delete young ones."""
    table = (
        "sqlite_master WHERE type = 'trigger' AND name" if connection.vendor == "sqlite" else "pg_trigger WHERE tgname"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} IN (%s, %s)", TRIGGERS)  # noqa: S608 - one of two constants
        return int(cursor.fetchone()[0]) == len(TRIGGERS)


def remove_old_entries(before: datetime, *, is_dry: bool = False) -> int:
    """Take off entries made before that moment, leaving a checkpoint; returns how many.

    A chain that is broken is left alone: what is wrong with it must stay to be seen.

    Args:
        is_dry: only count them.
    """
    young = AuditEntry.objects.filter(at__gte=before).order_by("number").first()
    old = AuditEntry.objects.filter(at__lt=before)
    if young is not None:
        old = old.filter(number__lt=young.number)
    count = old.count()
    if is_dry or not count:
        return count
    verdict = verify()
    if verdict.trouble:
        log.error("Old entries stay, since the audit log was tampered with: %s.", verdict.trouble)
        return 0
    with transaction.atomic():
        last = old.order_by("-number")[0]
        AuditCheckpoint.objects.create(upto=last.number, digest=last.digest, seal=_seal(last.number, last.digest))
        AuditEntry.objects.filter(number__lte=last.number).delete()
        AuditCheckpoint.objects.filter(upto__lt=last.number).delete()
        record(Event.PRUNED, f"up to entry {last.number}", count=count)
    return count


def _asking(request: HttpRequest | None) -> User | None:
    user = getattr(get_active_log_context(), "user", None) or getattr(request, "user", None)
    return user if isinstance(user, User) else None


def _wait_in_line() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPENDING])


def _end() -> tuple[int, str]:
    last = AuditEntry.objects.order_by("-number").values_list("number", "digest").first()
    if last is None:
        last = AuditCheckpoint.objects.order_by("-upto").values_list("upto", "digest").first()
    return last or (0, "")


def _digest(before: str, entry: AuditEntry) -> str:
    said = [
        before,
        entry.number,
        entry.at.astimezone(UTC).isoformat(),
        str(entry.event),
        entry.actor_id,
        entry.actor,
        entry.about,
        entry.details,
        entry.origin,
    ]
    return _keyed(json.dumps(said, sort_keys=True, ensure_ascii=True))


def _seal(upto: int, digest: str) -> str:
    return _keyed(f"checkpoint {upto} {digest}")


def _keyed(text: str) -> str:
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()


def _clean(text: str, length: int) -> str:
    """One line that both databases hold, whatever a stranger typed."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())[:length]
