"""Making an export well-formed while it streams by, and remembering where.

WordPress writes some values (a commenter's address, for one) without escaping and reads exports with a forgiving
parser, so real files hold bare ampersands and control characters. What is well-formed passes unchanged.
"""

import re
from dataclasses import dataclass

MAX_REPAIRS_KEPT = 50
# A construct that begins this close to the end of what has arrived waits for the rest.
_REACH = 64
_SUSPECT = re.compile(
    r"&(?:\#[0-9]{1,40};|\#x[0-9A-Fa-f]{1,40};|(?:amp|lt|gt|quot|apos);)?"
    r"|<!\[CDATA\[|<!--|<\?|\]\]>|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]"
)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffd-\uffff]")
_CHARACTERS = ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}


@dataclass(frozen=True, slots=True)
class Repair:
    """A place that was mended. ``line`` and ``column`` count from 1, in the file as it is."""

    line: int
    column: int
    what: str
    near: str


class Repairer:
    """Feed it text in pieces of any size; it returns text that a strict parser takes, with the same line breaks."""

    def __init__(self, first_line: int = 1) -> None:
        self.repairs: list[Repair] = []
        self.count = 0
        self._line = first_line
        self._column = 1
        self._rest = ""
        self._end = ""  # what closes the section we are in, where ampersands mean nothing

    def feed(self, text: str) -> str:
        """Return what is certain so far."""
        return self._work(self._rest + text, is_last=False)

    def close(self) -> str:
        """Return what was waiting for more."""
        return self._work(self._rest, is_last=True)

    def _work(self, text: str, *, is_last: bool) -> str:
        out: list[str] = []
        position = 0
        limit = len(text) if is_last else max(0, len(text) - _REACH)
        while position < limit:
            if self._end:
                position = self._inside(text, position, limit, out)
            else:
                position = self._outside(text, position, limit, out)
        self._rest = text[position:]
        return "".join(out)

    def _outside(self, text: str, position: int, limit: int, out: list[str]) -> int:
        for match in _SUSPECT.finditer(text, position):
            start = match.start()
            if start >= limit:
                break
            out.append(self._pass(text, position, start))
            found = match.group()
            position = match.end()
            if found in _ENDS:
                self._end = _ENDS[found]
                out.append(self._pass(text, start, position))
                return position
            mended = self._mend(text, start, found)
            out.append(mended)
            self._advance(text, start, position)
        if position < limit:
            out.append(self._pass(text, position, limit))
            position = limit
        return position

    def _inside(self, text: str, position: int, limit: int, out: list[str]) -> int:
        found = text.find(self._end, position)
        # Held back by _REACH, so an end that is cut in two is whole next time.
        stop = limit if found < 0 else found
        for match in _FORBIDDEN.finditer(text, position, stop):
            out.append(self._pass(text, position, match.start()))
            out.append(self._mend(text, match.start(), match.group()))
            position = match.end()
            self._advance(text, match.start(), position)
        out.append(self._pass(text, position, stop))
        if found < 0:
            return stop
        position = found + len(self._end)
        out.append(self._pass(text, found, position))
        self._end = ""
        return position

    def _mend(self, text: str, start: int, found: str) -> str:
        if found == "&":
            self._note(text, start, "a bare “&”")
            return "&amp;"
        if found == "]]>":
            self._note(text, start, "a stray “]]>”")
            return "]]&gt;"
        if found == "\ufffd":
            # It is what the decoder puts for bytes that mean nothing.
            self._note(text, start, "a character that can't be read")
            return found
        if not found.startswith("&"):
            self._note(text, start, f"a control character (U+{ord(found):04X})")
            return ""
        if found.startswith("&#") and not _is_allowed(found):
            self._note(text, start, f"a reference to a character that XML has not ({found})")
            return ""
        return found

    def _note(self, text: str, start: int, what: str) -> None:
        self.count += 1
        if len(self.repairs) < MAX_REPAIRS_KEPT:
            near = text[max(0, start - 30) : start + 30].splitlines()
            before = len(text[max(0, start - 30) : start].splitlines() or [""]) - 1
            line = near[min(before, len(near) - 1)] if near else ""
            self.repairs.append(Repair(self._line, self._column, what, _FORBIDDEN.sub("", line).strip()))

    def _pass(self, text: str, start: int, stop: int) -> str:
        self._advance(text, start, stop)
        return text[start:stop]

    def _advance(self, text: str, start: int, stop: int) -> None:
        breaks = text.count("\n", start, stop)
        if breaks:
            self._line += breaks
            self._column = stop - text.rfind("\n", start, stop)
        else:
            self._column += stop - start


def _is_allowed(reference: str) -> bool:
    digits = reference[2:-1]
    number = int(digits[1:], 16) if digits[0] == "x" else int(digits)
    return number in {0x9, 0xA, 0xD} or any(low <= number <= high for low, high in _CHARACTERS)
