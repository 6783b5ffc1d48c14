"""The mails that we send to people with an account."""

from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoppress.accounts.links import password_link
from stoppress.accounts.models import User
from stoppress.core import mail

HOUR_SECONDS = 3600


class Kind(StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    RESET = "reset"
    PASSWORD_SET = "password-set"  # noqa: S105 - no password
    FACTOR_ADDED = "factor-added"
    FACTOR_REMOVED = "factor-removed"
    CODES_MADE = "codes-made"


WHAT = {
    Kind.PASSWORD_SET: gettext_lazy("Your password was changed."),
    Kind.FACTOR_ADDED: gettext_lazy("A second factor was added."),
    Kind.FACTOR_REMOVED: gettext_lazy("A second factor was taken away."),
    Kind.CODES_MADE: gettext_lazy("New recovery codes were made; the old ones are worth nothing."),
}
"""What an owner is told of afterwards, since it may have been somebody else."""


def send(kind: Kind, user: User) -> None:
    """Send a mail now, with a new link if it is one that lets its owner in.

    Raises:
        MailError: it could not be handed over.
    """
    title = settings.STOPPRESS_TITLE
    if (what := WHAT.get(kind)) is not None:
        address = settings.BASE_URL + reverse("wagtailadmin_password_reset")
        told = {"user": user, "title": title, "what": what, "address": address}
        mail.send(f"{title}: {what}", render_to_string("accounts/changed.txt", told), user.email)
        return
    context = {
        "user": user,
        "title": title,
        "link": password_link(user),
        "hours": settings.PASSWORD_RESET_TIMEOUT // HOUR_SECONDS,
    }
    if kind is Kind.INVITATION:
        subject, text = _("Your account at %s") % title, render_to_string("accounts/invitation.txt", context)
    else:
        subject, text = _("A new password for %s") % title, render_to_string("accounts/reset.txt", context)
    mail.send(subject, text, user.email)
