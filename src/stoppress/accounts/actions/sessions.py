"""Sessions of the desk."""

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone


def remove_expired_sessions(*, is_dry: bool = False) -> int:
    """Delete the sessions that let nobody in any more; returns how many.

    Args:
        is_dry: only count them.
    """
    count = Session.objects.filter(expire_date__lt=timezone.now()).count()
    if count and not is_dry:
        SessionStore.clear_expired()
    return count
