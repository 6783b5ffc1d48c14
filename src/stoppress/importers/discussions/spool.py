"""What was read, sorted by discussion, outside of memory: files name replies in any order. No Django.

The whole file is here before anything is written anywhere else, so a damaged one changes nothing.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from types import TracebackType
from typing import Self

from stoppress.importers.discussions.records import Discussion, Line, Person, Record, Remark

_TIMES = ("made_at", "edited_at")
_FLAGS = ("is_staff", "is_pick", "is_shell")
_COLUMNS = tuple(one.name for one in fields(Remark))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a reply stands, without its words.

    Attributes:
        comes: others can stand below it.
    """

    parent: str
    name_here: str
    comes: bool


class Spool:
    """A database of its own on the disk, gone when it is closed, however the process ends."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE discussion (number INTEGER PRIMARY KEY, id TEXT UNIQUE, address TEXT, title TEXT);"
            "CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT, email TEXT);"
            "CREATE TABLE line (number INTEGER PRIMARY KEY, kind TEXT, of TEXT, own TEXT);"
            f"CREATE TABLE remark (number INTEGER PRIMARY KEY, {', '.join(_COLUMNS)});"
            "BEGIN"
        )
        self.remarks = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._rows.close()

    def add(self, record: Record) -> None:
        """Keep one record; of two discussions or people with one id the first stays."""
        if isinstance(record, Discussion):
            values: tuple[object, ...] = (record.id, record.address, record.title)
            self._insert("INSERT OR IGNORE INTO discussion (id, address, title) VALUES (?, ?, ?)", values)
        elif isinstance(record, Person):
            self._insert("INSERT OR IGNORE INTO person VALUES (?, ?, ?)", (record.id, record.name, record.email))
        elif isinstance(record, Line):
            values = (record.kind, record.of, _stored(record.own))
            self._insert("INSERT INTO line (kind, of, own) VALUES (?, ?, ?)", values)
        else:
            self.remarks += 1
            values = tuple(_stored(getattr(record, name)) for name in _COLUMNS)
            marks = ", ".join("?" * len(_COLUMNS))
            self._insert(f"INSERT INTO remark ({', '.join(_COLUMNS)}) VALUES ({marks})", values)  # noqa: S608 - our own names

    def close(self) -> None:
        """Nothing more comes; sort it."""
        self._rows.execute("CREATE INDEX by_discussion ON remark (discussion, number)")

    def discussions(self) -> list[Discussion]:
        """Those that have replies, in the order of the file; those that are named by replies only come last."""
        rows = self._rows.execute(
            "SELECT id, address, title FROM discussion WHERE id IN (SELECT discussion FROM remark) ORDER BY number"
        )
        known = [Discussion(*row) for row in rows]
        lost = self._rows.execute(
            "SELECT DISTINCT discussion FROM remark WHERE discussion NOT IN (SELECT id FROM discussion) ORDER BY number"
        )
        return [*known, *(Discussion(id, "") for (id,) in lost)]

    def discussion(self, id: str) -> Discussion | None:
        """One of them, whether it has replies or not."""
        row = self._rows.execute("SELECT id, address, title FROM discussion WHERE id = ?", [id]).fetchone()
        return None if row is None else Discussion(*row)

    def lines(self, kind: str) -> Iterator[Line]:
        """Lines that are no replies, in the order of the file."""
        asked = "SELECT kind, of, own FROM line WHERE kind = ? ORDER BY number"
        for kind_of_line, of, own in self._rows.execute(asked, [kind]):
            yield Line(kind_of_line, of, json.loads(own))

    def states(self, discussion: str) -> Iterator[str]:
        """The state of each of its replies."""
        for (state,) in self._rows.execute("SELECT state FROM remark WHERE discussion = ?", [discussion]):
            yield state

    def spots(self, discussion: str) -> dict[str, Spot]:
        """Its replies by id, without their words."""
        found: dict[str, Spot] = {}
        asked = (
            "SELECT id, parent, name_here, is_shell OR (state <> 'removed' AND trim(text) <> '')"
            " FROM remark WHERE discussion = ? ORDER BY number"
        )
        for id, parent, name, comes in self._rows.execute(asked, [discussion]):
            found.setdefault(id, Spot(parent, name, bool(comes)))
        return found

    def of(self, discussion: str) -> Iterator[Remark]:
        """Its replies, in the order of the file, with the names and addresses of who wrote them."""
        columns = ", ".join(_COLUMNS)
        asked = (
            f"SELECT {columns}, person.name, person.email FROM remark LEFT JOIN person ON person.id = remark.author"  # noqa: S608 - our own names
            " WHERE discussion = ? ORDER BY number"
        ).replace(columns, ", ".join(f"remark.{name}" for name in _COLUMNS))
        for row in self._rows.execute(asked, [discussion]):
            values = dict(zip(_COLUMNS, row, strict=False))
            values |= {name: datetime.fromisoformat(values[name]) if values[name] else None for name in _TIMES}
            values |= {name: bool(values[name]) for name in _FLAGS}
            values["own"] = json.loads(values["own"])
            values["name"] = values["name"] or row[-2] or ""
            values["email"] = values["email"] or row[-1] or ""
            yield Remark(**values)

    def _insert(self, statement: str, values: tuple[object, ...]) -> None:
        self._rows.execute(statement, values)


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value)
    # SQLite keeps no half of a pair of surrogates.
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
