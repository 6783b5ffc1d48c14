"""Who asks."""

import os

from django.http import HttpRequest

from stoppress.core.process_guard import ROLE


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; ``""`` when it is not known.

    In an app process the front says it, and only what is true (:mod:`stoppress.pagestore.serve.trust`). Anywhere else
    the header is a stranger's own word, and the connection counts.
    """
    if os.environ.get(ROLE) == "app":
        return str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    return str(request.META.get("REMOTE_ADDR", ""))
