"""The piece of an article that shows why it was found, with the words marked. What comes out is safe to show."""

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from stoppress.search.queries import Term
from stoppress.search.words import Word, is_alone, words

LENGTH = 220
"""Characters of a snippet, more or less."""
BEFORE = 70
"""Of these, how many may stand before the first word that was found."""

Span = tuple[int, int, int]
"""Where something stands, and the number of the term that it meets."""


def marked(text: str, terms: Sequence[Term]) -> SafeString:
    """``text`` escaped, with what meets ``terms`` in ``<mark>``."""
    return _marked(text, _spans(text, terms))


def snippet(passages: Iterable[str], terms: Sequence[Term]) -> SafeString:
    """The best piece of ``passages``; the beginning of the first when nothing in them meets ``terms``."""
    first = ""
    best: tuple[int, str, list[Span]] | None = None
    for passage in passages:
        first = first or passage
        for_all = _spans(passage, terms)
        if not for_all:
            continue
        start, count = _densest(for_all)
        if best is None or count > best[0]:
            best = (count, *_cut(passage, for_all, start))
            if count == len({term.stems for term in terms}):
                break
    if best is None:
        return _marked(*_cut(first, [], 0))
    return _marked(best[1], best[2])


def _spans(text: str, terms: Sequence[Term]) -> list[Span]:
    found = list(words(text))
    spans: list[Span] = []
    for number, term in enumerate(terms):
        size = max(1, len(term.stems))
        for index in range(len(found) - size + 1):
            if _meets(found[index : index + size], term):
                spans.append((found[index].start, found[index + size - 1].end, number))
    spans.sort()
    return spans


def _meets(some: Sequence[Word], term: Term) -> bool:
    if term.stems and all(word.stem == stem for word, stem in zip(some, term.stems, strict=True)):
        return True
    return term.is_prefix and some[0].folded.startswith(term.folded[-1])


def _densest(spans: Sequence[Span]) -> tuple[int, int]:
    """Where the stretch begins that meets the most terms, and how many."""
    best = (0, 0)
    for index, (start, _end, _number) in enumerate(spans):
        count = len({number for begin, _, number in spans[index : index + 50] if begin - start < LENGTH - BEFORE})
        if count > best[1]:
            best = (start, count)
    return best


def _cut(text: str, spans: Sequence[Span], around: int) -> tuple[str, list[Span]]:
    """About :data:`LENGTH` characters of ``text`` at word's ends, and the spans moved along."""
    start = max(0, around - BEFORE)
    end = min(len(text), start + LENGTH)
    if start:
        start = _next_space(text, start, around)
    if end < len(text):
        space = text.rfind(" ", start + LENGTH // 2, end)
        end = space if space > around else end
    lead = "… " if start else ""
    tail = " …" if end < len(text) else ""
    moved = [(a - start + len(lead), b - start + len(lead), n) for a, b, n in spans if a >= start and b <= end]
    return f"{lead}{text[start:end]}{tail}", moved


def _next_space(text: str, start: int, limit: int) -> int:
    space = text.find(" ", start, limit)
    return space + 1 if space >= 0 else (start if is_alone(text[start]) else limit)


def _marked(text: str, spans: Sequence[Span]) -> SafeString:
    pieces: list[str] = []
    done = 0
    for start, end, _number in spans:
        if end <= done:
            continue
        begin = max(start, done)
        pieces += [escape(text[done:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        done = end
    pieces.append(escape(text[done:]))
    # Neighbours are one mark: characters of a phrase are found one by one.
    return mark_safe("".join(pieces).replace("</mark><mark>", ""))  # noqa: S308 - every piece is escaped above
