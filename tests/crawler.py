"""A reader who asks for everything, the store first, as the front does, then Django; and every address there is."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import URLPattern, URLResolver

from stoppress.pagestore.serve.asgi import DYNAMIC, Front
from tests.secrets import without


class Crawler:
    """A reader without cookies, who follows every link there is and tries what can be guessed."""

    def __init__(self, front: Front) -> None:
        self.front = front
        self.client = Client(raise_request_exception=False)

    def get(self, target: str) -> bytes:
        """All that is sent back, headers too, but for the words that were asked for."""
        path = urlsplit(target).path
        if path.startswith("/media/"):
            return self._front(path)
        found = None if path.startswith(DYNAMIC) else self.front.answer(path, "GET", [])
        if found is not None:
            return without(target, found.head + found.body)
        return without(target, whole(self.client.get(target)))

    def _front(self, path: str) -> bytes:
        sent = b""

        async def send(message: dict[str, Any]) -> None:
            nonlocal sent
            sent += b"".join(b"%s: %s\n" % pair for pair in message.get("headers", ())) + message.get("body", b"")

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        scope = {"type": "http", "path": path, "method": "GET", "headers": []}
        asyncio.run(self.front(scope, receive, send))
        return without(path, sent)


def whole(reply: Any) -> bytes:
    """What Django sent: headers, cookies and content."""
    head = "".join(f"{name}: {value}\n" for name, value in reply.headers.items()) + reply.cookies.output()
    return head.encode() + (b"".join(reply) if reply.streaming else reply.content)


def patterns(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, bool]]:
    """Every address below ``resolver`` as a route, and whether it has parameters."""
    for one in resolver.url_patterns:
        route = before + plain(str(one.pattern))
        if isinstance(one, URLResolver):
            yield from patterns(one, route)
        elif isinstance(one, URLPattern):
            yield route, "<" in route


def plain(route: str) -> str:
    """A regular expression as a route."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    route = route.replace(r"(\d+)", "<number>").replace("(.*)", "<filename>")
    return re.sub(r"\\Z|[\^$\\?]", "", route)
