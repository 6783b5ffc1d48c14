"""Passing a request on to an app process over the local socket, few at a time, so that hits keep their pace."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpcore

AT_ONCE = 32
WAITING = 512
"""Requests that wait for a place; past that a reader is told to come back."""
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer", b"upgrade"}
    | {b"transfer-encoding", b"proxy-connection"}
)
FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"})

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class AppDown(Exception):
    """No app process answers."""


class Busy(Exception):
    """Too many requests wait already."""


class Proxy:
    """One front process's way to the app processes."""

    def __init__(self, socket: str, trusted_proxies: frozenset[str], scheme: str) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            uds=socket, max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE, keepalive_expiry=5.0, retries=1
        )
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._trusted = trusted_proxies
        self._scheme = scheme.encode()

    async def pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from an app process.

        Raises:
            Busy: the queue is full; nothing was sent.
            AppDown: nobody listens, or the answer broke off before it began.
        """
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._places:
                await self._exchange(scope, receive, send)
        finally:
            self._waiting -= 1

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        timeouts = {"connect": CONNECT_SECONDS, "pool": ANSWER_SECONDS, "read": ANSWER_SECONDS, "write": ANSWER_SECONDS}
        has_body = any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])
        has_started = False
        try:
            async with self._pool.stream(
                scope["method"],
                httpcore.URL(scheme=b"http", host=b"app", port=80, target=target),
                headers=self._headers(scope),
                content=_body(receive) if has_body else None,
                extensions={"timeout": timeouts},
            ) as response:
                headers = [(name.lower(), value) for name, value in response.headers if name.lower() not in HOP_BY_HOP]
                has_started = True
                await send({"type": "http.response.start", "status": response.status, "headers": headers})
                async for chunk in response.aiter_stream():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
            if has_started:
                raise
            raise AppDown(str(error)) from error

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        peer = (scope.get("client") or ("", 0))[0]
        is_trusted = peer in self._trusted
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if name not in HOP_BY_HOP and (is_trusted or name not in FORWARDED)
        ]
        if not is_trusted:
            headers += [
                (b"x-forwarded-for", peer.encode()),
                (b"x-forwarded-proto", scope.get("scheme", "http").encode()),
            ]
        return headers


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return
