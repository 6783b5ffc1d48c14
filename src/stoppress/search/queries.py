"""What a reader typed, understood. Whatever it is, it is words to look up or nothing; it never fails."""

import re
from dataclasses import dataclass, field

from stoppress.core.text import without_controls
from stoppress.search.words import is_alone, words

LONGEST_QUERY = 200
MOST_TERMS = 12
MOST_WORDS_OF_PHRASE = 20
SHORTEST_PREFIX = 3
"""Letters of a last word that may be half typed; shorter ones would begin every other word."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# Marks that turn the direction of what follows would turn the page's own words.
_UNSEEN = re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TERM = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other.

    Attributes:
        stems: what is looked up; with none, only what goes on after the last word is meant.
        folded: the same words as typed, without case and accents.
        is_prefix: whether a headline or name that goes on after the last word is meant as well.
    """

    stems: tuple[str, ...]
    folded: tuple[str, ...]
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted.

    Attributes:
        text: what was typed, cut and cleaned, to be shown again.
        groups: each must be met, by one of its terms.
        excluded: none of these may be there.
    """

    text: str = ""
    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.groups or self.excluded)

    @property
    def wanted(self) -> list[Term]:
        """All terms that may be there."""
        return [term for group in self.groups for term in group]


def parse(typed: str) -> Query:
    """Understand what was typed: words, ``"phrases"``, ``-without``, ``this OR that``, ``begin*``.

    All words must be there. The last one may be half typed.
    """
    text = " ".join(_UNSEEN.sub("", without_controls(typed[: 50 * LONGEST_QUERY])).split())[:LONGEST_QUERY].strip()
    groups: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    is_or = False
    found = list(_TERM.finditer(text.translate(_QUOTES)))
    for number, one in enumerate(found):
        word = one["word"] or ""
        if word in {"OR", "|"}:
            is_or = bool(groups)
            continue
        minus = bool(one["minus"]) or (word.startswith("-") and len(word) > 1)
        is_last = number == len(found) - 1 and not minus
        term = _term(one["phrase"], word, is_last=is_last)
        if term is None or len(groups) + len(excluded) >= MOST_TERMS:
            continue
        if minus:
            excluded.append(term)
        elif is_or and sum(map(len, groups)) < MOST_TERMS:
            groups[-1] += (term,)
        else:
            groups.append((term,))
        is_or = False
    return Query(text, tuple(groups), tuple(excluded))


def _term(phrase: str | None, word: str, *, is_last: bool) -> Term | None:
    read = list(words(word if phrase is None else phrase))[:MOST_WORDS_OF_PHRASE]
    if not read:
        return None
    last = read[-1].folded
    is_prefix = phrase is None and (is_last or word.endswith("*"))
    is_prefix = is_prefix and len(read) == 1 and (len(last) >= SHORTEST_PREFIX) and not is_alone(last)
    return Term(tuple(one.stem for one in read), tuple(one.folded for one in read), is_prefix)
