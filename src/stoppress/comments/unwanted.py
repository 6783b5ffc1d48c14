"""Whether whoever has a mail address wants mail from us at all, and the link by which they end it.

Whatever writes to an address that a stranger can have typed asks here, also in rooms above, which never open the vault.
"""

from django.conf import settings

from stoppress.comments import vault
from stoppress.comments.links import no_mail_path


def is_wanted(email: str) -> bool:
    """Whether a mail about replies or reported errors may go to ``email``."""
    return not vault.wants_no_mail(email)


def no_mail_address(email: str) -> str:
    """Where whoever has ``email`` stops all such mails; for the mail itself, and nowhere else."""
    return settings.BASE_URL + no_mail_path(vault.sealed(email))
