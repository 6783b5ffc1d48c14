"""The tables of accounts, one noun a file."""

from stoppress.accounts.models.audit import AuditCheckpoint, AuditEntry, Event
from stoppress.accounts.models.people import Role, RoleGroup, Tally, User
from stoppress.accounts.models.sign_in import SignedIn, SignInRule

__all__ = [
    "AuditCheckpoint",
    "AuditEntry",
    "Event",
    "Role",
    "RoleGroup",
    "SignInRule",
    "SignedIn",
    "Tally",
    "User",
]
