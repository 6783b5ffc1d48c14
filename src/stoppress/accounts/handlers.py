"""Observing writes: a new password lets its owner try it at once, and who got in or got more rights is written down."""

from typing import Any

from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from stoppress.accounts.actions import forget_sign_ins
from stoppress.accounts.actions.audit import record
from stoppress.accounts.mails import Kind
from stoppress.accounts.models import Event, User
from stoppress.accounts.tasks import send_mails

WATCHED = ("username", "email", "password", "is_active", "is_superuser")
"""What of an account is written down when it changes; never what it changed from or to, but for the last two."""


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    pre_save.connect(user_changes, sender=User, dispatch_uid="accounts.user_changes")
    post_save.connect(user_saved, sender=User, dispatch_uid="accounts.user_saved")
    post_delete.connect(user_deleted, sender=User, dispatch_uid="accounts.user_deleted")
    user_logged_in.connect(signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(sign_in_failed, dispatch_uid="accounts.sign_in_failed")
    m2m_changed.connect(groups_changed, sender=User.groups.through, dispatch_uid="accounts.groups_changed")
    m2m_changed.connect(rights_changed, sender=Group.permissions.through, dispatch_uid="accounts.rights_changed")
    mfa.authenticator_added.connect(factor_added, dispatch_uid="accounts.factor_added")
    mfa.authenticator_removed.connect(factor_removed, dispatch_uid="accounts.factor_removed")
    mfa.authenticator_reset.connect(codes_made, dispatch_uid="accounts.codes_made")
    mfa.authenticator_used.connect(factor_used, dispatch_uid="accounts.factor_used")
    mfa.authentication_failed.connect(code_failed, dispatch_uid="accounts.code_failed")
    for kind in (GroupPagePermission, GroupCollectionPermission):
        post_save.connect(place_given, sender=kind, dispatch_uid=f"accounts.{kind.__name__}_given")
        post_delete.connect(place_taken, sender=kind, dispatch_uid=f"accounts.{kind.__name__}_taken")


def user_changes(instance: User, *, raw: bool = False, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """Note what is about to change: afterwards nobody knows what it was."""
    instance._changes = {}  # type: ignore[attr-defined]
    watched = [name for name in WATCHED if update_fields is None or name in update_fields]
    if raw or not watched or instance.pk is None:
        return
    before = User.objects.filter(pk=instance.pk).values(*watched).first()
    if before is not None:
        changed = [name for name in watched if before[name] != getattr(instance, name)]
        instance._changes = {name: getattr(instance, name) for name in changed}  # type: ignore[attr-defined]


def user_saved(instance: User, *, raw: bool = False, created: bool = False, **_: Any) -> None:
    """Who has just set a password has not tried it yet; Django keeps it until it is saved."""
    if raw:
        return
    has_new_password = getattr(instance, "_password", None) is not None
    if has_new_password:
        forget_sign_ins(instance.get_username())
    changes = dict(getattr(instance, "_changes", {}))
    if created:
        record(Event.ACCOUNT_MADE, str(instance.get_username()), is_superuser=instance.is_superuser)
    # Signing in may hash the same password anew; that is nobody's doing.
    if changes.pop("password", None) is not None and (has_new_password or not instance.has_usable_password()):
        _note(Event.PASSWORD_SET, instance, Kind.PASSWORD_SET)
    if changes:
        told = {name: changes[name] for name in ("is_active", "is_superuser") if name in changes}
        record(Event.ACCOUNT_CHANGED, instance.get_username(), fields=sorted(changes), **told)


def user_deleted(instance: User, **_: Any) -> None:
    """The account goes; what it did stays in the log under its name."""
    record(Event.ACCOUNT_DELETED, instance.get_username())


def signed_in(user: User, request: Any = None, **_: Any) -> None:
    """Somebody is in. How is what allauth noted on the way; a password alone otherwise."""
    noted = getattr(request, "session", {}).get("account_authentication_methods", [])
    ways = [one.get("type") or one.get("method", "") for one in noted]
    if not any(one.get("passwordless") for one in noted):
        ways.insert(0, "password")
    record(Event.SIGNED_IN, user.get_username(), by=user, by_means_of=ways)


def factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    """An authenticator app, a passkey, or the first recovery codes."""
    is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    event, kind = (Event.CODES_MADE, Kind.CODES_MADE) if is_codes else (Event.FACTOR_ADDED, Kind.FACTOR_ADDED)
    _note(event, user, kind, kind=authenticator.type)


def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """By its owner; the recovery codes go with the last."""
    is_codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    _note(Event.FACTOR_REMOVED, user, None if is_codes else Kind.FACTOR_REMOVED, kind=authenticator.type)


def codes_made(user: User, **_: Any) -> None:
    """New recovery codes; the old ones are worth nothing."""
    _note(Event.CODES_MADE, user, Kind.CODES_MADE, kind=Authenticator.Type.RECOVERY_CODES.value)


def factor_used(user: User, authenticator: Authenticator, **_: Any) -> None:
    """Using one is part of signing in; a recovery code is worth a line of its own."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record(Event.CODE_USED, user.get_username(), by=user)


def code_failed(user: User, authenticator: Authenticator, **_: Any) -> None:
    """The password was right, or a passkey came, and the rest was wrong: worth looking at."""
    record(Event.SIGN_IN_FAILED, user.get_username(), is_known=True, kind=authenticator.type)


def sign_in_failed(credentials: dict[str, Any], **_: Any) -> None:
    """A wrong password. A name that nobody has is not kept: it may be a password in the wrong field."""
    account = User.objects.filter(username=str(credentials.get("username", ""))[:150]).first()
    record(Event.SIGN_IN_FAILED, account.get_username() if account else "", is_known=account is not None)


def groups_changed(instance: Model, action: str, *, pk_set: set[int] | None, reverse: bool = False, **_: Any) -> None:
    """A role given or taken, from either side."""
    event = {"post_add": Event.ROLE_GIVEN, "post_remove": Event.ROLE_TAKEN, "pre_clear": Event.ROLE_TAKEN}.get(action)
    if event is None:
        return
    if isinstance(instance, User) and not reverse:
        groups = instance.groups.all() if pk_set is None else Group.objects.filter(pk__in=pk_set)
        pairs = [(instance, group) for group in groups]
    else:
        users = User.objects.filter(groups=instance.pk) if pk_set is None else User.objects.filter(pk__in=pk_set)
        pairs = [(user, Group.objects.get(pk=instance.pk)) for user in users]
    for user, group in pairs:
        record(event, user.get_username(), role=group.name)


def rights_changed(instance: Model, action: str, *, pk_set: set[int] | None, reverse: bool = False, **_: Any) -> None:
    """What holders of a group may do anywhere."""
    if action not in {"post_add", "post_remove", "pre_clear"} or reverse or not isinstance(instance, Group):
        return
    if action != "pre_clear" and not pk_set:
        return
    rights = instance.permissions.all() if pk_set is None else Permission.objects.filter(pk__in=pk_set)
    names = sorted(f"{app}.{name}" for app, name in rights.values_list("content_type__app_label", "codename"))
    if action == "post_add":
        record(Event.RIGHTS_CHANGED, instance.name, given=names[:50])
    else:
        record(Event.RIGHTS_CHANGED, instance.name, taken=names[:50])


def place_given(instance: Any, *, created: bool = False, raw: bool = False, **_: Any) -> None:
    """What holders of a group may do to a part of the pages or files."""
    if created and not raw:
        record(Event.RIGHTS_CHANGED, instance.group.name, given=[_right(instance)])


def place_taken(instance: Any, **_: Any) -> None:
    """The same, taken away; or its section or group went."""
    group = Group.objects.filter(pk=instance.group_id).first()
    record(Event.RIGHTS_CHANGED, group.name if group else "", taken=[_right(instance)])


def _note(event: Event, user: User, mail: Kind | None, **details: Any) -> None:
    """Write it down, and have the account's owner told by ``mail``: it may have been somebody else."""
    if record(event, user.get_username(), **details) is not None and mail is not None and user.email:
        send_mails.enqueue(mail.value, [user.pk])


def _right(instance: Any) -> str:
    is_page = isinstance(instance, GroupPagePermission)
    pk = instance.page_id if is_page else instance.collection_id
    if is_page:
        title = Page.objects.filter(pk=pk).values_list("title", flat=True).first()
    else:
        title = Collection.objects.filter(pk=pk).values_list("name", flat=True).first()
    permission = Permission.objects.filter(pk=instance.permission_id).first()
    right = f"{permission.codename if permission else 'everything'} in {'page' if is_page else 'collection'} {pk}"
    return f"{right} “{title}”" if title else right
