"""Gathers running text: a run of inline markup, paragraphs of prose, and the blocks between them."""

import html
import re
from typing import Any
from urllib.parse import urlsplit

from stoppress.importers.wordpress.context import Composed, Context
from stoppress.importers.wordpress.elements import Element, escape, words_of
from stoppress.importers.wordpress.text import SCHEMES, SPACES, clip, text_html

ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z")
MAX_EXAMPLE = 120
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_EDGE = re.compile(r"(?:\s|<br>)+")


class Prose:
    """Text on its way into blocks. Used through its child, which knows what the elements are."""

    def __init__(self, result: Composed, context: Context, *, breaks_lines: bool) -> None:
        self._result = result
        self._context = context
        self._breaks_lines = breaks_lines
        self._run: list[str] = []
        self._open: list[tuple[str, str]] = []  # inline elements around the run, to close and reopen
        self._prose: list[str] = []

    def flow(self, element: Element) -> None:
        """Take what is in ``element`` in order."""
        self._text(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._node(child)
            self._text(child.tail)

    def finish(self) -> None:
        """Close what is open."""
        self._end_paragraph()
        self._end_prose()

    def _node(self, element: Element) -> None:
        raise NotImplementedError

    def _lone_address(self, address: str) -> None:
        """Take an address that is a paragraph by itself."""
        raise NotImplementedError

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if not self._breaks_lines:
            self._run.append(escape(SPACES.sub(" ", text)))
            return
        for number, part in enumerate(_BLANK_LINE.split(text)):
            if number:
                self._end_paragraph()
            lines = (SPACES.sub(" ", line) for line in part.split("\n"))
            self._run.append("<br>".join(escape(line) for line in lines))

    def _apart(self, element: Element) -> None:
        """Take what is in ``element`` in paragraphs of its own."""
        self._end_paragraph()
        self.flow(element)
        self._end_paragraph()

    def _inline(self, element: Element, start: str, end: str) -> None:
        if (start, end) in self._open:
            self.flow(element)
            return
        self._open.append((start, end))
        self._run.append(start)
        self.flow(element)
        self._run.append(end)
        self._open.pop()

    def _link(self, element: Element) -> None:
        href = element.get("href", "").strip()
        if href.startswith("#") and len(href) > 1:
            # Nothing here has the name of its own that it would lead to.
            self._result.simpler["link to a place in the same post, as text"] += 1
            self.flow(element)
            return
        address = self._address(href)
        if not address or any(start.startswith("<a") for start, _end in self._open):
            self.flow(element)
        else:
            self._inline(element, f'<a href="{html.escape(address)}">', "</a>")

    def _address(self, href: str) -> str:
        """Where a link leads from here; empty for nowhere that a text may lead."""
        href = href.strip()
        try:
            parts = urlsplit(href)
        except ValueError:
            return ""
        if parts.scheme and parts.scheme.lower() not in SCHEMES:
            return ""
        if parts.netloc and parts.netloc.lower() in self._context.hosts:
            return parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
        return href

    def _address_in_text(self, href: str) -> str:
        """As :meth:`_address`, but empty for what comes below the text that has the link."""
        return self._address(href)

    def _end_paragraph(self) -> None:
        run = "".join([*self._run, *(end for _start, end in reversed(self._open))])
        self._run = [start for start, _end in self._open]
        self._paragraph(run)

    def _paragraph(self, run: str) -> None:
        found = _EDGE.match(run)
        run = (run[found.end() :] if found else run).rstrip(" \n")
        while run.endswith("<br>"):
            run = run[:-4].rstrip(" \n")
        words = words_of(run)
        if not words:
            return
        if ADDRESS.match(words) and "<a" not in run:
            self._lone_address(words)
        else:
            self._prose.append(f"<p>{run}</p>")

    def _aside(self, words: str) -> None:
        """Say ``words``, which belonged to something else, in a paragraph of their own."""
        self._paragraph(f"<i>{escape(words)}</i>")

    def _end_prose(self) -> None:
        if self._prose:
            value = text_html("".join(self._prose))
            self._prose = []
            if words_of(value):
                self._result.blocks.append({"type": "text", "value": value})

    def _add(self, kind: str, value: Any) -> None:
        self._end_paragraph()
        self._end_prose()
        self._result.blocks.append({"type": kind, "value": value})

    def _links_lost(self, element: Element, where: str) -> None:
        """Count the links in what can hold no links."""
        for link in element.iter("a"):
            if address := self._address_in_text(link.get("href", "")):
                self._result.lost[f"link inside a {where}: {clip(address, MAX_EXAMPLE)}"] += 1
