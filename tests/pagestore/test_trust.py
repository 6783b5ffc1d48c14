"""For whom a proxy asks: its word counts if it is trusted, a stranger's never does."""

import pytest

from stoppress.pagestore.serve.trust import REMEMBERED, Headers, TrustedProxies

PROXIES = TrustedProxies(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"])
READER = "203.0.113.9"


def told(headers: Headers, peer: str, scheme: str = "http") -> tuple[str, str]:
    """Address and scheme that Django gets, each exactly once, and nothing else of the kind."""
    seen = PROXIES.headers([(b"host", b"news.example"), *headers], peer, scheme)
    names = [name for name, _ in seen]
    assert names == [b"host", b"x-forwarded-for", b"x-forwarded-proto"]
    return seen[1][1].decode(), seen[2][1].decode()


@pytest.mark.parametrize("peer", [READER, "::ffff:203.0.113.9", "192.168.0.1", "2001:db9::1"])
def test_a_stranger_is_who_they_are(peer: str) -> None:
    claims = [(b"x-forwarded-for", b"127.0.0.1"), (b"x-forwarded-proto", b"https"), (b"x-forwarded-host", b"evil")]
    assert told(claims, peer) == (peer, "http")


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.9.8.7", "::ffff:10.1.1.1", "2001:db8:1::5"])
def test_a_trusted_proxy_is_believed(peer: str) -> None:
    assert told([(b"x-forwarded-for", READER.encode()), (b"x-forwarded-proto", b"https")], peer) == (READER, "https")


@pytest.mark.parametrize(
    ("chain", "reader"),
    [
        ([b"198.51.100.66, 203.0.113.9"], READER),
        ([b"198.51.100.66, 203.0.113.9, 10.0.0.3, 10.0.0.2"], READER),
        ([b"198.51.100.66", b"203.0.113.9, 10.0.0.3"], READER),
        ([b"not an address, 203.0.113.9"], READER),
        ([b"203.0.113.9, not an address"], "127.0.0.1"),
        ([b"203.0.113.9, not an address, 10.0.0.3"], "10.0.0.3"),
        ([b"10.0.0.4, 10.0.0.3"], "10.0.0.4"),
        ([b" , 2001:DB9::1 ,"], "2001:db9::1"),
        ([b"\xff\xfe"], "127.0.0.1"),
        ([b""], "127.0.0.1"),
        ([], "127.0.0.1"),
    ],
)
def test_of_a_chain_the_nearest_that_is_no_proxy_counts(chain: list[bytes], reader: str) -> None:
    assert told([(b"x-forwarded-for", part) for part in chain], "127.0.0.1")[0] == reader


@pytest.mark.parametrize(
    ("claims", "scheme"),
    [
        ([b"https"], "https"),
        ([b"HTTPS"], "https"),
        ([b"https, http"], "http"),
        ([b"http", b"https"], "https"),
        ([b"gopher"], "http"),
        ([b""], "http"),
        ([], "http"),
    ],
)
def test_of_schemes_the_last_word_counts(claims: list[bytes], scheme: str) -> None:
    assert told([(b"x-forwarded-proto", claim) for claim in claims], "127.0.0.1")[1] == scheme


@pytest.mark.parametrize(
    "name", [b"forwarded", b"x-real-ip", b"x-forwarded-host", b"x-forwarded-port", b"x_forwarded_proto", b"x_real-ip"]
)
def test_no_other_name_gets_through_even_from_a_proxy(name: bytes) -> None:
    assert told([(name, b"https")], "127.0.0.1") == ("127.0.0.1", "http")


def test_a_peer_without_an_address_is_nobody() -> None:
    seen = PROXIES.headers([(b"x-forwarded-for", READER.encode())], "", "http")
    assert seen == [(b"x-forwarded-proto", b"http")]


def test_many_peers_are_not_remembered_for_ever() -> None:
    proxies = TrustedProxies(["10.0.0.0/8"])
    peers = [f"10.{number // 250}.{number % 250}.1" for number in range(REMEMBERED + 5)]
    assert all(proxies.believes(peer) for peer in peers)
    assert len(proxies._known) <= REMEMBERED


def test_a_name_is_no_network() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        TrustedProxies(["proxy.example"])
