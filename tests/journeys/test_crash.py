"""``kill -9`` of anything at any moment: what was accepted is published, and the store ends up right."""

import os
import random
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.server import (
    Reader,
    assert_as_fresh,
    descendants,
    finish,
    found,
    serving,
    start_work,
    work,
)
from tests.postgresql import new_database
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

ARTICLES = 24
KILLS = 8
LONGEST_WATCH = 150
"""How many times a reader looks before the next kill, at most."""


def test_every_article_is_fresh_whatever_is_killed(place: Path, tree: Tree, reader: Reader, tmp_path: Path) -> None:
    publisher = start_work(place, "publish", "local", "under-fire", str(ARTICLES))
    assert publisher.stdout is not None
    heard = 0
    for number in range(KILLS):
        victim = (
            ("worker", "front", "app")[number] if number < 3 else random.choice(["worker", "worker", "front", "app"])
        )
        # A random number of looks at the front page sets the moment; whoever gets an answer gets a whole page.
        for _ in range(random.randrange(LONGEST_WATCH)):
            look(reader)
        kill(tree, victim)
        while heard < (number + 1) * ARTICLES // KILLS and publisher.stdout.readline():
            heard += 1
    finish(publisher)
    for number in range(ARTICLES):
        reader.sees(f"/local/under-fire-{number}/", f"under-fire {number}, as it happened.")
    for target in ("/", "/local/", "/feed/"):
        reader.sees(target, f"under-fire {ARTICLES - 1}")
    assert_as_fresh(place, tmp_path / "fresh")


def test_a_tree_that_was_killed_whole_starts_right(place: Path, tmp_path: Path) -> None:
    store = place / "data" / "store"
    with serving(place) as tree:
        publisher = start_work(place, "publish", "sports", "before-the-end", str(ARTICLES))
        assert publisher.stdout is not None
        accepted = [publisher.stdout.readline() for _ in range(random.randrange(1, ARTICLES))]
        for pid in (publisher.pid, tree.supervisor.pid, *descendants(tree.supervisor.pid)):
            os.kill(pid, signal.SIGKILL)
        publisher.communicate()
        tree.supervisor.wait()
        eventually(lambda: not tree.processes(), "every process to be dead")
    work(place, "write_past_the_signals")
    shutil.rmtree(store / "pages" / "world" / "old-story-8")
    for form in ("", ".gz", ".br"):
        (store / "pages" / f"index.html{form}").unlink()
    (store / "pages" / "world" / "old-story-9" / "index.html").unlink()
    (store / "tmp" / "left-behind").write_text("half a page", encoding="utf-8")
    os.utime(store / "tmp" / "left-behind", (0, 0))
    with serving(place) as tree:
        reader = Reader(tree)
        for number in range(len(accepted)):
            reader.sees(f"/sports/before-the-end-{number}/", f"before-the-end {number}, as it happened.")
        reader.sees("/world/old-story-3/", "Corrected past the signals")
        reader.sees("/world/old-story-4/", status=410)
        reader.sees("/world/old-story-8/", "Old story 8, as it happened.")
        reader.sees("/world/old-story-9/", "Old story 9, as it happened.")
        reader.sees("/sports/its-mark-was-lost/", "Its mark was lost, as it happened.")
        reader.sees("/", "Its mark was lost")
        assert_as_fresh(place, tmp_path / "fresh")
        assert not (store / "tmp" / "left-behind").exists()


@pytest.mark.parametrize("renames", [1, 2, 3])
def test_a_bake_that_died_half_shown_is_done_again_even_for_the_text_before(
    place: Path, tmp_path: Path, renames: int
) -> None:
    """The page on the disk is ahead of the database, then the editor takes the change back."""
    path = "/world/old-story-5/"
    work(place, "retitle", "old-story-5", "Old story 5")
    work(place, "bake")
    before = page_files(place, path)
    work(place, "retitle", "old-story-5", "A change that is taken back")
    dying = start_work(place, "bake_and_die", path, str(renames))
    dying.communicate()
    assert dying.returncode == -signal.SIGKILL
    assert page_files(place, path) != before
    work(place, "retitle", "old-story-5", "Old story 5")
    with serving(place) as tree:
        for coding in ("identity", "gzip", "br"):
            eventually(
                lambda coding=coding: b"taken back" not in decoded(Reader(tree), path, coding), f"{coding} to be right"
            )
        assert_as_fresh(place, tmp_path / "fresh")


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database of the two workers: the instance's own file, or a new one on the PostgreSQL server of the tests."""
    if request.param == "SQLite":
        yield ""
        return
    with new_database("two_workers") as url:
        yield url


@pytest.mark.parametrize("database_url", ["SQLite", "PostgreSQL"], indirect=True)
def test_two_workers_on_one_store_bake_each_page_once(
    database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    root = tmp_path / "gazette"
    if database_url:
        found(root, database_url)
    else:
        shutil.copytree(request.getfixturevalue("template"), root)
    queued = work(root, "queue_everything", database_url=database_url)[0]["queued"]
    workers = [start_work(root, "worker", database_url=database_url) for _ in range(2)]
    for one in workers:
        assert one.stdout is not None
        assert "ready" in one.stdout.readline()
    for one in workers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    shares = [finish(one) for one in workers]
    baked = [record["path"] for share in shares for record in share]
    assert [record for share in shares for record in share if record["error"]] == []
    assert len(baked) == queued
    assert len(set(baked)) == queued
    assert all(shares), "one worker did everything"
    work(root, "afresh", tmp_path / "fresh", database_url=database_url)


def look(reader: Reader) -> None:
    """Read the front page, if anybody answers."""
    try:
        reply = reader.get("/")
    except OSError:
        return
    assert reply.status == 200
    assert reply.body.rstrip().endswith(b"</html>")


def decoded(reader: Reader, path: str, coding: str) -> bytes:
    """The page as a reader sees it who asks for one coding."""
    return reader.get(path, accept_encoding=coding).plain


def page_files(root: Path, path: str) -> dict[str, bytes]:
    """The files of one page."""
    return {file.name: file.read_bytes() for file in (root / "data/store/pages" / path.strip("/")).iterdir()}


def kill(tree: Tree, name: str) -> None:
    """Kill one process of that name, the server or one of its workers."""
    pids = [pid for pid, its_name in tree.processes().items() if its_name == name]
    if pids:
        os.kill(random.choice(pids), signal.SIGKILL)
