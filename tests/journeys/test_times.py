"""A planned story through the real server: not before its time, and in spite of a worker that was killed."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.journeys.server import Reader, work
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey


def test_a_planned_story_appears_at_its_time(place: Path, tree: Tree, reader: Reader) -> None:
    told = work(place, "plan", "world", "as-planned", "4")[0]
    os.kill(tree.children()["worker"], signal.SIGKILL)
    early: list[float] = []

    def is_there() -> bool:
        status = reader.get(told["path"]).status
        if status == 200 and time.time() < told["due"]:
            early.append(time.time())
        return status == 200

    eventually(is_there, "the planned story")
    assert early == []
    for target in ("/", "/world/", "/feed/"):
        reader.sees(target, "As planned")
