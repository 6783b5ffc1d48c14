"""A text as readers see it, and where in its source each letter of it stands.

With it a sentence is found again by its words (the Web Annotation model's TextQuoteSelector: the words and a little of
what stands around them), changed without a loss of the markup around it, and given an anchor in a page.
"""

import difflib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AROUND = 32
"""Letters before and after that a selector keeps, as the model's examples do."""
_PARTS = re.compile(r"<!--.*?-->|<[^>]*>|[^<]+|<", re.DOTALL)
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z0-9]+)")
_LETTER = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);|.", re.DOTALL)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "em",
        "embed",
        "i",
        "ins",
        "del",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    ]
)
_END = re.compile(r"[.!?…。！？؟]+[\"'”’»)\]]*(?=\s)")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_TITLES = frozenset(
    ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "Jr", "Sr", "vs", "Gen", "Col", "Capt", "Sen", "Rep", "Gov", "Rev"]
)
_EMPTY = re.compile(r"<(p|li)\b[^>]*>\s*</\1>")


@dataclass(frozen=True, slots=True)
class Selector:
    """Some words of a text, and what stands right before and after them."""

    exact: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What goes into a source around the letters from ``start`` to ``end``.

    Attributes:
        name: the id that an address leads to.
        after: markup behind them.
    """

    start: int
    end: int
    name: str
    after: str


class Prose:
    """One text.

    Args:
        source: markup, or with ``is_markup=False`` plain words.

    Attributes:
        text: what is read; one space for any run of white space, one line break where a paragraph ends.
    """

    def __init__(self, source: str, *, is_markup: bool = True) -> None:
        self.source = source
        self.is_markup = is_markup
        letters: list[str] = []
        self._places: list[tuple[int, int]] = []
        for found, start, end in _letters(source) if is_markup else _plain(source):
            letter = found if not found.isspace() else "\n" if found == "\n" and start == end else " "
            if letter in " \n":
                if not letters:
                    continue
                if letters[-1] in " \n":
                    if letter == "\n":
                        letters[-1] = "\n"
                    elif letters[-1] == " ":
                        self._places[-1] = (self._places[-1][0], end)
                    continue
            letters.append(letter)
            self._places.append((start, end))
        while letters and letters[-1] in " \n":
            letters.pop()
            self._places.pop()
        self.text = "".join(letters)
        self._flat = self.text.replace("\n", " ")

    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence begins and ends, in order."""
        found = []
        for line in re.finditer(r"[^\n]+", self.text):
            start = line.start()
            for end in [*(m.end() for m in _END.finditer(self.text, start, line.end())), line.end()]:
                if end < line.end() and self._goes_on(start, end):
                    continue
                while start < end and self.text[start] == " ":
                    start += 1
                if start < end:
                    found.append((start, end))
                start = end
        return found

    def selector(self, start: int, end: int) -> Selector:
        """The words there with what is around them."""
        before = self._flat[max(0, start - AROUND) : start]
        return Selector(self._flat[start:end], before, self._flat[end : end + AROUND])

    def find(self, wanted: Selector) -> tuple[int, int] | None:
        """Where the words stand, by what is around them when they stand there more than once.

        Words that were taken out (``exact`` is empty) are looked for between their neighbours.
        """
        exact = _flattened(wanted.exact)
        if not exact:
            return self._gap(wanted)
        places = [m.start() for m in re.finditer(rf"(?={re.escape(exact)})", self._flat)]
        if not places:
            return None
        before, after = _flattened(wanted.prefix), _flattened(wanted.suffix)
        best = max(places, key=lambda start: (self._likeness(start, start + len(exact), before, after), -start))
        return best, best + len(exact)

    def replaced(self, start: int, end: int, words: str) -> str:
        """The source with other words there; only words that differ are touched, so links and emphasis stay."""
        words = _flattened(words)
        if not words:
            # A sentence goes with the space that parted it from the next, or from the one before.
            if self._flat[end : end + 1] == " " and self.text[end] != "\n":
                end += 1
            elif start and self.text[start - 1] == " ":
                start -= 1
        before, after = _WORD.findall(self._flat[start:end]), _WORD.findall(words)
        offsets = [start]
        for word in before:
            offsets.append(offsets[-1] + len(word))
        source = self.source
        codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
        for kind, i1, i2, j1, j2 in reversed(codes):
            if kind != "equal":
                source = self._edited(source, offsets[i1], offsets[i2], "".join(after[j1:j2]))
        return _EMPTY.sub("", source) if self.is_markup and not words else source

    def anchored(self, anchors: Sequence[Anchor]) -> str:
        """The source with an id and a mark at each of the places."""
        source = self.source
        for one in sorted(anchors, key=lambda one: (one.start, one.end, one.name), reverse=True):
            begin = self._source_of(one.start)
            end = self._places[one.end - 1][1] if one.end > one.start else begin
            inner = source[begin : end if end > begin else begin]
            is_whole = "<" not in inner
            opening = f'<span class="corrected" id="{one.name}">'
            marked = f"{opening}{inner}</span>" if is_whole else f"{opening}</span>{inner}"
            after = "" if _is_inside_link(source[:end]) else one.after
            source = source[:begin] + marked + after + source[max(end, begin) :]
        return source

    def _source_of(self, index: int) -> int:
        if index < len(self._places):
            return self._places[index][0]
        return self._places[-1][1] if self._places else 0

    def _edited(self, source: str, start: int, end: int, words: str) -> str:
        written = html.escape(words, quote=False) if self.is_markup else words
        if start == end:
            at = self._places[start - 1][1] if start else self._source_of(0)
            return source[:at] + written + source[at:]
        for index in reversed(range(start + 1, end)):
            begin, stop = self._places[index]
            source = source[:begin] + source[stop:]
        begin, stop = self._places[start]
        return source[:begin] + written + source[stop:]

    def _goes_on(self, start: int, end: int) -> bool:
        """Whether a full stop at ``end`` ends no sentence: an initial, a title, or small letters follow."""
        following = self.text[end:].lstrip()[:1]
        if following.islower():
            return True
        word = re.search(r"(\w+)\.$", self.text[start:end])
        return word is not None and (word[1] in _TITLES or (len(word[1]) == 1 and word[1].isupper()))

    def _likeness(self, start: int, end: int, before: str, after: str) -> int:
        ours, theirs = self._flat[:start].rstrip()[::-1], before.rstrip()[::-1]
        return _common(ours, theirs) + _common(self._flat[end:].lstrip(), after.lstrip())

    def _gap(self, wanted: Selector) -> tuple[int, int] | None:
        before, after = _flattened(wanted.prefix), _flattened(wanted.suffix)
        if before and (at := self._flat.find(before)) >= 0:
            return at + len(before), at + len(before)
        if after and (at := self._flat.find(after)) >= 0:
            return at, at
        return None


def _letters(source: str) -> Iterator[tuple[str, int, int]]:
    """Letters of a marked-up text with their places; the end of a block is a line break that takes no room."""
    for part in _PARTS.finditer(source):
        words, start = part[0], part.start()
        if words.startswith("<") and len(words) > 1:
            tag = _TAG.match(words)
            if tag is not None and tag[1].lower() not in _INLINE:
                yield "\n", start, start
            continue
        for letter in _LETTER.finditer(words):
            # An entity may stand for several letters; all of them are where it is.
            for index, one in enumerate(html.unescape(letter[0])):
                begin = start + letter.start() if index == 0 else start + letter.end()
                yield one, begin, start + letter.end()


def _plain(source: str) -> Iterator[tuple[str, int, int]]:
    for index, letter in enumerate(source):
        yield ("\n", index, index) if letter == "\n" else (letter, index, index + 1)


def _flattened(words: str) -> str:
    return " ".join(words.split())


def _common(one: str, other: str) -> int:
    count = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        count += 1
    return count


def _is_inside_link(source: str) -> bool:
    return len(re.findall(r"<a[\s>]", source)) > source.count("</a>")
