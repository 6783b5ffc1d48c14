"""The mails that we send to people with an account."""

from enum import StrEnum

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from stoppress.accounts.links import password_link
from stoppress.accounts.models import User
from stoppress.core import mail

HOUR_SECONDS = 3600


class Kind(StrEnum):
    """What a mail is for."""

    INVITATION = "invitation"
    RESET = "reset"


def send(kind: Kind, user: User) -> None:
    """Send a mail with a new link now.

    Raises:
        MailError: it could not be handed over.
    """
    title = settings.STOPPRESS_TITLE
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
