"""One thread answers a request from end to end, and nothing of it is left for the next."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import translation

from stoppress.config.asgi import Application


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, headers={"X-Thread": str(threading.get_ident())})


def speak(request: HttpRequest, language: str) -> HttpResponse:
    before = translation.get_language()
    translation.activate(language)
    return HttpResponse(before)


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[bytes]:
        yield from (b"one ", b"two ", b"three")

    return StreamingHttpResponse(parts())


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("This view is broken.")


urlpatterns = [path("echo/", echo), path("speak/<language>/", speak), path("stream/", stream), path("fail/", fail)]


@pytest.fixture
def application(settings: Any) -> Application:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "stoppress.config.middleware.SoundAddresses",
    ]
    return Application()


def asked(application: Application, place: str, *parts: bytes, method: str = "GET") -> list[Mapping[str, Any]]:
    scope = {
        "type": "http",
        "method": method,
        "path": place,
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "scheme": "http",
        "http_version": "1.1",
    }
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    messages.append({"type": "http.disconnect"} if parts and not parts[-1] else {"type": "http.request", "body": b""})
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return messages.pop(0)

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    return sent


def body(sent: list[Mapping[str, Any]]) -> bytes:
    return b"".join(message.get("body", b"") for message in sent[1:])


def test_a_body_in_pieces_arrives_whole_and_in_another_thread(application: Application) -> None:
    sent = asked(application, "/echo/", b"a word ", b"and another")
    assert sent[0]["status"] == 200
    assert body(sent) == b"a word and another"
    assert dict(sent[0]["headers"])[b"X-Thread"] != str(threading.get_ident()).encode()


def test_nothing_is_answered_to_who_leaves_before_the_end(application: Application) -> None:
    assert asked(application, "/echo/", b"half a", b"") == []


def test_what_one_request_sets_is_not_there_for_the_next(application: Application, settings: Any) -> None:
    for _ in range(3):
        assert body(asked(application, "/speak/de/")) == settings.LANGUAGE_CODE.encode()


def test_streams_and_failures(application: Application, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.warns(Warning, match="synchronous iterators"):
        assert body(asked(application, "/stream/")) == b"one two three"
    assert asked(application, "/fail/")[0]["status"] == 500
    assert "This view is broken" in caplog.text
    assert asked(application, "/nowhere/")[0]["status"] == 404
