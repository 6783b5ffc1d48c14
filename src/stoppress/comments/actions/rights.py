"""Who may do what to replies of others."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from stoppress.accounts.models import User

MODERATE = "comments.change_comment"
FORGET = "comments.forget_writer"


def may_moderate(user: object) -> bool:
    """Whether ``user`` is a moderator."""
    return isinstance(user, User) and user.has_perm(MODERATE)


def may_forget(user: object) -> bool:
    """Whether ``user`` may give out all that is kept of a person, and erase it."""
    return isinstance(user, User) and user.has_perm(FORGET)


def require_moderator(user: User) -> None:
    """See that ``user`` is a moderator.

    Raises:
        PermissionDenied: they are not.
    """
    if not may_moderate(user):
        raise PermissionDenied(_("You may not moderate replies."))
