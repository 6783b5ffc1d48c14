"""Who asks."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


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
