"""Who works here, for replies: badges, and names that nobody else may use. Reads."""

import time

from django.contrib.auth.models import Permission
from django.db.models import Q

from stoppress.accounts.models import User
from stoppress.core import hooks
from stoppress.core.subject import Subject

REMEMBERED_SECONDS = 60.0
_remembered: tuple[float, tuple[str, ...]] | None = None


def is_staff(user: User) -> bool:
    """Whether ``user`` works at the desk."""
    return bool(user.has_perm("wagtailadmin.access_admin"))


def is_author(subject: Subject, user: User) -> bool:
    """Whether ``user`` wrote what ``subject`` is."""
    return bool(hooks.call().is_author_of(key=subject.key, user=user))


def staff_names() -> tuple[str, ...]:
    """Names under which only the staff may reply; up to a minute old, since every reply asks."""
    global _remembered  # noqa: PLW0603 - a cache of one value for one process
    now = time.monotonic()
    if _remembered is None or _remembered[0] < now:
        _remembered = (now + REMEMBERED_SECONDS, tuple(sorted(_names())))
    return _remembered[1]


def forget_names() -> None:
    """Ask again at the next reply."""
    global _remembered  # noqa: PLW0603 - as above
    _remembered = None


def _names() -> set[str]:
    desk = Permission.objects.filter(codename="access_admin", content_type__app_label="wagtailadmin")
    works_here = Q(is_superuser=True) | Q(groups__permissions__in=desk) | Q(user_permissions__in=desk)
    names = {str(user) for user in User.objects.filter(works_here, is_active=True).distinct()}
    for some in hooks.call().names_of_staff():
        names.update(some)
    return {name for name in names if name.strip()}
