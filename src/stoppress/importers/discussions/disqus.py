"""What Disqus exports: one XML file of threads and posts. Streams; no Django.

Nothing in the file is trusted: no document type, no entities, a bound on every value and on depth.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from stoppress.importers.discussions.records import (
    APPROVED,
    HELD,
    MAX_ID,
    MAX_VALUE,
    REMOVED,
    SPAM,
    UNCHANGED,
    Discussion,
    Record,
    Remark,
    moment,
)
from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.remarks import remark

CHUNK = 256 * 1024
MAX_TEXT = 2**20
"""Characters of one value."""
MAX_DEPTH = 20
SPACE = "http://disqus.com"
ID = "http://disqus.com/disqus-internals id"
_KEPT = frozenset({"thread", "post"})


class DisqusExport:
    """The file that Disqus sends a link to. Read anew by each iteration of :meth:`records`."""

    system = "Disqus"

    def __init__(self, path: Path) -> None:
        self.path = path

    def records(self) -> Iterator[Record]:
        """Threads and posts as they come.

        Raises:
            ExportUnreadable: it is none, or breaks off.
        """
        try:
            with self.path.open("rb") as file:
                yield from _Parse(self.path).records(file)
        except OSError as error:
            raise ExportUnreadable(f"{self.path}: {error.strerror or error}. {UNCHANGED}") from error

    def plain(self, text: str, simpler: Counter[str]) -> str:
        """Disqus keeps HTML."""
        return remark(text, simpler)


class _Parse:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[Record] = []
        self._names: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._values: dict[str, str] = {}
        self._forum = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def records(self, file: BinaryIO) -> Iterator[Record]:
        try:
            while chunk := file.read(CHUNK):
                self._parser.Parse(chunk, False)
                yield from self._taken()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            raise self._refusal(f"line {error.lineno} is no XML as Disqus writes it ({why})") from error
        except ValueError as error:  # an encoding that nobody knows
            raise self._refusal(f"it can't be read as XML ({error})") from error
        yield from self._taken()

    def _taken(self) -> list[Record]:
        found, self._found = self._found, []
        return found

    def _refusal(self, why: str) -> ExportUnreadable:
        return ExportUnreadable(f"{self._path}: {why}. {UNCHANGED} Download the export from Disqus again.")

    def _refuse(self, *_: object) -> None:
        raise self._refusal("it has a document type, which no export of Disqus has")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, name = name.rpartition(" ")
        if not self._names and (space != SPACE or name != "disqus"):
            raise self._refusal(f"it begins with <{name[:40]}>, not with Disqus's own <disqus>")
        self._names.append(name)
        if len(self._names) > MAX_DEPTH:
            raise self._refusal(f"line {self._parser.CurrentLineNumber} is nested deeper than any export")
        if len(self._names) == 2 and name in _KEPT:
            self._values = {"": attributes.get(ID, "")[:MAX_ID]}
        elif len(self._names) == 3 and ID in attributes:
            self._values[name] = attributes[ID][:MAX_ID]
        self._text, self._length = [], 0

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > MAX_TEXT:
            raise self._refusal(f"line {self._parser.CurrentLineNumber} holds a longer text than any export")
        self._text.append(text)

    def _end(self, _name: str) -> None:
        path = self._names[1:]
        self._names.pop()
        if len(path) > 1 and path[0] in _KEPT:
            value = "".join(self._text)
            self._values.setdefault("/".join(path[1:]), value if path[1:] == ["message"] else value.strip()[:MAX_VALUE])
        elif path == ["thread"]:
            self._found.append(self._thread())
        elif path == ["post"]:
            self._found.append(self._post())
        self._text, self._length = [], 0

    def _thread(self) -> Discussion:
        value = self._values.get
        # An identifier such as "17 https://paper.example/?p=17" is what WordPress's plug-in writes.
        address = value("link") or next((word for word in value("id", "").split() if "/" in word), "")
        return Discussion(value("", ""), address, value("title", ""))

    def _post(self) -> Remark:
        value = self._values.get
        state = APPROVED
        if value("isDeleted") == "true":
            state = REMOVED
        elif value("isSpam") == "true":
            state = SPAM
        elif value("isApproved") == "false":
            state = HELD
        number = value("", "")
        short = number if len(number) <= 40 else hashlib.sha256(number.encode()).hexdigest()[:40]
        return Remark(
            id=number,
            name_here=f"disqus:{short}",
            discussion=value("thread", ""),
            parent=value("parent", ""),
            state=state,
            text=value("message", ""),
            name=value("author/name") or value("author/username", ""),
            email=value("author/email", ""),
            machine=value("ipAddress", ""),
            made_at=moment(value("createdAt", "")),
        )
