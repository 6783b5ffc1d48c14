"""The supervisor with made-up children. The real tree has a journey."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stoppress.cli import supervisor
from stoppress.cli.supervisor import Child, Supervisor

STUBBORN = (
    "import signal, sys, time; signal.signal(15, signal.SIG_IGN); open(sys.argv[1], 'w').close(); time.sleep(600)"
)
OBEDIENT = "import sys, time; open(sys.argv[1], 'w').close(); time.sleep(600)"


def run(*children: Child, when: Callable[[], bool], signals: int = 1) -> tuple[int, list[str]]:
    """Run until ``when``, then send SIGTERM so often; the exit code and what was said."""
    said: list[str] = []

    def stop() -> None:
        for _ in range(signals):
            os.kill(os.getpid(), signal.SIGTERM)

    code = Supervisor(list(children), dict(os.environ), when, stop, said.append).run()
    return code, said


def child(name: str, script: str, file: Path) -> Child:
    return Child(name, [sys.executable, "-c", script, str(file)])


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    script = "import sys; file = open(sys.argv[1], 'a'); file.write('x'); file.close(); sys.exit(3)"
    log = tmp_path / "log"
    code, said = run(child("front", script, log), when=lambda: log.exists() and len(log.read_text()) >= 3)
    assert code == 0
    assert said[:2] == ["front ended (exit code 3); starting it again."] * 2


def test_a_child_that_keeps_dying_waits_longer_each_time() -> None:
    pauses = [supervisor.pause_after(deaths) for deaths in range(10)]
    assert pauses[:4] == [0.0, 0.1, 0.2, 0.4]
    assert pauses == sorted(pauses)
    assert pauses[-1] == supervisor.LONGEST_PAUSE_SECONDS


def test_a_long_life_is_forgiven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONG_LIFE_SECONDS", 0.0)
    script = "import sys; file = open(sys.argv[1], 'a'); file.write('x'); file.close()"
    one = child("front", script, log := tmp_path / "log")
    run(one, when=lambda: log.exists() and len(log.read_text(encoding="ascii")) >= 3)
    assert one.quick_deaths == 0


def test_a_child_that_ignores_the_signal_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.0)
    file = tmp_path / "is-up"
    code, said = run(child("app", STUBBORN, file), when=file.exists)
    assert (code, said) == (0, ["Killing app."])


def test_a_second_signal_kills_at_once(tmp_path: Path) -> None:
    file = tmp_path / "is-up"
    code, said = run(child("app", STUBBORN, file), when=file.exists, signals=2)
    assert (code, said) == (1, ["Killing app."])


def test_the_app_outlives_the_front(tmp_path: Path) -> None:
    file, farewell, order = tmp_path / "is-up", tmp_path / "farewell", tmp_path / "order"
    front = child(
        "front",
        "import signal, sys, time\n"
        f"signal.signal(15, lambda *_: (open({str(farewell)!r}, 'w').close(), sys.exit()))\n" + OBEDIENT,
        file,
    )
    app = child(
        "app",
        "import os, signal, sys, time\n"
        f"signal.signal(15, lambda *_: (open({str(order)!r}, 'w').write(str(os.path.exists({str(farewell)!r}))), "
        "sys.exit()))\n" + OBEDIENT,
        tmp_path / "app-is-up",
    )
    app.stops_after = frozenset({"front"})
    code, said = run(app, front, when=lambda: file.exists() and (tmp_path / "app-is-up").exists())
    assert (code, said) == (0, [])
    assert order.read_text(encoding="ascii") == "True"
