"""The two servers that are compared: the tree of ``stoppress run``, and nginx."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.machine import command_of, family

START_SECONDS = 60.0
STOP_SECONDS = 15.0
FILES_AT_ONCE = """\
        location / { gzip_static on; }
"""
STORE = """\
        location / {
            gzip_static on;
            try_files ${uri}index.html ${uri}index.xml $uri =404;
        }
"""
CACHE = """\
        open_file_cache max=10000 inactive=60s;
        open_file_cache_valid 1s;
"""
NGINX = """\
daemon off;
master_process on;
%(user)s
worker_processes %(workers)d;
pid %(folder)s/nginx.pid;
error_log %(folder)s/error.log;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    access_log off;
    sendfile on;
    tcp_nopush on;
    server {
        listen 127.0.0.1:%(port)d;
        server_name localhost;
        index index.html;
        root %(root)s;
%(location)s
    }
}
"""


class DidNotStart(Exception):
    """A server gave no answer in time; the text holds what it said."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(folder: Path, root: Path, location: str = FILES_AT_ONCE, workers: int = 1) -> Iterator["Running"]:
    """nginx with its ordinary settings, serving ``root``."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    configuration = folder / "nginx.conf"
    # Started by root its worker would become nobody, who may not read the files.
    user = "user root;" if os.getuid() == 0 else ""
    values = {"user": user, "workers": workers, "folder": folder, "port": port, "root": root, "location": location}
    configuration.write_text(NGINX % values)
    with _started(["nginx", "-p", str(folder), "-c", str(configuration)], folder / "nginx.out", port) as process:
        yield Running(process, port, lambda: family(process.pid))


@contextmanager
def tree(instance: Path, workers: int = 1) -> Iterator["Running"]:
    """``stoppress run`` on ``instance``, with so many front workers."""
    port = free_port()
    command = [sys.executable, "-m", "stoppress", "--instance", str(instance), "run", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers)]
    with _started(command, instance / "run.out", port) as process:
        yield Running(process, port, lambda: _fronts(process.pid))


class Running:
    """A server that answers on ``port``.

    Attributes:
        pids: gives the processes that answer readers.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, pids: Callable[[], list[int]]) -> None:
        self._process = process
        self.port = port
        self.pids = pids

    @property
    def pid(self) -> int:
        """The process at the root."""
        return self._process.pid

    def url(self, path: str) -> str:
        """``path`` on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str, encoding: str = "gzip") -> tuple[int, bytes]:
        """Status and body, as sent, of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": encoding})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def _fronts(root: int) -> list[int]:
    found = [pid for pid in family(root) if "stoppress.config.process front" in command_of(pid)]
    return sorted({one for pid in found for one in family(pid)})


@contextmanager
def _started(command: list[str], output: Path, port: int) -> "Iterator[subprocess.Popen[bytes]]":
    with output.open("wb") as file:
        # A session of its own, as a service has: Linux shares the processor among sessions first (sched(7), autogroup).
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(process, port, output)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise DidNotStart(output.read_text(encoding="utf-8", errors="replace")[-2000:])
