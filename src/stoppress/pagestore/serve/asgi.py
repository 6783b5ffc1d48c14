"""The front: an ASGI application that answers from the page store and passes the rest on.

Configured by the environment variable ``STOPPRESS_FRONT``, a JSON object: ``store``, ``media``, ``static`` and
``app_socket`` (paths), ``trusted_proxies`` (addresses), ``base_url``.
"""

import json
import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stoppress.core.process_guard import die_with_parent
from stoppress.pagestore.layout import Layout, is_sound
from stoppress.pagestore.serve.pages import (
    FOREVER,
    MEDIA_SUFFIXES,
    SECURITY,
    TYPES,
    Answer,
    Entry,
    Headers,
    Miss,
    Pages,
    StaticFiles,
    accepted,
    choose,
)
from stoppress.pagestore.serve.proxy import AppDown, Busy, Proxy, Receive, Scope, Send

log = logging.getLogger("stoppress.front")

DYNAMIC = ("/desk/", "/-/")
"""Prefixes of addresses that Django answers."""
NOT_BAKED = (*DYNAMIC, "/media/")


class Front:
    """One front process."""

    def __init__(self, configuration: dict[str, Any]) -> None:
        self.pages = Pages(Layout(Path(configuration["store"])))
        self.static = StaticFiles(configuration["static"])
        self.media = str(configuration["media"]).rstrip("/")
        self.proxy = Proxy(
            configuration["app_socket"],
            frozenset(configuration.get("trusted_proxies", ())),
            urlsplit(configuration["base_url"]).scheme,
        )

    def close(self) -> None:
        """Let go of the store."""
        self.pages.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] != "http":
            await _lifespan(scope, receive, send)
            return
        path: str = scope["path"]
        method: str = scope["method"]
        if path.startswith(NOT_BAKED) or path == "/desk":
            await self._answer_unbaked(path, scope, receive, send)
            return
        try:
            entry = self.static.find(path[8:]) if path.startswith("/static/") else self.pages.find(path)
        except Miss:
            await self._pass_on(scope, receive, send)
            return
        except OSError as error:
            log.error("%s can't be read: %s", path, error)
            await _send(send, _plain(503, b"This page can't be read just now. Please try again.\n"), method)
            return
        if entry is not None and method not in {"GET", "HEAD"}:
            await _send(send, NOT_ALLOWED, method)
            return
        await _send(send, self._choose(entry, scope["headers"]), method)

    def _choose(self, entry: Entry | None, headers: Headers) -> Answer:
        """The form of ``entry`` for this reader; the 404 page for ``None``."""
        encodings: tuple[str, ...] = ()
        if_none_match = if_modified_since = None
        for name, value in headers:
            if name == b"accept-encoding":
                encodings = accepted(value)
            elif name == b"if-none-match":
                if_none_match = value
            elif name == b"if-modified-since":
                if_modified_since = value
        if entry is None:
            return choose(self.pages.not_found() or NOT_FOUND, encodings, None, None)
        return choose(entry, encodings, if_none_match, if_modified_since)

    async def _answer_unbaked(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        if path.startswith("/media/"):
            await self._send_media(path, scope["method"], scope, send)
        else:
            await self._pass_on(scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.proxy.pass_on(scope, receive, send)
        except Busy:
            await _send(send, _plain(503, b"Too many people at once. Please try again in a moment.\n"), scope["method"])
        except AppDown as error:
            log.warning("No app process answered %s: %s", scope["path"], error)
            await _send(send, _plain(503, b"The desk is restarting. Please try again in a moment.\n"), scope["method"])

    async def _send_media(self, path: str, method: str, scope: Scope, send: Send) -> None:
        file = self.media + path[6:]
        suffix = os.path.splitext(path)[1].lower()
        try:
            size = os.stat(file).st_size if is_sound(path) and not path.endswith("/") else -1
        except OSError:
            size = -1
        if size < 0 or suffix not in MEDIA_SUFFIXES or os.path.isdir(file):
            await _send(send, choose(self.pages.not_found() or NOT_FOUND, (), None, None), method)
            return
        if method not in {"GET", "HEAD"}:
            await _send(send, NOT_ALLOWED, method)
            return
        headers = [
            (b"content-type", TYPES[suffix]),
            (b"content-length", str(size).encode()),
            (b"cache-control", FOREVER),
            *SECURITY,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if method == "HEAD":
            await send({"type": "http.response.body", "body": b""})
        elif "http.response.pathsend" in scope.get("extensions", ()):
            await send({"type": "http.response.pathsend", "path": file})
        else:
            with open(file, "rb") as stream:
                await send({"type": "http.response.body", "body": stream.read()})


def _plain(status: int, text: bytes) -> Answer:
    headers = [
        (b"content-type", TYPES[".txt"]),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        *SECURITY,
    ]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    return Answer(status, headers, text)


_not_found = _plain(404, b"There is no such page.\n")
NOT_FOUND = Entry(0, 0, b"", "", {"": _not_found}, {"": _not_found}, 0)
NOT_ALLOWED = _plain(405, b"This address can only be read.\n")
NOT_ALLOWED.headers.append((b"allow", b"GET, HEAD"))


async def _send(send: Send, answer: Answer, method: str) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    while scope["type"] == "lifespan":
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


def from_environment() -> Front:
    """The front that ``STOPPRESS_FRONT`` describes."""
    return Front(json.loads(os.environ["STOPPRESS_FRONT"]))


if "STOPPRESS_FRONT" in os.environ:
    die_with_parent()
    app = from_environment()
