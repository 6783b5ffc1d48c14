"""A database of a test's own on the PostgreSQL server of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from tests.conftest import DATABASE_URL


@contextmanager
def new_database(name: str) -> Iterator[str]:
    """The address of an empty database, which goes when the block ends; without a server the test is left out."""
    if not DATABASE_URL.startswith("postgres"):
        pytest.skip("STOPPRESS_TEST_DATABASE_URL names no PostgreSQL server")
    identifier = sql.Identifier(name)
    with psycopg.connect(DATABASE_URL, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))
        server.execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        yield f"{DATABASE_URL.rpartition('/')[0]}/{name}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))
