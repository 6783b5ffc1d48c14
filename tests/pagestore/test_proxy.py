"""The way to the app: readers who are slow, gone or too many hold up nobody."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop

from stoppress.pagestore.serve import proxy as passing
from stoppress.pagestore.serve.proxy import AppDown, Busy, Gone, Proxy, TooLarge, TooSlow
from stoppress.pagestore.serve.trust import TrustedProxies

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello"


class App:
    """What listens on the socket. Notes what it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.asked: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        self.asked.append(head + await reader.readexactly(int(length or 0)))
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def app_at(socket: Path, answer: bytes = ANSWER) -> AsyncIterator[App]:
    app = App(answer)
    server = await asyncio.start_unix_server(app, socket)
    async with server:
        yield app


class Reader:
    """One request, its pieces given one by one."""

    def __init__(self, *pieces: bytes, size: int | None = None, hangs: bool = False, leaves: bool = False) -> None:
        size = sum(map(len, pieces)) if size is None else size
        self.scope: dict[str, Any] = {
            "method": "POST" if size else "GET",
            "path": "/-/form/",
            "query_string": b"",
            "headers": [(b"host", b"news.example"), *([(b"content-length", str(size).encode())] if size else [])],
            "client": ("203.0.113.9", 7),
        }
        self.pieces = list(pieces)
        self.hangs = hangs
        self.leaves = leaves
        self.sent: list[dict[str, Any]] = []
        self.hold: Callable[[], Awaitable[object]] | None = None

    async def receive(self) -> dict[str, Any]:
        if self.pieces:
            more = len(self.pieces) > 1 or self.hangs or self.leaves
            return {"type": "http.request", "body": self.pieces.pop(0), "more_body": more}
        if self.hangs:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"} if self.leaves else {"type": "http.request"}

    async def send(self, message: dict[str, Any]) -> None:
        if self.hold is not None:
            await self.hold()
        self.sent.append(message)

    async def ask(self, proxy: Proxy) -> None:
        await proxy.pass_on(self.scope, self.receive, self.send)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def make_proxy(socket: Path) -> Proxy:
    return Proxy(str(socket), TrustedProxies([]))


@pytest.fixture(autouse=True)
def one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "AT_ONCE", 1)


@pytest.fixture
def socket(tmp_path: Path) -> Path:
    return tmp_path / "app.sock"


def test_a_form_arrives_whole_with_the_readers_address(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket) as app:
            reader = Reader(b"text=", b"a+word")
            await reader.ask(make_proxy(socket))
            assert reader.sent[0]["status"] == 200
            assert reader.body == b"hello"
            assert app.asked[0].endswith(b"text=a+word")
            assert b"x-forwarded-for: 203.0.113.9" in app.asked[0].lower()

    uvloop.run(journey())


def test_who_never_finishes_their_form_holds_no_place(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket) as app:
            proxy = make_proxy(socket)
            slow = asyncio.create_task(Reader(b"te", size=500, hangs=True).ask(proxy))
            other = Reader()
            await other.ask(proxy)
            assert other.body == b"hello"
            assert len(app.asked) == 1
            slow.cancel()

    uvloop.run(journey())


def test_who_never_reads_their_page_holds_no_place(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket):
            proxy = make_proxy(socket)
            idle, other = Reader(), Reader()
            idle.hold = asyncio.Event().wait
            waiting = asyncio.create_task(idle.ask(proxy))
            await other.ask(proxy)
            assert other.body == b"hello"
            waiting.cancel()

    uvloop.run(journey())


def test_a_form_that_takes_too_long_is_refused(socket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "BODY_SECONDS", 0.0)
    with pytest.raises(TooSlow):
        uvloop.run(Reader(b"te", size=500, hangs=True).ask(make_proxy(socket)))


def test_who_leaves_half_way_is_not_passed_on(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket) as app:
            with pytest.raises(Gone):
                await Reader(b"te", size=500, leaves=True).ask(make_proxy(socket))
            assert app.asked == []

    uvloop.run(journey())


