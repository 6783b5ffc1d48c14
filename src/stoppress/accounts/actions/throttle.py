"""How often something may be tried: signing in, for each account and each address, and mails with a new password.

Our own, since the libraries for it keep tables of names and addresses and know nothing of mails; here stand only keyed
hashes. An attempt is counted before it is looked at, so that many at once get no further than one after the other, and
names that nobody has are counted like others, so that the answer never tells whether somebody has one.
"""

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, Tally, User
from stoppress.core.network import subscriber

log = logging.getLogger("stoppress.accounts")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts within so many seconds of the first.

    Attributes:
        is_audited: when it is used up, the audit log says so: somebody may be guessing passwords.
    """

    noun: str
    most: int
    seconds: int
    is_audited: bool = True


SIGN_INS_OF_ADDRESS = Limit("sign-ins from an address", 30, 900)
SIGN_INS_OF_ACCOUNT = Limit("sign-ins to an account", 10, 900)
RESETS_OF_ADDRESS = Limit("reset mails asked for from an address", 20, 3600)
RESETS_OF_MAIL = Limit("reset mails to a mail address", 3, 3600)
CODES_OF_ACCOUNT = Limit("codes for an account", 10, 900)
USES_OF_CODE = Limit("uses of a code", 1, 180)
LONGEST = timedelta(days=1)
"""What any limit looks back, here or in the rooms above."""


class TooOftenError(Exception):
    """A limit is used up.

    Attributes:
        seconds: until it may be tried again.
        minutes: the same, at least 1.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, -int(-seconds // 1))
        self.minutes = max(1, -int(-seconds // 60))
        super().__init__(f"Try again in {self.minutes} minutes.")


def count_sign_in(name: str, address: str) -> None:
    """Count an attempt to sign in, before the password is looked at.

    Raises:
        TooOftenError: of the address or of the account; it was not counted, and the password must not be looked at.
    """
    count([(SIGN_INS_OF_ADDRESS, subscriber(address)), (SIGN_INS_OF_ACCOUNT, _folded(name))])


def forgive_sign_in(name: str, address: str) -> None:
    """The password was right: the account starts afresh, and the address gets back this one attempt.

    Not more, or who has an account of their own could try others' without end.
    """
    forget_sign_ins(name)
    Tally.objects.filter(key=_key(SIGN_INS_OF_ADDRESS, subscriber(address)), count__gt=0).update(count=F("count") - 1)


def forget_sign_ins(name: str) -> None:
    """Start afresh for an account, such as when it gets a new password."""
    forget(SIGN_INS_OF_ACCOUNT, _folded(name))


def forget(limit: Limit, value: str) -> None:
    """Start afresh for what was counted as ``value``."""
    Tally.objects.filter(key=_key(limit, value)).delete()


def count_reset(email: str, address: str) -> None:
    """Count a wish for a mail with a new password.

    Raises:
        TooOftenError: from this address, or to this mail address; nothing may be sent.
    """
    count([(RESETS_OF_ADDRESS, subscriber(address)), (RESETS_OF_MAIL, _folded(email))])


def remove_old_tallies(*, is_dry: bool = False) -> int:
    """Delete counts that limit nothing any more; returns how many.

    Args:
        is_dry: only count them.
    """
    old = Tally.objects.filter(since__lt=timezone.now() - LONGEST)
    return old.count() if is_dry else old.delete()[0]


def count(asked: Sequence[tuple[Limit, str]]) -> None:
    """Count against all limits or none; always asked for in the same order, so that no two wait for one another.

    Raises:
        TooOftenError: a limit is used up; nothing was counted.
    """
    now = timezone.now()
    with transaction.atomic():
        for limit, value in asked:
            if not value:
                continue
            tally, _is_new = Tally.objects.select_for_update().get_or_create(
                key=_key(limit, value), defaults={"since": now}
            )
            ends_at = tally.since + timedelta(seconds=limit.seconds)
            if ends_at <= now:
                tally.since, tally.count = now, 0
            elif tally.count >= limit.most:
                raise TooOftenError((ends_at - now).total_seconds())
            tally.count += 1
            tally.save(update_fields=["since", "count"])
            if tally.count == limit.most > 1:
                log.warning("Too many %s; more are refused for %d minutes.", limit.noun, limit.seconds // 60)
                if limit.is_audited:
                    known = limit is SIGN_INS_OF_ACCOUNT and User.objects.filter(username=value).exists()
                    audit.record(Event.SIGN_IN_REFUSED, value if known else "", limit=limit.noun)


def _key(limit: Limit, value: str) -> str:
    return salted_hmac("stoppress.accounts.tally", f"{limit.noun}:{value}", algorithm="sha256").hexdigest()


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
