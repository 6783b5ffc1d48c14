"""What must be true of the database for the page store's promise to hold."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.db import connection


@register
def isolation_level(app_configs: Sequence[Any] | None, **_: Any) -> list[CheckMessage]:
    """A derivation that waited for the clock must see the dependencies stored meanwhile (ADR 0003)."""
    if connection.vendor != "postgresql":
        return []
    level = (connection.settings_dict.get("OPTIONS") or {}).get("isolation_level")
    name = getattr(level, "name", None)
    if level is None or name == "READ_COMMITTED":
        return []
    return [
        Error(
            f"PostgreSQL's isolation level is {name or level}; pages could stay stale without an error.",
            hint="Remove isolation_level from the database's options: READ COMMITTED is right.",
            id="pagestore.E001",
        )
    ]