@pytest.mark.parametrize("is_told", [True, False])
def test_a_reader_sends_no_more_than_a_form_holds(socket: Path, is_told: bool) -> None:
    async def journey() -> None:
        async with app_at(socket) as app:
            for most, is_taken in ((passing.MOST_BODY_BYTES, True), (passing.MOST_BODY_BYTES + 1, False)):
                reader = Reader(b"x" * (most - 9), b"x" * 9)
                if not is_told:
                    reader.scope["headers"] = [(b"host", b"news.example"), (b"transfer-encoding", b"chunked")]
                if is_taken:
                    await reader.ask(make_proxy(socket))
                    assert reader.body == b"hello"
                    assert app.asked.pop().endswith(b"x" * most)
                else:
                    with pytest.raises(TooLarge):
                        await reader.ask(make_proxy(socket))
            assert app.asked == []

    uvloop.run(journey())


def test_large_bodies_of_the_desk_stream_both_ways(socket: Path) -> None:
    large = b"x" * (passing.SMALL_ANSWER_BYTES + 1)

    async def journey() -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n" % len(large)
        async with app_at(socket, head + large) as app:
            reader = Reader(large[:100_000], large[100_000:])
            reader.scope["path"] = "/desk/images/add/"
            await reader.ask(make_proxy(socket))
            assert reader.body == large
            assert len(reader.sent) > 3
            assert app.asked[0].endswith(large)

    uvloop.run(journey())


def test_a_full_queue_is_said_so(socket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "WAITING", 0)
    with pytest.raises(Busy):
        uvloop.run(Reader().ask(make_proxy(socket)))


def test_nobody_listens(socket: Path) -> None:
    with pytest.raises(AppDown):
        uvloop.run(Reader().ask(make_proxy(socket)))


def test_a_form_waits_for_an_app_that_just_begins(socket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "PAUSE_SECONDS", 0.001)
    asked = Proxy._ask

    async def journey() -> None:
        nobody_listened = asyncio.Event()

        async def ask(*question: Any) -> Any:
            try:
                return await asked(*question)
            except AppDown:
                nobody_listened.set()
                raise

        monkeypatch.setattr(Proxy, "_ask", ask)
        reader = Reader(b"text=words")
        asking = asyncio.create_task(reader.ask(make_proxy(socket)))
        await nobody_listened.wait()
        async with app_at(socket) as app:
            await asking
            assert app.asked[0].endswith(b"text=words")
        assert reader.body == b"hello"

    uvloop.run(journey())
    monkeypatch.setattr(passing, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(AppDown):
        uvloop.run(Reader(b"text=words").ask(make_proxy(socket)))


def test_an_answer_that_breaks_off_before_its_end_is_not_half_sent(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket, b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf"):
            reader = Reader()
            with pytest.raises(AppDown):
                await reader.ask(make_proxy(socket))
            assert reader.sent == []

    uvloop.run(journey())


class Closing(App):
    """Closes its first connection without a word."""

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.asked:
            await super().__call__(reader, writer)
        else:
            self.asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.close()


@pytest.mark.parametrize("is_form", [False, True])
def test_what_only_reads_is_asked_again_when_the_app_closed_the_connection(socket: Path, is_form: bool) -> None:
    async def journey() -> None:
        app = Closing(ANSWER)
        async with await asyncio.start_unix_server(app, socket):
            reader = Reader(*([b"text=a"] if is_form else []))
            if is_form:
                with pytest.raises(AppDown):
                    await reader.ask(make_proxy(socket))
                assert (len(app.asked), reader.sent) == (1, [])
            else:
                await reader.ask(make_proxy(socket))
                assert (len(app.asked), reader.body) == (2, b"hello")

    uvloop.run(journey())


def test_a_readers_own_word_on_where_they_come_from_is_dropped(socket: Path) -> None:
    async def journey() -> None:
        async with app_at(socket) as app:
            reader = Reader()
            reader.scope["headers"] += [
                (b"x-forwarded-for", b"198.51.100.7"),
                (b"x-forwarded-proto", b"https"),
                (b"x_forwarded_proto", b"https"),
                (b"forwarded", b"proto=https"),
            ]
            await reader.ask(make_proxy(socket))
            head = app.asked[0].lower()
            assert b"https" not in head
            assert b"198.51.100.7" not in head
            assert b"x-forwarded-for: 203.0.113.9\r\nx-forwarded-proto: http\r\n" in head

    uvloop.run(journey())
