"""The front's questions to the app: connections that are kept, and answers that come in every lawful shape, or none."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from stoppress.pagestore.serve import upstream as asking
from stoppress.pagestore.serve.upstream import (
    UNREAD_BYTES,
    BrokenOffError,
    NobodyListensError,
    TooLateError,
    Upstream,
)

HOST = [(b"host", b"news.example")]
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class App:
    """Answers what it is asked from a script, and notes it.

    Attributes:
        asked: heads and bodies, as they came.
        connections: how many were made.
        ends: the connections' own ends, to be closed by a test.
    """

    def __init__(self, *answers: bytes, reads_body: bool = True, closes: bool = False) -> None:
        self.answers = list(answers)
        self.reads_body, self.closes = reads_body, closes
        self.asked: list[bytes] = []
        self.connections = 0
        self.ends: list[asyncio.StreamWriter] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.ends.append(writer)
        try:
            while True:
                self.asked.append(await self._question(reader))
                writer.write(self.answers[min(len(self.asked), len(self.answers)) - 1])
                await writer.drain()
                if self.closes:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def _question(self, reader: asyncio.StreamReader) -> bytes:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"transfer-encoding: chunked" in head and self.reads_body:
            return head + await reader.readuntil(b"0\r\n\r\n")
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return head + (await reader.readexactly(int(length or 0)) if self.reads_body else b"")


@asynccontextmanager
async def served(socket: Path, app: App) -> AsyncIterator[Upstream]:
    server = await asyncio.start_unix_server(app, socket)
    async with server:
        try:
            yield Upstream(str(socket))
        finally:
            for end in app.ends:
                end.close()


def on_the_loop(journey: Callable[[], Awaitable[None]]) -> None:
    """Run it on the loop that the front runs on."""
    uvloop.run(journey())  # type: ignore[arg-type]


async def told(upstream: Upstream, method: str = "GET", body: Any = None, headers: Sequence[Any] = HOST) -> Any:
    asked = await upstream.ask(method, b"/-/form/?a=b", headers, body)
    try:
        return asked.status, dict(asked.headers), await asked.read()
    finally:
        asked.close()


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "app.sock"


def test_one_connection_carries_many_questions(socket: Path) -> None:
    async def journey() -> None:
        app = App(HELLO)
        async with served(socket, app) as upstream:
            for _ in range(3):
                assert await told(upstream) == (200, {b"content-length": b"5"}, b"hello")
            assert await told(upstream, "POST", b"text=words") == (200, {b"content-length": b"5"}, b"hello")
        assert app.connections == 1
        assert app.asked[0] == b"GET /-/form/?a=b HTTP/1.1\r\nhost: news.example\r\n\r\n"
        assert app.asked[3].endswith(b"\r\ncontent-length: 10\r\n\r\ntext=words")

    on_the_loop(journey)


def test_two_at_once_have_a_connection_each_and_the_last_used_is_used_next(socket: Path) -> None:
    async def journey() -> None:
        app = App(HELLO)
        async with served(socket, app) as upstream:
            first, second = await upstream.ask("GET", b"/1", HOST, None), await upstream.ask("GET", b"/2", HOST, None)
            assert (await first.read(), await second.read()) == (b"hello", b"hello")
            first.close()
            second.close()
            await told(upstream)
        assert app.connections == 2

    on_the_loop(journey)


@pytest.mark.parametrize("kept_for", [5.0, -1.0])
def test_a_connection_that_was_closed_or_is_old_is_not_used_again(
    socket: Path, kept_for: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "KEPT_SECONDS", kept_for)

    async def journey() -> None:
        app = App(HELLO, closes=kept_for > 0)
        async with served(socket, app) as upstream:
            for _ in range(3):
                assert (await told(upstream))[2] == b"hello"
                while app.closes and not app.ends[-1].is_closing():
                    await asyncio.sleep(0)
                await asyncio.wait_for(app.ends[-1].wait_closed(), 5)
        assert app.connections == 3

    on_the_loop(journey)


@pytest.mark.parametrize(
    ("method", "answer", "expected"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n", (200, b"")),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        ("GET", b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n", (304, b"")),
        ("POST", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + HELLO, (200, b"hello")),
        (
            "GET",
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            (200, b"hello"),
        ),
        ("GET", b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", (503, b"")),
    ],
)
def test_every_lawful_answer_is_read_to_its_end_and_the_connection_kept(
    socket: Path, method: str, answer: bytes, expected: tuple[int, bytes]
) -> None:
    async def journey() -> None:
        app = App(answer, HELLO)
        async with served(socket, app) as upstream:
            status, headers, body = await told(upstream, method, b"x" if method == "POST" else None)
            assert (status, body) == expected
            assert b"link" not in headers  # of the answer that only says that there will be one
            assert (await told(upstream))[2] == b"hello"
        assert app.connections == 1

    on_the_loop(journey)


def test_an_answer_without_a_length_ends_with_its_connection(socket: Path) -> None:
    async def journey() -> None:
        app = App(b"HTTP/1.1 200 OK\r\n\r\nall of it", closes=True)
        async with served(socket, app) as upstream:
            assert (await told(upstream))[2] == b"all of it"

    on_the_loop(journey)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"no HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n",
    ],
)
def test_an_answer_that_has_no_end_is_an_error(socket: Path, answer: bytes) -> None:
    async def journey() -> None:
        async with served(socket, App(answer, closes=True)) as upstream:
            with pytest.raises(BrokenOffError):
                await told(upstream)

    on_the_loop(journey)


def test_what_nobody_asked_for_is_nobodys_answer(socket: Path) -> None:
    async def journey() -> None:
        app = App(HELLO + HELLO, HELLO.replace(b"hello", b"other"))
        async with served(socket, app) as upstream:
            assert (await told(upstream))[2] == b"hello"
            assert (await told(upstream))[2] == b"other"
        assert app.connections == 2

    on_the_loop(journey)


def test_nobody_listens(socket: Path) -> None:
    async def journey() -> None:
        with pytest.raises(NobodyListensError):
            await told(Upstream(str(socket)))

    on_the_loop(journey)


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(socket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ANSWER_SECONDS", 0.01)

    async def journey() -> None:
        async with served(socket, App(b"")) as upstream:
            with pytest.raises(TooLateError):
                await told(upstream)

    on_the_loop(journey)


async def pieces(*texts: bytes) -> AsyncIterator[bytes]:
    for text in texts:
        yield text


def test_what_streams_keeps_its_length_or_comes_in_chunks(socket: Path) -> None:
    async def journey() -> None:
        app = App(HELLO)
        async with served(socket, app) as upstream:
            await told(upstream, "POST", pieces(b"ab", b"c"), [*HOST, (b"content-length", b"3")])
            await told(upstream, "POST", pieces(b"ab", b"c"))
        assert app.asked[0].endswith(b"content-length: 3\r\n\r\nabc")
        assert app.asked[1].endswith(b"transfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")

    on_the_loop(journey)


def test_a_refusal_before_the_end_of_a_large_body_is_heard(socket: Path) -> None:
    async def large() -> AsyncIterator[bytes]:
        for _ in range(400):
            yield b"x" * 65_536

    async def journey() -> None:
        refusal = b"HTTP/1.1 413 Too Large\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlarge"
        app = App(refusal, reads_body=False, closes=True)
        async with served(socket, app) as upstream:
            status, _headers, body = await told(
                upstream, "POST", large(), [*HOST, (b"content-length", b"%d" % (400 * 65_536))]
            )
            assert (status, body) == (413, b"large")

    on_the_loop(journey)


class Hasty(App):
    """Answers as soon as it has read a head, and never reads a body."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.ends.append(writer)
        try:
            while True:
                self.asked.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(self.answers[min(len(self.asked), len(self.answers)) - 1])
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            pass


