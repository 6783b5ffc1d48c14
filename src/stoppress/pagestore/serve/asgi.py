"""The front: an ASGI application that answers from the page store and passes the rest on."""

import logging
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from stoppress.core.filetypes import DOWNLOADED
from stoppress.pagestore.layout import Layout, is_sound
from stoppress.pagestore.serve.pages import (
    FOREVER,
    MEDIA_TYPES,
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
from stoppress.pagestore.serve.proxy import AppDown, Busy, Gone, Proxy, Receive, Scope, Send, TooLarge, TooSlow
from stoppress.pagestore.serve.trust import TrustedProxies

log = logging.getLogger("stoppress.front")

DYNAMIC = ("/desk/", "/-/")
"""Prefixes of addresses that Django answers."""
NOT_BAKED = (*DYNAMIC, "/media/")
CHUNK_BYTES = 128 * 2**10
LIVE = "/-/live/"
PASSED_ON = 0
"""Stands for a status in the counts."""


class Front:
    """What one front process answers.

    Args:
        configuration: ``store``, ``media``, ``static`` and ``app_socket`` (paths), ``trusted_proxies`` (addresses
            and networks).

    Attributes:
        counts: how many answers it gave of each status.
        is_draining: whether the server stops, so that each answer is the last of its connection.
    """

    def __init__(self, configuration: dict[str, Any]) -> None:
        self.is_draining = False
        self.counts: defaultdict[int, int] = defaultdict(int)
        self.pages = Pages(Layout(Path(configuration["store"])))
        self.static = StaticFiles(configuration["static"])
        self.media = str(configuration["media"]).rstrip("/")
        self.proxy = Proxy(
            configuration["app_socket"],
            TrustedProxies(configuration.get("trusted_proxies", ())),
        )

    def close(self) -> None:
        """Let go of the store."""
        self.pages.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        path: str = scope["path"]
        method: str = scope["method"]
        answer = self.answer(path, method, scope["headers"])
        if answer is not None:
            self.counts[answer.status] += 1
            await _send(send, answer, method)
        elif path.startswith("/media/"):
            await self._send_media(path, method, scope["headers"], send)
        else:
            self.counts[PASSED_ON] += 1
            await self._pass_on(scope, receive, send)

    def answer(self, path: str, method: str, headers: Headers) -> Answer | None:
        """The answer, if it takes no waiting: a page, a redirect, a static file. ``None`` for what needs more.

        Args:
            path: decoded, without the query.
            headers: names in lower case.
        """
        if path.startswith(NOT_BAKED) or path == "/desk":
            return ALIVE if path == LIVE and method in {"GET", "HEAD"} else None
        try:
            entry = self.static.find(path[8:]) if path.startswith("/static/") else self.pages.find(path)
        except Miss:
            return None
        except OSError as error:
            log.error("%s can't be read: %s", path, error)
            return self._said("/503.html", headers, UNREADABLE)
        if entry is not None and method not in {"GET", "HEAD"}:
            return NOT_ALLOWED
        return self._choose(entry, headers)

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

    def _said(self, path: str, headers: Headers, plainly: Answer) -> Answer:
        """The paper's own page at ``path`` for who reads pages; plain words for programs, and where it is missing."""
        asked = dict(headers)
        if b"text/html" not in asked.get(b"accept", b""):
            return plainly
        try:
            entry = self.pages.find(path)
        except (Miss, OSError):
            entry = None
        if entry is None:
            return plainly
        form = choose(entry, accepted(asked.get(b"accept-encoding", b"")), None, None)
        of_form = [pair for pair in form.headers if pair[0] in OF_FORM]
        others = [pair for pair in plainly.headers if pair[0] not in OF_FORM]
        return Answer(plainly.status, [*of_form, *others], form.body)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        only_reads = scope["method"] in {"GET", "HEAD"}
        try:
            await self.proxy.pass_on(scope, receive, send)
        except Gone:
            return
        except Busy:
            path, plainly = "/503.html" if only_reads else "/503-sent.html", BUSY
        except TooLarge:
            path, plainly = "/413.html", TOO_LARGE
        except TooSlow:
            path, plainly = "/408.html", TOO_SLOW
        except AppDown as error:
            log.warning("No app process answered %s: %s", scope["path"], error)
            path, plainly = ("/503.html", RESTARTING) if only_reads else ("/503-sent.html", RESTARTING_WITH_WORDS)
        else:
            return
        await _send(send, self._said(path, scope["headers"], plainly), scope["method"])

    async def _send_media(self, path: str, method: str, asked: Headers, send: Send) -> None:
        file = self.media + path[6:]
        suffix = os.path.splitext(path)[1].lower()
        try:
            size = os.stat(file).st_size if is_sound(path) and not path.endswith("/") else -1
        except OSError:
            size = -1
        if size < 0 or suffix not in MEDIA_TYPES or os.path.isdir(file):
            await _send(send, choose(self.pages.not_found() or NOT_FOUND, (), None, None), method)
            return
        if method not in {"GET", "HEAD"}:
            await _send(send, NOT_ALLOWED, method)
            return
        headers = [(b"content-type", MEDIA_TYPES[suffix]), (b"cache-control", FOREVER), *SECURITY]
        if suffix in DOWNLOADED:
            headers.append((b"content-disposition", b"attachment"))
        headers.append((b"accept-ranges", b"bytes"))
        part = _part(asked, size)
        if part is None:
            headers += [(b"content-range", b"bytes */%d" % size), (b"content-length", b"0")]
            await _send(send, Answer(416, headers, b""), method)
            return
        first, last = part
        is_whole = last - first + 1 == size
        if not is_whole:
            headers.append((b"content-range", b"bytes %d-%d/%d" % (first, last, size)))
        headers.append((b"content-length", str(last - first + 1).encode()))
        await send({"type": "http.response.start", "status": 200 if is_whole else 206, "headers": headers})
        if method == "GET":
            with open(file, "rb") as stream:
                stream.seek(first)
                left = last - first + 1
                while chunk := stream.read(min(CHUNK_BYTES, left)):
                    left -= len(chunk)
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


_RANGE = re.compile(rb"bytes=(\d{0,18})-(\d{0,18})")


def _part(headers: Headers, size: int) -> tuple[int, int] | None:
    """First and last byte that is asked for (RFC 9110, 14.2); ``None`` when the file has nothing of it.

    Players ask for one range to jump in a recording; more than one at once, or one with a condition, is answered
    with the whole file, as the standard allows.
    """
    asked = dict(headers)
    found = _RANGE.fullmatch(asked.get(b"range", b"").strip())
    whole = (0, size - 1)
    if found is None or b"if-range" in asked or found[0] == b"bytes=-" or not size:
        return whole
    if not found[1]:
        length = int(found[2])
        return (max(0, size - length), size - 1) if length else None
    first, last = int(found[1]), min(int(found[2] or size), size - 1)
    if found[2] and int(found[2]) < first:
        return whole
    return (first, last) if first < size else None


def _plain(status: int, text: bytes, *more: tuple[bytes, bytes]) -> Answer:
    headers = [
        (b"content-type", TYPES[".txt"]),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
        *SECURITY,
        *more,
    ]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    return Answer(status, headers, text)


OF_FORM = frozenset({b"content-type", b"content-length", b"content-encoding", b"vary"})
"""Headers that say how a body is written down."""
UNREADABLE = _plain(503, b"This page can't be read just now. Please try again.\n")
BUSY = _plain(503, b"Too many people at once. Please try again in a moment.\n")
TOO_LARGE = _plain(
    413,
    b"This is more than fits into any form here, and nothing was done. Please send less at once.\n",
    (b"connection", b"close"),
)
TOO_SLOW = _plain(408, b"This did not arrive in time, and nothing was done. Please try again.\n")
RESTARTING = _plain(
    503,
    b"This part of the site is restarting, and the pages of the paper are there as ever. Please try again in a "
    b"moment.\n",
)
RESTARTING_WITH_WORDS = _plain(
    503,
    b"This part of the site is restarting, and what you sent may not have arrived.\n"
    b"Go back in your browser: your words are still there. Copy them, and try again in a moment.\n",
)
_not_found = _plain(404, b"There is no such page.\n")
NOT_FOUND = Entry(0, 0, b"", "", {"": _not_found}, {"": _not_found}, 0)
ALIVE = _plain(200, b"A front process answers.\n")
NOT_ALLOWED = _plain(405, b"This address can only be read.\n", (b"allow", b"GET, HEAD"))


async def _send(send: Send, answer: Answer, method: str) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else answer.body})
