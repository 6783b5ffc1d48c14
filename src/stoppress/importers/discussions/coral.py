"""Coral's collections as ``mongoexport`` writes them: stories, comments and users. Streams; no Django."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from stoppress.importers.discussions.objects import objects
from stoppress.importers.discussions.records import (
    APPROVED,
    HELD,
    MAX_ID,
    MAX_VALUE,
    REFUSED,
    REMOVED,
    SPAM,
    UNCHANGED,
    Discussion,
    Person,
    Record,
    Remark,
    moment,
    moment_of,
)
from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.remarks import remark

MAX_TEXT = 2**20
STATES = {"NONE": APPROVED, "APPROVED": APPROVED, "PREMOD": HELD, "SYSTEM_WITHHELD": HELD, "REJECTED": REFUSED}
"""Coral shows what nobody has looked at yet (NONE)."""
NEEDED = ("stories", "comments", "users")
ARCHIVED = "archivedComments"
"""Where Coral puts the comments of stories that nobody reads any more."""


class CoralFolder:
    """A folder with ``stories.json``, ``comments.json``, ``users.json``, and perhaps ``archivedComments.json``."""

    system = "Coral"

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> Iterator[Record]:
        """Stories, people, comments.

        Raises:
            ExportUnreadable: a file is missing, is none of Coral's, or breaks off.
        """
        missing = [f"{name}.json" for name in NEEDED if not (self.path / f"{name}.json").is_file()]
        if missing:
            raise ExportUnreadable(
                f"{self.path}: {', '.join(missing)} not found. {UNCHANGED} Export the collections with mongoexport."
            )
        for story in self._of("stories", "url"):
            title = _dict(story.get("metadata")).get("title")
            yield Discussion(_text(story["id"], MAX_ID), _text(story["url"], MAX_VALUE), _text(title, MAX_VALUE))
        for user in self._of("users"):
            name = _text(user.get("username"), MAX_VALUE)
            yield Person(_text(user["id"], MAX_ID), name, _email(user))
        for collection in ("comments", ARCHIVED):
            if (self.path / f"{collection}.json").is_file():
                for comment in self._of(collection, "storyID"):
                    yield _remark(comment)

    def plain(self, text: str, simpler: Counter[str]) -> str:
        """Coral keeps HTML."""
        return remark(text, simpler)

    def _of(self, collection: str, *needed: str) -> Iterator[dict[str, Any]]:
        path = self.path / f"{collection}.json"
        for number, found in enumerate(objects(path), 1):
            lacking = [name for name in ("id", *needed) if not isinstance(found.get(name), str) or not found[name]]
            if lacking:
                what = " and ".join(lacking)
                raise ExportUnreadable(
                    f"{path}: object {number} has no {what}, which each of Coral's has since version 5. {UNCHANGED}"
                )
            yield found


def _remark(comment: Mapping[str, Any]) -> Remark:
    number = comment["id"][:MAX_ID]
    revisions = [one for one in _list(comment.get("revisions")) if isinstance(one, dict)]
    last = revisions[-1] if revisions else {}
    state = STATES.get(_text(comment.get("status"), MAX_VALUE), HELD)
    if state == HELD and _dict(last.get("metadata")).get("akismet") is True:
        state = SPAM
    if _time(comment.get("deletedAt")) is not None:
        state = REMOVED
    tags = {_text(_dict(one).get("type"), MAX_VALUE) for one in _list(comment.get("tags"))}
    short = number if len(number) <= 60 else hashlib.sha256(number.encode("utf-8", "replace")).hexdigest()
    return Remark(
        id=number,
        name_here=f"coral:{short}",
        discussion=comment["storyID"][:MAX_ID],
        parent=_text(comment.get("parentID"), MAX_ID),
        author=_text(comment.get("authorID"), MAX_ID),
        state=state,
        text=_text(last.get("body"), MAX_TEXT),
        made_at=_time(comment.get("createdAt")),
        edited_at=_time(last.get("createdAt")) if len(revisions) > 1 else None,
        is_pick="FEATURED" in tags,
    )


def _email(user: Mapping[str, Any]) -> str:
    """Where whoever it is gets mail: what they gave, or what they sign in with."""
    if found := _text(user.get("email"), MAX_VALUE):
        return found
    local = [_dict(one) for one in _list(user.get("profiles"))]
    return next((_text(one.get("id"), MAX_VALUE) for one in local if one.get("type") == "local"), "")


def _time(value: object) -> datetime | None:
    """A time in any of the forms of MongoDB's extended JSON."""
    if isinstance(value, dict):
        value = value.get("$date", value.get("$numberLong"))
        if isinstance(value, dict):
            value = value.get("$numberLong")
        if isinstance(value, str) and value.lstrip("-").isdecimal() and len(value) < 20:
            value = int(value)
    if isinstance(value, str):
        return moment(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return moment_of(value / 1000) if is_number else None  # type: ignore[operator]


def _text(value: object, most: int) -> str:
    return value[:most] if isinstance(value, str) else ""


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
