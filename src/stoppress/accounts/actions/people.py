"""Accounts: made with an invitation instead of a password, so that nobody ever knows another's."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from stoppress.accounts import mails
from stoppress.accounts.actions import audit
from stoppress.accounts.actions.roles import grant, require_may_give, require_place
from stoppress.accounts.actions.throttle import count_reset
from stoppress.accounts.links import password_link
from stoppress.accounts.models import Event, Role, User
from stoppress.accounts.permissions import ADD, may_change
from stoppress.accounts.tasks import send_mails


def ensure_superuser(username: str, password: str) -> User:
    """The superuser ``username``, made with ``password`` when there is none; an existing one keeps theirs."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    return User.objects.create_superuser(username, password=password)


def add_user(username: str, email: str, role: Role, section: Page | None = None, *, by: User | None = None) -> User:
    """Make an account with a role and without a password: :func:`invitation_link` lets its owner set one.

    Args:
        section: see :func:`~stoppress.accounts.actions.roles.grant`.
        by: who makes it; ``None`` is the system itself.

    Raises:
        PermissionDenied: ``by`` may not make accounts, or not give this role.
        ValidationError: the name or the mail address is taken or malformed, or the section is missing.
    """
    if by is not None:
        if not by.has_perm(ADD):
            raise PermissionDenied(_("You may not make accounts."))
        require_may_give(by, role)
    require_place(role, section)
    user = User(username=username.strip(), email=User.objects.normalize_email(email.strip()))
    user.set_unusable_password()
    if not user.email:
        raise ValidationError({"email": _("An account needs a mail address.")})
    user.full_clean()
    if User.objects.filter(email__iexact=user.email).exists():
        raise ValidationError({"email": _("Somebody has this mail address already.")})
    with transaction.atomic():
        user.save()
        log(instance=user, action="wagtail.create", user=by)
        grant(user, role, section)
    return user


def invitation_link(user: User, *, by: User | None = None) -> str:
    """An address at which ``user`` sets a password, once; it lasts ``PASSWORD_RESET_TIMEOUT`` seconds.

    Args:
        by: who asks for it; ``None`` is the system itself.

    Raises:
        PermissionDenied: ``by`` may not change this account.
        ValidationError: the account is switched off.
    """
    if by is not None and not may_change(by, user):
        raise PermissionDenied(_("You may not change this account."))
    if not user.is_active:
        raise ValidationError(_("This account is switched off; nobody can sign in with it."))
    audit.record(Event.INVITED, user.get_username(), by=by)
    return password_link(user)


def mail_invitation(user: User) -> None:
    """Send the invitation now.

    Raises:
        MailError: it could not be handed over.
        ValidationError: the account is switched off.
    """
    invitation_link(user)
    mails.send(mails.Kind.INVITATION, user)


def invite(username: str, email: str, role: Role, section: Page | None, by: User) -> User:
    """Make an account as :func:`add_user` does, and have its owner sent an invitation in a moment.

    Raises:
        PermissionDenied: ``by`` may not make accounts, or not give this role.
        ValidationError: as of :func:`add_user`.
    """
    with transaction.atomic():
        user = add_user(username, email, role, section, by=by)
        audit.record(Event.INVITED, user.get_username(), by=by)
        send_mails.enqueue(mails.Kind.INVITATION.value, [user.pk])
    return user


def ask_for_reset(email: str, address: str) -> None:
    """Have whoever has an account with this mail address sent a link to set a new password, in a moment.

    Who was invited and has no password yet gets one too. It takes the same time whether or not there is anybody.

    Args:
        address: from where it was asked.

    Raises:
        TooOftenError: nothing is sent.
    """
    count_reset(email, address)
    found = dict(User.objects.filter(email__iexact=email, is_active=True).values_list("pk", "username"))
    audit.record(Event.RESET_ASKED, ", ".join(sorted(found.values())), is_known=bool(found))
    send_mails.enqueue(mails.Kind.RESET.value, list(found))
