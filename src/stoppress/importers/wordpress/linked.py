"""Links to files of the old site: those that can be brought become blocks, the others stay links."""

import re
from typing import Any

from stoppress.importers.wordpress import galleries, players
from stoppress.importers.wordpress.body import link_to
from stoppress.importers.wordpress.context import MAX_CAPTION, Composed, Context, FoundFile
from stoppress.importers.wordpress.elements import Element, line_of, words_of
from stoppress.importers.wordpress.prose import MAX_EXAMPLE, Prose
from stoppress.importers.wordpress.text import SPACES, clip

SHOWN_FILES = frozenset({"audio", "data", "document", "video"})
"""Kinds of files that have a block."""
SAYS_NOTHING = frozenset({"", "click here", "download", "here", "pdf", "read more"})
"""Words of links that say nothing once they stand alone."""
MAX_NOTE = 300


class Linked(Prose):
    """Running text whose links may lead to files. Used through its child."""

    def __init__(self, result: Composed, context: Context, *, breaks_lines: bool) -> None:
        super().__init__(result, context, breaks_lines=breaks_lines)
        self._pending: list[tuple[FoundFile, str]] = []  # files whose links are in the run, with the links' words
        self._files: set[str] = set()

    def _link(self, element: Element) -> None:
        if element.find(".//img") is not None and not line_of(element):
            self.flow(element)
            return
        found = self._linked_file(element)
        if found is None:
            super()._link(element)
            return
        # A link inside a text can't be followed to a block; its words stay, and the file comes below.
        self.flow(element)
        self._pending.append((found, line_of(element)))

    def _linked_file(self, link: Element) -> FoundFile | None:
        """The file that ``link`` leads to, if it can be brought; else what speaks against it is counted."""
        found = self._context.file(link.get("href", ""), "")
        return found if found and self._can_be_shown(found) else None

    def _can_be_shown(self, found: FoundFile) -> bool:
        problem = found.problem or ("" if found.kind in SHOWN_FILES else "file that is captions without a film")
        if problem:
            self._result.lost[f"{problem}, its link kept: {clip(found.reason or found.path, MAX_EXAMPLE)}"] += 1
        return not problem

    def _address_in_text(self, href: str) -> str:
        """As :meth:`_address`, but empty for a file that comes below the text."""
        found = self._context.file(href, "")
        is_below = found and not found.problem and found.kind in SHOWN_FILES
        return "" if is_below else self._address(href)

    def _end_paragraph(self) -> None:
        if not self._pending:
            super()._end_paragraph()
            return
        pending, self._pending = self._pending, []
        words = _bare(words_of("".join(self._run)))
        fresh = {found.path for found, _words in pending} - self._files
        if len(fresh) == len(pending) and words == _bare("".join(words for _found, words in pending)):
            # Nothing but links to files: the blocks say it all.
            self._run = [start for start, _end in self._open]
            for found, title in pending:
                self._file(found, title)
            return
        super()._end_paragraph()
        for found, title in pending:
            self._file_below(found, title)

    def _file_below(self, found: FoundFile, title: str) -> None:
        self._result.simpler[f"link to a file inside a text, the file below it: {clip(found.path, MAX_EXAMPLE)}"] += 1
        self._file(found, title)

    def _file(self, found: FoundFile, title: str = "", caption: str = "", poster: str = "", captions: str = "") -> None:
        """Show a file that can be brought, once in a post."""
        if found.path in self._files:
            return
        self._files.add(found.path)
        title = SPACES.sub(" ", title).strip()
        title = found.title if title.lower() in SAYS_NOTHING else title
        value: dict[str, Any] = {
            "document": found.path,
            "title": clip(title or found.path.rpartition("/")[2], players.MAX_TITLE),
        }
        if found.kind in {"audio", "video"}:
            value |= {"caption": clip(caption, MAX_CAPTION), "transcript": ""}
        else:
            value |= {"note": clip(caption, MAX_NOTE)}
        if found.kind == "video":
            self._add("video", {**value, "image": poster or None, "captions": captions or None})
        else:
            self._add(found.kind, {**value, "rows": None} if found.kind == "data" else value)

    def _file_card(self, element: Element) -> None:
        """A file block: a link with its name, and perhaps a button that leads to the same."""
        self._end_paragraph()
        link = next((link for link in element.iter("a") if line_of(link)), None)
        if link is None:
            self._apart(element)
        elif found := self._linked_file(link):
            self._file(found, line_of(link))
        else:
            super()._link(link)
            self._end_paragraph()

    def _playlist(self, wish: dict[str, str]) -> None:
        kind = "video" if wish.get("type") == "video" else "audio"
        numbers = re.findall(r"\d+", wish.get("ids", ""))[: galleries.MAX_PICTURES]
        named = [(number, self._context.file("", number)) for number in numbers]
        for number, found in named:
            if found is None:
                self._result.lost[f"file that is not in the export: attachment {number}"] += 1
        files = [found for _number, found in named if found] if numbers else self._context.own_files(kind)
        for found in files:
            self._file_or_link(found)

    def _file_or_link(self, found: FoundFile, title: str = "") -> None:
        if self._can_be_shown(found):
            self._file(found, title)
        else:
            self._old_link(found, title)

    def _old_link(self, found: FoundFile, title: str = "") -> None:
        self._end_paragraph()
        self._paragraph(link_to(found.path, title or found.title))


def _bare(words: str) -> str:
    return re.sub(r"[\W_]+", "", words)
