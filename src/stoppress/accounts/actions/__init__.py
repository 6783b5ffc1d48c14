"""The only place where our own code writes accounts."""

from stoppress.accounts.actions.people import add_user, ensure_superuser, invitation_link
from stoppress.accounts.actions.roles import ensure_roles, grant
from stoppress.accounts.actions.sessions import remove_expired_sessions

__all__ = [
    "add_user",
    "ensure_roles",
    "ensure_superuser",
    "grant",
    "invitation_link",
    "remove_expired_sessions",
]
