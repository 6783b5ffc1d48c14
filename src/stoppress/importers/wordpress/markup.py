"""The markup of a post, from before and after the block editor, as the blocks of our body.

Old posts are text with HTML in it, where a blank line begins a paragraph; new ones are HTML with comments that name
the blocks. Both come from many hands and plug-ins, some hostile. So: nh3 parses it as a browser would and keeps a
broad set of elements, this module rebuilds the few that a body knows, and nh3 has the last word on each text.
"""

import html
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import nh3
from lxml import html as lxml_html

from stoppress.importers.wordpress import shortcodes
from stoppress.importers.wordpress.elements import (
    BROAD,
    HEADINGS,
    OPTIONAL_END,
    PLAIN,
    PLAYERS,
    SHOWN_BLOCKS,
    Element,
    caption_of,
    escape,
    host_of,
    line_of,
    list_html,
    paragraphs_of,
    words_of,
)
from stoppress.importers.wordpress.text import GONE_WITH_CONTENT, SCHEMES, SPACES, clip, text_html

Block = dict[str, Any]
"""A raw block of the body; the ``image`` of an image block is the picture's path in the uploads folder."""

MAX_ALT, MAX_CAPTION, MAX_SUBHEADING, MAX_ATTRIBUTION = 300, 500, 200, 200
# The tree parser goes 256 deep; a nested table takes four of them.
MAX_NESTING = 60
MAX_CONTENT = 1_000_000
"""Characters of a post, pictures embedded in it aside; the parser's time grows with the square of its longest text."""
MAX_REOPENED = 1_000_000
_DROPPED = re.compile(r"<(script|style|object|applet|embed|svg|math|canvas|form|input|select|textarea)\b", re.I)
_EMBEDDED = re.compile(r"\bdata:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]*", re.I)
_BLOCK = re.compile(r"\s*(/?)wp:((?:[a-z][a-z0-9_-]*/)?[a-z][a-z0-9_-]*)\b")
_ANY_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n\s*")
_EDGE = re.compile(r"(?:\s|<br>)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+\Z")


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the export: ``path`` in the uploads folder, and the text kept with it."""

    path: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a post's markup refers to.

    Attributes:
        find: the picture behind an ``src`` and an attachment id (either may be empty).
        own: ids of the pictures attached to this post, for a gallery that names none.
        hosts: names of the old site, whose links become relative.
    """

    find: Callable[[str, str], Found | None]
    own: Sequence[str] = ()
    hosts: frozenset[str] = frozenset()


@dataclass(slots=True)
class Composed:
    """A body, and counts of what it could not hold (``lost``) or holds more simply (``simpler``)."""

    blocks: list[Block] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    simpler: Counter[str] = field(default_factory=Counter)


def compose(content: str, context: Context) -> Composed:
    """Turn a post's content into blocks. Never fails: what it can't keep, it counts."""
    result = Composed()
    lost = result.lost
    for match in _DROPPED.finditer(content):
        lost[f"<{match[1].lower()}> element"] += 1
    content = _EMBEDDED.sub("data:", content)
    if len(content) > MAX_CONTENT:
        result.lost[f"what follows the first {MAX_CONTENT:,} characters"] += 1
        content = content[:MAX_CONTENT]
    has_blocks = "<!-- wp:" in content
    content = _without_comments(content, result)
    content = shortcodes.expand(content.replace("\r\n", "\n").replace("\r", "\n"), lost)
    if _nesting(content) > MAX_NESTING:
        result.simpler["markup nested too deep, kept as plain text"] += 1
        content = re.sub(r"<[^<>]*>", " ", content)
    clean = nh3.clean(
        content,
        tags=set(BROAD),
        clean_content_tags=GONE_WITH_CONTENT,
        attributes={
            "*": {"class"},
            "a": {"href"},
            "figure": {"title"},
            "iframe": {"src"},
            "audio": {"src"},
            "video": {"src"},
            "source": {"src"},
            "img": {"src", "alt"},
        },
        url_schemes=SCHEMES,
        link_rel=None,
    )
    root = lxml_html.document_fromstring(f"<html><body>{clean}</body></html>").body
    composer = _Composer(result, context, breaks_lines=not has_blocks)
    composer.flow(root)
    composer.finish()
    return result


