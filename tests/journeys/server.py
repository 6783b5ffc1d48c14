"""A small publication, its running server, and readers who look at it."""

import gzip
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli

from tests import prepared
from tests.tree import Tree, environment, eventually, parent_of, stoppress

ROOT = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 30.0


def found(root: Path, database_url: str = "") -> Path:
    """Make an instance with a small publication in ``root`` and bake it."""
    more = {"STOPPRESS_DATABASE_URL": database_url} if database_url else {}
    if not database_url:
        prepared.lay_migrated(root / "data" / "db" / "stoppress.sqlite3")
    made = stoppress("init", root, "--title", "The Journey Gazette", more=more)
    assert made.returncode == 0, made.stderr
    assert work(root, "fill", database_url=database_url)[0]["failed"] == []
    return root


def start_work(root: Path, *arguments: str | Path, database_url: str = "") -> subprocess.Popen[str]:
    """Start a command of :mod:`tests.journeys.work` in the instance."""
    more = {"STOPPRESS_DATABASE_URL": database_url} if database_url else {}
    variables = environment(
        STOPPRESS_INSTANCE=str(root),
        DJANGO_SETTINGS_MODULE="stoppress.config.settings",
        PYTHONPATH=os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        **more,
    )
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.work", *map(str, arguments)],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Wait for a command and return what it said, a record a line."""
    output, _ = process.communicate()
    assert process.returncode == 0, f"{process.args} ended with {process.returncode}"
    return [json.loads(line) for line in output.splitlines()]


def work(root: Path, *arguments: str | Path, database_url: str = "") -> list[dict[str, Any]]:
    """Run a command of :mod:`tests.journeys.work` to its end."""
    return finish(start_work(root, *arguments, database_url=database_url))


@contextmanager
def serving(root: Path) -> Iterator[Tree]:
    """The running tree of the instance; nothing of it is left afterwards."""
    with Tree(root) as tree:
        yield tree
        family = descendants(tree.supervisor.pid)
    eventually(lambda: not [pid for pid in family if is_alive(pid)], "every process of the tree to be gone")


def descendants(pid: int) -> set[int]:
    """Process ids of everything below ``pid``."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (parent := parent_of(int(folder.name))) is not None:
            parents[int(folder.name)] = parent
    below: set[int] = set()
    edge = {pid}
    while edge:
        edge = {child for child, parent in parents.items() if parent in edge} - below
        below |= edge
    return below


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def settle(root: Path) -> None:
    """Wait until everything is derived and baked."""
    work(root, "settle")


def contents(store: Path) -> dict[str, bytes]:
    """Every file of the pages of ``store``; brotli by content, since the idle worker packs it tighter."""
    files = {}
    for path in sorted((store / "pages").rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            files[path.relative_to(store).as_posix()] = brotli.decompress(content) if path.suffix == ".br" else content
    return files


def assert_as_fresh(root: Path, scratch: Path) -> None:
    """The store in use equals a fresh bake of everything."""
    work(root, "afresh_when_settled", scratch)
    store, fresh = contents(root / "data" / "store"), contents(scratch)
    assert sorted(store) == sorted(fresh)
    differing = [name for name in fresh if store[name] != fresh[name]]
    assert differing == [], (differing, store[differing[0]], fresh[differing[0]])


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reader got. Header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def plain(self) -> bytes:
        """The body without its coding."""
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("content-encoding", ""), bytes)
        return unpack(self.body)


class Reader:
    """Someone without cookies or scripts. Sends a target as it is given, whatever it looks like."""

    def __init__(self, tree: Tree) -> None:
        self.port = tree.port

    def get(self, target: str, method: str = "GET", **headers: str) -> Reply:
        """One request on a connection of its own; ``if_none_match=…`` becomes ``if-none-match``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return Reply(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def sees(self, target: str, *words: str, status: int = 200, without: str = "", location: str = "") -> Reply:
        """Look again and again until the page is as wanted; tells how long that took."""
        last: list[Reply] = []

        def is_there() -> bool:
            reply = self.get(target)
            last[:] = [reply]
            return (
                reply.status == status
                and all(word.encode() in reply.body for word in words)
                and not (without and without.encode() in reply.body)
                and reply.headers.get("location", "") == location
            )

        began = time.monotonic()
        try:
            eventually(is_there, f"{target} to answer {status} with {words}")
        except AssertionError:
            sys.stdout.write(f"{target} answered {last[0].status} {last[0].headers}\n{last[0].text[:3000]}\n")
            raise
        sys.stdout.write(f"{target} answered {status} after {time.monotonic() - began:.3f} s\n")
        assert "set-cookie" not in last[0].headers
        assert "cookie" not in last[0].headers.get("vary", "").lower()
        return last[0]
