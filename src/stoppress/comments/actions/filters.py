"""Questions to the queues that a moderator keeps under a name, alone or for all."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.comments.actions.rights import require_moderator
from stoppress.comments.models import SavedFilter
from stoppress.comments.queues import QUEUES
from stoppress.comments.text import one_line
from stoppress.core.text import without_controls

LONGEST_NAME = 60
LONGEST_QUERY = 3_000
MOST = 30
"""So many has one moderator."""


def save_filter(user: User, name: str, queue: str, query: str, *, is_shared: bool = False) -> SavedFilter:
    """Keep what is asked of a queue under a name; one of theirs that has this name asks for this from now on.

    Raises:
        PermissionDenied: ``user`` is no moderator.
        ValueError: why it was not kept.
    """
    require_moderator(user)
    name, query = _read(name, queue, query)
    with transaction.atomic():
        theirs = SavedFilter.objects.filter(user=user)
        if theirs.exclude(name=name).count() >= MOST:
            raise ValueError(_("You have %d filters. Delete one first.") % MOST)
        asked = {"queue": queue, "query": query, "is_shared": is_shared}
        return SavedFilter.objects.update_or_create(user=user, name=name, defaults=asked)[0]


def change_filter(row: SavedFilter, user: User, name: str, queue: str, query: str, *, is_shared: bool) -> SavedFilter:
    """Let one's own filter have another name, ask for something else, or be for all or for oneself.

    Raises:
        PermissionDenied: ``user`` is no moderator, or it is somebody else's.
        ValueError: why it was not changed.
    """
    require_moderator(user)
    name, query = _read(name, queue, query)
    with transaction.atomic():
        row = _own(row, user)
        if SavedFilter.objects.filter(user=user, name=name).exclude(pk=row.pk).exists():
            raise ValueError(_("Another of your filters has this name. Nothing was changed."))
        row.name, row.queue, row.query, row.is_shared = name, queue, query, is_shared
        row.save()
    return row


def delete_filter(row: SavedFilter, user: User) -> None:
    """Forget one's own filter; no reply changes by it.

    Raises:
        PermissionDenied: ``user`` is no moderator, or it is somebody else's.
    """
    require_moderator(user)
    with transaction.atomic():
        _own(row, user).delete()


def _own(row: SavedFilter, user: User) -> SavedFilter:
    row = SavedFilter.objects.select_for_update().get(pk=row.pk)
    if row.user_id != user.pk:
        raise PermissionDenied(_("Only who made a filter changes it."))
    return row


def _read(name: str, queue: str, query: str) -> tuple[str, str]:
    name, query = one_line(name), without_controls(query)
    if not name:
        raise ValueError(_("Give the filter a name."))
    if len(name) > LONGEST_NAME:
        raise ValueError(_("A name has at most %d characters.") % LONGEST_NAME)
    if queue not in QUEUES or len(query) > LONGEST_QUERY:
        raise ValueError(_("This can’t be kept."))
    return name, query