def _without_comments(content: str, result: Composed) -> str:
    """Take the comments out, and count the blocks that we don't know."""
    out: list[str] = []
    position = 0
    is_shortcode = False
    while (start := content.find("<!--", position)) >= 0:
        stop = content.find("-->", start + 4)
        if stop < 0:
            break
        piece = content[position:start]
        out.append(shortcodes.expand(piece, result.lost, everything=True) if is_shortcode else piece)
        words = content[start + 4 : stop]
        position = stop + 3
        block = _BLOCK.match(words)
        if block:
            name = block[2].removeprefix("core/")
            is_shortcode = name == "shortcode" and not block[1]
            if not block[1] and name not in SHOWN_BLOCKS:
                result.lost[f"block {name}"] += 1
            # Blocks are apart even where nothing stands between them.
            out.append("\n\n")
        elif words.strip().lower() == "nextpage":
            result.simpler["page break, the pages joined"] += 1
            out.append("\n\n")
    out.append(content[position:])
    return "".join(out)


def _nesting(content: str) -> int:
    """How deep elements may lie in each other, at most; infinitely deep when a browser's rules would multiply them."""
    depth = deepest = tags = 0
    opened: Counter[str] = Counter()
    for match in _ANY_TAG.finditer(content):
        tags += 1
        name = match[2].lower()
        if name in OPTIONAL_END:
            continue
        if not match[1]:
            opened[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[name]:
            # An end without a beginning closes nothing.
            opened[name] -= 1
            depth -= 1
    # Formatting that is never closed is opened again in every paragraph.
    return sys.maxsize if depth * tags > MAX_REOPENED else deepest


class _Composer:
    """Walks the elements, gathering a run of inline markup, paragraphs of prose, and blocks."""

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

    def _node(self, element: Element) -> None:  # noqa: C901, PLR0912 - one case for each kind of element
        match element.tag:
            case "b" | "strong":
                self._inline(element, "<b>", "</b>")
            case "i" | "em":
                self._inline(element, "<i>", "</i>")
            case "a":
                self._link(element)
            case "br":
                self._run.append("<br>")
            case "img":
                self._image(element)
            case "ul" | "ol":
                self._list(element)
            case "blockquote":
                self._quote(element)
            case "figure":
                self._figure(element)
            case "table":
                self._table(element)
            case "pre":
                self._preformatted(element)
            case "hr":
                self._end_paragraph()
                self._result.lost["separator"] += 1
            case tag if tag in HEADINGS:
                self._subheading(element)
            case tag if tag in PLAYERS:
                self._player(element)
            case tag if tag in PLAIN:
                self.flow(element)
            case _:
                self._end_paragraph()
                self.flow(element)
                self._end_paragraph()

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
        address = self._address(element.get("href", ""))
        if not address or any(start.startswith("<a") for start, _end in self._open):
            self.flow(element)
        else:
            if "/wp-content/uploads/" in address and element.find(".//img") is None:
                self._result.lost["link to a file in the uploads folder"] += 1
            self._inline(element, f'<a href="{html.escape(address)}">', "</a>")

    def _address(self, href: str) -> str:
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
        if _ADDRESS.match(words) and "<a" not in run:
            self._embed(words)
        else:
            self._prose.append(f"<p>{run}</p>")

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

    def _subheading(self, element: Element) -> None:
        words = line_of(element)
        if len(words) > MAX_SUBHEADING:
            self._end_paragraph()
            self._paragraph(f"<b>{escape(words)}</b>")
        elif words:
            self._add("subheading", words)
        self._images_in(element)

    def _quote(self, element: Element) -> None:
        cited = [cite for cite in element.iter("cite", "footer") if line_of(cite)]
        attribution = line_of(cited[-1]) if cited else ""
        words = paragraphs_of(element, without=cited[-1:])
        if element.find(".//a[@href]") is not None:
            self._result.lost["link inside a quotation"] += 1
        if words:
            self._add("quote", {"quote": words, "attribution": clip(attribution, MAX_ATTRIBUTION)})
        self._images_in(element)

    def _list(self, element: Element) -> None:
        self._end_paragraph()
        markup = list_html(element, self._address)
        if words_of(markup):
            self._prose.append(markup)
        self._images_in(element)
        for tag in ("table", "blockquote", *PLAYERS):
            if element.find(f".//{tag}") is not None:
                self._result.simpler[f"{tag} inside a list, as text"] += 1

    def _preformatted(self, element: Element) -> None:
        self._end_paragraph()
        text = "".join(element.itertext()).strip("\n")
        self._paragraph("<br>".join(escape(line) for line in text.split("\n")))

    def _table(self, element: Element) -> None:
        self._end_paragraph()
        if element.find(".//table") is not None or len(list(islice(element.iter("td", "th"), 2))) < 2:
            # Made for the look of it.
            self.flow(element)
            self._end_paragraph()
            return
        rows = []
        for row in element.iter("tr"):
            cells = [line_of(cell) for cell in row.iter("td", "th")]
            if any(cells):
                rows.append(escape(" · ".join(cells)))
        self._paragraph("<br>".join(rows))
        for caption in element.iter("caption"):
            self._paragraph(f"<i>{escape(line_of(caption))}</i>")
        self._images_in(element)
        self._result.simpler["table, as lines of text"] += 1

    def _figure(self, element: Element) -> None:
        kinds = set(element.get("class", "").split())
        caption = caption_of(element)
        if "wp-block-gallery" in kinds:
            self._gallery(element)
        elif "wp-block-embed" in kinds and element.find(".//iframe") is None:
            self._end_paragraph()
            self._embed(paragraphs_of(element, without=element.findall("figcaption")).strip())
            self._paragraph(f"<i>{escape(caption)}</i>")
        elif element.find(".//img") is not None and element.find(".//table") is None:
            for image in element.iter("img"):
                self._image(image, caption)
        else:
            captions = element.findall("figcaption")
            for found in captions:
                found.drop_tree()
            self._end_paragraph()
            self.flow(element)
            self._end_paragraph()
            self._paragraph(f"<i>{escape(caption)}</i>")

    def _gallery(self, element: Element) -> None:
        images = list(element.iter("img"))
        for image in images:
            figure = next((a for a in image.iterancestors("figure") if a is not element), None)
            self._image(image, caption_of(figure) if figure is not None else "")
        if not images:
            ids = element.get("title", "")
            for number in self._context.own if ids == "own" else ids.split(","):
                self._picture("", number, "", "")
        self._end_paragraph()
        self._paragraph(f"<i>{escape(caption_of(element))}</i>")
        self._result.simpler["gallery, its pictures one below the other"] += 1

    def _images_in(self, element: Element) -> None:
        for image in element.iter("img"):
            figure = next(image.iterancestors("figure"), None)
            self._image(image, caption_of(figure) if figure is not None else "")

    def _image(self, element: Element, caption: str = "") -> None:
        number = re.search(r"\bwp-image-(\d{1,12})\b", element.get("class", ""))
        self._picture(element.get("src", ""), number[1] if number else "", element.get("alt", ""), caption)

    def _picture(self, src: str, number: str, alt: str, caption: str) -> None:
        found = self._context.find(src, number)
        if found is None:
            if not src and not number:
                self._result.lost["picture without an address of its own"] += 1
                return
            place = src or f"attachment {number}"
            host = host_of(src)
            elsewhere = host and host not in self._context.hosts
            kind = "picture on another site" if elsewhere else "picture that is not in the export"
            self._result.lost[f"{kind}: {clip(place, 120)}"] += 1
            return
        value = {
            "image": found.path,
            "alt": clip(SPACES.sub(" ", alt).strip() or found.alt, MAX_ALT),
            "caption": clip(caption, MAX_CAPTION),
        }
        self._add("image", value)

    def _player(self, element: Element) -> None:
        sources = [element.get("src", ""), *(source.get("src", "") for source in element.iter("source"))]
        address = next((src for src in sources if _ADDRESS.match(src)), "")
        self._end_paragraph()
        if address:
            self._embed(address)
        else:
            self._result.lost[f"<{element.tag}> element"] += 1

    def _embed(self, address: str) -> None:
        if not _ADDRESS.match(address):
            self._paragraph(escape(address))
            return
        shown = escape(address)
        self._prose.append(f'<p><a href="{html.escape(address)}">{shown}</a></p>')
        self._result.simpler["embed, as a link"] += 1
