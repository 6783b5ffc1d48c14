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
    return _network(address, 24, 48)


def subscriber(address: str) -> str:
    """Whose ``address`` it is, to count by: an IPv4 address, or an IPv6 network; ``""`` for what is none."""
    return _network(address, 32, IPV6_SUBSCRIBER_BITS).removesuffix("/32")


def neighbourhood(address: str) -> str:
    """The network whose machines are counted together: /24 of IPv4, a subscriber's of IPv6; ``""`` for no address."""
    return _network(address, 24, IPV6_SUBSCRIBER_BITS)


def _network(address: str, bits_of_4: int, bits_of_6: int) -> str:
    """The first bits of an address, as a network; ``""`` when it is no address.

    An IPv4 address in the clothes of IPv6 (RFC 4291, 2.5.5.2) is one of IPv4.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6 and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed.packed, bits_of_4 if parsed.version == 4 else bits_of_6), strict=False))


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
