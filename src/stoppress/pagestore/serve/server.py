"""The HTTP server of one front process: uvicorn's, with a short way for what is in memory.

A hit is answered where its header ends, in the connection's own callback: no task, no ASGI messages. Everything else
takes the ordinary way through :class:`~stoppress.pagestore.serve.asgi.Front`, which decides about both (ADR 0005).
"""

import asyncio
import logging
import resource
import socket
from collections.abc import Callable
from typing import Any, cast

from uvicorn import Config, Server
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from stoppress.pagestore.serve.asgi import Front

HEAD_BYTES = 64 * 2**10
"""Longest request line and header; the chunk in which it ends may be longer."""
HEAD_SECONDS = 30.0
"""How long a connection may wait for its next whole request before it is closed (RFC 9112, 9.5)."""
FLUSH_SECONDS = 120.0
"""How much longer a reader may take for what they asked for before the connection is cut."""
SWEEP_SECONDS = 5
LAST_WORD_SECONDS = 1.0
"""How long a connection without a question stays open when the server stops: a question may be on its way."""
BACKLOG = 2048
TOO_LONG = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 33\r\nconnection: close\r\n\r\nThe request's header is too long\n"
)


class _Answered:
    """Stands where uvicorn keeps the exchange of a connection; this one is over."""

    response_complete = True
    disconnected = False
    message_event = asyncio.Event()


ANSWERED = cast("RequestResponseCycle", _Answered())


class Connection(HttpToolsProtocol):
    """One reader's connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.front = cast("Front", self.config.app)
        self.waits_since = self.loop.time()
        self._running: RequestResponseCycle | None = None
        self._is_in_head = True
        self._head_bytes = 0
        self._dated_headers: list[tuple[bytes, bytes]] = []
        self._date = b""

    def data_received(self, data: bytes) -> None:
        """Read on; cut off a header that has no end."""
        self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(TOO_LONG)
            self.transport.close()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Answer at once what can be; leave the rest to the application."""
        self._is_in_head = False
        self._head_bytes = 0
        if not self._answer():
            super().on_headers_complete()
            if self.front.is_draining and self.cycle is not None:
                self.cycle.keep_alive = False  # the answer says so too (RFC 9112, 9.6)

    def connection_lost(self, exc: Exception | None) -> None:
        """The reader is gone; with them all that they asked for, not only the latest question as uvicorn has it."""
        if self._running is not None:
            self._running.disconnected = True
        self.pipeline.clear()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """The server stops: answer what is asked already, or within a moment, and close then.

        uvicorn closes a connection that has asked nothing at once, also one whose first question is on its way.
        """
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(LAST_WORD_SECONDS, self._close_if_silent)
        else:
            super().shutdown()

    def _close_if_silent(self) -> None:
        is_silent = self.cycle is None or self.cycle.response_complete
        if is_silent and not self.transport.is_closing():
            self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """The application has answered."""
        self.waits_since = self.loop.time()
        super().on_response_complete()

    def _answer(self) -> bool:
        cycle, parser, url = self.cycle, self.parser, self.url
        if (
            (cycle is not None and not cycle.response_complete)  # answers keep the order of the questions
            or self.front.is_draining
            or self.flow.write_paused  # whoever doesn't read what they asked for waits
            or not parser.should_keep_alive()
            or parser.get_http_version() != "1.1"
            or parser.should_upgrade()
        ):
            return False
        method = parser.get_method()
        if method not in {b"GET", b"HEAD"} or b"%" in url or b"#" in url or url[:1] != b"/" or url[:2] == b"//":
            return False
        answer = self.front.answer(url.partition(b"?")[0].decode("latin-1"), method.decode(), self.headers)
        if answer is None:
            return False
        defaults = self.server_state.default_headers
        if defaults is not self._dated_headers:
            self._dated_headers = defaults
            self._date = b"".join(b"%s: %s\r\n" % pair for pair in defaults) + b"\r\n"
        self.front.counts[answer.status] += 1
        self.transport.write(b"".join((answer.head, self._date, b"" if method == b"HEAD" else answer.body)))
        self.cycle = ANSWERED
        self.waits_since = self.loop.time()
        self.server_state.total_requests += 1
        return True

    def close_if_idle(self, now: float) -> None:
        """Close a connection that has asked nothing whole for long, at once or in drips."""
        if self.cycle is not None and not self.cycle.response_complete:
            return
        waits = now - self.waits_since
        if waits > HEAD_SECONDS + FLUSH_SECONDS:
            self.transport.abort()
        elif waits > HEAD_SECONDS and not self.transport.is_closing():
            self.transport.close()


class FrontServer(Server):
    """uvicorn's server, which says when it has started and tells its connections that it stops."""

    def __init__(self, config: Config, front: Front, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._front = front
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._on_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop answering new connections, and old ones when they had their last word."""
        self._front.is_draining = True
        await super().shutdown(sockets)


def make_server(
    front: Front,
    drain_seconds: int,
    on_started: Callable[[], None] = lambda: None,
    on_sweep: Callable[[], None] = lambda: None,
) -> Server:
    """A server of ``front``.

    Args:
        drain_seconds: how long open requests have when it is told to stop.
        on_sweep: called every few seconds.
    """
    config = Config(
        front,
        interface="asgi3",
        http=Connection,
        ws="none",
        loop="uvloop",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=int(HEAD_SECONDS),
        timeout_notify=SWEEP_SECONDS,
        timeout_graceful_shutdown=drain_seconds,
    )
    server = FrontServer(config, front, on_started)

    async def sweep() -> None:
        for connection in list(server.server_state.connections):
            if isinstance(connection, Connection):
                connection.close_if_idle(connection.loop.time())
        on_sweep()

    config.callback_notify = sweep
    return server


def serve(
    front: Front,
    listener: socket.socket,
    drain_seconds: int,
    on_started: Callable[[], None],
    on_sweep: Callable[[], None],
) -> None:
    """Answer readers on ``listener`` until SIGTERM or SIGINT; see :func:`make_server`."""
    _allow_many_files()
    # A reader's broken request is not the operator's trouble.
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    make_server(front, drain_seconds, on_started, on_sweep).run([listener])


def _allow_many_files() -> None:
    """Raise the limit of open files to what is allowed: the usual 1,024 is fewer than the readers of a big story."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
