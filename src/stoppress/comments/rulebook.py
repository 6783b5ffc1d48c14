"""What the desk has set for replies, kept in memory: every reply asks for all of it, and it changes a few times a day.

One row holds a word that no two editions have in common; whoever changes a rule changes the word in the same
transaction (:func:`stoppress.comments.actions.rules.renew`), so what is kept is never older than what the database
says, on however many machines. Reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection

from stoppress.comments.models import BreakingNews, Edition, SectionRules, SpamModel

_WORD = f'SELECT word FROM "{Edition._meta.db_table}"'  # noqa: S608 - the name is ours


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One edition.

    Attributes:
        word: tells it from all others; empty before anything was set.
        sections: what sections say, by their surrogate keys.
        breaking: the breaking-news modes that are in force, by their scopes.
        spam_model: primary key of the model that was trained here and is in force; ``None`` for none.
    """

    word: str
    sections: Mapping[str, SectionRules]
    breaking: Mapping[str, BreakingNews]
    spam_model: int | None


_kept: Rulebook | None = None


def rulebook() -> Rulebook:
    """The edition that is in force."""
    global _kept  # noqa: PLW0603 - a cache of one value for one process
    word = edition()
    if (book := _kept) is None or book.word != word:
        # The word is read before the rules: what is changed meanwhile is read again under the next.
        models = SpamModel.objects.filter(is_in_force=True).order_by("-pk")
        book = _kept = Rulebook(
            word,
            {one.section: one for one in SectionRules.objects.all()},
            {one.scope: one for one in BreakingNews.objects.filter(ended_at=None)},
            models.values_list("pk", flat=True).first(),
        )
    return book


def edition() -> str:
    """The word of the edition that is in force; asked with each reply, and so without the ORM's preparations."""
    with connection.cursor() as cursor:
        cursor.execute(_WORD)
        row = cursor.fetchone()
    return str(row[0]) if row else ""
