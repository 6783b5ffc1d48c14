"""No mail about replies or reported errors to an address any more: whoever has it says so, by the link in a mail."""

from stoppress.comments import vault
from stoppress.comments.links import no_mail_of
from stoppress.comments.models import NoMail
from stoppress.core.sealing import SealBrokenError


def is_silenced(token: str) -> bool | None:
    """Whether the address that a link is about gets no mail; ``None`` when the link is none of ours."""
    email = _email_of(token)
    return None if email is None else vault.wants_no_mail(email)


def silence(token: str) -> None:
    """Send no such mail any more to the address that a link is about, whoever types it."""
    if (email := _email_of(token)) is not None:
        NoMail.objects.get_or_create(digest=vault.mail_digest(email))


def end_silence(token: str) -> None:
    """Let mails come again to the address that a link is about; nobody else has the link."""
    if (email := _email_of(token)) is not None:
        allow_mail(email)


def allow_mail(email: str) -> bool:
    """Let mails come again to ``email``, by the operator\u2019s hand; returns whether they had been stopped."""
    return bool(NoMail.objects.filter(digest=vault.mail_digest(email)).delete()[0])


def _email_of(token: str) -> str | None:
    sealed = no_mail_of(token)
    try:
        return None if sealed is None else vault.opened(sealed)
    except SealBrokenError:
        return None
