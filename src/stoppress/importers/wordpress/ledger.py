"""Reading and writing the ledger for one source."""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet

from stoppress.importers.models import LedgerEntry

Kind = LedgerEntry.Kind
AT_ONCE = 500
"""How many values go into one SQL list."""


class Ledger:
    """What was imported from ``source`` before."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._loaded: dict[Kind, dict[str, LedgerEntry | None]] = {}

    def load(self, kind: Kind, source_ids: Collection[str]) -> None:
        """Read what is known of these at once; what was loaded of the ``kind`` before is forgotten."""
        found: dict[str, LedgerEntry | None] = dict.fromkeys(source_ids)
        listed = list(found)
        for start in range(0, len(listed), AT_ONCE):
            some = listed[start : start + AT_ONCE]
            found |= {entry.source_id: entry for entry in self._entries(kind).filter(source_id__in=some)}
        self._loaded[kind] = found

    def get(self, kind: Kind, source_id: str) -> LedgerEntry | None:
        """The entry, if there is one."""
        loaded = self._loaded.get(kind, {})
        if source_id in loaded:
            return loaded[source_id]
        return self._entries(kind).filter(source_id=source_id).first()

    def has_object(self, kind: Kind, object_key: str) -> bool:
        """Whether something of this source became that object."""
        return self._entries(kind).filter(object_key=object_key).exists()

    def entry(self, kind: Kind, source_id: str, object_key: str, content_hash: str, state: str = "") -> LedgerEntry:
        """An entry for :meth:`put_all`."""
        return LedgerEntry(
            source=self.source,
            kind=kind,
            source_id=source_id,
            object_key=object_key,
            content_hash=content_hash,
            state=state[:255],
        )

    def put(self, kind: Kind, source_id: str, object_key: str, content_hash: str, state: str = "") -> None:
        """Write an entry, in the transaction of the thing itself."""
        self.put_all([self.entry(kind, source_id, object_key, content_hash, state)])

    def put_all(self, entries: Sequence[LedgerEntry]) -> None:
        """Write entries of different things, in the transaction of the things themselves."""
        LedgerEntry.objects.bulk_create(
            entries,
            update_conflicts=True,
            unique_fields=["source", "kind", "source_id"],
            update_fields=["object_key", "content_hash", "state"],
        )
        for entry in entries:
            loaded = self._loaded.get(Kind(entry.kind), {})
            if entry.source_id in loaded:
                loaded[entry.source_id] = entry

    def _entries(self, kind: Kind) -> QuerySet[LedgerEntry]:
        return LedgerEntry.objects.filter(source=self.source, kind=kind)


def content_hash(*values: Any) -> str:
    """SHA-256 of plain values, hexadecimal."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
