"""Who asks."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

IPV6_SUBSCRIBER_BITS = 64
"""How much of an IPv6 address says whose it is: a subscriber has the rest to choose from (RFC 6177)."""


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks; ``""`` when it is not known.

    In an app process the front says it, and only what is true (:mod:`stoppress.pagestore.serve.trust`). Anywhere else
    the header is a stranger's own word, and the connection counts.
    """
    name = "HTTP_X_FORWARDED_FOR" if settings.STOPPRESS_IS_BEHIND_FRONT else "REMOTE_ADDR"
    return str(request.META.get(name, ""))


def origin_of(address: str) -> str:
    """The network that an address is in: /24 of IPv4, /48 of IPv6; ``""`` when it is no address.

    Enough to tell one provider or town from another, and too little to tell one household.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed.packed, 24 if parsed.version == 4 else 48), strict=False))


def subscriber(address: str) -> str:
    """Whose ``address`` it is, to count by: an IPv4 address, or an IPv6 network; ``""`` for what is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed.packed, IPV6_SUBSCRIBER_BITS), strict=False))


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether a browser says that another site sent this (Fetch Metadata; RFC 6454 for those that don't know it).

    For forms of readers, who have no cookie and so no token against forged requests.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return False
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return True
    return host not in {urlsplit(settings.BASE_URL).netloc, request.get_host()}
