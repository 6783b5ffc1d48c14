"""The supervisor with made-up children. The real tree has a journey."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stoppress.cli import renewal, supervisor
from stoppress.cli.children import Child
from stoppress.cli.supervisor import Supervisor

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


NEWCOMER = (
    "import os, sys, time\n"
    "fd = os.environ.get('STOPPRESS_READY')\n"
    "with open(sys.argv[1], 'a') as file: file.write(f'{os.getpid()} ')\n"
    "if fd: os.write(int(fd), b'1')\n"
    "time.sleep(600)"
)
"""Notes its number, says that it is ready, and stays."""
SPOILT = "import os, sys, time\nif 'STOPPRESS_READY' in os.environ: sys.exit(3)\n" + NEWCOMER


def renew(*children: Child, files: list[Path]) -> tuple[list[str], list[str]]:
    """Run the children, renew them, stop; the outcomes of the renewal and what was said."""
    said: list[str] = []
    outcomes: list[str] = []

    def on_renewed(trouble: str) -> None:
        outcomes.append(trouble)
        os.kill(os.getpid(), signal.SIGTERM)

    code = Supervisor(
        list(children),
        dict(os.environ),
        lambda: all(file.exists() and file.read_text(encoding="ascii").strip() for file in files),
        lambda: os.kill(os.getpid(), signal.SIGUSR1),
        said.append,
        on_renewed,
    ).run()
    assert code == 0
    return outcomes, said


def numbers(file: Path) -> list[int]:
    return [int(word) for word in file.read_text(encoding="ascii").split()]


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_a_renewal_replaces_every_child_and_the_old_ones_end(tmp_path: Path) -> None:
    files = [tmp_path / "front", tmp_path / "worker"]
    front, worker = (child(file.name, NEWCOMER, file) for file in files)
    front.overlaps = True
    outcomes, said = renew(front, worker, files=files)
    assert (outcomes, said) == ([""], ["Every process is renewed."])
    for file in files:
        assert len(numbers(file)) == 2
        assert all(is_gone(pid) for pid in numbers(file))


def test_what_serves_goes_on_when_its_successor_fails(tmp_path: Path) -> None:
    files = [tmp_path / "app", tmp_path / "worker"]
    app, worker = child("app", SPOILT, files[0]), child("worker", NEWCOMER, files[1])
    app.overlaps = True
    outcomes, said = renew(app, worker, files=files)
    assert outcomes == ["the new app ended (exit code 3) before it was ready"]
    assert said == [
        "The renewal broke off: the new app ended (exit code 3) before it was ready. "
        "What was not renewed yet goes on as before."
    ]
    assert [len(numbers(file)) for file in files] == [1, 1]


def test_a_successor_that_is_never_ready_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "READY_SECONDS", 0.0)
    file = tmp_path / "app"
    app = child("app", "import sys, time; open(sys.argv[1], 'a').write('1 '); time.sleep(600)", file)
    app.overlaps = True
    outcomes, _ = renew(app, files=[file])
    assert outcomes == ["the new app was not ready after 0 s"]


def test_a_worker_that_fails_is_started_again_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "worker"
    outcomes, said = renew(child("worker", SPOILT, file), files=[file])
    assert outcomes == ["the new worker ended (exit code 3) before it was ready"]
    assert said[0] == "worker ended (exit code 3); starting it again."


def test_an_old_process_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewal, "STOP_SECONDS", 0.0)
    file = tmp_path / "worker"
    deaf = "import signal; signal.signal(15, signal.SIG_IGN)\n"
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.0)
    outcomes, said = renew(child("worker", deaf + NEWCOMER, file), files=[file])
    assert outcomes == [""]
    assert said == ["Every process is renewed.", "Killing worker."]
    assert all(is_gone(pid) for pid in numbers(file))


def test_a_stop_in_the_midst_of_a_renewal_ends_old_and_new(tmp_path: Path) -> None:
    file = tmp_path / "app"
    script = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()} '); time.sleep(600)"
    app = child("app", script, file)
    app.overlaps = True
    asked: list[bool] = []

    def tell_when_both_run() -> bool:
        return file.exists() and bool(file.read_text(encoding="ascii").strip())

    class Stopping(Supervisor):
        def _renew(self) -> None:
            super()._renew()
            if not asked and file.exists() and len(numbers(file)) == 2:
                asked.append(True)
                os.kill(os.getpid(), signal.SIGTERM)

    said: list[str] = []
    code = Stopping(
        [app], dict(os.environ), tell_when_both_run, lambda: os.kill(os.getpid(), signal.SIGUSR1), said.append
    ).run()
    assert (code, said) == (0, [])
    assert all(is_gone(pid) for pid in numbers(file))
