"""What a whole run of tests needs once: made by whichever of its processes comes first, and copied by the others.

``TESTS_PREPARED`` names the folder for it; ``tests/run`` makes one. Without it everybody makes their own.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["TESTS_PREPARED"]) if os.environ.get("TESTS_PREPARED") else None
MIGRATED = "migrated.sqlite3"
MIGRATED_ON_SERVER = "migrated_for_tests"


def copy_of(name: str, make: Callable[[Path], object], target: Path) -> Path:
    """A copy at ``target`` of the folder that ``make`` makes once in a run."""
    if FOLDER is None:
        make(target)
        return target
    with _alone(name):
        kept = FOLDER / name
        if not kept.exists():
            unfinished = FOLDER / f"{name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(kept)
    return Path(shutil.copytree(kept, target))


def lay_migrated(file: Path) -> None:
    """Put a migrated SQLite database there if this run has one: whoever needs it then migrates nothing."""
    if FOLDER is not None:
        with _alone(MIGRATED):
            if (kept := FOLDER / MIGRATED).exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(kept, file)


@contextmanager
def migrating(connection: Any) -> Iterator[bool]:
    """Lay a copy of the migrated database where Django looks for the tests' own, and tell whether there was one.

    If there was none, the tests' own is kept for the others when the block ends. Django's settings must name the
    database as :mod:`pytest_django` does.
    """
    if FOLDER is None:
        yield False
        return
    on = _File(connection, FOLDER) if connection.vendor == "sqlite" else _Server(connection)
    with _alone(on.kept):
        is_there = on.lay()
        yield is_there
        if not is_there:
            on.keep()


class _File:
    """SQLite's."""

    kept = MIGRATED

    def __init__(self, connection: Any, folder: Path) -> None:
        self._connection = connection
        self._kept = folder / MIGRATED
        self._own = connection.creation._get_test_db_name()

    def lay(self) -> bool:
        if not self._kept.exists():
            return False
        shutil.copyfile(self._kept, self._own)
        return True

    def keep(self) -> None:
        unfinished = self._kept.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        self._connection.ensure_connection()
        with closing(sqlite3.connect(unfinished)) as copy:
            self._connection.connection.backup(copy)  # what is in its journal too
        unfinished.rename(self._kept)


class _Server:
    """PostgreSQL's, which dies with the server of the run."""

    kept = MIGRATED_ON_SERVER

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._own = connection.creation._get_test_db_name()

    def lay(self) -> bool:
        with self._connection._nodb_cursor() as server:
            server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED_ON_SERVER])
            if server.fetchone() is None:
                return False
            server.execute(f'DROP DATABASE IF EXISTS "{self._own}"')
            server.execute(f'CREATE DATABASE "{self._own}" TEMPLATE "{MIGRATED_ON_SERVER}"')
        return True

    def keep(self) -> None:
        self._connection.close()  # a database that somebody uses can't be copied
        with self._connection._nodb_cursor() as server:
            server.execute(f'CREATE DATABASE "{MIGRATED_ON_SERVER}" TEMPLATE "{self._own}"')


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Everybody else of the run who wants the same waits until the block ends."""
    assert FOLDER is not None
    with (FOLDER / f"{name}.lock").open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
