"""What a running tree logs, and where."""

import json
import os
import signal
from pathlib import Path

import pytest

from tests.journeys.server import Reader, serving
from tests.tree import eventually

pytestmark = pytest.mark.journey

SAID = ("Starting; ", "Stopped.", "The Journey Gazette is at ")
"""What ``run`` tells the person at the terminal, on standard output."""


def test_every_process_logs_json_lines_to_standard_error_and_to_one_file(place: Path) -> None:
    with (place / "stoppress.toml").open("a", encoding="utf-8") as settings:
        settings.write('log_format = "json"\n')
    with serving(place) as tree:
        before = tree.children()
        os.kill(before["worker"], signal.SIGKILL)
        eventually(lambda: tree.children().get("worker", before["worker"]) != before["worker"], "the worker to be back")
        assert Reader(tree).get("/-/nothing/ada@news.example/?token=abc").status == 404
    written = (place / "data/logs/stoppress.log").read_text(encoding="utf-8").splitlines()
    lines = [json.loads(line) for line in written]
    (death,) = (line for line in lines if line["process"] == "supervisor")
    assert death["message"] == "worker ended (signal 9); starting it again."
    assert death["pid"] == tree.supervisor.pid
    of_the_app = {line["message"] for line in lines if line["process"] == "app"}
    assert "Not Found: /-/nothing/[…]/" in of_the_app
    told = [line for line in tree.output.splitlines() if not line.startswith(SAID)]
    assert sorted(told) == sorted(written)


def test_the_file_can_be_switched_off(place: Path) -> None:
    with (place / "stoppress.toml").open("a", encoding="utf-8") as settings:
        settings.write("log_to_file = false\n")
    with serving(place) as tree:
        os.kill(tree.children()["tasks"], signal.SIGKILL)
        eventually(lambda: "tasks ended (signal 9)" in tree.output, "the supervisor to say so")
    assert not (place / "data/logs").exists()
