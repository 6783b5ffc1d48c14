"""The replies of an export of our own (``stoppress export``): JSON lines. Streams; no Django."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from stoppress.importers.discussions.objects import objects
from stoppress.importers.discussions.records import (
    APPROVED,
    HELD,
    MAX_VALUE,
    REFUSED,
    REMOVED,
    SPAM,
    UNCHANGED,
    Discussion,
    Line,
    Record,
    Remark,
    moment,
)
from stoppress.importers.errors import ExportUnreadable

MAX_TEXT = 2**20
NEEDED = ("manifest.json", "articles.jsonl", "replies.jsonl")
LINES = {"threads.jsonl": "thread", "writers.jsonl": "writer", "filters.jsonl": "filter", "breaking.jsonl": "breaking"}
STATES = frozenset({APPROVED, HELD, REFUSED, SPAM, REMOVED})
KEPT = (
    *("writer", "place", "pick_note", "is_author", "is_answerer", "is_followed", "is_account", "is_proven"),
    "confirmed_at",
    *("signal", "decided_for", "recommended", "decisions", "reports"),
)
"""What has no counterpart in other systems; see :mod:`stoppress.importers.discussions.kept`."""


class OwnExport:
    """The folder that ``stoppress export`` wrote, here or elsewhere."""

    system = "Stop Press"

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> Iterator[Record]:
        """Articles, then replies.

        Raises:
            ExportUnreadable: it is no such folder, or a file of it breaks off.
        """
        missing = [name for name in NEEDED if not (self.path / name).is_file()]
        if missing:
            raise ExportUnreadable(
                f"{self.path}: {', '.join(missing)} not found. {UNCHANGED} Give what 'stoppress export' wrote."
            )
        origin = self._origin()
        for article in self._of("articles.jsonl", "article"):
            yield _discussion(article)
        for draft in self._of("drafts.jsonl", "article", "static_page"):
            if draft.get("kind") == "article":
                yield _discussion(draft)
        for name, kind in LINES.items():
            for line in self._of(name, kind):
                yield Line(kind, _number(line.get("article")), line)
        for reply in self._of("replies.jsonl", "reply"):
            yield self._reply(reply, origin)

    def plain(self, text: str, simpler: Counter[str]) -> str:
        """As ours are."""
        return text

    def _origin(self) -> str:
        file = self.path / "manifest.json"
        try:
            found = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ExportUnreadable(f"{file}: it can't be read. {UNCHANGED}") from error
        if not isinstance(found, dict) or (found.get("product"), found.get("format")) != ("stoppress", "json"):
            raise ExportUnreadable(f"{file}: it is no manifest of an export as JSON lines. {UNCHANGED}")
        return hashlib.sha256(_text(found, "base_url").encode("utf-8", "replace")).hexdigest()[:8]

    def _of(self, name: str, *kinds: str) -> Iterator[dict[str, Any]]:
        path = self.path / name
        if name not in NEEDED and not path.exists():
            return  # older exports have fewer files, and those without drafts
        for number, found in enumerate(objects(path), 1):
            key = "article" if kinds == ("thread",) else "id"
            if found.get("kind") not in kinds or not _number(found.get(key)):
                raise ExportUnreadable(f"{path}: line {number} is no {kinds[0]} of ours. {UNCHANGED}")
            yield found

    def _reply(self, reply: Mapping[str, Any], origin: str) -> Remark:
        number = _number(reply.get("id"))
        state = _text(reply, "status")
        return Remark(
            id=number,
            # What came here from elsewhere keeps the name that it has there.
            name_here=_text(reply, "imported_id")[:80] or f"stoppress:{origin}:{number}",
            discussion=_number(reply.get("article")),
            parent=_number(reply.get("parent")),
            state=state if state in STATES else HELD,
            text=_text(reply, "text", MAX_TEXT),
            name=_text(reply, "name"),
            email=_text(reply, "email"),
            website=_text(reply, "website"),
            made_at=moment(_text(reply, "made_at")),
            edited_at=moment(_text(reply, "edited_at")),
            is_staff=reply.get("is_staff") is True,
            is_pick=reply.get("is_pick") is True,
            public_id=_text(reply, "public_id"),
            is_shell=state == REMOVED,
            own={name: reply[name] for name in KEPT if name in reply},
        )


def _discussion(article: Mapping[str, Any]) -> Discussion:
    return Discussion(_number(article.get("id")), _text(article, "path"), _text(article, "headline"))


def _text(found: Mapping[str, Any], name: str, most: int = MAX_VALUE) -> str:
    value = found.get(name)
    return value[:most] if isinstance(value, str) else ""


def _number(value: object) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63 else ""
