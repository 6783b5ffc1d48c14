"""Mails, put off: whoever asks for one waits for no mail server, and can't tell by the clock whether one is sent."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from stoppress.accounts import mails
from stoppress.accounts.models import User
from stoppress.core.mail import MailError

log = logging.getLogger("stoppress.accounts")

PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""After which a mail that could not be sent is tried again; the link in it is new each time."""


@task()
def send_mails(kind: str, users: list[int], attempt: int = 0) -> None:
    """Send each of these a mail; nobody's address or link is kept with the task.

    Args:
        kind: a value of :class:`~stoppress.accounts.mails.Kind`.
        users: their ids; those who are gone or switched off get nothing.
        attempt: how often it was tried before.
    """
    for user in User.objects.filter(pk__in=users, is_active=True).exclude(email=""):
        try:
            mails.send(mails.Kind(kind), user)
        except MailError as error:
            log.error("A mail (%s) to account %d was not sent: %s", kind, user.pk, error)
            if attempt < len(PAUSES):
                again = send_mails.using(run_after=timezone.now() + PAUSES[attempt])
                again.enqueue(kind, [user.pk], attempt + 1)
