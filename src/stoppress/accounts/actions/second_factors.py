"""Second factors: who needs one, by when, and taking them away from who has lost theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions import audit
from stoppress.accounts.actions.throttle import CODES_OF_ACCOUNT, USES_OF_CODE, TooOftenError, count, forget
from stoppress.accounts.mails import Kind
from stoppress.accounts.models import Event, Role, SignInRule, User
from stoppress.accounts.permissions import CHANGE_GROUPS, may_change
from stoppress.accounts.tasks import send_mails

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody must have a second factor.

    Attributes:
        by: from then on the desk opens only to set one up.
    """

    by: datetime

    @property
    def is_due(self) -> bool:
        """Whether that moment has come."""
        return self.by <= timezone.now()


def duty_of(user: User) -> Duty | None:
    """Whether a rule asks ``user`` for a second factor that they don't have. Superusers count as publishers."""
    rules = {rule.role: rule for rule in SignInRule.objects.all()}
    if not rules:
        return None
    roles = set(user.groups.exclude(role=None).values_list("role__role", flat=True))
    if user.is_superuser:
        roles.add(Role.PUBLISHER.value)
    asked = [rules[role] for role in roles & set(rules)]
    if not asked or has_second_factor(user):
        return None
    return Duty(min(max(rule.since, user.date_joined) + timedelta(days=rule.grace_days) for rule in asked))


def has_second_factor(user: User) -> bool:
    """Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def set_rules(grace: Mapping[Role, int], by: User | None = None) -> None:
    """Say which roles need a second factor, and after how many days; all others need none.

    A role that needed one before keeps its date.

    Raises:
        PermissionDenied: ``by`` may not say what roles may do.
    """
    if by is not None and not by.has_perm(CHANGE_GROUPS):
        raise PermissionDenied(_("You may not change this."))
    with transaction.atomic():
        SignInRule.objects.exclude(role__in=grace).delete()
        for role, days in grace.items():
            SignInRule.objects.update_or_create(role=role, defaults={"grace_days": days})
        told = {role.value: days for role, days in grace.items()}
        audit.record(Event.SETTINGS_CHANGED, "roles that need a second factor", by=by, days=told)


def reset_second_factors(user: User, by: User | None = None) -> int:
    """Take away all second factors and recovery codes of ``user``; returns how many factors there were.

    Their password alone lets them in then, so be sure who asks.

    Raises:
        PermissionDenied: ``by`` may not change this account.
    """
    if by is not None and not may_change(by, user):
        raise PermissionDenied(_("You may not change this account."))
    with transaction.atomic():
        found = Authenticator.objects.filter(user=user)
        number = int(found.filter(type__in=FACTORS).count())
        found.delete()
        audit.record(Event.FACTOR_RESET, user.get_username(), by=by, factors=number)
        if number and user.email:
            send_mails.enqueue(Kind.FACTOR_REMOVED.value, [user.pk])
    return number


def count_code(user: User) -> None:
    """Count an attempt at a code, before it is looked at.

    Raises:
        TooOftenError: it must not be looked at.
    """
    count([(CODES_OF_ACCOUNT, str(user.pk))])


def forgive_codes(user: User) -> None:
    """A code was right."""
    forget(CODES_OF_ACCOUNT, str(user.pk))


def claim_code(user: User, code: str) -> bool:
    """Whether this code was not used yet, in any process: one overheard in time is worth nothing (RFC 6238, 5.2)."""
    try:
        count([(USES_OF_CODE, f"{user.pk}:{''.join(code.split())}")])
    except TooOftenError:
        return False
    return True
