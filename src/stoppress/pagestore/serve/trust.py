"""Whom to believe when they say for whom they ask: proxies whose addresses the operator named, and nobody else."""

import ipaddress
from collections.abc import Iterable

Headers = list[tuple[bytes, bytes]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SCHEMES = frozenset({b"http", b"https"})
REMEMBERED = 1000


class TrustedProxies:
    """The networks of trusted proxies.

    Args:
        networks: addresses and networks, such as ``10.0.0.1`` and ``10.0.0.0/8``.

    Raises:
        ValueError: one is neither.
    """

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network) for network in networks]
        self._known: dict[str, bool] = {}

    def believes(self, peer: str) -> bool:
        """Whether ``peer`` is a trusted proxy."""
        known = self._known.get(peer)
        if known is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            address = _address(peer)
            known = self._known[peer] = address is not None and self._holds(address)
        return known

    def headers(self, headers: Headers, peer: str, scheme: str) -> Headers:
        """``headers`` as Django may see them: one ``X-Forwarded-For`` and one ``X-Forwarded-Proto`` that are true.

        Django makes hyphens and underscores the same, so a name with an underscore could pass for another: none is
        passed on.

        Args:
            headers: names in lower case.
            peer: the address that the connection comes from, ``""`` when it has none.
            scheme: of the connection.
        """
        kept = [(name, value) for name, value in headers if not _speaks_of_origin(name)]
        client, proto = peer, scheme.encode()
        if self.believes(peer):
            client = self._client(_listed(headers, b"x-forwarded-for"), peer)
            last = _listed(headers, b"x-forwarded-proto")[-1:]
            proto = last[0].lower() if last and last[0].lower() in SCHEMES else proto
        if client:
            kept.append((b"x-forwarded-for", client.encode()))
        return [*kept, (b"x-forwarded-proto", proto)]

    def _client(self, chain: list[bytes], peer: str) -> str:
        """The nearest that is no trusted proxy; before it may stand anything, for it is the client's own word."""
        client = peer
        for claimed in reversed(chain):
            address = _address(claimed.decode("latin-1"))
            if address is None:
                break
            client = str(address)
            if not self._holds(address):
                break
        return client

    def _holds(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def _speaks_of_origin(name: bytes) -> bool:
    return name in {b"forwarded", b"x-real-ip"} or name.startswith(b"x-forwarded-") or b"_" in name


def _listed(headers: Headers, wanted: bytes) -> list[bytes]:
    """All members of a header that may be repeated (RFC 9110, 5.6.1), in order."""
    members = [part.strip() for name, value in headers if name == wanted for part in value.split(b",")]
    return [member for member in members if member]


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both families names IPv4 peers in its own way (RFC 4291, 2.5.5.2).
    return getattr(address, "ipv4_mapped", None) or address
