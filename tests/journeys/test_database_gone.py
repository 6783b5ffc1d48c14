"""Without the database, without the worker, without room on the disk: readers still read, and nothing is lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.journeys.server import Reader, Reply, assert_as_fresh, contents, serving, settle, work
from tests.tree import Tree, eventually

pytestmark = pytest.mark.journey

STORE_BYTES = 6 * 2**20
"""A store of this size holds the small publication and little more."""


def is_stopped_at_rest(worker: int, place: Path) -> bool:
    """Stop the worker; let it go on if it was stopped in the midst of a transaction."""
    os.kill(worker, signal.SIGSTOP)
    with closing(sqlite3.connect(place / "data" / "db" / "stoppress.sqlite3", timeout=0.5)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            os.kill(worker, signal.SIGCONT)
            return False
        database.rollback()
    return True


def test_readers_read_on_while_the_database_is_away(place: Path, tree: Tree, reader: Reader, tmp_path: Path) -> None:
    work(place, "unsettle")
    reader.sees("/world/old-story-1/", status=410)
    reader.sees("/world/old-story-2/", status=301, location="/local/old-story-2/")
    settle(place)
    before = everything(place, reader)
    worker = eventually(lambda: tree.children().get("worker"), "the worker")
    eventually(lambda: is_stopped_at_rest(worker, place), "the worker to hold no lock when it is stopped")
    work(place, "publish", "sports", "accepted", "1")
    database = place / "data" / "db"
    away = tmp_path / "away"
    away.mkdir()
    for file in database.iterdir():
        file.rename(away / file.name)
    # All who kept something in memory or open begin anew; the worker is dead until the supervisor notices.
    for pid in tree.processes():
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: is_up(reader, "/"), "the front to be back")

    assert everything(place, reader) == before
    missing = reader.get("/nowhere/")
    assert (missing.status, missing.body) == (404, (place / "data/store/pages/404.html").read_bytes())
    words = "The database does not answer at the moment. Readers read on."
    eventually(lambda: words in reader.get("/desk/login/").text, "the desk to say that it can't")
    assert reader.get("/desk/login/").status == 503

    assert reader.get("/-/health/").body == b'{"status": "failing", "problems": ["database-missing"]}'
    assert list(database.iterdir()) == []  # an empty one would hide that it is away
    for file in away.iterdir():
        file.rename(database / file.name)
    reader.sees("/sports/accepted-0/", "accepted 0, as it happened.")
    work(place, "publish", "local", "afterwards", "1")
    reader.sees("/local/afterwards-0/", "afterwards 0, as it happened.")
    reader.sees("/", "afterwards 0")
    assert is_up(reader, "/desk/login/")
    assert_as_fresh(place, tmp_path / "fresh")


def test_a_full_disk_shows_at_the_desk_and_harms_no_page(place: Path, small_store: Path, tmp_path: Path) -> None:
    with serving(place) as tree:
        reader = Reader(tree)
        settle(place)
        before = contents(small_store)
        fill(small_store / "ballast")
        work(place, "retitle", "old-story-6", "Written on a full disk")
        work(place, "publish", "local", "no-room", "1")
        reasons = work(place, "failed", "/world/old-story-6/")[0]["reasons"]
        assert "No space left on device" in "".join(reasons.values())
        now = contents(small_store)
        assert {name: now[name] for name in before} == before
        assert b"Old story 6, as it happened." in reader.get("/world/old-story-6/").body
        (small_store / "ballast").unlink()
        reader.sees("/world/old-story-6/", "Written on a full disk")
        reader.sees("/local/no-room-0/", "no-room 0, as it happened.")
        reader.sees("/", "no-room 0")
        assert_as_fresh(place, tmp_path / "fresh")
        assert list((small_store / "tmp").iterdir()) == []


@pytest.fixture
def small_store(place: Path) -> Iterator[Path]:
    """The instance's store on a file system of its own that is soon full."""
    store = place / "data" / "store"
    kept = store.rename(store.with_name("kept"))
    store.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={STORE_BYTES},mode=755", "stoppress-test", str(store)]
    if (
        os.getuid()
        or shutil.which("mount") is None
        or subprocess.run(command, capture_output=True, check=False).returncode
    ):
        pytest.skip("only root can mount a small file system, and not everywhere")
    try:
        shutil.copytree(kept, store, dirs_exist_ok=True)
        yield store
    finally:
        subprocess.run(["umount", "--lazy", str(store)], check=True)


def fill(ballast: Path) -> None:
    """Leave no block free."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


def is_up(reader: Reader, target: str) -> bool:
    """Whether somebody answers as wanted."""
    try:
        return reader.get(target).status == 200
    except OSError:
        return False


def everything(place: Path, reader: Reader) -> dict[str, tuple[int, bytes, str]]:
    """What a reader gets at every address in the store."""
    answers: dict[str, tuple[int, bytes, str]] = {}
    root = place / "data" / "store" / "pages"
    for file in root.rglob("*"):
        if file.suffix in {".html", ".xml", ".txt", ".tombstone"}:
            name = "/" + file.relative_to(root).as_posix()
            folder, _, last = name.rpartition("/")
            target = f"{folder}/" if last.startswith("index.") else name.removesuffix(".tombstone")
            reply: Reply = reader.get(target)
            answers[target] = (reply.status, reply.body, reply.headers.get("location", ""))
    assert {status for status, _, _ in answers.values()} >= {200, 301, 410}
    return answers
