"""A mail server of our own, on the loopback: as much of RFC 5321 as one sender needs, and the refusals."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message


class Server(socketserver.ThreadingTCPServer):
    """Takes mail; keeps what it took.

    Attributes:
        refuses: command words with the reply that each gets instead of success.
    """

    daemon_threads = True

    def __init__(self, refuses: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.refuses = refuses
        self.mails: list[Message] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class Session(socketserver.StreamRequestHandler):
    """One sender's visit."""

    server: Server

    def handle(self) -> None:
        """Answer line by line until the sender leaves."""
        self.say("220 mail.test ESMTP")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line.split()[0].upper()
            if word in self.server.refuses:
                self.say(self.server.refuses[word])
            elif word == "EHLO":
                self.say("250-mail.test\r\n250 AUTH PLAIN")
            elif word == "AUTH":
                self.say("235 welcome")
            elif word == "DATA":
                self.say("354 go on")
                self.server.mails.append(message_from_string(self.text()))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, reply: str) -> None:
        """Send one reply."""
        self.wfile.write(f"{reply}\r\n".encode())

    def text(self) -> str:
        """The mail up to the lonely dot."""
        lines = []
        while (line := self.rfile.readline().decode("utf-8")) not in {".\r\n", ""}:
            lines.append(line.removeprefix("."))
        return "".join(lines)


@contextmanager
def serving(**refuses: str) -> Iterator[Server]:
    """Run a server; each keyword is a command in capitals that it refuses, with the reply."""
    with Server(refuses) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
