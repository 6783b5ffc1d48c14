"""The tables of one database into another of a different make: rows through COPY, with a sum over what they hold.

Django must be configured. It knows each column's type, so values are read and compared as Django itself reads them.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address
from typing import Any

import psycopg
from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from stoppress.config.instance import InstanceError

SEARCH = ("wagtailsearch", "search")
"""The apps whose tables are laid out otherwise in each kind of database; they are made again, not copied."""
MIGRATIONS = "django_migrations"
BATCH_ROWS = 2000
SUM_BITS = 64

Convert = Callable[[Any], Any]
Count = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """How many rows a table has, and a sum of their contents that does not depend on their order."""

    rows: int
    checksum: int


class Table:
    """One table of a Django app, in any database."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.name: str = model._meta.db_table
        self._fields = [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]
        self._columns = [str(field.column) for field in self._fields]

    def count(self, database: BaseDatabaseWrapper) -> int:
        """Its rows."""
        with database.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(self.name)}")  # noqa: S608 - quoted
            return int(cursor.fetchone()[0])

    def copy(self, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, counted: Count) -> Contents:
        """Copy all rows to the table of the same name in ``target``, which is PostgreSQL.

        Raises:
            InstanceError: a row that ``target`` does not take; names it.
        """
        columns = ", ".join(target.ops.quote_name(column) for column in self._columns)
        rows, checksum = 0, 0
        row: Sequence[Any] = ()
        try:
            with (
                target.cursor() as writing,
                writing.copy(f"COPY {target.ops.quote_name(self.name)} ({columns}) FROM STDIN") as stream,
            ):
                for row in self._rows(source):
                    stream.write_row(row)
                    rows, checksum = rows + 1, checksum + self._hash(row)
                    if not rows % BATCH_ROWS:
                        counted(BATCH_ROWS)
        except psycopg.Error as error:
            raise InstanceError(self._refusal(source, error, row)) from error
        counted(rows % BATCH_ROWS)
        return Contents(rows, checksum % 2**SUM_BITS)

    def contents(self, database: BaseDatabaseWrapper, counted: Count) -> Contents:
        """Read it all."""
        rows, checksum = 0, 0
        for row in self._rows(database):
            rows, checksum = rows + 1, checksum + self._hash(row)
            if not rows % BATCH_ROWS:
                counted(BATCH_ROWS)
        counted(rows % BATCH_ROWS)
        return Contents(rows, checksum % 2**SUM_BITS)

    def continue_sequence(self, target: BaseDatabaseWrapper, last: int) -> None:
        """Let the next row get a number that none ever had: deleted ones still stand in addresses and logs.

        Args:
            last: the highest number that the former database gave out.
        """
        key = self.model._meta.auto_field
        if key is None:
            return
        table, column = target.ops.quote_name(self.name), target.ops.quote_name(str(key.column))
        with target.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(max({column}), 0) FROM {table}")  # noqa: S608 - quoted
            last = max(last, int(cursor.fetchone()[0]))
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [table, key.column, max(last, 1), last > 0]
            )

    def _rows(self, database: BaseDatabaseWrapper) -> Iterator[list[Any]]:
        columns = ", ".join(database.ops.quote_name(column) for column in self._columns)
        converts = [self._converts(database, field) for field in self._fields]
        with database.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {database.ops.quote_name(self.name)}")  # noqa: S608 - quoted
            while batch := cursor.fetchmany(BATCH_ROWS):
                for values in batch:
                    yield [convert(value) for convert, value in zip(converts, values, strict=True)]

    @staticmethod
    def _converts(database: BaseDatabaseWrapper, field: "models.Field[Any, Any]") -> Convert:
        # The database's own converters, not the field's: a stream of blocks stays the text that it is stored as.
        column = field.cached_col
        steps = database.ops.get_db_converters(column)

        def convert(value: Any) -> Any:
            for step in steps:
                value = step(value, column, database)
            return value

        return convert

    def _hash(self, row: Sequence[Any]) -> int:
        plain = tuple(_plain(field, value) for field, value in zip(self._fields, row, strict=True))
        digest = hashlib.blake2b(repr(plain).encode("utf-8", "surrogatepass"), digest_size=SUM_BITS // 8)
        return int.from_bytes(digest.digest(), "big")

    def _refusal(self, source: BaseDatabaseWrapper, error: psycopg.Error, row: Sequence[Any]) -> str:
        """What was refused, and in which row, without showing what stands in it."""
        reason = error.diag.message_primary or str(error).strip().partition("\n")[0]
        _, _, place = (error.diag.context or "").partition(", line ")
        number, _, rest = place.partition(", column ")
        if place:
            row = self._row(source, int(number.partition(":")[0]))
        elif not isinstance(error, psycopg.DataError):
            row = ()  # it is not about a row
        column = f", column {rest.partition(':')[0]}" if rest else ""
        keys = [str(value) for field, value in zip(self._fields, row, strict=False) if field.primary_key]
        return f"{self.name}{column}{f', row {keys[0]}' if keys else ''}: {reason}. Nothing was changed."

    def _row(self, source: BaseDatabaseWrapper, number: int) -> Sequence[Any]:
        for at, row in enumerate(self._rows(source), start=1):
            if at == number:
                return row
        return ()


def known_tables() -> list[Table]:
    """Every table that an installed app owns, except those that are made again."""
    found = {
        model._meta.db_table: Table(model)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in SEARCH
    }
    return [found[name] for name in sorted(found)]


def strangers(database: BaseDatabaseWrapper, known: Iterable[Table]) -> dict[str, int]:
    """Rows of each table with rows that no installed app owns."""
    ours = {table.name for table in known} | {MIGRATIONS}
    found = {}
    with database.cursor() as cursor:
        names = [name for name in database.introspection.table_names(cursor) if name not in ours]
        for name in names:
            if not name.startswith(tuple(f"{app}_" for app in SEARCH)):
                cursor.execute(f"SELECT count(*) FROM {database.ops.quote_name(name)}")  # noqa: S608 - quoted
                found[name] = int(cursor.fetchone()[0])
    return {name: rows for name, rows in found.items() if rows}


def given_out(source: BaseDatabaseWrapper) -> dict[str, int]:
    """The highest number that SQLite gave a row of each table, deleted ones too (SQLite, AUTOINCREMENT)."""
    with source.cursor() as cursor:
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        return {name: int(last) for name, last in cursor.fetchall()}


def emptied(target: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Remove what the migrations put there; it comes with the rows that are copied."""
    names = ", ".join(target.ops.quote_name(table.name) for table in tables)
    with target.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")


def _plain(field: "models.Field[Any, Any]", value: Any) -> Any:  # noqa: PLR0911 - a row for each kind of value
    """``value`` in the one form that it has whichever database it was read from."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return repr(_number(str(value)))
    if isinstance(value, memoryview):
        return bytes(value)
    kind = field.get_internal_type()
    if kind == "JSONField":
        parsed = json.loads(value, parse_int=_number, parse_float=_number)
        return json.dumps(parsed, sort_keys=True, default=repr)
    if kind == "GenericIPAddressField":
        return ip_address(value).compressed
    return value


def _number(text: str) -> Decimal:
    # jsonb keeps a number as a decimal one, so 1e3 comes back as 1000 (PostgreSQL 8.14).
    return Decimal(text).normalize() + 0
