"""Sessions of the desk: where somebody is signed in, and ending that."""

import re
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, SignedIn, User

SEEN_EVERY = timedelta(minutes=5)
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def note_session(user: User, session_key: str, user_agent: str, origin: str) -> None:
    """Note that ``user`` is at the desk in this session; writes at most once in :data:`SEEN_EVERY`."""
    now = timezone.now()
    known = SignedIn.objects.filter(session_key=session_key).values_list("user_id", "seen_at").first()
    if known is not None and known[0] == user.pk and now - known[1] < SEEN_EVERY:
        return
    SignedIn.objects.update_or_create(
        session_key=session_key,
        defaults={"user": user, "device": device_of(user_agent), "origin": origin, "seen_at": now},
    )


def end_sessions(user: User, *, only: int | None = None, but: str = "") -> int:
    """Sign ``user`` out elsewhere; returns of how many browsers.

    Args:
        only: the primary key of the one to end; all by default.
        but: the session key of the one to keep.
    """
    found = SignedIn.objects.filter(user=user).exclude(session_key=but)
    if only is not None:
        found = found.filter(pk=only)
    with transaction.atomic():
        ended = list(found)
        Session.objects.filter(session_key__in=[one.session_key for one in ended]).delete()
        found.delete()
        for one in ended:
            audit.record(Event.SESSION_ENDED, user.get_username(), device=one.device)
    return len(ended)


def remove_expired_sessions(*, is_dry: bool = False) -> int:
    """Delete the sessions that let nobody in any more; returns how many.

    Args:
        is_dry: only count them.
    """
    count = Session.objects.filter(expire_date__lt=timezone.now()).count()
    if is_dry:
        return count
    if count:
        SessionStore.clear_expired()
    SignedIn.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return count


def device_of(user_agent: str) -> str:
    """The browser and its system in words, as far as they can be told."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    told = ", ".join(filter(None, (browser, system)))
    return told or " ".join(re.findall(r"[A-Za-z0-9./-]+", user_agent)[:1])[:80]
