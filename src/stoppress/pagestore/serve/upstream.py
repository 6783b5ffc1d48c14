"""Asking the app processes over their local socket (HTTP/1.1, RFC 9112), over connections that are kept.

A client of our own, since it runs in the process that serves readers: a general one looked at each of its connections,
several times a question, to find the one to use, and readers waited for that.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import cast

import httptools

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
"""How long nothing may come, or go."""
KEPT_SECONDS = 5.0
"""A connection that was not used for so long is closed."""
UNREAD_BYTES = 512 * 2**10
"""So much of an answer waits for its reader here; the rest waits with the app."""
CLOSED_BY_END = frozenset({b"content-length", b"transfer-encoding"})
"""Either says where an answer ends; without them the connection's end does (RFC 9112, 6.3)."""

Headers = Sequence[tuple[bytes, bytes]]


class UpstreamError(Exception):
    """There is no answer, or no end to it."""


class NobodyListensError(UpstreamError):
    """There is no connection to be had: nobody has heard of what was asked."""


class BrokenOffError(UpstreamError):
    """The connection was closed, or spoke no HTTP, before the answer had ended."""


class TooLateError(UpstreamError):
    """Nothing came, or went, for too long."""


class Upstream:
    """One front process's connections to whoever listens on a socket.

    Args:
        socket: path of the Unix socket.
    """

    def __init__(self, socket: str) -> None:
        self._socket = socket
        self._kept: deque[_Connection] = deque()

    async def ask(
        self, method: str, target: bytes, headers: Headers, body: bytes | AsyncIterator[bytes] | None
    ) -> "Asked":
        """Ask; what is returned has a status and headers, and must be closed.

        Args:
            target: path and query as they stand in the request line.
            headers: names in lower case. What they say of the length is believed for a ``body`` that streams.

        Raises:
            NobodyListensError: there is no connection to be had.
            BrokenOffError: the connection was closed before the answer began.
            TooLateError: the answer did not begin in time.
            ValueError: the target or a header holds a line break.
        """
        head, is_chunked = _head(method, target, headers, body)
        connection = self._kept_one() or await self._connect()
        asked = Asked(self, connection, method)
        try:
            await connection.send(head, body, is_chunked=is_chunked)
            while not asked.has_begun:
                await asked.more()
        except BaseException:
            connection.close()
            raise
        return asked

    def keep(self, connection: "_Connection") -> None:
        """Use a connection again, whose answer has ended."""
        now = connection.idle_since = time.monotonic()
        self._kept.append(connection)
        while self._kept and now - self._kept[0].idle_since > KEPT_SECONDS:
            self._kept.popleft().close()

    def _kept_one(self) -> "_Connection | None":
        oldest = time.monotonic() - KEPT_SECONDS
        while self._kept:
            connection = self._kept.pop()
            if connection.is_clean and connection.idle_since >= oldest:
                return connection
            connection.close()
        return None

    async def _connect(self) -> "_Connection":
        loop = asyncio.get_running_loop()
        for is_last in (False, True):  # the socket may have passed to another process just now
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return (await loop.create_unix_connection(_Connection, self._socket))[1]
            except (OSError, TimeoutError) as error:
                if is_last:
                    raise NobodyListensError(str(error) or "It does not take the connection.") from error
        raise AssertionError  # pragma: no cover


class Asked:
    """A question and what comes for an answer.

    Attributes:
        status: of the answer.
        headers: of the answer, as they came.
    """

    def __init__(self, upstream: Upstream, connection: "_Connection", method: str) -> None:
        self._upstream, self._connection = upstream, connection
        self._has_no_body = method == "HEAD"
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._unread = 0
        self._ends_with_connection = False
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_begun = self.has_ended = False
        self._is_kept = False
        connection.asked = self

    async def read(self) -> bytes:
        """The whole body.

        Raises:
            BrokenOffError: it has no end.
            TooLateError: it stopped coming.
        """
        parts = [self._taken()]
        while not self.has_ended:
            await self.more()
            parts.append(self._taken())
        return b"".join(parts)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, as it comes; raises as :meth:`read` does."""
        while True:
            if self._parts:
                yield self._taken()
            elif self.has_ended:
                return
            else:
                await self.more()

    def close(self) -> None:
        """Let go of the connection; it is used again if the answer came to its end."""
        if self.has_ended and self._is_kept and self._connection.is_clean:
            self._connection.asked = None
            self._upstream.keep(self._connection)
        else:
            self._connection.close()

    async def more(self) -> None:
        """Wait until more of the answer is there; raises as :meth:`read` does."""
        connection = self._connection
        if connection.is_lost:
            if not (self.has_begun and self._ends_with_connection):
                raise BrokenOffError("The connection was closed before the answer had ended.")
            self.has_ended = True
            return
        await connection.news()

    def feed(self, data: bytes) -> None:
        """What came over the connection.

        Raises:
            HttpParserError: it is not HTTP.
        """
        self._parser.feed_data(data)
        if self._unread > UNREAD_BYTES:
            self._connection.pause()

    def _taken(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        self._connection.resume()
        self._unread = 0
        return taken

    def on_message_begin(self) -> None:
        """An answer begins."""
        if self.has_ended:  # another one, that nobody asked for
            self._connection.is_lost = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header was read."""
        if not self.has_ended:
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """The head was read."""
        if self.has_ended:
            return
        status = self._parser.get_status_code()
        if status < 200:  # it only says that there will be an answer (RFC 9110, 15.2)
            self.headers.clear()
            return
        self.status, self.has_begun = status, True
        self._is_kept = self._parser.should_keep_alive()
        self._ends_with_connection = not any(name in CLOSED_BY_END for name, _value in self.headers)
        if self._has_no_body:
            self.has_ended = True

    def on_body(self, body: bytes) -> None:
        """A part of the body was read."""
        if not self.has_ended:
            self._parts.append(body)
            self._unread += len(body)
        elif body:  # of an answer that has none
            self._connection.is_lost = True

    def on_message_complete(self) -> None:
        """The answer has ended, if it was one."""
        self.has_ended = self.has_begun


