"""Writing down that somebody changed the settings: which of them, never to what."""

from dataclasses import fields

from django.utils.crypto import salted_hmac

from stoppress.accounts.actions import audit
from stoppress.accounts.models import AuditEntry, Event
from stoppress.config.instance import SETTINGS_FILE, Settings

SALT = "stoppress.config.noted-settings"
NOT_NOTED = frozenset({"host", "port", "workers"})
"""``stoppress run`` takes them from its command line as well."""


def note_settings(settings: Settings) -> list[str]:
    """Add an entry to the audit log if the settings are not what they were at the last start.

    Returns:
        Names of those that changed; none the first time.
    """
    now = _digests(settings)
    last = AuditEntry.objects.filter(event=Event.SETTINGS_FILE).order_by("-number").first()
    before: dict[str, str] = last.details.get("digests", {}) if last is not None else {}
    changed = sorted(name for name in {*now, *before} if now.get(name) != before.get(name))
    if last is not None and not changed:
        return []
    if last is None:
        audit.record(Event.SETTINGS_FILE, f"{SETTINGS_FILE}, as first seen", digests=now)
        return []
    audit.record(Event.SETTINGS_FILE, SETTINGS_FILE, changed=changed, digests=now)
    return changed


def _digests(settings: Settings) -> dict[str, str]:
    """What is set otherwise than it comes, each as a digest that says nothing without the secret key."""
    plain = Settings()
    return {
        one.name: salted_hmac(SALT, f"{one.name}={value!r}", algorithm="sha256").hexdigest()[:16]
        for one in fields(Settings)
        if one.name not in NOT_NOTED and (value := getattr(settings, one.name)) != getattr(plain, one.name)
    }
