"""The web servers of ``deploy/``, with TLS, in front of a running tree."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.server import ANSWER_SECONDS, ROOT, Reply
from tests.tree import PATIENCE_SECONDS, eventually, free_port

NGINX = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
CADDY = """\
{
	admin off
	skip_install_trust
	auto_https disable_redirects
}

"""


def need(*programs: str) -> None:
    """Skip the test where one of them is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here (apt-get install {program})")


class Web:
    """A web server of ``deploy/``: what readers see of it at ``https://localhost:<port>``.

    Args:
        folder: for its own files; made here.
        root: the instance.
        front_port: where the tree answers.
    """

    def __init__(self, folder: Path, root: Path, port: int, front_port: int) -> None:
        self.folder = folder
        self.root = root
        self.port = port
        self.front_port = front_port
        folder.mkdir()
        self.certificate, self.key = folder / "certificate.pem", folder / "key.pem"

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """``nginx`` or ``caddy``."""
        self._make_certificate()
        command = {"nginx": self._nginx, "caddy": self._caddy}[name]()
        output = self.folder / "output"
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        try:
            eventually(lambda: process.poll() is not None or self._answers(), f"{name} to answer")
            assert process.poll() is None, output.read_text(encoding="utf-8")
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)

    def get(self, target: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """One request on a connection of its own; ``if_none_match=…`` becomes ``if-none-match``."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=ANSWER_SECONDS, context=context)
        try:
            sent: Mapping[str, str] = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body, {"accept-encoding": "identity", **sent})
            answer = connection.getresponse()
            joined: dict[str, str] = {}
            for name, value in answer.getheaders():
                between = "\n" if name.lower() == "set-cookie" else ", "
                joined[name.lower()] = between.join(filter(None, [joined.get(name.lower()), value]))
            return Reply(answer.status, joined, answer.read())
        finally:
            connection.close()

    def _answers(self) -> bool:
        try:
            return bool(self.get("/").status)
        except OSError:
            return False

    def _make_certificate(self) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        command += ["-keyout", str(self.key), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True)

    def _adapted(self, name: str, *changes: tuple[str, str | Callable[[re.Match[str]], str]]) -> str:
        """The file of ``deploy/`` for this instance; each change must find something."""
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        for pattern, instead in (("/srv/paper", str(self.root)), (r"127\.0\.0\.1:8000", self._front), *changes):
            text, count = re.subn(pattern, instead, text)
            assert count, pattern
        return text

    @property
    def _front(self) -> str:
        return f"127.0.0.1:{self.front_port}"

    def _nginx(self) -> list[str]:
        site = self._adapted(
            "nginx.conf",
            (r"listen \[::\]:\d+[^;]*;", ""),
            (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
            (r"listen 443", f"listen 127.0.0.1:{self.port}"),
            (r"news\.example;", "localhost;"),
            (r"/etc/letsencrypt/\S+/fullchain\.pem", str(self.certificate)),
            (r"/etc/letsencrypt/\S+/privkey\.pem", str(self.key)),
            (r"/var/log/nginx", str(self.folder)),
        )
        (self.folder / "site.conf").write_text(site, encoding="utf-8")
        # Started by root, its workers would be somebody who can't read the files of a test.
        user = "user root;" if os.getuid() == 0 else ""
        main = self.folder / "nginx.conf"
        main.write_text(NGINX.format(user=user, folder=self.folder), encoding="utf-8")
        command = ["nginx", "-p", str(self.folder), "-c", str(main), "-e", "stderr"]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr, tested.stderr
        return command

    def _caddy(self) -> list[str]:
        site = self._adapted(
            "Caddyfile",
            (
                r"\nnews\.example \{",
                f"\nhttps://localhost:{self.port} {{\n\tbind 127.0.0.1\n\ttls {self.certificate} {self.key}",
            ),
        )
        file = self.folder / "Caddyfile"
        file.write_text(CADDY + site, encoding="utf-8")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
