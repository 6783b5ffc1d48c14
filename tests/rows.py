"""What a fixture writes: by the code under test once in a process, after that its rows and pages are put back.

To publish a home page with three sections and to bake a story takes longer than what most tests are about.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model

Rows = Mapping[str, tuple[str, ...]]
"""Those of a table by their keys, all as literals of SQL."""


@dataclass(frozen=True, slots=True)
class Table:
    """How one is read and written."""

    name: str
    key: str
    columns: tuple[str, ...]

    def read(self) -> Rows:
        """Its rows."""
        literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
        wanted = ", ".join(literal.format(column) for column in (self.key, *self.columns))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {wanted} FROM {self.name}")
            return {key: tuple(row) for key, *row in cursor.fetchall()}

    def changes(self, before: Rows, after: Rows) -> list[str]:
        """The statements that make the one of the other."""
        gone = [key for key in before if key not in after]
        made = [f"({', '.join(row)})" for key, row in after.items() if key not in before]
        statements = [
            f"UPDATE {self.name} SET ({', '.join(self.columns)}) = ({', '.join(row)}) WHERE {self.key} = {key}"
            for key, row in after.items()
            if before.get(key, row) != row
        ]
        if gone:
            statements.append(f"DELETE FROM {self.name} WHERE {self.key} IN ({', '.join(gone)})")
        if made:
            statements.append(f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES {', '.join(made)}")
        return statements


class Kept:
    """What was written, and the ground that it was written on."""

    def __init__(self, statements: Sequence[str], touched: Sequence[Table], pages: Path) -> None:
        self._statements = statements
        self._pages = pages
        ends = "(SELECT count(*) || ' ' || min(CAST({0} AS text)) || ' ' || max(CAST({0} AS text)) FROM {1})"
        self._question = "SELECT " + ", ".join(ends.format(one.key, one.name) for one in touched)
        self._ground = self._answer()

    def fits(self) -> bool:
        """Whether what is there is what was there."""
        return self._answer() == self._ground

    def put_back(self) -> None:
        """Write it."""
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self._statements:
                cursor.execute(statement)
        shutil.copytree(self._pages, settings.STOPPRESS_STORE, dirs_exist_ok=True)
        cache.clear()  # as the receivers do of what is saved

    def _answer(self) -> tuple[object, ...]:
        with connection.cursor() as cursor:
            cursor.execute(self._question)
            return tuple(cursor.fetchone())


_KEPT: dict[str, list[Kept]] = {}
GROUNDS = 12
"""After each flush all that was there has other keys; whoever comes with more than that writes it anew each time."""


def put_back_or(write: Callable[[], object], *under: object) -> None:
    """Put back what ``write`` wrote on the same ground with the same settings; elsewhere let it do so.

    It may bake, but show no picture.

    Args:
        under: what else it depends on.
    """
    if "ImmediateBackend" in repr(settings.TASKS):
        write()  # fills the indexes, which are no rows
        return
    known = _KEPT.setdefault(f"{write.__module__}.{write.__qualname__} {under} {_circumstances()}", [])
    found = next((one for one in known if one.fits()), None)
    if found is None:
        if len(known) == GROUNDS:
            write()
            return
        found = _kept(write)
        known.append(found)
    found.put_back()


def _circumstances() -> list[tuple[str, object]]:
    named = ["BASE_URL", "TIME_ZONE", "TASKS", *(name for name in dir(settings) if name.startswith("STOPPRESS_"))]
    values = [(name, getattr(settings, name)) for name in named]
    return [(name, value) for name, value in values if not isinstance(value, Path)]


def _kept(write: Callable[[], object]) -> Kept:
    """What ``write`` would write here; nothing of it is written yet."""
    known = tables()
    before = [one.read() for one in known]
    store = settings.STOPPRESS_STORE
    pages = Path(tempfile.mkdtemp(prefix="kept-", dir=settings.INSTANCE.root))  # goes with it
    settings.STOPPRESS_STORE = pages
    try:
        with transaction.atomic():
            write()
            found = [one.changes(was, one.read()) for one, was in zip(known, before, strict=True)]
            transaction.set_rollback(True)
    finally:
        settings.STOPPRESS_STORE = store
    touched = [one for one, statements in zip(known, found, strict=True) if statements]
    return Kept([each for statements in found for each in statements], touched, pages)


def tables() -> list[Table]:
    """Those of all models."""
    return [_table(model) for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _table(model: type[Model]) -> Table:
    quote, meta = connection.ops.quote_name, model._meta
    columns = tuple(quote(field.column) for field in meta.local_concrete_fields)
    return Table(quote(meta.db_table), quote(meta.pk.column), columns)
