"""The server over a real socket: the short way answers as the long one does, and nobody can wear it out."""

import itertools
import logging
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn import Server

from stoppress.pagestore.serve import server as serving
from stoppress.pagestore.serve.server import Connection, make_server
from tests.pagestore.site import Site
from tests.tree import PATIENCE_SECONDS, eventually

STORY = "/world/story/"
LONG = "/world/long/"
MISSING = "/world/nothing/"
END = b"\r\n\r\n"


class Served:
    """A site behind a server in a thread."""

    def __init__(self, site: Site, server: Server, port: int) -> None:
        self.site = site
        self.server = server
        self.port = port

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_SECONDS)

    def say(self, *pieces: bytes) -> bytes:
        """All that is answered until the server closes."""
        with self.connect() as reader:
            for piece in pieces:
                reader.sendall(piece)
            return read_to_end(reader)

    def connections(self) -> list[Connection]:
        return [one for one in self.server.server_state.connections.copy() if isinstance(one, Connection)]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    site = Site(tmp_path_factory.mktemp("served") / "site")
    site.bake(STORY, "<h1>News</h1>" * 50)
    site.bake(LONG, "".join(f"<p>{number * 7919}</p>" for number in range(20_000)))
    site.bake("/404.html", "never was")
    site.bury("/world/old/", STORY)
    site.bury("/world/gone/")
    listener = socket.create_server(("127.0.0.1", 0))
    server = make_server(site.front, drain_seconds=1)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    yield Served(site, server, listener.getsockname()[1])
    server.should_exit = True
    thread.join()
    site.front.close()
    site.writer.close()


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "host: news.example", *headers, "", ""]).encode()


def last(path: str) -> bytes:
    return request(path, "connection: close")


def read_to_end(reader: socket.socket) -> bytes:
    answer = b""
    while chunk := reader.recv(2**16):
        answer += chunk
    return answer


def parsed(answer: bytes) -> tuple[bytes, dict[bytes, bytes], bytes]:
    head, _, body = answer.partition(END)
    first, *lines = head.split(b"\r\n")
    headers = dict(line.split(b": ", 1) for line in lines)
    headers.pop(b"date")
    headers.pop(b"connection", None)
    return first, headers, body


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", [STORY, STORY + "?from=somewhere", "/world/story", "/world/old/", "/world/gone/", MISSING]
)
@pytest.mark.parametrize("header", ["accept-encoding: gzip, br", "accept-encoding: gzip", "if-none-match: *", "x: y"])
def test_the_short_way_answers_as_the_long_one_does(served: Served, method: str, path: str, header: str) -> None:
    long_way = served.say(request(path, header, "connection: close", method=method))
    both = served.say(request(path, header, method=method) + request(path, header, "connection: close", method=method))
    assert both.endswith(parsed(long_way)[2])
    short_way = both[: len(both) - len(long_way)]
    assert parsed(short_way) == parsed(long_way)
    assert b"connection" not in short_way.partition(END)[0]


def test_questions_in_a_row_are_answered_in_their_order(served: Served) -> None:
    answer = served.say(request("/-/nobody/") + request(STORY) + request(MISSING) + request("/-/nobody/") + last(STORY))
    assert re.findall(rb"HTTP/1.1 (\d+) ", answer) == [b"503", b"200", b"404", b"503", b"200"]


@given(cuts=st.lists(st.integers(0, 300), max_size=4))
def test_a_request_may_come_in_pieces(served: Served, cuts: list[int]) -> None:
    text = request(STORY, "content-length: 4") + b"body" + last(MISSING)
    marks = sorted({min(cut, len(text)) for cut in [0, *cuts, len(text)]})
    answer = served.say(*[text[a:b] for a, b in itertools.pairwise(marks)])
    assert answer.count(b"HTTP/1.1 200 OK") == answer.count(b"HTTP/1.1 404 Not Found") == 1


@given(noise=st.binary(max_size=300))
def test_any_bytes_get_an_answer_or_an_end(served: Served, noise: bytes) -> None:
    with served.connect() as reader:
        reader.sendall(noise)
        reader.shutdown(socket.SHUT_WR)
        answer = read_to_end(reader)
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert b"HTTP/1.1 500" not in answer


