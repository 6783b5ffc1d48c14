"""Roles as groups: made once, brought up to date by each version, and left as a publisher changed them by hand."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, Role, RoleGroup, User
from stoppress.accounts.permissions import may_change, may_give
from stoppress.core import hooks

if TYPE_CHECKING:
    from stoppress.accounts.hookspecs import Rights

NAME_LENGTH = 150
"""Of a group, as Django stores it."""
BY_SECTION = frozenset({Role.SECTION_EDITOR})


@transaction.atomic
def ensure_roles() -> None:
    """Make the groups of all roles, and give each what this version is the first to give. Safe to repeat.

    A group that somebody renamed, or a right that somebody took away, stays so; a group that somebody deleted comes
    back when its role is given next.
    """
    for role in Role:
        if role not in BY_SECTION and not RoleGroup.objects.filter(role=role, section=None).exists():
            _make(role, None)
    for held in RoleGroup.objects.exclude(group=None).select_related("group", "section"):
        _bring_up_to_date(held)


def grant(
    user: User, role: Role, section: Page | None = None, *, by: User | None = None, keeps_others: bool = True
) -> Group:
    """Give ``user`` a role, and return its group.

    Args:
        section: for a section editor, the section, or the home page for the whole publication.
        by: who gives it; ``None`` is the system itself.
        keeps_others: whether they keep the roles that they have.

    Raises:
        PermissionDenied: ``by`` may not give it, or not to this user.
        ValidationError: a section is missing, or given where none belongs.
    """
    require_place(role, section)
    if by is not None:
        require_may_give(by, role)
        if by == user and not by.is_superuser:
            raise PermissionDenied(_("Nobody gives themselves a role. Ask somebody else who may."))
        if not may_change(by, user):
            raise PermissionDenied(_("You may not change this account."))
    with transaction.atomic():
        held = RoleGroup.objects.filter(role=role, section=section).first()
        if held is None or held.group is None:
            held = _make(role, section)
        _bring_up_to_date(held)
        group = held.group
        if group is None:  # pragma: no cover - it was just made
            raise RuntimeError("A role without a group can't be given.")
        if not keeps_others:
            user.groups.remove(*user.groups.exclude(role=None).exclude(pk=group.pk))
        user.groups.add(group)
        log(instance=user, action="wagtail.edit", user=by)
    return group


def require_place(role: Role, section: Page | None) -> None:
    """See that a section is said where one is needed, and nowhere else.

    Raises:
        ValidationError: says what to do.
    """
    if role in BY_SECTION and section is None:
        raise ValidationError({"section": _("Say which section: a section editor publishes in one part of the paper.")})
    if role not in BY_SECTION and section is not None:
        raise ValidationError({"section": _("Only a section editor has a section. Leave it out.")})


def require_may_give(by: User, role: Role) -> None:
    """See that ``by`` may give ``role`` to anybody.

    Raises:
        PermissionDenied: they may not.
    """
    if not may_give(by, role):
        raise PermissionDenied(_("You may not give the role “%(role)s”.") % {"role": role.label})


def _make(role: Role, section: Page | None) -> RoleGroup:
    """The record and the group, which may be one that somebody made under this name; it gets everything afresh."""
    group, _is_new = Group.objects.get_or_create(name=_free_name(role, section))
    held, _is_new = RoleGroup.objects.get_or_create(role=role, section=section)
    held.group, held.given = group, []
    held.save()
    return held


def _free_name(role: Role, section: Page | None) -> str:
    name = str(role.label)
    if section is not None:
        above = section.get_ancestors(inclusive=True).filter(depth__gt=2) if section.depth > 2 else [section]
        name = f"{name}: {' › '.join(page.title for page in above)}"
    if RoleGroup.objects.filter(group__name=name[:NAME_LENGTH]).exists():
        number = f" ({section.pk if section else role.value})"
        return name[: NAME_LENGTH - len(number)] + number
    return name[:NAME_LENGTH]


def _bring_up_to_date(held: RoleGroup) -> None:
    given = {tuple(one) for one in held.given}
    rights: list[Rights] = hooks.call().rights_of_role(role=Role(held.role))
    new = sorted({name for one in rights for name in one.names()} - given)
    known = _permissions(permission for _scope, permission in new)
    with audit.quietly():
        for scope, name in new:
            permission = known.get(name)
            if permission is None or held.group is None:
                continue  # its application is not installed, or not migrated yet: it is given when it is there
            _GIVE[scope](held.group, permission, held.section)
            given.add((scope, name))
    if len(given) != len(held.given) and held.group is not None:
        fresh = sorted(given - {tuple(one) for one in held.given})
        audit.record(Event.RIGHTS_CHANGED, held.group.name, given=[f"{name} ({scope})" for scope, name in fresh][:50])
        held.given = sorted(given)
        held.save(update_fields=["given"])


def _permissions(names: Iterable[str]) -> dict[str, Permission]:
    wanted = set(names)
    codenames = {name.partition(".")[2] for name in wanted}
    found = Permission.objects.filter(codename__in=codenames).select_related("content_type")
    named = {f"{one.content_type.app_label}.{one.codename}": one for one in found}
    return {name: one for name, one in named.items() if name in wanted}


def _give_anywhere(group: Group, permission: Permission, _section: Page | None) -> None:
    group.permissions.add(permission)


def _give_pages(group: Group, permission: Permission, section: Page | None) -> None:
    page = section or Page.objects.get(depth=1)
    GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _give_files(group: Group, permission: Permission, _section: Page | None) -> None:
    collection = Collection.objects.get(depth=1)
    GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


_GIVE = {"anywhere": _give_anywhere, "pages": _give_pages, "files": _give_files}
