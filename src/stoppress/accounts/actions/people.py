"""Accounts: made with an invitation instead of a password, so that nobody ever knows another's."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from stoppress.accounts.actions.roles import grant, require_may_give, require_place
from stoppress.accounts.models import Role, User
from stoppress.accounts.permissions import ADD, may_change


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
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    path = reverse("wagtailadmin_password_reset_confirm", kwargs={"uidb64": uid, "token": token})
    return f"{settings.BASE_URL}{path}"
