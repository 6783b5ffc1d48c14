"""Wagtail's search of the desk on SQLite, newest first where a list has no order of its own.

Wagtail's own ranks: for each page found it searches once
more, so that two letters in the chooser of a large archive keep a process busy for minutes; and with every page that is
indexed it reads the whole index, to know how long headlines are on average, while nobody else can write.
"""

from typing import Any

from modelsearch.backends.database.sqlite.sqlite import (
    SQLiteAutocompleteQueryCompiler,
    SQLiteIndex,
    SQLiteSearchBackend,
    SQLiteSearchQueryCompiler,
)


class NewestFirst(SQLiteSearchQueryCompiler):
    """Whole words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"order_by_relevance": False})


class NewestFirstWhileTyping(SQLiteAutocompleteQueryCompiler):
    """Beginnings of words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"order_by_relevance": False})


class Unranked(SQLiteIndex):
    """An index without what only ranking needs."""

    def _refresh_title_norms(self, full: bool = False) -> None:
        return


class SearchBackend(SQLiteSearchBackend):
    """What the setting ``WAGTAILSEARCH_BACKENDS`` names."""

    query_compiler_class = NewestFirst
    autocomplete_query_compiler_class = NewestFirstWhileTyping
    index_class = Unranked
