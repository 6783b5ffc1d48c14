"""PostgreSQL's ``tsvector``, put together here, so that none of its dictionaries has a say (PostgreSQL, chapter 12)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from stoppress.search.engines.marked import ALL, TooSlowError, typed
from stoppress.search.queries import Query, Term

WEIGHTS = "'{0.1, 0.1, 0.5, 1.0}'"
"""Of D, C, B and A."""
LAST_POSITION = 16_383
"""Words behind it have no place of their own, so they are found, but in no phrase."""
GAP = 2
CANCELED = "57014"
"""What a statement that took too long ends with."""


def put(place: int, parts: Sequence[Sequence[str]], marks: Sequence[str]) -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    lexemes: dict[str, list[str]] = {}
    position = 1
    for weight, part in zip("ABCD", parts, strict=True):
        for word in part:
            lexemes.setdefault(word, []).append(f"{min(position, LAST_POSITION)}{weight}")
            position += 1
        position += GAP
    pieces = [f"'{word}':{','.join(places)}" for word, places in lexemes.items()]
    pieces += [f"'{mark}'" for mark in marks]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_fts (place, vector) VALUES (%s, %s::tsvector) "
            "ON CONFLICT (place) DO UPDATE SET vector = excluded.vector",
            [place, " ".join(pieces)],
        )


def remove(places: Sequence[int]) -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_fts WHERE place = ANY(%s)", [list(places)])


def clear() -> None:
    """See :class:`stoppress.search.engines.Engine`."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_fts")


def select(query: Query, facets: Sequence[str], limit: int, is_ranked: bool) -> tuple[str, list[Any]]:
    """See :class:`stoppress.search.engines.Engine`."""
    words = [f"({' | '.join(map(_spell, group))})" for group in query.groups]
    wanted = [*words, *(f"'{mark}'" for mark in facets)] or [f"'{ALL}'"]
    expression = " & ".join([*wanted, *(f"!({_spell(term)})" for term in query.excluded)])
    if not is_ranked:
        return (
            "SELECT place, 0.0 AS rank FROM search_fts WHERE vector @@ %s::tsquery ORDER BY place DESC LIMIT %s",
            [expression, limit],
        )
    # How well it fits is looked at for the newest only: each look unpacks a whole article.
    return (
        f"SELECT place, ts_rank({WEIGHTS}, vector, %s::tsquery, 1) AS rank FROM ("  # noqa: S608 - a constant
        "SELECT place, vector FROM search_fts WHERE vector @@ %s::tsquery ORDER BY place DESC LIMIT %s"
        ") AS newest",
        [" & ".join(words) or f"'{ALL}'", expression, limit],
    )


def known(marks: Sequence[str]) -> dict[str, int]:
    """See :class:`stoppress.search.engines.Engine`; it counts to one."""
    with transaction.atomic(), connection.cursor() as cursor:
        # It takes nearly every word for a common one, and would read the table through for each.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "SELECT mark FROM unnest(%s::text[]) AS mark WHERE EXISTS (SELECT 1 FROM search_fts "
            "WHERE vector @@ ('''' || mark || '''')::tsquery)",
            [list(marks)],
        )
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = on")
        return {mark: 1 for (mark,) in found}


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """See :class:`stoppress.search.engines.Engine`."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
            yield
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', '0', true)")
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == CANCELED:
            raise TooSlowError from error
        raise


def _spell(term: Term) -> str:
    phrase = " <-> ".join(f"'{stem}'" for stem in term.stems)
    if not term.is_prefix:
        return f"({phrase})"
    begun = f"'{typed(term.folded[-1])}':*"
    return f"({phrase} | {begun})" if term.stems else begun
