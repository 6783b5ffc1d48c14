"""The comments by which WordPress delimits blocks, parts a post into pages and marks where a list cuts it.

Most blocks are told by their elements. What stands in the comments alone is put into the text here.
"""

import html
import json
import re
from typing import Any

from stoppress.importers.wordpress import shortcodes
from stoppress.importers.wordpress.context import Composed, Context
from stoppress.importers.wordpress.elements import SHOWN_BLOCKS

CLASSIC = "classic-text"
"""Class of text that no block holds, where a blank line begins a paragraph though the post has blocks."""
PAGE_BREAK = "page break, the pages joined"
MAX_REUSED_DEPTH = 10
MAX_FOOTNOTES = 200_000
"""Characters of the notes of one post."""
_BLOCK = re.compile(r"\s*(/?)wp:((?:[a-z][a-z0-9_-]*/)?[a-z][a-z0-9_-]*)\b")
_REUSED = re.compile(r"<!--\s+wp:(?:core/)?block\s+(\{[^<>]*\})\s*/?-->")
_LONE_ADDRESS = re.compile(r"^[ \t]*(https?://[^\s<>\"'\[\]]+)[ \t]*$", re.MULTILINE)


def has_blocks(content: str) -> bool:
    """Whether a post was written in the block editor."""
    return "<!-- wp:" in content


def part_addresses(text: str) -> str:
    """Classic text with each address on a line of its own in a paragraph of its own, as WordPress looks for them."""
    return _LONE_ADDRESS.sub(r"\n\n\1\n\n", text)


def with_reused(content: str, context: Context, result: Composed, most: int) -> str:
    """``content`` with its reusable blocks in their places, of at most ``most`` characters.

    A block that would make it longer is left out and named: blocks in blocks could grow without bounds.
    """
    room = most - len(content)

    def fill(text: str, trail: tuple[str, ...]) -> str:
        nonlocal room

        def one(match: re.Match[str]) -> str:
            nonlocal room
            attributes = _attributes(match[1])
            number = str(attributes.get("ref", ""))[:20]
            body = context.reusable(number)
            problem = ""
            if body is None:
                problem = "reusable block that the export does not show to everyone"
            elif number in trail or len(trail) >= MAX_REUSED_DEPTH:
                problem = "reusable block inside itself"
            elif len(body) > room:
                problem = "reusable block in a post that would become too long"
            if problem or body is None:
                result.lost[f"{problem}: {number}"] += 1
                return ""
            if attributes.get("content"):
                result.lost[f"words put into a reusable block, shown as it was made: {number}"] += 1
            room -= len(body)
            result.reused.add(number)
            return fill(body, (*trail, number))

        return _REUSED.sub(one, text)

    is_possible = "wp:block" in content or "wp:core/block" in content
    return fill(content, ()) if is_possible else content


def without(content: str, context: Context, result: Composed) -> str:
    """``content`` without its comments; blocks that we don't know are counted."""
    reader = _Reader(content, context, result)
    position = 0
    while (start := content.find("<!--", position)) >= 0:
        stop = content.find("-->", start + 4)
        if stop < 0:
            break
        reader.text(content[position:start])
        reader.comment(content[start + 4 : stop])
        position = stop + 3
    reader.text(content[position:])
    return "".join(reader.out)


class _Reader:
    def __init__(self, content: str, context: Context, result: Composed) -> None:
        self.out: list[str] = []
        self._context = context
        self._result = result
        self._is_classic = not has_blocks(content)
        self._depth = 0
        self._name = ""  # of the block that has just begun
        self._has_footnotes = False
        self._picture = ""  # of a cover, in case its elements have none

    def text(self, piece: str) -> None:
        """Take what stands between two comments."""
        if self._picture and "<img" not in piece:
            piece = self._picture + piece
        if self._name == "shortcode":
            piece = shortcodes.expand(piece, self._result.lost, everything=True)
        if self._is_classic:
            piece = part_addresses(piece)
        elif piece.strip() and (not self._depth or self._name in {"freeform", "classic"}):
            piece = f'<div class="{CLASSIC}">{part_addresses(piece)}</div>'
        self.out.append(piece)

    def comment(self, words: str) -> None:
        """Take what a comment says."""
        self._picture = ""
        if block := _BLOCK.match(words):
            # Blocks are apart even where nothing stands between them.
            self.out.append("\n\n")
            rest = words[block.end() :].strip()
            if block[1]:
                self._depth = max(0, self._depth - 1)
                self._name = ""
            else:
                self._begin(block[2].removeprefix("core/"), rest)
            return
        mark = words.strip().lower()
        if mark == "nextpage":
            self._result.simpler[PAGE_BREAK] += 1
            self.out.append("\n\n")
        elif mark == "more" or mark.startswith("more "):
            self._result.simpler["“read more” mark, the post in one piece"] += 1
            self.out.append("\n\n")

    def _begin(self, name: str, rest: str) -> None:
        is_empty = rest.endswith("/")
        if not is_empty:
            self._depth += 1
            self._name = name
        is_embed = name == "embed" or name.startswith("core-embed/")
        if name not in SHOWN_BLOCKS and not is_embed:
            self._result.lost[f"block {name}"] += 1
        if name in {"cover", "cover-image"}:
            self._picture = _cover(_attributes(rest))
        elif name == "footnotes" and not self._has_footnotes:
            self._has_footnotes = True
            if len(self._context.footnotes) > MAX_FOOTNOTES:
                self._result.lost[f"footnotes of more than {MAX_FOOTNOTES:,} characters"] += 1
            else:
                self.out.append(_footnotes(self._context.footnotes))
        elif is_embed and is_empty:
            address = str(_attributes(rest).get("url", ""))
            self.out.append(f'<figure class="wp-block-embed">{html.escape(address)}</figure>')


def _attributes(rest: str) -> dict[str, Any]:
    """The attributes of a block; none when they can't be read."""
    found = _json(rest.removesuffix("/").strip())
    return found if isinstance(found, dict) else {}


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def _cover(attributes: dict[str, Any]) -> str:
    """The picture of a cover, which older ones have in their style only."""
    address = str(attributes.get("url", ""))
    if not address or attributes.get("backgroundType") == "video":
        return ""
    number = re.sub(r"\D", "", str(attributes.get("id", "")))[:12]
    alt = html.escape(str(attributes.get("alt", "")))
    return f'<img src="{html.escape(address)}" class="wp-image-{number}" alt="{alt}">'


def _footnotes(stored: str) -> str:
    """The notes at the foot of a post, which WordPress keeps beside it."""
    notes = _json(stored)
    told = [note.get("content") for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []
    lines = [f"<li>{words}</li>" for words in told if isinstance(words, str) and words.strip()]
    return f"<ol>{''.join(lines)}</ol>" if lines else ""
