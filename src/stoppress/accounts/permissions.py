"""Who may do what to an account. The superuser's is nobody else's; nobody makes themselves more than they are."""

from stoppress.accounts.models import Role, User

ADD, CHANGE, DELETE = "accounts.add_user", "accounts.change_user", "accounts.delete_user"
CHANGE_GROUPS = "auth.change_group"
GUARDED = frozenset({Role.PUBLISHER})
"""Roles that only who may change what a role may do gives and takes."""


def may_change(by: User, user: User) -> bool:
    """Whether ``by`` may change the account of ``user``: its name, mail, password, roles.

    Who could change the mail of somebody with more rights could take these by a new password.
    """
    if by.is_superuser and by.is_active:
        return True
    if user.is_superuser or not by.has_perm(CHANGE):
        return False
    return by.has_perm(CHANGE_GROUPS) or not user.groups.filter(role__role__in=GUARDED).exists()


def may_give(by: User, role: Role | str | None) -> bool:
    """Whether ``by`` may give this role to somebody, or take it; ``None`` for a group that is no role of ours."""
    if by.has_perm(CHANGE_GROUPS):
        return True
    return role is not None and role not in GUARDED and by.has_perm(CHANGE)
