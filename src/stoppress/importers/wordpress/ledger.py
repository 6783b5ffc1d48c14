"""Reading and writing the ledger for one source."""

import hashlib
import json
from typing import Any

from stoppress.importers.models import LedgerEntry

Kind = LedgerEntry.Kind


class Ledger:
    """What was imported from ``source`` before."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get(self, kind: Kind, source_id: str) -> LedgerEntry | None:
        """The entry, if there is one."""
        return LedgerEntry.objects.filter(source=self.source, kind=kind, source_id=source_id).first()

    def has_object(self, kind: Kind, object_key: str) -> bool:
        """Whether something of this source became that object."""
        return LedgerEntry.objects.filter(source=self.source, kind=kind, object_key=object_key).exists()

    def put(self, kind: Kind, source_id: str, object_key: str, content_hash: str, state: str = "") -> None:
        """Write an entry, in the transaction of the thing itself."""
        LedgerEntry.objects.update_or_create(
            source=self.source,
            kind=kind,
            source_id=source_id,
            defaults={"object_key": object_key, "content_hash": content_hash, "state": state[:255]},
        )


def content_hash(*values: Any) -> str:
    """SHA-256 of plain values, hexadecimal."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
