"""WordPress shortcodes in text: the known ones become markup, the rest go, and what they enclosed stays.

Which names a site had registered is not in the export, and reporters write brackets too: ``[sic]`` and ``[he said]``
must survive. So a bracket counts as a shortcode only when it looks like one.
"""

import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from stoppress.importers.wordpress import galleries, players

KNOWN = frozenset({"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption", *players.SHORTCODES})
_TAG = re.compile(r"\[(/?)([A-Za-z][\w-]{0,63})(?=[\s/\]=])([^\[\]]*)\]")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/>]+))""")
_FORMATS = {
    "audio": ("mp3", "m4a", "ogg", "opus", "wav", "wma", "flac"),
    "video": ("mp4", "m4v", "webm", "ogv", "mov", "wmv", "flv"),
}
"""Attributes by which WordPress takes the same in several formats."""
OWN_FILE = "own-file"
"""Class of a player that names no file."""
_MARKUP = re.compile(r"<[^<>]*>")
MAX_CAPTION = 20_000
"""Characters between a caption's tags; more is a tag that someone forgot to close."""
_LINE = 300  # characters to look for the rest of a line
_PICTURE = re.compile(r"(?:<a\s[^<>]*>\s*)?<img\s[^<>]*>(?:\s*</a>)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int
    stop: int
    name: str
    attributes: str
    is_closing: bool
    is_self_closing: bool


def expand(text: str, lost: Counter[str], *, everything: bool = False) -> str:
    """Return ``text`` without shortcodes; what can't be shown is counted in ``lost``.

    Args:
        everything: treat every bracketed name as a shortcode, as in a shortcode block.
    """
    return _expand(text, lost, everything=everything, is_inner=False) if "[" in text else text


def _expand(text: str, lost: Counter[str], *, everything: bool, is_inner: bool) -> str:
    """One pass over the tags. What a caption encloses gets a pass of its own, where captions are words only."""
    out: list[str] = []
    position = 0
    pictures = list(_PICTURE.finditer(text)) if "caption" in text and not is_inner else []
    spent: set[int] = set()  # where the closing tags of dropped shortcodes begin
    for tag, closing in _pairs(text, everything=everything):
        if tag.start < position:
            continue
        before = text[position : tag.start]
        if tag.is_closing:
            if tag.start not in spent:
                continue
            stop, replacement = tag.stop, ""
        elif _is_escaped(text, tag, closing):
            stop = closing.stop if closing else tag.stop
            before, replacement = before.removesuffix("["), text[tag.start : stop]
            stop += 1
        else:
            stop, replacement = _replace(text, tag, None if is_inner else closing, lost, pictures)
            if stop == tag.stop and closing:
                spent.add(closing.start)
        out += (before, replacement)
        position = stop
    out.append(text[position:])
    return "".join(out)


def _replace(
    text: str, tag: _Tag, closing: _Tag | None, lost: Counter[str], pictures: list[re.Match[str]]
) -> tuple[int, str]:
    """Where the replaced text ends, and what takes its place."""
    attributes = {m[1].lower(): next((g for g in m.groups()[1:] if g), "") for m in _ATTRIBUTE.finditer(tag.attributes)}
    if closing and closing.start - tag.stop > MAX_CAPTION:
        closing = None
    end = closing.start if closing else tag.stop
    match tag.name.lower():
        case "caption" | "wp_caption":
            number = bisect_left(pictures, tag.stop, key=re.Match.start)
            found = pictures[number] if number < len(pictures) else None
            if found is None or closing is None or found.end() > end:
                return tag.stop, ""
            words = attributes.get("caption") or text[tag.stop : found.start()] + text[found.end() : end]
            words = _expand(words, lost, everything=False, is_inner=True).strip()
            return closing.stop, f"\n\n<figure>{found.group()}<figcaption>{words}</figcaption></figure>\n\n"
        case "gallery" | "playlist" as name:
            wish = html.escape(urlencode({key: attributes.get(key, "") for key in galleries.ATTRIBUTES}))
            return tag.stop, f'\n\n<figure class="wp-block-{name}" title="{wish}"></figure>\n\n'
        case "audio" | "video" as name:
            return tag.stop, _player(name, attributes)
        case "embed" | "dailymotion" | "soundcloud" | "spotify" | "vimeo" | "youtube" as name:
            address = _address(name, tag, _words(text[tag.stop : end]), attributes)
            if not address:
                lost[f"shortcode [{name}]"] += 1
            stop = closing.stop if closing else tag.stop
            return stop, f'\n\n<figure class="wp-block-embed">{html.escape(address)}</figure>\n\n' if address else ""
        case name:
            lost[f"shortcode [{name}]"] += 1
            return tag.stop, ""


def _player(name: str, attributes: dict[str, str]) -> str:
    """A recording's or a film's shortcode as its element; without an address it is what was uploaded to the post."""
    sources = [found for key in ("src", *_FORMATS[name]) if (found := attributes.get(key))]
    poster = f' poster="{html.escape(html.unescape(attributes["poster"]))}"' if attributes.get("poster") else ""
    inner = "".join(f'<source src="{html.escape(html.unescape(source))}">' for source in sources)
    return f'\n\n<{name} class="{"" if sources else OWN_FILE}"{poster}>{inner}</{name}>\n\n'


def _address(name: str, tag: _Tag, inner: str, attributes: dict[str, str]) -> str:
    """Whose player a shortcode shows: named in it, by an attribute, or after an equals sign as Jetpack has it."""
    bare = html.unescape(tag.attributes).lstrip("= ")
    named = next((html.unescape(found) for key in ("url", "src", "id", "video") if (found := attributes.get(key))), "")
    given = inner or (bare if bare.startswith(("http", "//")) else named or bare)
    return given if name == "embed" else players.address_in(name, given)


def _words(markup: str) -> str:
    """The words in what a shortcode encloses; an editor may have made a link of an address."""
    return html.unescape(_MARKUP.sub("", markup)).strip()


def _is_escaped(text: str, opening: _Tag, closing: _Tag | None) -> bool:
    stop = closing.stop if closing else opening.stop
    return opening.start > 0 and text[opening.start - 1] == "[" and text[stop : stop + 1] == "]"


def _pairs(text: str, *, everything: bool) -> Iterator[tuple[_Tag, _Tag | None]]:
    """Tags in order, each opening one with what closes it; one pass, however hostile the text."""
    tags = [_tag(match) for match in _TAG.finditer(text)]
    closers: dict[int, _Tag] = {}
    open_tags: dict[str, list[int]] = {}
    for number, tag in enumerate(tags):
        if not tag.is_closing:
            if not tag.is_self_closing:
                open_tags.setdefault(tag.name, []).append(number)
        elif open_tags.get(tag.name):
            closers[open_tags[tag.name].pop()] = tag
    for number, tag in enumerate(tags):
        closing = closers.get(number)
        if everything or closing or tag.is_closing or _looks_like_one(text, tag):
            yield tag, closing


def _tag(match: re.Match[str]) -> _Tag:
    attributes = match[3].strip()
    return _Tag(
        match.start(), match.end(), match[2], attributes.removesuffix("/"), bool(match[1]), attributes.endswith("/")
    )


def _looks_like_one(text: str, tag: _Tag) -> bool:
    if tag.name.lower() in KNOWN or tag.is_self_closing or _ATTRIBUTE.search(tag.attributes):
        return True
    if "_" not in tag.name and "-" not in tag.name:
        return False
    before = text[max(0, tag.start - _LINE) : tag.start].rpartition("\n")[2]
    after = text[tag.stop : tag.stop + _LINE].partition("\n")[0]
    return not _MARKUP.sub("", before + after).strip()
