"""What accounts themselves answer when they ask what a role may do."""

from stoppress.accounts.hookspecs import Rights
from stoppress.accounts.models import Role
from stoppress.core.hooks import hookimpl

DESK = frozenset({"wagtailadmin.access_admin"})
USERS = frozenset({"accounts.add_user", "accounts.change_user", "accounts.delete_user"})
GROUPS = frozenset({"auth.add_group", "auth.change_group", "auth.delete_group"})
AUDIT = frozenset({"accounts.view_auditentry"})
WORKFLOWS = frozenset(
    f"wagtailcore.{verb}_{noun}" for verb in ("add", "change", "delete") for noun in ("workflow", "task")
)


@hookimpl
def rights_of_role(role: Role) -> Rights:
    if role is Role.PUBLISHER:
        return Rights(anywhere=DESK | USERS | GROUPS | WORKFLOWS | AUDIT)
    if role is Role.OPERATOR:
        return Rights(anywhere=DESK | USERS | WORKFLOWS | AUDIT)
    return Rights(anywhere=DESK)
