"""The sentences of a story as one marks them: an editor who corrects, a reader who reports an error. Reads."""

from collections.abc import Iterator
from dataclasses import dataclass

from stoppress.newsroom import passages
from stoppress.newsroom.models import Article
from stoppress.newsroom.prose import Selector

WHOLE = "whole"
"""Chosen instead of a sentence."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that can be marked.

    Attributes:
        value: what the browser sends for it: the number of the passage and of the sentence in it.
        ends_line: whether a line ends behind it.
    """

    value: str
    text: str
    ends_line: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage on the screen."""

    label: str
    sentences: list[Choice]


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence that was marked.

    Attributes:
        name: where it stands: a field's name or the id of a block; empty for the story as a whole.
    """

    name: str
    words: Selector


def sentences(article: Article) -> Iterator[Marked]:
    """What readers have, passage by passage; what can't be found again later is left out."""
    for number, passage in enumerate(passages.passages(article)):
        prose = passage.prose
        found = [
            Choice(f"{number}.{index}", prose.text[start:end], prose.text[end : end + 1] == "\n")
            for index, (start, end) in enumerate(prose.sentences())
        ]
        if passage.place and found:
            yield Marked(passage.label, found)


def marked(article: Article, chosen: str) -> Place | None:
    """The sentence that the browser sent ``chosen`` for; ``None`` when there is no such sentence."""
    if chosen == WHOLE:
        return Place("", Selector(""))
    number, _dot, index = chosen.partition(".")
    if not (number.isascii() and number.isdigit() and index.isascii() and index.isdigit()):
        return None
    found = passages.passages(article)
    if len(number) > 9 or len(index) > 9 or int(number) >= len(found) or not found[int(number)].place:
        return None
    prose = found[int(number)].prose
    spans = prose.sentences()
    if int(index) >= len(spans):
        return None
    return Place(found[int(number)].place, prose.selector(*spans[int(index)]))


def holding(article: Article, quote: str) -> Place | None:
    """The sentence in which ``quote`` begins, for words that a reader marked on the page."""
    for passage in passages.passages(article):
        prose = passage.prose
        if not passage.place or (span := prose.find(Selector(quote))) is None:
            continue
        for start, end in prose.sentences():
            if start <= span[0] < end:
                return Place(passage.place, prose.selector(start, end))
    return None