@pytest.mark.parametrize("beginning", [b"GET / HTTP/1.1\r\nx: ", b"GET /", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 500])
def test_a_header_without_end_is_cut_off(served: Served, beginning: bytes) -> None:
    with served.connect() as reader:
        reader.sendall(beginning)
        answer = b""
        try:
            while not answer:
                reader.sendall(b"y" * 4096)
                reader.settimeout(0)
                try:
                    answer = reader.recv(2**16)
                except BlockingIOError:
                    reader.settimeout(PATIENCE_SECONDS)
        except (ConnectionResetError, BrokenPipeError):
            return
    assert b" 431 " in answer or b" 400 " in answer


def test_who_asks_and_does_not_read_fills_no_memory(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with served.connect() as reader:
        eventually(served.connections, "the connection")
        reader.settimeout(0)
        asked = 0
        questions = request(LONG) * 400
        try:
            while True:
                asked += reader.send(questions)
        except BlockingIOError:
            pass
        (connection,) = eventually(
            lambda: [one for one in served.connections() if one.flow.write_paused], "a full pipe"
        )
        length = len(served.site.get(LONG).body)
        assert connection.transport.get_write_buffer_size() < 4 * length
        assert len(connection.pipeline) * 10 < asked // len(request(LONG)) + 10_000
    eventually(lambda: not served.connections(), "the connection to end")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_connection_that_asks_nothing_is_closed(served: Served) -> None:
    with served.connect() as asked, served.connect() as drips:
        asked.sendall(request(STORY))
        asked.recv(2**16)
        drips.sendall(b"GET / HT")
        eventually(lambda: len(served.connections()) == 2, "both connections")
        for connection in served.connections():
            connection.close_if_idle(connection.waits_since + serving.HEAD_SECONDS / 2)
        drips.sendall(b"TP/1.1\r\n")
        for connection in served.connections():
            # On its own thread's next turn, as the sweep is.
            connection.loop.call_soon_threadsafe(
                connection.close_if_idle, connection.waits_since + serving.HEAD_SECONDS + 1
            )
        assert asked.recv(1) == drips.recv(1) == b""
    eventually(lambda: not served.connections(), "both to end")


@pytest.fixture
def stopping(tmp_path: Path) -> Iterator[tuple[Served, threading.Thread]]:
    """A server of this test's own, to be stopped in it."""
    site = Site(tmp_path / "site")
    site.bake(STORY, "<h1>News</h1>")
    listener = socket.create_server(("127.0.0.1", 0))
    has_started = threading.Event()
    server = make_server(site.front, 5, has_started.set)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    assert has_started.wait(PATIENCE_SECONDS)
    yield Served(site, server, listener.getsockname()[1]), thread
    server.should_exit = True
    thread.join()
    site.front.close()
    site.writer.close()


def test_a_question_on_its_way_is_answered_by_a_server_that_stops(
    stopping: tuple[Served, threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    served, thread = stopping
    monkeypatch.setattr(serving, "LAST_WORD_SECONDS", PATIENCE_SECONDS)
    with served.connect() as fresh, served.connect() as used:
        used.sendall(request(STORY))
        first = used.recv(2**16)
        assert b"connection: close" not in first.lower()
        eventually(lambda: len(served.connections()) == 2, "both to be accepted")
        served.server.should_exit = True
        eventually(lambda: served.site.front.is_draining, "the server to stop")
        for one in (fresh, used):
            one.sendall(request(STORY))
            answer = read_to_end(one)
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert answer.endswith(b"<h1>News</h1>")
            assert b"connection: close" in answer.lower()
    thread.join()


def test_a_silent_connection_does_not_keep_a_server_from_stopping(
    stopping: tuple[Served, threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    served, thread = stopping
    monkeypatch.setattr(serving, "LAST_WORD_SECONDS", 0.0)
    with served.connect() as silent:
        eventually(served.connections, "it to be accepted")
        served.server.should_exit = True
        assert read_to_end(silent) == b""
    thread.join()
