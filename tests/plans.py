"""Asking the database how it would find what a piece of code asks for: by an index, or by reading everything."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

LARGE = (
    "wagtailcore_page",
    "wagtailcore_revision",
    "newsroom_article",
    "newsroom_byline",
    "newsroom_publication",
    "newsroom_listentry",
    "pagestore_address",
    "pagestore_dependency",
)
"""Tables that grow with the archive."""


@contextmanager
def reads_of_everything() -> Iterator[list[str]]:
    """Collect the statements that read the whole of a large table, with the step that does.

    Tables of a test are so small that PostgreSQL would read them whole anyway: it is told to do so only where nothing
    else helps.
    """
    found: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            found.extend(f"{step}\n{sql}" for step in _bad_steps(sql, params))
        return execute(sql, params, many, context)

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    with connection.execute_wrapper(explain):
        yield found


def _bad_steps(sql: str, params: Any) -> list[str]:
    tables = {name: name for name in LARGE}
    for table, alias in re.findall(r'"(\w+)" (?:AS )?"?(\w+)"?', sql):
        if table in LARGE:
            tables[alias] = table
    # Past Django's own cursor, which would explain the explanation.
    with connection.connection.cursor() if connection.vendor == "postgresql" else _sqlite_cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN {sql}", params)
            steps = [row[0] for row in cursor.fetchall()]
            return [step for step in steps if (m := re.search(r"Seq Scan on (\w+)", step)) and m[1] in LARGE]
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%s", "?"), params or ())
        steps = [row[3] for row in cursor.fetchall()]
    if " WHERE " not in sql and " LIMIT " in sql:
        return []  # a walk along an index that ends early
    scans = [step for step in steps if (m := re.match(r"SCAN (\w+)", step)) and m[1] in tables]
    partial = [step for step in scans if re.search(r"USING INDEX \w+_(loose|failed)_", step)]
    return [step for step in scans if step not in partial] + _sorts(sql, steps)


def _sorts(sql: str, steps: list[str]) -> list[str]:
    """Steps that put pages or revisions in order, all of them, to show a few."""
    of = re.match(r'SELECT (?:DISTINCT )?"(\w+)"', sql)
    is_large = of is not None and of[1] in {"wagtailcore_page", "wagtailcore_revision"} and " IN (%s" not in sql
    return [step for step in steps if step == "USE TEMP B-TREE FOR ORDER BY" and is_large and " LIMIT " in sql]


@contextmanager
def _sqlite_cursor() -> Iterator[Any]:
    cursor = connection.connection.cursor()
    # Not Django's class, which turns %s into ? itself.
    yield cursor
    cursor.close()