@pytest.mark.parametrize("size", [65_536, 16])
def test_an_answer_before_the_end_of_a_body_is_nobody_elses(socket: Path, size: int) -> None:
    refused = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * 10
        await asyncio.wait_for(refused.wait(), 5)
        for _ in range(400):
            yield b"x" * size

    async def journey() -> None:
        app = Hasty(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nno", HELLO)
        async with served(socket, app) as upstream:
            asking = asyncio.create_task(
                told(upstream, "POST", body(), [*HOST, (b"content-length", b"%d" % (10 + 400 * size))])
            )
            while not app.asked:
                await asyncio.sleep(0)
            refused.set()
            assert (await asking)[0] == 403
            other = [*HOST, (b"cookie", b"another reader's")]
            assert await told(upstream, headers=other) == (200, {b"content-length": b"5"}, b"hello")
        assert app.connections == 2
        assert app.asked[1].startswith(b"GET /-/form/?a=b HTTP/1.1\r\n")

    on_the_loop(journey)


def test_what_comes_after_a_head_alone_is_nobodys_answer(socket: Path) -> None:
    async def journey() -> None:
        app = App(HELLO, HELLO.replace(b"hello", b"other"))
        async with served(socket, app) as upstream:
            assert await told(upstream, "HEAD") == (200, {b"content-length": b"5"}, b"")
            assert (await told(upstream))[2] == b"other"
        assert app.connections == 2

    on_the_loop(journey)


def test_a_slow_reader_of_a_large_answer_leaves_it_with_the_app(socket: Path) -> None:
    size = 64 * UNREAD_BYTES

    async def journey() -> None:
        app = App(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % size + b"x" * size)
        async with served(socket, app) as upstream:
            asked = await upstream.ask("GET", b"/", HOST, None)
            came = 0
            largest = 0
            async for chunk in asked.chunks():
                came, largest = came + len(chunk), max(largest, len(chunk))
                for _ in range(20):  # whatever can come meanwhile comes
                    await asyncio.sleep(0)
            asked.close()
            assert came == size
            assert largest < 4 * UNREAD_BYTES
            assert (await told(upstream))[0] == 200

    on_the_loop(journey)


@pytest.mark.parametrize(
    ("target", "value"), [(b"/a\r\nx: y", b"ok"), (b"/", b"a\r\nx: y"), (b"/", b"a\nb"), (b"/", b"a\rb")]
)
def test_one_question_never_becomes_two(socket: Path, target: bytes, value: bytes) -> None:
    async def journey() -> None:
        app = App(HELLO)
        async with served(socket, app) as upstream:
            with pytest.raises(ValueError, match="line break"):
                await upstream.ask("GET", target, [*HOST, (b"x-a", value)], None)
        assert app.asked == []

    on_the_loop(journey)
