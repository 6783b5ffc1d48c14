"""The only place where our own code writes accounts."""

from stoppress.accounts.actions.people import (
    add_user,
    ask_for_reset,
    ensure_superuser,
    invitation_link,
    invite,
    mail_invitation,
)
from stoppress.accounts.actions.roles import ensure_roles, grant
from stoppress.accounts.actions.second_factors import reset_second_factors
from stoppress.accounts.actions.sessions import remove_expired_sessions
from stoppress.accounts.actions.throttle import (
    TooOftenError,
    count_sign_in,
    forget_sign_ins,
    forgive_sign_in,
    remove_old_tallies,
)

__all__ = [
    "TooOftenError",
    "add_user",
    "ask_for_reset",
    "count_sign_in",
    "ensure_roles",
    "ensure_superuser",
    "forget_sign_ins",
    "forgive_sign_in",
    "grant",
    "invitation_link",
    "invite",
    "mail_invitation",
    "remove_expired_sessions",
    "remove_old_tallies",
    "reset_second_factors",
]
