"""SQLite's FTS5 (https://sqlite.org/fts5.html), with words that are split at spaces and nowhere else."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from stoppress.search.engines.marked import ALL, TooSlowError, typed
from stoppress.search.queries import Query, Term

WEIGHTS = "10.0, 5.0, 1.0, 1.0, 0.0"
HEADLINE, NAMES = 10.0, 5.0
"""What each match there counts in a search for a phrase; all others together count 1."""
STEPS = 2000
"""Of SQLite's machine between two looks at the clock."""


def put(place: int, parts: Sequence[Sequence[str]], marks: Sequence[str]) -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    remove([place])
    values: list[Any] = [place, *(" ".join(part) for part in parts), " ".join(marks)]
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_fts (rowid, a, b, c, d, x) VALUES (%s, %s, %s, %s, %s, %s)", values)


def remove(places: Sequence[int]) -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM search_fts WHERE rowid = %s", [[place] for place in places])


def clear() -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_fts")


def select(query: Query, facets: Sequence[str], limit: int, is_ranked: bool) -> tuple[str, list[Any]]:
    """See :class:`stoppress.search.engines.Engine`."""
    wanted = [f"({' OR '.join(map(_spell, group))})" for group in query.groups]
    wanted += map(_quoted, facets)
    expression = f"({' AND '.join(wanted or [_quoted(ALL)])})"
    if query.excluded:
        expression += f" NOT ({' OR '.join(map(_spell, query.excluded))})"
    # A look at the newest that match costs the same in any archive; a sort of all that match would not.
    rank = _rank(query) if is_ranked else "0.0"
    return (
        f"SELECT rowid AS place, {rank} AS rank FROM search_fts "  # noqa: S608 - constants
        "WHERE search_fts MATCH %s ORDER BY rowid DESC LIMIT %s",
        [expression, limit],
    )


def known(marks: Sequence[str]) -> dict[str, int]:
    """See :class:`stoppress.search.engines.Engine`."""
    if not marks:
        return {}
    places = ", ".join(["%s"] * len(marks))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT term, doc FROM search_fts_words WHERE term IN ({places})", list(marks))  # noqa: S608 - placeholders only
        return dict(cursor.fetchall())


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """See :class:`stoppress.search.engines.Engine`."""
    connection.ensure_connection()
    until = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    try:
        yield
    except OperationalError as error:
        if str(error) == "interrupted":
            raise TooSlowError from error
        raise
    finally:
        connection.connection.set_progress_handler(None, STEPS)


def _rank(query: Query) -> str:
    """How well a row fits, as SQL.

    To say how rare a phrase is, bm25 looks for it in all rows that have its words, which took most of such a search
    in a large archive. Whoever asks for a phrase gets few rows: where it stands in them is enough.
    """
    if all(len(term.stems) <= 1 for term in query.wanted):
        return f"-bm25(search_fts, {WEIGHTS})"
    return f"{HEADLINE} * {_times_in(0, 'a')} + {NAMES} * {_times_in(1, 'b')} + 1.0"


def _times_in(number: int, name: str) -> str:
    """How many words or phrases of the query stand in the column, as SQL."""
    return f"(length(highlight(search_fts, {number}, char(1), '')) - length({name}))"


def _spell(term: Term) -> str:
    phrase = _quoted(" ".join(term.stems))
    if not term.is_prefix:
        return phrase
    begun = f"{_quoted(typed(term.folded[-1]))} *"
    return f"({phrase} OR {begun})" if term.stems else begun


def _quoted(words: str) -> str:
    return f'"{words}"'
