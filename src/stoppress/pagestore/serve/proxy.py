"""Passing a request on to an app process over the local socket, few at a time, so that hits keep their pace."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from stoppress.pagestore.serve.trust import TrustedProxies
from stoppress.pagestore.serve.upstream import BrokenOffError, NobodyListensError, Upstream, UpstreamError

AT_ONCE = 32
WAITING = 512
"""Requests that wait for a place; past that a reader is told to come back."""
SMALL_BODY_BYTES = 64 * 2**10
"""A form. It is read before a place is taken, so that slow or idle senders hold none; what is larger streams."""
MOST_BODY_BYTES = 256 * 2**10
"""The largest form that readers are asked for, and more; the desk's are as large as Django lets them be."""
SMALL_ANSWER_BYTES = 2 * 2**20
"""A page. It is read whole before it is sent on, so that slow readers hold no place; what is larger streams."""
BODY_SECONDS = 60.0
PATIENCE_SECONDS = 10.0
"""A form waits so long for an app process that just begins: what somebody wrote is worth more than a quick refusal."""
PAUSE_SECONDS = 0.25
DESK = "/desk/"
HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer", b"upgrade"}
    | {b"transfer-encoding", b"proxy-connection", b"expect"}
)
"""For one connection (RFC 9110, 7.6.1); an expectation is met by whoever reads the body."""

Headers = list[tuple[bytes, bytes]]
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class AppDown(Exception):
    """No app process answers."""


class Busy(Exception):
    """Too many requests wait already."""


class TooSlow(Exception):
    """The request's body did not come in time."""


class TooLarge(Exception):
    """The request's body is larger than any that readers are asked for."""


class Gone(Exception):
    """The reader left before they had asked everything."""


class Proxy:
    """One front process's way to the app processes."""

    def __init__(self, socket: str, trusted_proxies: TrustedProxies) -> None:
        self._upstream = Upstream(socket)
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._trusted = trusted_proxies

    async def pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from an app process.

        Raises:
            TooLarge: a form holds more than any of ours; it was not read to its end, and nothing was sent.
            TooSlow: a form did not arrive in time; nothing was sent.
            Gone: the reader left; there is nobody to send anything to.
            Busy: the queue is full; nothing was sent.
            AppDown: nobody listens, or the answer broke off before it began.
        """
        body = await self._body(scope, receive)
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._places:
                messages = await self._exchange(scope, body, receive, send)
        finally:
            self._waiting -= 1
        for message in messages:
            await send(message)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The form, read to its end; ``None`` for one that is to be streamed, or none at all."""
        is_small = 0 < _size(scope["headers"], 0) <= SMALL_BODY_BYTES
        if scope["path"].startswith(DESK):
            return await _whole(receive, SMALL_BODY_BYTES) if is_small else None
        if _size(scope["headers"], 0) > MOST_BODY_BYTES:
            raise TooLarge
        return await _whole(receive, MOST_BODY_BYTES) if _has_body(scope) else None

    async def _exchange(self, scope: Scope, body: bytes | None, receive: Receive, send: Send) -> list[Message]:
        """Ask, and ask what only reads once more: the app process may have closed the connection just now. What a form
        says is asked again while nobody listens, since then nobody has heard of it."""
        given_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self._ask(scope, body, receive, send)
            except AppDown as error:
                # RFC 9110, 9.2.2; a closed connection is no slow app, which must not be asked twice.
                only_reads = scope["method"] in {"GET", "HEAD"} and not _has_body(scope)
                if only_reads and isinstance(error.__cause__, BrokenOffError):
                    break
                is_unheard = body is not None and isinstance(error.__cause__, NobodyListensError)
                if not is_unheard or time.monotonic() >= given_up_at:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)
        return await self._ask(scope, body, receive, send)

    async def _ask(self, scope: Scope, body: bytes | None, receive: Receive, send: Send) -> list[Message]:
        """Ask and stream the answer; a small one is returned instead."""
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        content = (_stream(receive) if body is None else body) if _has_body(scope) else None
        has_started = False
        try:
            asked = await self._upstream.ask(scope["method"], target, self._headers(scope), content)
            try:
                headers = [(name, value) for name, value in asked.headers if name not in HOP_BY_HOP]
                start = {"type": "http.response.start", "status": asked.status, "headers": headers}
                if _size(headers, SMALL_ANSWER_BYTES + 1) <= SMALL_ANSWER_BYTES:
                    return [start, {"type": "http.response.body", "body": await asked.read()}]
                has_started = True
                await send(start)
                async for chunk in asked.chunks():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                return [{"type": "http.response.body", "body": b""}]
            finally:
                asked.close()
        except UpstreamError as error:
            if has_started:
                raise
            raise AppDown(str(error)) from error

    def _headers(self, scope: Scope) -> Headers:
        headers = [(name, value) for name, value in scope["headers"] if name not in HOP_BY_HOP]
        peer = (scope.get("client") or ("", 0))[0]
        return self._trusted.headers(headers, peer, scope.get("scheme", "http"))


def _size(headers: Headers, unknown: int) -> int:
    """What Content-Length says."""
    return next((int(value) for name, value in headers if name == b"content-length" and value.isdigit()), unknown)


def _has_body(scope: Scope) -> bool:
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


async def _whole(receive: Receive, most: int) -> bytes:
    """All of a body, whatever its length was said to be."""
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in _stream(receive):
                read += chunk
                if len(read) > most:
                    raise TooLarge
    except TimeoutError as error:
        raise TooSlow from error
    return bytes(read)


async def _stream(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return
