"""The real tree: whatever is killed comes back, and nothing outlives the supervisor."""

import os
import shutil
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import prepared
from tests.tree import PATIENCE_SECONDS, Tree, eventually, found_empty, may_run_in_real_time, parent_of, stoppress

pytestmark = pytest.mark.journey
NAMES = {"front", "app", "worker", "tasks"}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared.copy_of("paper", found_empty, tmp_path_factory.mktemp("founded") / "paper")


@pytest.fixture
def paper(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "paper")


@pytest.fixture
def tree(paper: Path) -> Iterator[Tree]:
    """One that the test may end."""
    with Tree(paper) as running:
        yield running


@pytest.fixture(scope="module")
def lasting(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """One for all that kill its processes; it runs in a folder that is deeper than the path of a socket may be."""
    with Tree(shutil.copytree(original, tmp_path_factory.mktemp("lasting") / ("deep" * 20) / "paper")) as running:
        yield running


def whole(tree: Tree) -> dict[str, int]:
    """The supervisor's children by name, once all are there."""
    return eventually(lambda: (set(now := tree.children()) == NAMES and now) or {}, "all to be there")


def answers(tree: Tree, path: str) -> bool:
    try:
        with urllib.request.urlopen(tree.address + path, timeout=PATIENCE_SECONDS) as response:
            return bool(response.status == 200)
    except OSError as error:
        print(f"{path}: {error!r}")  # noqa: T201 - shown when the test fails
        return False


@pytest.mark.parametrize("name", ["front", "app", "worker", "tasks"])
def test_a_process_that_is_killed_comes_back(lasting: Tree, name: str) -> None:
    before, said = whole(lasting), len(lasting.output)
    os.kill(before[name], signal.SIGKILL)
    eventually(lambda: lasting.children().get(name, before[name]) != before[name], f"{name} to be back")
    after = whole(lasting)
    assert {other: pid for other, pid in after.items() if other != name} == {
        other: pid for other, pid in before.items() if other != name
    }
    eventually(lambda: answers(lasting, "/"), "the home page")
    eventually(lambda: answers(lasting, "/desk/login/"), "the desk")
    assert f"{name} ended (signal 9); starting it again." in lasting.output[said:]


def test_whoever_watches_is_told(tree: Tree) -> None:
    eventually(lambda: answers(tree, "/-/live/"), "a front to answer")
    eventually(lambda: answers(tree, "/-/health/"), "the publication to be well")
    before = tree.children()["worker"]
    os.kill(before, signal.SIGKILL)
    eventually(lambda: tree.children().get("worker", before) != before, "the worker to be back")
    looked = stoppress("doctor", folder=tree.root, more={"STOPPRESS_PORT": str(tree.port)})
    assert looked.returncode == 0, looked.stdout
    assert "before, it ended with signal 9" in looked.stdout

    def measured() -> str:
        with urllib.request.urlopen(f"{tree.address}/-/metrics/", timeout=PATIENCE_SECONDS) as response:
            return str(response.read().decode())

    assert f'stoppress_process_up{{process="{"worker"}"}} 1\n' in measured()
    eventually(lambda: 'status="200"} ' in measured(), "the front to say what it has counted")


def test_an_app_worker_that_is_killed_comes_back(lasting: Tree) -> None:
    server = whole(lasting)["app"]

    def workers() -> set[int]:
        return {pid for pid in lasting.processes() if parent_of(pid) == server}

    before = eventually(workers, "a worker")
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: workers() - before, "another worker")
    eventually(lambda: answers(lasting, "/desk/login/"), "the desk")
    assert lasting.children()["app"] == server


def test_readers_go_first_and_the_rest_stands_back(lasting: Tree) -> None:
    children = whole(lasting)
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    kept = {name: os.getpriority(os.PRIO_PROCESS, pid) - usual for name, pid in children.items()}
    assert kept == {"front": 0, "app": 10, "worker": 5, "tasks": 10}
    assert len({os.getsid(pid) for pid in children.values()}) == 1  # or niceness would not count among them
    if may_run_in_real_time():
        real = os.SCHED_RR | os.SCHED_RESET_ON_FORK
        eventually(lambda: os.sched_getscheduler(children["front"]) == real, "the front to go first")
    assert {os.sched_getscheduler(children[name]) for name in ("app", "worker", "tasks")} == {os.SCHED_OTHER}


def test_readers_wait_while_the_only_front_starts_again(lasting: Tree) -> None:
    for _ in range(3):
        before = whole(lasting)["front"]
        os.kill(before, signal.SIGKILL)
        assert answers(lasting, "/")
        assert lasting.children()["front"] != before


def test_several_fronts_share_the_port_and_stop_together(paper: Path) -> None:
    with Tree(paper, "--workers", "3") as running:
        fronts = eventually(lambda: (now := fronts_of(running)) and len(now) == 3 and now, "three fronts")
        for pid in sorted(fronts)[:2]:
            os.kill(pid, signal.SIGKILL)
        assert answers(running, "/")
        eventually(lambda: len(fronts_of(running) - fronts) == 2, "two others")
        running.supervisor.send_signal(signal.SIGTERM)
        assert running.supervisor.wait(PATIENCE_SECONDS) == 0
        assert running.processes() == {}
        assert "front 2 ended (signal 9)" in running.output or "front 3 ended (signal 9)" in running.output


def fronts_of(tree: Tree) -> set[int]:
    return {pid for pid, name in tree.processes().items() if name == "front"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(tree: Tree, number: signal.Signals) -> None:
    assert len(tree.processes()) >= len(NAMES)
    tree.supervisor.send_signal(number)
    assert tree.supervisor.wait(PATIENCE_SECONDS) == 0
    assert tree.processes() == {}
    assert not answers(tree, "/")
    assert tree.output.endswith("Stopped.\n")
    assert "Traceback" not in tree.output


def test_a_killed_supervisor_leaves_nothing_behind_and_can_be_started_again(tree: Tree, paper: Path) -> None:
    assert tree.processes()
    tree.supervisor.kill()
    tree.supervisor.wait()
    eventually(lambda: not tree.processes(), "every process to end")
    with Tree(paper) as again:
        eventually(lambda: answers(again, "/"), "the home page")


def test_a_second_tree_on_the_same_instance_is_refused(lasting: Tree) -> None:
    before = whole(lasting)
    second = stoppress("--instance", lasting.root, "run", "--port", "0")
    assert second.returncode == 1
    assert second.stderr == f"stoppress: {lasting.root} is already running (process {lasting.supervisor.pid}).\n"
    assert lasting.children() == before


def test_an_instance_in_a_deep_folder_runs(lasting: Tree) -> None:
    assert len(str(lasting.root)) > 107
    eventually(lambda: answers(lasting, "/desk/login/"), "the desk")
