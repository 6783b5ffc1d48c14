"""Who asks."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; ``""`` when it is not known.

    In an app process the front says it, and only what is true (:mod:`stoppress.pagestore.serve.trust`). Anywhere else
    the header is a stranger's own word, and the connection counts.
    """
    name = "HTTP_X_FORWARDED_FOR" if settings.STOPPRESS_IS_BEHIND_FRONT else "REMOTE_ADDR"
    return str(request.META.get(name, ""))
