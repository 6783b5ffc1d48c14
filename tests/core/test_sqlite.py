"""A database file that is not there is not made, and one that was moved away is not written to."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction

from stoppress.config.settings.databases import database
from stoppress.core.sqlite.base import DatabaseFileMissingError, DatabaseWrapper

pytestmark = pytest.mark.django_db
ROWS = "SELECT count(*) FROM said"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one row."""
    made = tmp_path / "a paper & more" / "news?.sqlite3"
    made.parent.mkdir()
    made.touch()
    first = opened(made)
    say(first, "CREATE TABLE said (words text)", "INSERT INTO said VALUES ('first')")
    first.close()
    return made


@pytest.fixture
def connection(file: Path) -> Iterator[DatabaseWrapper]:
    """As a process keeps it, with what is written so far in the log beside the file."""
    kept = opened(file)
    say(kept, "INSERT INTO said VALUES ('second')")
    yield kept
    kept.close()


def opened(file: Path) -> DatabaseWrapper:
    """A connection as the settings make it."""
    settings = connections.configure_settings({"default": database("", file)})["default"]
    return DatabaseWrapper(settings, "default")


def say(to: DatabaseWrapper, *statements: str) -> None:
    """Have them done, each by itself."""
    for one in statements:
        with to.cursor() as cursor:
            cursor.execute(one)


def rows(of: DatabaseWrapper) -> int:
    """How many are there."""
    with of.cursor() as cursor:
        return int(cursor.execute(ROWS).fetchone()[0])


def test_what_is_not_there_is_not_made(tmp_path: Path) -> None:
    gone = tmp_path / "gone.sqlite3"
    with pytest.raises(DatabaseFileMissingError, match=r"no database at .*gone\.sqlite3: it was moved or deleted"):
        rows(opened(gone))
    assert not gone.exists()
    gone.with_name("gone.sqlite3-wal").write_bytes(b"x")
    with pytest.raises(DatabaseFileMissingError, match=r"gone\.sqlite3-wal belongs to it"):
        rows(opened(gone))


def test_a_kept_connection_lets_go_of_a_file_that_was_moved(file: Path, connection: DatabaseWrapper) -> None:
    away = file.rename(file.with_name("away.sqlite3"))
    for _again in range(2):
        with pytest.raises(DatabaseFileMissingError):
            say(connection, "INSERT INTO said VALUES ('lost')")
    assert not file.exists()
    away.rename(file)  # where its log still stands
    assert rows(connection) == 2
    say(connection, "INSERT INTO said VALUES ('third')")
    assert rows(connection) == 3


def test_a_file_that_took_its_place_is_read_and_written(file: Path, connection: DatabaseWrapper) -> None:
    say(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    other = Path(shutil.copyfile(file, file.with_name("other.sqlite3")))
    emptied = opened(other)
    say(emptied, "DELETE FROM said")
    emptied.close()
    other.rename(file)
    assert rows(connection) == 0
    say(connection, "INSERT INTO said VALUES ('here')")
    connection.close()
    assert rows(connection) == 1


def test_what_is_written_to_a_file_while_it_is_moved_is_not_said_to_be_there(
    file: Path, connection: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections._connections, "moved", connection, raising=False)
    away = file.with_name("away.sqlite3")

    def write_and_move() -> None:
        with transaction.atomic(using="moved"):
            say(connection, "INSERT INTO said VALUES ('third')")
            file.rename(away)
            say(connection, "INSERT INTO said VALUES ('fourth')")

    with pytest.raises(DatabaseFileMissingError):
        write_and_move()
    with pytest.raises(DatabaseFileMissingError):
        rows(connection)
    away.rename(file)
    with transaction.atomic(using="moved"):
        say(connection, "INSERT INTO said VALUES ('fifth')")
    assert rows(connection) == 5
