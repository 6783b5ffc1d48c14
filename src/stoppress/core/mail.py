"""Sending one mail now, and saying in one line why it could not be sent."""

import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

WORDS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "Authentication: {server} does not accept mail_user with its password: {said}."),
    (smtplib.SMTPRecipientsRefused, "{server} does not take mail for this address: {said}."),
    (smtplib.SMTPSenderRefused, "{server} does not take mail from our address: {said}. See mail_from."),
    (smtplib.SMTPNotSupportedError, "TLS or authentication: {server} says: {said}. See mail_security and mail_user."),
    (smtplib.SMTPServerDisconnected, "{server} hung up. See mail_port and mail_security."),
    (smtplib.SMTPException, "{server} did not take the mail: {said}."),
    (socket.gaierror, "There is no machine called {host}. See mail_host."),
    (ConnectionRefusedError, "{server} refuses connections. See mail_host and mail_port."),
    (ssl.SSLCertVerificationError, "TLS: the certificate of {host} can't be trusted: {said}."),
    (ssl.SSLError, "TLS: {server} does not begin with TLS. See mail_security and mail_port."),
    (TimeoutError, "{server} does not answer. See mail_port, mail_security and the firewall."),
    (Exception, "{server}: {said}."),
)
"""What failures mean in the words of our settings; the first that fits."""


class MailError(Exception):
    """A mail was not sent; the text says why and where to look, in one line."""


def send(subject: str, text: str, to: str, headers: Mapping[str, str] | None = None) -> None:
    """Send a mail as the settings say.

    Args:
        subject: one line.
        to: a mail address.
        headers: further ones.

    Raises:
        MailError: it could not be handed over.
    """
    connection = get_connection()
    message = EmailMessage(" ".join(subject.split()), text, to=[to], connection=connection, headers=dict(headers or {}))
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailError(explain(error)) from error
    finally:
        with suppress(OSError):
            connection.close()


def explain(error: Exception) -> str:
    """What a failure to send means, in one line."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}."
    words = next(words for kind, words in WORDS if isinstance(error, kind))
    host = settings.EMAIL_HOST
    return " ".join(words.format(host=host, server=f"{host}:{settings.EMAIL_PORT}", said=_said(error)).split())


def _said(error: Exception) -> str:
    """The other side's own words, as far as there are any."""
    code, words = 0, getattr(error, "verify_message", None) or str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return f"{code or ''} {text}".strip(". \r\n")
