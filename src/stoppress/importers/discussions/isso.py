"""isso's own database, as it lies on its server (``comments.db``). Read only; no Django."""

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from stoppress.importers.discussions.records import (
    APPROVED,
    HELD,
    MAX_ID,
    MAX_VALUE,
    REMOVED,
    UNCHANGED,
    Discussion,
    Record,
    Remark,
    moment_of,
)
from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.remarks import FORMATTING, PICTURE, remark

MAX_TEXT = 2**20
STATES = {1: APPROVED, 2: HELD, 4: REMOVED}
"""What isso calls its modes."""
_WANTED = {
    "threads": {"id", "uri", "title"},
    "comments": {"tid", "id", "parent", "created", "mode", "text", "author", "email", "website", "remote_addr"},
}
_COLUMNS = ("tid", "id", "parent", "created", "modified", "mode", "remote_addr", "text", "author", "email", "website")
_IMAGE = re.compile(r"!\[([^\]\n]{0,500})\]\(\s{0,9}<?([^)\s>]{1,2000})>?[^)\n]{0,500}\)")
_LINK = re.compile(r"\[([^\]\n]{1,500})\]\(\s{0,9}<?([^)\s>]{1,2000})>?[^)\n]{0,500}\)")
_ALONE = re.compile(r"<((?:https?://|mailto:)[^>\s]{1,2000})>")
_FENCE = re.compile(r"^[ \t]{0,3}(?:`{3,}|~{3,})[^\n`]{0,100}$\n?", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]{1,9}(?=\S)", re.MULTILINE)
_STRONG = re.compile(r"(?<!\w)__(?=\S)([^_*\n]{1,300}?)(?<=\S)__(?!\w)")
_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_*\n]{1,300}?)(?<=\S)_(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,300}?)(?<=\S)~~")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


class IssoDatabase:
    """isso's file; stop isso first, or copy it, so that nothing is half there."""

    system = "isso"

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> Iterator[Record]:
        """Threads, then comments.

        Raises:
            ExportUnreadable: it is no database, or none of isso.
        """
        try:
            with self.path.open("rb") as file:
                begins = file.read(16)
        except OSError as error:
            raise self._refusal(str(error.strerror or error)) from error
        if begins != b"SQLite format 3\0":
            raise self._refusal("it is no SQLite database, which isso's file (comments.db) is")
        try:
            with closing(sqlite3.connect(f"file:{quote(str(self.path.resolve()))}?mode=ro", uri=True)) as rows:
                yield from self._read(rows)
        except (sqlite3.Error, UnicodeError) as error:
            raise self._refusal(f"it can't be read: {error}") from error

    def plain(self, text: str, simpler: Counter[str]) -> str:
        """isso keeps Markdown, with HTML in it."""
        return from_markdown(text, simpler)

    def _read(self, rows: sqlite3.Connection) -> Iterator[Record]:
        rows.execute("PRAGMA trusted_schema = OFF")
        rows.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for table, wanted in _WANTED.items():
            # A view could be made to read anything, or to never end.
            kind = rows.execute("SELECT type FROM sqlite_master WHERE name = ?", [table]).fetchone()
            there = {row[1] for row in rows.execute(f"PRAGMA table_info({table})")} if kind == ("table",) else set()
            if missing := sorted(wanted - there):
                raise self._refusal(f"it is no database of isso: {table} has no {', '.join(missing)}")
        addresses: dict[Any, str] = {}
        for number, uri, title in rows.execute("SELECT id, uri, title FROM threads"):
            addresses[number] = _text(uri, MAX_VALUE)
            yield Discussion(str(number)[:MAX_ID], addresses[number], _text(title, MAX_VALUE))
        there = {row[1] for row in rows.execute("PRAGMA table_info(comments)")}
        columns = ", ".join(name if name in there else f"NULL AS {name}" for name in _COLUMNS)
        for row in rows.execute(f"SELECT {columns} FROM comments ORDER BY id"):  # noqa: S608 - our own names
            yield _remark(dict(zip(_COLUMNS, row, strict=True)), addresses)

    def _refusal(self, why: str) -> ExportUnreadable:
        return ExportUnreadable(f"{self.path}: {why}. {UNCHANGED}")


def _remark(row: dict[str, Any], addresses: dict[Any, str]) -> Remark:
    # Numbers of two sites are the same numbers, and addresses have no host there.
    named = f"{addresses.get(row['tid'], '')}|{row['id']}|{row['created']}"
    return Remark(
        id=str(row["id"])[:MAX_ID],
        name_here=f"isso:{hashlib.sha256(named.encode('utf-8', 'replace')).hexdigest()[:32]}",
        discussion=str(row["tid"])[:MAX_ID],
        parent="" if row["parent"] is None else str(row["parent"])[:MAX_ID],
        state=STATES.get(row["mode"], HELD),
        text=_text(row["text"], MAX_TEXT),
        name=_text(row["author"], MAX_VALUE),
        email=_text(row["email"], MAX_VALUE),
        website=_text(row["website"], MAX_VALUE),
        machine=_text(row["remote_addr"], MAX_VALUE),
        made_at=_time(row["created"]),
        edited_at=_time(row["modified"]),
    )


def _text(value: object, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""


def _time(value: object) -> Any:
    return moment_of(value) if isinstance(value, int | float) else None


def from_markdown(text: str, simpler: Counter[str]) -> str:
    """Markdown as the plain text that our replies are; what it has and ours have not keeps its words."""
    text = remark(_ALONE.sub(r"\1", text), simpler)
    simpler[PICTURE] += len(_IMAGE.findall(text))
    text = _LINK.sub(_with_address, _IMAGE.sub(_with_address, text))
    for pattern in (_FENCE, _HEADING, _CODE, _STRUCK):
        text, count = pattern.subn(r"\1" if pattern.groups else "", text)
        simpler[FORMATTING] += count
    text = _EMPHASIS.sub(r"*\1*", _STRONG.sub(r"**\1**", text))
    return _ESCAPED.sub(r"\1", text)


def _with_address(found: re.Match[str]) -> str:
    label, address = found[1].strip(), found[2]
    return address if not label or label == address else f"{label} ({address})"
