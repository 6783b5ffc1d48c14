"""Doing everything, and none of it in the end: what a dry run says is what a run does."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections, transaction

PRIVATE = "file:"
"""SQLite's name for a file without one, which is gone when it is closed, however the process ends."""


@contextmanager
def rehearsal() -> Iterator[None]:
    """Whatever is written to the database meanwhile is gone afterwards; files are the caller's to leave alone.

    On SQLite it is written to a copy, so that nobody waits who writes meanwhile. On PostgreSQL it is one transaction
    that is rolled back: who adds to the same sections waits.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with _on_a_copy():
            yield
    else:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@contextmanager
def _on_a_copy() -> Iterator[None]:
    original = connections[DEFAULT_DB_ALIAS]
    # Where the database has room, its copy has.
    folder = str(Path(str(original.settings_dict["NAME"])).parent)
    before = os.environ.get("SQLITE_TMPDIR")
    os.environ["SQLITE_TMPDIR"] = folder
    copy = connections.create_connection(DEFAULT_DB_ALIAS)
    copy.settings_dict = {**original.settings_dict, "NAME": PRIVATE}
    try:
        copy.ensure_connection()
        original.ensure_connection()
        original.connection.backup(copy.connection)
        connections[DEFAULT_DB_ALIAS] = copy
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = original
        copy.close()
        if before is None:
            del os.environ["SQLITE_TMPDIR"]
        else:
            os.environ["SQLITE_TMPDIR"] = before