class _Connection(asyncio.Protocol):
    """A connection to an app process."""

    def __init__(self) -> None:
        self.asked: Asked | None = None
        self.idle_since = 0.0
        self.is_lost = False
        self._is_sent = True
        self._is_full = False
        self._is_paused = False
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None

    @property
    def is_clean(self) -> bool:
        """Whether another question can be asked: all of the last one was sent, and nothing waits at either end."""
        return self._is_sent and not (self.is_lost or self._is_full or self._is_paused)

    async def send(self, head: bytes, body: bytes | AsyncIterator[bytes] | None, *, is_chunked: bool) -> None:
        """Write a question.

        Raises:
            TooLateError: nobody reads it.
        """
        if body is None or isinstance(body, bytes):
            self._write(head + body if body else head)
            return
        # Until all is sent, what follows on this connection would be taken for the rest of it: it is not used again.
        self._is_sent = False
        self._write(head)
        async for part in body:
            if self._is_answered:
                return
            self._write(b"%x\r\n%s\r\n" % (len(part), part) if is_chunked else part)
            while self._is_full and not self._is_answered:
                await self.news()
        if self._is_answered:
            return
        if is_chunked:
            self._write(b"0\r\n\r\n")
        self._is_sent = True

    @property
    def _is_answered(self) -> bool:
        """Whether sending on is for nothing: who answers before they have read all may read no further."""
        return self.is_lost or (self.asked is not None and self.asked.has_begun)

    async def news(self) -> None:
        """Wait until something came, or can be sent again, or the connection is lost.

        Raises:
            TooLateError: none of this happened in time.
        """
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._waiter
        except TimeoutError as error:
            raise TooLateError("Nothing came for too long.") from error
        finally:
            self._waiter = None

    def close(self) -> None:
        """Be done with it."""
        self.is_lost = True
        self.asked = None
        if self._transport is not None:
            self._transport.abort()

    def pause(self) -> None:
        """Let the rest wait where it comes from."""
        if self._transport is not None and not (self._is_paused or self._transport.is_closing()):
            self._is_paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and self._is_paused and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by descent

    def data_received(self, data: bytes) -> None:
        """Something came."""
        asked = self.asked
        if asked is None or asked.has_ended:  # nobody asked: what follows would be taken for another's answer
            self.is_lost = True
            return
        try:
            asked.feed(data)
        except httptools.HttpParserError:
            self.is_lost = True
        self._wake()

    def pause_writing(self) -> None:
        """Nobody reads for the moment what was sent."""
        self._is_full = True

    def resume_writing(self) -> None:
        """Somebody reads again."""
        self._is_full = False
        self._wake()

    def eof_received(self) -> None:
        """The app closes it; the rest follows in a moment."""
        self.is_lost = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self.is_lost = True
        self._wake()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _head(
    method: str, target: bytes, headers: Headers, body: bytes | AsyncIterator[bytes] | None
) -> tuple[bytes, bool]:
    """A question up to its body; and whether that comes in chunks."""
    is_sized = (
        body is not None and not isinstance(body, bytes) and any(name == b"content-length" for name, _ in headers)
    )
    lines = [b"%s %s HTTP/1.1" % (method.encode("ascii"), target)]
    lines += [b"%s: %s" % pair for pair in headers if is_sized or pair[0] != b"content-length"]
    if not any(name == b"host" for name, _value in headers):
        lines.append(b"host: app")
    is_chunked = False
    if isinstance(body, bytes):
        lines.append(b"content-length: %d" % len(body))
    elif body is not None and not is_sized:
        is_chunked = True
        lines.append(b"transfer-encoding: chunked")
    head = b"\r\n".join(lines)
    # The reader's parser lets none through; if it ever did, one question would become two.
    if head.count(b"\n") != len(lines) - 1 or head.count(b"\r") != len(lines) - 1:
        raise ValueError("A header or an address holds a line break.")
    return head + b"\r\n\r\n", is_chunked
