"""``stoppress upgrade`` under readers: nobody is refused, every process is a new one, and a patch reaches the pages."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import stoppress as package
from tests.journeys.server import Reader, serving
from tests.tree import Tree, environment, eventually, stoppress

pytestmark = pytest.mark.journey


class Crowd:
    """Readers who never stop, and what went wrong for them."""

    def __init__(self, tree: Tree) -> None:
        self.reader = Reader(tree)
        self.troubles: list[str] = []
        self.answers = 0
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(ask,)) for ask in (self._come_and_go, self._stay, self._edit)
        ]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, ask: Callable[[], int]) -> None:
        while not self._is_over.is_set():
            try:
                status = ask()
            except (OSError, http.client.HTTPException) as error:
                self.troubles.append(f"{ask.__name__}: {error!r}")
            else:
                self.answers += 1
                if status != 200:
                    self.troubles.append(f"{ask.__name__}: {status}")

    def _come_and_go(self) -> int:
        return self.reader.get("/").status

    def _edit(self) -> int:
        return self.reader.get("/desk/login/").status

    def _stay(self) -> int:
        """One connection for as long as the server wants it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.reader.port, timeout=30)
        try:
            is_kept = True
            while is_kept and not self._is_over.is_set():
                connection.request("GET", "/world/")
                answer = connection.getresponse()
                answer.read()
                if answer.status != 200:
                    return answer.status
                is_kept = not answer.will_close
            return 200
        finally:
            connection.close()


def test_readers_notice_nothing_of_an_upgrade(place: Path) -> None:
    with serving(place) as tree:
        eventually(lambda: Reader(tree).get("/desk/login/").status == 200, "the desk")
        before = tree.processes()
        with Crowd(tree) as crowd:
            eventually(lambda: crowd.answers > 20, "readers to come")
            done = stoppress("--instance", place, "upgrade")
            seen = crowd.answers
            eventually(lambda: crowd.answers > seen + 20, "readers to go on")
        assert (done.returncode, done.stderr) == (0, ""), tree.output
        assert crowd.troubles == []
        after = tree.processes()
        assert sorted(set(after.values())) == sorted(set(before.values()))
        assert not set(before) & set(after)
        assert tree.supervisor.poll() is None
        assert "ended (" not in tree.output
        again = stoppress("--instance", place, "upgrade")
        assert again.returncode == 0, again.stderr
        assert not set(after) & set(tree.processes())


@pytest.fixture
def installed(place: Path) -> Path:
    """A copy of the package that the tree runs, to be patched."""
    return shutil.copytree(Path(package.__file__).parent, place.parent / "installed" / "stoppress")


def test_a_patched_installation_reaches_the_pages(
    place: Path, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed.parent))
    with serving(place) as tree:
        reader = Reader(tree)
        reader.sees("/world/old-story-3/", "Old story 3", without="Patched in place")
        base = installed / "newsroom/templates/newsroom/404.html"
        base.write_text(base.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        article = installed / "newsroom/pages/articles.py"
        patched = article.read_text(encoding="utf-8").replace('"""', '"""Patched in place. ', 1)
        article.write_text(patched, encoding="utf-8")
        (installed / "newsroom/templates/newsroom/article.html").write_text(
            "<!doctype html><title>{{ page.title }}</title><p>Patched in place</p>", encoding="utf-8"
        )
        assert stoppress("--instance", place, "upgrade").returncode == 0
        reader.sees("/world/old-story-3/", "Patched in place")


def test_a_broken_version_leaves_what_runs_alone(place: Path, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed.parent))
    with serving(place) as tree:
        before = tree.children()
        server = installed / "config/process.py"
        server.write_text("raise SystemExit(5)\n", encoding="utf-8")
        done = stoppress("--instance", place, "upgrade")
        assert done.returncode == 1
        assert done.stderr.startswith(
            "stoppress: The renewal broke off: the new app ended (exit code 5) before it was ready."
        )
        assert tree.children() == before
        assert Reader(tree).get("/").status == 200


def test_an_instance_that_does_not_run_is_upgraded_too(place: Path) -> None:
    shutil.rmtree(place / "data/static")
    (place / "data/static").mkdir()
    done = stoppress("--instance", place, "upgrade")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"It does not run. Start it: stoppress --instance {place} run\n")
    assert (place / "data/static/staticfiles.json").exists()


def test_whoever_works_on_the_instance_alone_is_not_disturbed(place: Path) -> None:
    script = (
        "import pathlib, sys; from stoppress.cli.locks import only_one; from stoppress.config.instance import load\n"
        "with only_one(load(pathlib.Path(sys.argv[1]))): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-P", "-c", script, str(place)],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    refused = stoppress("--instance", place, "upgrade")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"stoppress: Process {holder.pid} is starting, or works on {place} alone.")
    holder.communicate(b"")
    assert holder.returncode == 0


def test_a_stop_in_the_midst_of_a_renewal_leaves_nothing_behind(place: Path) -> None:
    with serving(place) as tree:
        before = tree.children()["app"]
        os.kill(tree.supervisor.pid, signal.SIGUSR1)
        eventually(lambda: list(tree.processes().values()).count("app") > 2, "a second app to start")
        tree.supervisor.send_signal(signal.SIGTERM)
        assert tree.supervisor.wait() == 0
        assert tree.processes() == {}
        assert not Path(f"/proc/{before}").exists()
