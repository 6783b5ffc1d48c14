"""What Django loads as the back end; the name of this module is Django's."""

import os
import sqlite3
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, creation


class DatabaseFileMissingError(OperationalError):
    """The file is not where the settings say. Whoever made an empty one there would hide that."""


def missing(file: Path) -> str:
    """What to say of a database that is not there."""
    log = file.with_name(f"{file.name}-wal")
    beside = f" {log} belongs to it and must come to stand beside it again." if log.exists() else ""
    return (
        f"There is no database at {file}: it was moved or deleted, or its disk is not mounted.{beside} Bring it back, "
        "or restore a backup; nothing was made in its place."
    )


class DatabaseCreation(creation.DatabaseCreation):
    """Makes the databases of tests."""

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = str(super()._create_test_db(verbosity, autoclobber, keepdb))  # type: ignore[misc]
        if not name.startswith("file:"):
            Path(name).touch()
        return name


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that opens only what is there, and lets go of a file that was moved away or replaced."""

    creation_class = DatabaseCreation
    _file: Path | None = None
    """``None`` in memory, and for a copy without a name."""
    _opened = (0, 0)
    """Which file it was: device and number."""

    def get_connection_params(self) -> dict[str, Any]:
        """Open to read and write, not to make (https://www.sqlite.org/uri.html)."""
        params: dict[str, Any] = super().get_connection_params()
        name = str(params["database"])
        self._file = None if name.startswith((":", "file:")) else Path(name).resolve()
        if self._file is not None:
            params["database"] = f"{self._file.as_uri()}?mode=rw"
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open it.

        Raises:
            DatabaseFileMissingError: it is not there.
        """
        try:
            opened = super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            if self._file is not None and not self._file.exists():
                raise DatabaseFileMissingError(missing(self._file)) from error
            raise
        self._opened = self._found()
        return opened

    def ensure_connection(self) -> None:
        """Have a connection to the file that is there now.

        SQLite goes on with a file wherever it was moved to, and what is written there would be lost to everybody else.
        A transaction that is open ends where it began.
        """
        if self.connection is not None and not self.in_atomic_block and self._found() != self._opened:
            self.close()
        super().ensure_connection()

    def _found(self) -> tuple[int, int]:
        if self._file is None:
            return (0, 0)
        try:
            about = os.stat(self._file)
        except OSError:
            return (0, 0)
        return (about.st_dev, about.st_ino)
