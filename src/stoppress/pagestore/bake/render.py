"""One page, rendered anonymously by Django's own handler with the canonical host, and what it depended on."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from stoppress.core.recorder import recording

SUFFIXES = {
    "text/html": ".html",
    "application/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/json": ".json",
    "application/feed+json": ".json",
    "text/plain": ".txt",
}


class BakeRefused(Exception):
    """This response can't be the same for every reader, or is no page at all; the text says why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a page says and what it depends on."""

    body: bytes
    suffix: str
    keys: frozenset[str]
    valid_until: datetime | None


def render(path: str) -> Rendered:
    """Render ``path`` as a reader without cookies would get it.

    Raises:
        BakeRefused: the answer is not a 200, sets a cookie, varies on one, is private or has an unknown type.
    """
    with recording() as record, _noting_exceptions() as raised:
        response = _handler().get_response(_request(path))
        body = _body_of(response)
    if response.status_code >= 500 and raised:
        raise BakeRefused(f"{type(raised[0]).__name__}: {raised[0]}") from raised[0]
    if response.status_code != 200:
        raise BakeRefused(f"it answered {response.status_code}")
    if response.cookies:
        raise BakeRefused(f"it sets a cookie ({', '.join(response.cookies)})")
    varies = {field.strip().lower() for field in response.headers.get("Vary", "").split(",")} - {"", "accept-encoding"}
    if varies:
        raise BakeRefused(f"it varies on {', '.join(sorted(varies))}")
    control = response.headers.get("Cache-Control", "").lower()
    if "private" in control or "no-store" in control:
        raise BakeRefused(f"it is not public (Cache-Control: {control})")
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if content_type not in SUFFIXES:
        raise BakeRefused(f"its type {content_type!r} is not one that the store keeps")
    return Rendered(body, SUFFIXES[content_type], frozenset(record.keys), record.valid_until)


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


def _request(path: str) -> WSGIRequest:
    base = urlsplit(settings.BASE_URL)
    port = base.port or (443 if base.scheme == "https" else 80)
    return WSGIRequest(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),  # PEP 3333
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": base.hostname or "localhost",
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": base.netloc,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": base.scheme,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
        }
    )


def _body_of(response: HttpResponseBase) -> bytes:
    """The whole body, read while the recording is open.

    Raises:
        BakeRefused: a stream could be read after the recording, and would lose what it depends on.
    """
    if not isinstance(response, HttpResponse):
        raise BakeRefused("it is a stream")
    return response.content


@contextmanager
def _noting_exceptions() -> Iterator[list[BaseException]]:
    """Django turns an exception into a 500 response; the desk should show the exception."""
    raised: list[BaseException] = []

    def note(**_: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            raised.append(error)

    got_request_exception.connect(note, weak=False)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)
