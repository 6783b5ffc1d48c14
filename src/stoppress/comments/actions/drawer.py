"""A reader's drawer: the link that opens it, the account that it can become, and what is kept quiet."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.actions.throttle import Limit, TooOftenError, count
from stoppress.accounts.models import User
from stoppress.comments import vault
from stoppress.comments.actions.submit import LONGEST_NAME, NotTakenError
from stoppress.comments.links import DRAWER_SECONDS, drawer_of
from stoppress.comments.models import Writer
from stoppress.comments.modes import rules
from stoppress.comments.tasks import send_drawer_link
from stoppress.comments.text import name_key, one_line
from stoppress.core.network import subscriber
from stoppress.core.sealing import SealBrokenError

LINKS_OF_MACHINE = Limit("links to replies asked for from an address", 20, 3_600, is_audited=False)
LINKS_OF_MAIL = Limit("links to replies for a mail address", 3, 86_400, is_audited=False)
USES_OF_LINK = Limit("uses of a link to replies", 1, DRAWER_SECONDS, is_audited=False)


def ask_for_drawer(email: str, address: str, onward: str = "") -> None:
    """Send a link to ``email``, whoever that is: nobody learns whether anything was written from it.

    Args:
        address: of the machine that asks.
        onward: the key of a subject that they want to reply to.

    Raises:
        NotTakenError: this is no mail address, or this machine asks too often.
    """
    if not vault.is_mail(email):
        raise NotTakenError(_("This is no mail address."), "no-mail", "email")
    try:
        count([(LINKS_OF_MACHINE, subscriber(address))])
    except TooOftenError as error:
        words = _("That was often. Try again in %d minutes.") % error.minutes
        raise NotTakenError(words, "rate") from None
    try:
        count([(LINKS_OF_MAIL, vault.mail_digest(email))])
    except TooOftenError:
        return  # silently: the answer is the same for every address
    send_drawer_link.enqueue(vault.sealed(email), onward)


def open_drawer(token: str) -> tuple[Writer, str] | None:
    """Let in whoever presses the button behind a link, once; they have shown that the address is theirs.

    Returns:
        Who it is, and the key of the subject that they wanted to reply to; ``None`` when the link has lapsed, was used
        or is none of ours.
    """
    found = drawer_of(token)
    if found is None:
        return None
    sealed, onward = found
    try:
        email = vault.opened(sealed)
        count([(USES_OF_LINK, token)])
    except (SealBrokenError, TooOftenError):
        return None
    with transaction.atomic():
        writer = vault.writer_of(email)
        if not writer.is_verified:
            writer.is_verified = True
            writer.save(update_fields=["is_verified"])
    return writer, onward


def name_account(writer: Writer, name: str) -> None:
    """Give a reader a name that nobody else can use, or another one; that makes an account of a mail address.

    Raises:
        NotTakenError: it can't be theirs, and why.
    """
    name = one_line(name)
    key = name_key(name)
    if not key:
        raise NotTakenError(_("A name has at least one letter."), "no-name", "name")
    if len(name) > LONGEST_NAME:
        raise NotTakenError(_("A name has at most %d characters.") % LONGEST_NAME, "long-name", "name")
    if vault.gives_away(name, vault.email_of(writer) or ""):
        raise NotTakenError(_("Everybody would read your mail address. Choose another name."), "mail-name", "name")
    taken = NotTakenError(_("Somebody has this name, or one that looks like it. Choose another."), "name-taken", "name")
    if key in _names_of_staff():
        raise taken
    try:
        with transaction.atomic():
            Writer.objects.filter(pk=writer.pk).update(display_name=name, name_key=key)
    except IntegrityError:
        raise taken from None


def mute(writer: Writer, *, is_muted: bool) -> None:
    """Let a reader get no mail about what others say, or again."""
    Writer.objects.filter(pk=writer.pk).update(mutes_mail=is_muted)


def sign_out_everywhere(writer: Writer) -> None:
    """End it wherever this reader is signed in."""
    Writer.objects.filter(pk=writer.pk).update(signed_out_at=timezone.now())


def _names_of_staff() -> set[str]:
    listed = {name_key(name) for name in rules().staff_names}
    people = User.objects.filter(is_active=True).only("first_name", "last_name", "username")
    return (listed | {name_key(str(user)) for user in people}) - {""}
