"""Moving an instance from SQLite to PostgreSQL: all of it in one transaction there, or nothing anywhere.

The settings name the new database only after everything in it was compared; until then, whatever happens, the
publication is where it was.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import dj_database_url

from stoppress.cli import dumps, place, settings_file
from stoppress.cli.locks import only_one
from stoppress.config.instance import PREFIX, SETTINGS_FILE, Instance, InstanceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

    from stoppress.cli.tables import Contents

SETTING = "database_url"
VARIABLE = PREFIX + SETTING.upper()
SOURCE = "sqlite"
NOTHING_CHANGED = "Nothing was changed."

Tell = Callable[[str], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class MoveReport:
    """What was moved.

    Attributes:
        rows: of each table, the same here and there.
        left: rows of each table that no installed app owns; they stay in the old file only.
        old: the SQLite file, which stays.
        is_closed: whether the settings file, which holds a password now, was made unreadable for others.
    """

    rows: dict[str, int]
    left: dict[str, int]
    old: Path
    is_closed: bool


def move_database(
    instance: Instance, url: str, environ: Mapping[str, str], tell: Tell, progress: Progress
) -> MoveReport:
    """Move the instance's data to the empty PostgreSQL database at ``url`` and have the settings name it.

    Configures Django in this process. Nobody else can write to the old database meanwhile.

    Args:
        progress: of rows, each of which is written once and read once.

    Raises:
        InstanceError: why nothing was changed.
    """
    _require_movable(instance, url, environ)
    with only_one(instance, doing="is running; stop it first"):
        dumps.require_empty(url)
        change = settings_file.changed(instance, SETTING, url, is_secret=bool(urlsplit(url).password))
        source, target = _open_both(instance, url)
        try:
            place.require_database(instance, SOURCE)
            return _move(instance, source, target, change, tell, progress)
        finally:
            source.close()
            target.close()


def _require_movable(instance: Instance, url: str, environ: Mapping[str, str]) -> None:
    if dumps.engine_of(instance) != dumps.SQLITE:
        raise InstanceError(f"{instance.root} is not on SQLite any more. {NOTHING_CHANGED}")
    if VARIABLE in environ:
        raise InstanceError(f"{VARIABLE} is set and would win over {SETTINGS_FILE}; unset it first. {NOTHING_CHANGED}")
    _require_understood(url)
    if not dumps.sqlite_path(instance).exists():
        raise InstanceError(f"There is no database at {dumps.sqlite_path(instance)}. {NOTHING_CHANGED}")


def _require_understood(url: str) -> None:
    """See that it is an address; what is wrong with it is not quoted, since it may be the password."""
    try:
        is_address = urlsplit(url).scheme in {"postgres", "postgresql"} and bool(dj_database_url.parse(url)["NAME"])
        dumps.require_address(url)
    except (ValueError, InstanceError) as error:
        if isinstance(error, InstanceError) and "pip install" in str(error):
            raise
        is_address = False
    if not is_address:
        raise InstanceError(
            "That is not the address of a PostgreSQL database: it must be like postgres://user:password@host/name, "
            f"with @ : / % ? # in a password percent-encoded. {NOTHING_CHANGED}"
        )


def _open_both(instance: Instance, url: str) -> "tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]":
    """Django on the new database, with the old one beside it."""
    os.environ[VARIABLE] = url
    place.configure(instance)
    from django.db import DEFAULT_DB_ALIAS, connections  # noqa: PLC0415 - needs Django configured

    connections.settings[SOURCE] = connections.configure_settings(
        {
            DEFAULT_DB_ALIAS: {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": dumps.sqlite_path(instance),
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
            }
        }
    )[DEFAULT_DB_ALIAS]
    return connections[SOURCE], connections[DEFAULT_DB_ALIAS]


def _move(
    instance: Instance,
    source: "BaseDatabaseWrapper",
    target: "BaseDatabaseWrapper",
    change: settings_file.Change,
    tell: Tell,
    progress: Progress,
) -> MoveReport:
    from django.db import transaction  # noqa: PLC0415 - needs Django configured

    # The old database is locked until the settings name the new one: what somebody wrote meanwhile would be lost.
    with _explained(), transaction.atomic(using=SOURCE):
        with transaction.atomic():
            rows, left = _fill(source, target, tell, progress)
        try:
            change.apply()
        except OSError as error:
            raise InstanceError(
                f"The new database is filled, but {change.file} can't be written ({error.strerror}), so the "
                f"publication goes on with SQLite. Set {SETTING} in it yourself, or empty the new one and repeat this."
            ) from error
    return MoveReport(rows, left, dumps.sqlite_path(instance), change.is_closed)


def _fill(
    source: "BaseDatabaseWrapper", target: "BaseDatabaseWrapper", tell: Tell, progress: Progress
) -> tuple[dict[str, int], dict[str, int]]:
    """Make the tables and bring the rows; returns the rows of each table, and of each that nobody here knows."""
    from django.contrib.contenttypes.models import ContentType  # noqa: PLC0415 - needs Django configured
    from django.core.management import call_command  # noqa: PLC0415 - needs Django configured

    from stoppress.cli import tables  # noqa: PLC0415 - needs Django configured

    _require_unicode(target)
    tell("Making the tables …")
    # A table with a check that waits can't be altered, and later migrations alter what earlier ones filled.
    _say(target, "SET CONSTRAINTS ALL IMMEDIATE")
    call_command("migrate", interactive=False, verbosity=0)
    known = tables.known_tables()
    left = tables.strangers(source, known)
    last = tables.given_out(source)
    tables.emptied(target, known)
    total = 2 * sum(table.count(source) for table in known)
    done = 0

    def counted(rows: int) -> None:
        nonlocal done
        done += rows
        progress(done, total)

    # Rows point at rows of tables that come later.
    _say(target, "SET CONSTRAINTS ALL DEFERRED")
    sent = {table.name: table.copy(source, target, counted) for table in known}
    _say(target, "SET CONSTRAINTS ALL IMMEDIATE")
    arrived = {table.name: table.contents(target, counted) for table in known}
    _require_same(sent, arrived)
    for table in known:
        table.continue_sequence(target, last.get(table.name, 0))
    tell("Building the search index …")
    ContentType.objects.clear_cache()  # the numbers are the old database's now
    call_command("update_index", verbosity=0)
    _say(target, "ANALYZE")
    return {name: contents.rows for name, contents in arrived.items()}, left


def _require_same(sent: "Mapping[str, Contents]", arrived: "Mapping[str, Contents]") -> None:
    for name, contents in sent.items():
        found = arrived[name]
        if found.rows != contents.rows:
            raise InstanceError(f"{name} has {contents.rows} rows, but {found.rows} arrived. {NOTHING_CHANGED}")
        if found != contents:
            raise InstanceError(f"The {found.rows} rows of {name} are not the same as before. {NOTHING_CHANGED}")


def _require_unicode(target: "BaseDatabaseWrapper") -> None:
    with target.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    if encoding != "UTF8":
        raise InstanceError(
            f"The new database keeps text as {encoding}. Make it with ENCODING 'UTF8' TEMPLATE template0. "
            f"{NOTHING_CHANGED}"
        )


def _say(target: "BaseDatabaseWrapper", statement: str) -> None:
    with target.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _explained() -> "Iterator[None]":
    """Say of what either database refuses that nothing was changed."""
    from django.db import Error, IntegrityError  # noqa: PLC0415 - needs Django configured

    try:
        yield
    except Error as error:
        lines = [line.strip().rstrip(".") for line in str(error).splitlines()] or [type(error).__name__]
        # The second line says which row points nowhere.
        reason = ". ".join(lines[: 2 if isinstance(error, IntegrityError) else 1])
        raise InstanceError(f"The move failed: {reason}. {NOTHING_CHANGED}") from error
