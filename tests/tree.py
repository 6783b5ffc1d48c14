"""Real instances and real running trees for the tests, in processes of their own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self, TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 120.0
"""When a test gives up. Far more than anything takes; no assertion is about time."""
LOOK_SECONDS = 0.05
COMMAND = [sys.executable, "-P", "-m", "stoppress"]


def eventually(question: Callable[[], T], what: str) -> T:
    """Ask until the answer is true and return it; fail when patience ends."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (answer := question()):
        if time.monotonic() > give_up_at:
            raise AssertionError(f"Waited {PATIENCE_SECONDS:.0f} s in vain: {what}")
        threading.Event().wait(LOOK_SECONDS)
    return answer


def environment(**more: str) -> dict[str, str]:
    """This process's environment without anything of Stop Press's own, and ``more``."""
    ours = {"DJANGO_SETTINGS_MODULE"}
    return {k: v for k, v in os.environ.items() if not k.startswith("STOPPRESS_") and k not in ours} | more


def stoppress(
    *arguments: str | Path, folder: Path | None = None, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``stoppress`` to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=folder,
        env=environment(**(more or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def found_empty(root: Path) -> Path:
    """Make an instance in ``root`` by what the documentation says, with nothing published in it."""
    made = stoppress("init", root, "--title", "The Test Gazette")
    assert made.returncode == 0, made.stderr
    return root


def inside(root: Path, module: str) -> str:
    """Run a module of the tests inside an instance; returns what it printed.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    variables = environment(
        STOPPRESS_INSTANCE=str(root),
        DJANGO_SETTINGS_MODULE="stoppress.config.settings",
        PYTHONPATH=os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]),
    )
    done = subprocess.run([sys.executable, "-m", module], env=variables, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Tree:
    """``stoppress run`` for the instance in ``root``; a context manager that leaves nothing behind."""

    def __init__(self, root: Path, *options: str) -> None:
        self.root = root.resolve()
        self.port = free_port()
        self.output_file = self.root / "run.out"
        with self.output_file.open("wb") as output:
            self.supervisor = subprocess.Popen(
                [*COMMAND, "--instance", str(self.root), "run", "--port", str(self.port), *options],
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def address(self) -> str:
        """Where it answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self.output_file.read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        try:
            eventually(self._has_begun, "the tree to be ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        if self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
        try:
            self.supervisor.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.supervisor.kill()
            self.supervisor.wait()

    def processes(self) -> dict[int, str]:
        """Process ids of everything below the supervisor, with the names of their processes."""
        found = {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                variables = (folder / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it ended while we looked, or is not ours
            if b"stoppress.config.process" in words and f"STOPPRESS_INSTANCE={self.root}".encode() in variables:
                found[int(folder.name)] = words[words.index(b"stoppress.config.process") + 1].decode()
        return found

    def children(self) -> dict[str, int]:
        """Process ids of the supervisor's own children by name."""
        return {name: pid for pid, name in self.processes().items() if parent_of(pid) == self.supervisor.pid}

    def _has_begun(self) -> bool:
        if self.supervisor.poll() is not None:
            raise AssertionError(f"The tree ended: {self.output}")
        return " is at " in self.output


def parent_of(pid: int) -> int | None:
    """The parent's process id, ``None`` when the process has ended."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return None
    return int(after_name.split()[1])


def may_run_in_real_time() -> bool:
    """Whether this machine lets a process go before all others; many containers don't."""
    asked = "import os; os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))"
    return subprocess.run([sys.executable, "-c", asked], capture_output=True, check=False).returncode == 0
