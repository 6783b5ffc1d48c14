"""The two kinds of index, alike from outside: ``search_fts``, SQLite's FTS5 table or PostgreSQL's ``tsvector``.

Both get words that were folded before (:mod:`stoppress.search.words`) and look nothing up in a dictionary of their own.
Two kinds of marked words stand beside those of the text: what begins headlines and names as typed, and the facets.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, cast

from django.db import connection

from stoppress.search.engines import postgresql, sqlite
from stoppress.search.engines.marked import ALL, TooSlowError, facet, typed

__all__ = ["ALL", "Engine", "TooSlowError", "engine", "facet", "typed"]


class Engine(Protocol):
    """What each kind of index can do."""

    put: Callable[[int, Sequence[Sequence[str]], Sequence[str]], None]
    """Write a row anew: its place, its words by weight (headline, names, captions, text) and its marked words."""
    remove: Callable[[Sequence[int]], None]
    """Take rows out."""
    clear: Callable[[], None]
    """Take all rows out."""
    select: Callable[[Any, Sequence[str], int, bool], tuple[str, list[Any]]]
    """A statement with its parameters: the newest rows, at most so many, that a query matches and that have further
    marked words, in two columns: ``place`` and ``rank`` (more is better; 0 when nobody wants to know it, which is
    cheaper)."""
    known: Callable[[Sequence[str]], dict[str, int]]
    """Of these marked words, those that there are, with the number of rows."""
    bounded: Callable[[float], AbstractContextManager[None]]
    """While it lasts, a statement that takes more than so many seconds is broken off (:class:`TooSlowError`)."""


def engine() -> Engine:
    """The one of the database in use."""
    return cast("Engine", postgresql if connection.vendor == "postgresql" else sqlite)
