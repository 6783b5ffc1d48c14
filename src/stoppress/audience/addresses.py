"""Which addresses may be linked to from every page."""

from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

_check_url = URLValidator(schemes=["http", "https"])


def check_address(address: str) -> None:
    """Refuse what is neither a web address, nor ``mailto:`` with one, nor a path of our own.

    Raises:
        ValidationError: says what would be right.
    """
    if address.startswith("/") and not address.startswith(("//", "/\\")) and not set(address) & set(' \t\r\n\\<>"'):
        return
    try:
        parts = urlsplit(address)
        if parts.scheme == "mailto" and not parts.netloc:
            validate_email(unquote(parts.path))
        else:
            _check_url(address)
    except (ValidationError, ValueError) as error:
        raise ValidationError(
            _("Write an address that begins with https://, http:// or mailto:, or a path such as /feed/.")
        ) from error
