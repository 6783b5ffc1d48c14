"""An import that is killed outright goes on where it was, and a file that can't be used is told in one line."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.importers.wxr import Post, write
from tests.tree import environment, stoppress

pytestmark = pytest.mark.journey
POSTS = 300
"""More than are written in one transaction, two hundred."""


def articles(root: Path) -> int:
    with closing(sqlite3.connect(root / "data" / "db" / "stoppress.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM newsroom_article").fetchone()[0])


def test_an_import_that_is_killed_goes_on(place: Path, tmp_path: Path) -> None:
    before = articles(place)
    file = write(tmp_path, *(Post(n, tags=(f"t{n % 7}",)) for n in range(1, POSTS + 1)))
    command = [sys.executable, "-m", "stoppress", "--instance", place, "import", "wordpress", file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(f"Importing: {POSTS * 8 // 10} of"):
                process.kill()
    brought = articles(place) - before
    assert 0 < brought < POSTS

    cut_off = tmp_path / "cut.xml"
    cut_off.write_bytes(file.read_bytes()[:-500])
    refused = stoppress("--instance", place, "import", "wordpress", cut_off)
    assert refused.returncode != 0
    assert len(refused.stderr.splitlines()) == 1
    assert "Nothing was changed." in refused.stderr
    assert articles(place) - before == brought

    done = stoppress("--instance", place, "import", "wordpress", file)
    assert done.returncode == 0, done.stderr
    assert re.search(rf"articles +{POSTS - brought} new, {brought} as before\n", done.stdout)
    assert articles(place) - before == POSTS
    assert "No problems found" in stoppress("--instance", place, "manage", "fixtree").stdout
    again = stoppress("--instance", place, "import", "wordpress", file, "--dry-run")
    assert "Nothing would have to be changed" in again.stdout
