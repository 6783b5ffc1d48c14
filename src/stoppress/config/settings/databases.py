"""How the database is opened. The SQLite options are measured ones: others failed most desk publishes."""

from pathlib import Path
from typing import Any

import dj_database_url

SQLITE_TIMEOUT_SECONDS = 20
SQLITE_KEPT_SECONDS = 60
"""So long is a connection used again: to open one and read the schema costs as much as six queries."""


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Django's database settings for ``url``; empty means SQLite at ``sqlite_file``."""
    if url:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=0))
        if "sqlite" not in settings["ENGINE"]:
            return settings
        sqlite_file = Path(settings["NAME"])
    return {
        "ENGINE": "stoppress.core.sqlite",
        "NAME": sqlite_file,
        "CONN_MAX_AGE": SQLITE_KEPT_SECONDS,
        "OPTIONS": {
            "timeout": SQLITE_TIMEOUT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
        "TEST": {"NAME": str(sqlite_file) + ".test"},
    }


def search_backend(settings: dict[str, Any]) -> str:
    """What the desk's own search runs on, with these settings of the database."""
    return "stoppress.desk.sqlite_search" if "sqlite" in settings["ENGINE"] else "wagtail.search.backends.database"
