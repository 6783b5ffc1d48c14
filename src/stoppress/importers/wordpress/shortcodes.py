"""WordPress shortcodes in text: the known ones become markup, the rest go, and what they enclosed stays.

Which names a site had registered is not in the export, and reporters write brackets too: ``[sic]`` and ``[he said]``
must survive. So a bracket counts as a shortcode only when it looks like one.
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

KNOWN = frozenset({"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"})
_TAG = re.compile(r"\[(/?)([A-Za-z][\w-]{0,63})(?=[\s/\]=])([^\[\]]*)\]")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/>]+))""")
_PICTURE = re.compile(r"(?:<a\s[^>]*>\s*)?<img\s[^>]*>(?:\s*</a>)?", re.IGNORECASE)


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
    if "[" not in text:
        return text
    out: list[str] = []
    position = 0
    for opening, closing in _pairs(text, everything=everything):
        if opening.start < position:
            continue  # inside one that was expanded as a whole
        out.append(text[position : opening.start])
        inner = text[opening.stop : closing.start] if closing else ""
        position = closing.stop if closing else opening.stop
        if _is_escaped(text, opening, closing):
            out[-1] = out[-1].removesuffix("[")
            out.append(text[opening.start : position])
            position += 1
            continue
        out.append(_replace(opening, inner, lost, everything=everything))
    out.append(text[position:])
    return "".join(out)


def _replace(tag: _Tag, inner: str, lost: Counter[str], *, everything: bool) -> str:
    attributes = {m[1].lower(): next((g for g in m.groups()[1:] if g), "") for m in _ATTRIBUTE.finditer(tag.attributes)}
    match tag.name.lower():
        case "caption" | "wp_caption":
            found = _PICTURE.search(inner)
            if found is None:
                return inner
            words = attributes.get("caption") or inner[: found.start()] + inner[found.end() :]
            words = expand(words, lost, everything=everything)
            return f"\n\n<figure>{found.group()}<figcaption>{words.strip()}</figcaption></figure>\n\n"
        case "gallery":
            ids = ",".join(re.findall(r"\d+", attributes.get("ids") or attributes.get("include") or "")[:500])
            return f'\n\n<figure class="wp-block-gallery" title="{ids or "own"}"></figure>\n\n'
        case "embed":
            address = html.escape(html.unescape(inner or attributes.get("src", "")).strip())
            return f'\n\n<figure class="wp-block-embed">{address}</figure>\n\n'
        case name:
            lost[f"shortcode [{name}]"] += 1
            return expand(inner, lost, everything=everything)


def _is_escaped(text: str, opening: _Tag, closing: _Tag | None) -> bool:
    stop = closing.stop if closing else opening.stop
    return opening.start > 0 and text[opening.start - 1] == "[" and text[stop : stop + 1] == "]"


def _pairs(text: str, *, everything: bool) -> Iterator[tuple[_Tag, _Tag | None]]:
    """Shortcodes in order, each with the tag that closes it; one pass, however hostile the text."""
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
        if tag.is_closing:
            continue
        closing = closers.get(number)
        if everything or closing or _looks_like_one(text, tag):
            yield tag, closing


def _tag(match: re.Match[str]) -> _Tag:
    attributes = match[3].strip()
    return _Tag(
        match.start(), match.end(), match[2], attributes.removesuffix("/"), bool(match[1]), attributes.endswith("/")
    )


def _looks_like_one(text: str, tag: _Tag) -> bool:
    if tag.name.lower() in KNOWN or tag.is_self_closing or _ATTRIBUTE.search(tag.attributes):
        return True
    line_start = text.rfind("\n", 0, tag.start) + 1
    line_end = text.find("\n", tag.stop)
    around = text[line_start : tag.start] + text[tag.stop : line_end if line_end >= 0 else len(text)]
    return ("_" in tag.name or "-" in tag.name) and not re.sub(r"<[^<>]*>", "", around).strip()
