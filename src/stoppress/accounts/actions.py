"""The only place where our own code writes accounts."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from stoppress.accounts.models import User


def ensure_superuser(username: str, password: str) -> User:
    """The superuser ``username``, made with ``password`` when there is none; an existing one keeps theirs."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    return User.objects.create_superuser(username, password=password)


def remove_expired_sessions(*, is_dry: bool = False) -> int:
    """Delete the sessions that let nobody in any more; returns how many.

    Args:
        is_dry: only count them.
    """
    count = Session.objects.filter(expire_date__lt=timezone.now()).count()
    if count and not is_dry:
        SessionStore.clear_expired()
    return count
