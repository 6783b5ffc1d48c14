"""A page store with its front, called as a server calls it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stoppress.pagestore.bake.writer import Writer
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.serve.asgi import Front


@dataclass
class Reply:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Site:
    """A front and the writer that fills its store."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.writer = Writer(Layout(root / "store"))
        for folder in ("media", "static"):
            (root / folder).mkdir(exist_ok=True)
        self.front = Front(
            {
                "store": str(root / "store"),
                "media": str(root / "media"),
                "static": str(root / "static"),
                "app_socket": str(root / "nobody.sock"),
                "trusted_proxies": [],
            }
        )

    def bake(self, path: str, text: str, suffix: str = ".html") -> None:
        self.writer.commit([self.writer.prepare_page(path, text.encode(), suffix)])

    def bury(self, path: str, location: str | None = None) -> None:
        self.writer.commit([self.writer.prepare_tombstone(path, location)])

    def get(self, path: str, method: str = "GET", **headers: str) -> Reply:
        reply = Reply()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                reply.status = message["status"]
                reply.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                reply.body += message.get("body", b"")

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode("utf-8", "surrogatepass"),
            "query_string": b"",
            "scheme": "http",
            "client": ("127.0.0.1", 5),
            "headers": [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(self.front(scope, receive, send))
        return reply
