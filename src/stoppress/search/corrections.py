"""*Did you mean*: another spelling of a query that found nothing, out of the words of headlines and names."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from stoppress.search.engines import engine, typed
from stoppress.search.queries import Query, Term, parse
from stoppress.search.words import words

SHORTEST, LONGEST = 4, 20
MOST_WORDS = 3
"""How many words of a query are looked at."""
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def correct(query: Query, finds: Callable[[Query], bool]) -> str:
    """The query with its unknown words replaced by near ones, or ``""``.

    Args:
        finds: whether a query finds what is public now. What the index knows beyond that must not be told.
    """
    text = query.text
    changed = False
    for term in _doubtful(query):
        (word,) = term.folded
        if better := _nearest(word):
            text = _replaced(text, word, better)
            changed = True
    if not changed:
        return ""
    other = parse(text)
    # Half a word may be what was meant; what is proposed is whole.
    plain = replace(other, groups=tuple(tuple(replace(t, is_prefix=False) for t in group) for group in other.groups))
    return text if finds(plain) else ""


def _doubtful(query: Query) -> list[Term]:
    single = [term for term in query.wanted if len(term.folded) == 1 and term.folded[0].isalpha()]
    return [term for term in single if SHORTEST <= len(term.folded[0]) <= LONGEST][:MOST_WORDS]


def _nearest(word: str) -> str:
    """The word one edit away that most headlines have; ``""`` when it is known itself, or there is none."""
    near = list(dict.fromkeys(_edits(word)))
    known = engine().known([typed(one) for one in [word, *near]])
    if typed(word) in known:
        return ""
    there = [one for one in near if typed(one) in known]
    return max(there, key=lambda one: known[typed(one)], default="")


def _edits(word: str) -> Iterator[str]:
    """All that is one slip away, the likelier slips first: swapped, doubled or wrong, left out."""
    letters = sorted({*(_LATIN if word.isascii() else ""), *word})
    ends = range(len(word))
    yield from (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in ends[:-1])
    yield from (word[:i] + word[i + 1 :] for i in ends)
    yield from (word[:i] + letter + word[i + 1 :] for i in ends for letter in letters)
    yield from (word[:i] + letter + word[i:] for i in range(len(word) + 1) for letter in letters)


def _replaced(text: str, folded: str, better: str) -> str:
    """``text`` with the word that folds to ``folded`` replaced."""
    for word in words(text):
        if word.folded == folded:
            return f"{text[: word.start]}{better}{text[word.end :]}"
    return text
