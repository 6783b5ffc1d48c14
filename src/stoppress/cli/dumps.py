"""The database as one file and back: SQLite through its online backup, PostgreSQL through its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

from stoppress.config.instance import Instance, InstanceError

SQLITE = "sqlite"
POSTGRESQL = "postgresql"
NAMES = {SQLITE: "data/db/stoppress.sqlite3", POSTGRESQL: "database.pgdump"}
"""What the database is called in an archive."""
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
}
"""Parts of a connection by the environment variable that tells PostgreSQL's programs (libpq, 34.15)."""
TABLES = (
    "SELECT quote_ident(table_name) FROM information_schema.tables "
    "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name"
)


def engine_of(instance: Instance) -> str:
    """Which kind of database the settings name."""
    return SQLITE if urlsplit(instance.settings.database_url).scheme in {"", "sqlite"} else POSTGRESQL


def sqlite_path(instance: Instance) -> Path:
    """The SQLite file that the settings name."""
    url = instance.settings.database_url
    return Path(dj_database_url.parse(url)["NAME"]).resolve() if url else instance.sqlite_file


def dump(instance: Instance, file: Path) -> dict[str, int]:
    """Write a consistent copy of the database to ``file``, while others work in it; returns the rows of each table.

    Raises:
        InstanceError: the database does not answer, or PostgreSQL's programs are missing.
    """
    if engine_of(instance) == SQLITE:
        return _dump_sqlite(sqlite_path(instance), file)
    return _dump_postgresql(instance.settings.database_url, file)


def require_sound(file: Path, rows: dict[str, int]) -> None:
    """See that the SQLite file is whole and has the ``rows`` that were counted when it was copied.

    Raises:
        InstanceError: it has not.
    """
    try:
        with closing(sqlite3.connect(file)) as database:
            verdict = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
            found = _count_sqlite(database)
    except sqlite3.Error as error:
        raise InstanceError(f"The database in the backup can't be opened: {error}. Nothing was restored.") from error
    if verdict != "ok" or found != rows:
        raise InstanceError(
            f"The database in the backup is damaged ({_difference(rows, found) or verdict}). Nothing was restored."
        )


def require_address(url: str) -> None:
    """See that PostgreSQL's own library understands ``url``.

    Raises:
        InstanceError: it does not; the text may quote parts of it.
    """
    _parts(url)


def require_empty(url: str) -> None:
    """See that the PostgreSQL database has no tables.

    Raises:
        InstanceError: it has, or does not answer.
    """
    with connected(url) as database:
        tables = database.execute(TABLES).fetchall()
    if tables:
        raise InstanceError(
            f"The database {_shown(url)} is not empty (it has {len(tables)} tables, {tables[0][0]} first). "
            "Nothing was changed."
        )


def load_dump(url: str, file: Path, rows: dict[str, int]) -> None:
    """Fill the empty PostgreSQL database from ``file``, all of it or nothing, and compare the rows.

    Raises:
        InstanceError: it failed; the database is empty still.
    """
    _run(
        [
            _program("pg_restore"),
            *("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"),
            f"--dbname={_parts(url).get('dbname', '')}",
            str(file),
        ],
        url,
    )
    with connected(url) as database:
        found = count_postgresql(database)
    if found != rows:
        raise InstanceError(f"The database holds other rows than the backup says: {_difference(rows, found)}.")


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection to the PostgreSQL database at ``url``.

    Raises:
        InstanceError: nobody answers there, or psycopg is not installed.
    """
    psycopg = _psycopg()
    try:
        connection = psycopg.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        raise InstanceError(f"The database {_shown(url)} does not answer: {_first_line(error)}.") from error
    with connection:
        yield connection


def count_postgresql(database: Any) -> dict[str, int]:
    """Rows of each table."""
    tables = [name for (name,) in database.execute(TABLES).fetchall()]
    return {name.strip('"'): int(database.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in tables}  # noqa: S608 - quoted above


def _count_sqlite(database: sqlite3.Connection) -> dict[str, int]:
    # The tables behind a full-text index are SQLite's own.
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite|_%' ESCAPE '|' ORDER BY name"
    tables = [name for (name,) in database.execute(query) if "_fts" not in name]
    return {name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables}  # noqa: S608 - names of tables


def _dump_sqlite(source: Path, file: Path) -> dict[str, int]:
    try:
        with closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=20)) as original:
            file.touch(mode=0o600)
            with closing(sqlite3.connect(file)) as copy:
                original.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
                return _count_sqlite(copy)
    except sqlite3.Error as error:
        raise InstanceError(f"The database {source} can't be copied: {error}. No backup was written.") from error


def _dump_postgresql(url: str, file: Path) -> dict[str, int]:
    program = _program("pg_dump")
    file.touch(mode=0o600)
    with connected(url) as database:
        # Who dumps sees what we count, whatever is written meanwhile.
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (snapshot,) = database.execute("SELECT pg_export_snapshot()").fetchone()
        rows = count_postgresql(database)
        _run(
            [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"],
            url,
        )
    return rows


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise InstanceError(
            f"{name} is not installed; PostgreSQL is backed up and restored with it "
            "(Debian: apt-get install postgresql-client)."
        )
    return found


def _run(command: Sequence[str], url: str) -> None:
    # The password goes through the environment: every user of the machine can read a command line.
    own = {VARIABLES[key]: str(value) for key, value in _parts(url).items() if key in VARIABLES}
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's own programs
        command, env={**os.environ, **own}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        name = Path(command[0]).name
        raise InstanceError(f"{name} failed: {_first_line(ended.stderr).removeprefix(f'{name}: ')}.")


def _parts(url: str) -> dict[str, Any]:
    psycopg = _psycopg()
    try:
        return dict(psycopg.conninfo.conninfo_to_dict(url))
    except psycopg.Error as error:
        raise InstanceError(
            f"{_shown(url)} is not the address of a PostgreSQL database: {_first_line(error)}."
        ) from error


def _psycopg() -> Any:
    try:
        import psycopg  # noqa: PLC0415 - only who uses PostgreSQL has it
        import psycopg.conninfo  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InstanceError("PostgreSQL needs the extra 'postgresql': pip install 'stoppress[postgresql]'.") from error
    return psycopg


def _shown(url: str) -> str:
    """The address without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'local'}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or ["no further word"])[0].rstrip(".")


def _difference(wanted: dict[str, int], found: dict[str, int]) -> str:
    return ", ".join(
        f"{name}: {found.get(name, 'missing')} rows instead of {wanted.get(name, 'none')}"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    )
