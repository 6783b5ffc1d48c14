"""The publication that is measured: an instance of its own, an editor beside it, and a plain copy for nginx."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.machine import ROOT
from bench.servers import Running, nginx, tree

WORK = ROOT / "bench" / ".work"


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        pairs: turns of each comparison.
        seconds: length of one run of the load generator.
        few: size of the small archive.
        articles: size of the large one.
        publishes: publications whose way to the reader is timed.
        bakes: article pages that are baked one by one.
        baked: about as many pages of the large archive are baked and timed; the rest are copies.
        sweep_seconds: how long a sweep is watched.
    """

    pairs: int = 5
    seconds: float = 4
    few: int = 1000
    articles: int = 100_000
    publishes: int = 60
    bakes: int = 40
    baked: int = 6000
    sweep_seconds: float = 60


QUICK = Plan(pairs=2, seconds=1, few=120, articles=600, publishes=10, bakes=20, baked=150, sweep_seconds=10)


class EditorError(Exception):
    """The editor's process ended; the text holds its last words."""


class Editor:
    """The parent's end of ``bench.editor``."""

    def __init__(self, instance: Path) -> None:
        self._errors = instance / "editor.err"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.editor", str(instance)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                text=True,
            )

    def tell(self, name: str, **arguments: Any) -> None:
        """Give a command; :meth:`answer` waits for its result."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, arguments]) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """The result of the oldest command that was not answered.

        Raises:
            EditorError: the process ended instead.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise EditorError(self._errors.read_text(encoding="utf-8", errors="replace")[-2000:])
        return json.loads(line)

    def ask(self, name: str, **arguments: Any) -> Any:
        """Give a command and wait for its result."""
        self.tell(name, **arguments)
        return self.answer()

    def close(self) -> None:
        """Let the process end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@dataclass(slots=True)
class Site:
    """A publication with so many articles; :attr:`running` serves it while :meth:`served` lasts.

    Attributes:
        grown: what :meth:`bench.editor.Editor.grow` said.
    """

    plan: Plan
    root: Path
    editor: Editor
    articles: int
    grown: dict[str, float]
    article: str = ""
    _running: Running | None = field(default=None, init=False)

    @property
    def store(self) -> Path:
        """The baked pages."""
        return self.root / "data" / "store" / "pages"

    @property
    def running(self) -> Running:
        """The tree that serves the site now."""
        assert self._running is not None
        return self._running

    def baked(self, path: str) -> Path:
        """The file of a baked page."""
        return self.store / path.strip("/") / "index.html"

    @contextmanager
    def served(self, workers: int = 1) -> Iterator[Running]:
        """Run the whole tree, every process of it answering."""
        with tree(self.root, workers) as running:
            self._running = running
            running.get("/desk/login/")
            running.get(self.article)
            yield running
        self._running = None

    @contextmanager
    def plain_nginx(self, workers: int = 1) -> Iterator[Running]:
        """An nginx that serves a copy of the article's files, nothing else."""
        root = self.root / "plain"
        root.mkdir(exist_ok=True)
        for suffix in ("", ".gz"):
            shutil.copyfile(f"{self.baked(self.article)}{suffix}", root / f"article.html{suffix}")
        with nginx(self.root / "nginx-plain", root, workers=workers) as running:
            yield running


@contextmanager
def made(plan: Plan, name: str, articles: int, settings: str = "") -> Iterator[Site]:
    """Make a fresh instance with ``articles`` articles, baked or standing in, and remove nothing afterwards.

    Args:
        settings: further lines of its ``stoppress.toml``.
    """
    root = WORK / name
    shutil.rmtree(root, ignore_errors=True)
    root.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "stoppress", "init", str(root)], check=True, stdout=subprocess.DEVNULL)
    with (root / "stoppress.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    editor = Editor(root)
    try:
        bake_every = max(1, articles // plan.baked)
        site = Site(plan, root, editor, articles, editor.ask("grow", to=articles, bake_every=bake_every))
        (site.article,) = editor.ask("some_paths", count=1)
        yield site
    finally:
        editor.close()
