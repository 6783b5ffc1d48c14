"""A comment's markup as the plain text that our replies are: lines, quotes, ``*emphasis*``, addresses. No Django.

WordPress keeps a line's end as a line's end there, so this is not the markup of posts. What is no markup that comments
have stays as it is written, as text: nothing of a hostile one is lost, and nothing of it can do anything.
"""

import html
import re
from collections import Counter
from dataclasses import dataclass, field

MAX_CONTENT = 262_144
"""Characters of markup that are read; WordPress's table holds a quarter of it."""
MAX_MARKED = 300
"""Longer runs are no emphasis in our texts."""
MAX_OPEN = 50
FORMATTING = "formatting that replies don't have, its words kept"
PICTURE = "picture in a comment, now its address"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})((?:\s(?:[^<>\"']|\"[^\"<]{0,2000}\"|'[^'<]{0,2000}')*+)?)/?>")
_ATTRIBUTE = re.compile(r"\b(href|src|alt)\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_SIMPLER = frozenset({"code", "del", "kbd", "mark", "s", "small", "strike", "sub", "sup", "tt", "u", "var"})
_BLOCKS = ("dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "tr", "ul")
_DROPPED = (
    "abbr",
    "acronym",
    "bdi",
    "bdo",
    "big",
    "center",
    "cite",
    "dfn",
    "font",
    "ins",
    "span",
    "tbody",
    "time",
    "wbr",
)
_STANDS_FOR = {
    **dict.fromkeys(_BLOCKS, "\n\n"),
    **dict.fromkeys(_DROPPED, ""),
    "br": "\n",
    "td": " ",
    "th": " ",
}
"""What a tag is in our texts; those that are nothing there are no loss."""
_CONTAINERS = frozenset({*_MARKS, "a", "blockquote", "q"})


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def remark(markup: str, simpler: Counter[str]) -> str:
    """The text of a comment; what became simpler is counted in ``simpler``."""
    if len(markup) > MAX_CONTENT:
        simpler[f"what follows the first {MAX_CONTENT:,} characters of a comment"] += 1
    markup = _without_comments(markup[:MAX_CONTENT].replace("\r\n", "\n").replace("\r", "\n"))
    stack = [_Open("")]
    end = 0
    for tag in _TAG.finditer(markup):
        _text(markup[end : tag.start()], stack)
        end = tag.end()
        _tag(tag, markup[end : end + 1], stack, simpler)
    _text(markup[end:], stack)
    while len(stack) > 1:
        _close(stack, "", simpler)
    return stack[0].text.strip()


def _without_comments(markup: str) -> str:
    parts, end = [], 0
    while (start := markup.find("<!--", end)) >= 0 and (stop := markup.find("-->", start)) >= 0:
        parts.append(markup[end:start])
        end = stop + 3
    return "".join([*parts, markup[end:]])


def _text(text: str, stack: list[_Open]) -> None:
    parts = stack[-1].parts
    if parts and parts[-1].endswith("\n") and text.startswith("\n"):
        text = text[1:]  # a line that ends by its markup and in the text ends once
    if text:
        parts.append(html.unescape(text))


def _tag(tag: re.Match[str], following: str, stack: list[_Open], simpler: Counter[str]) -> None:
    is_end, name = bool(tag[1]), tag[2].lower()
    if name not in _CONTAINERS:
        stack[-1].parts.append(_alone(tag, simpler))
    elif not is_end:
        if len(stack) < MAX_OPEN:
            stack.append(_Open(name, _attributes(tag[3])))
    elif any(one.name == name for one in stack):
        while stack[-1].name != name:
            _close(stack, following, simpler)
        _close(stack, following, simpler)


def _alone(tag: re.Match[str], simpler: Counter[str]) -> str:
    """What stands for a tag whose other end need not be known."""
    is_end, name = bool(tag[1]), tag[2].lower()
    if name in _STANDS_FOR:
        return _STANDS_FOR[name]
    if name == "li":
        return "\n" if is_end else "\n- "
    if name == "img":
        simpler[PICTURE] += 1
        found = _attributes(tag[3])
        return _with_address(found.get("alt", ""), found.get("src", ""))
    if name in _SIMPLER:
        simpler[FORMATTING] += not is_end
        return ""
    return tag[0]


def _close(stack: list[_Open], following: str, simpler: Counter[str]) -> None:
    one = stack.pop()
    above = stack[-1].parts
    text = one.text
    if one.name == "a":
        above.append(_with_address(text, one.attributes.get("href", "")))
    elif one.name == "q":
        above.append(f"“{text}”")
    elif one.name == "blockquote":
        paragraphs = [part.strip() for part in re.split(r"\n[ \t]*\n", text) if part.strip()]
        quoted = ("\n".join(f"> {line.strip()}" for line in part.split("\n")) for part in paragraphs)
        above += ["\n\n", "\n\n".join(quoted), "\n\n"]
    else:
        before = above[-1][-1:] if above else ""
        marked = _emphasised(text, _MARKS[one.name], before, following)
        simpler[FORMATTING] += not marked and bool(text.strip())
        above.append(marked or text)


def _emphasised(text: str, mark: str, before: str, after: str) -> str:
    """``text`` between marks; empty where our texts would not take them for marks."""
    inner = text.strip()
    is_plain = bool(inner) and len(inner) <= MAX_MARKED and not set(inner) & set("*\n") and "://" not in inner
    is_apart = text != inner or not ((before + after).replace("_", "x").isalnum() or "*" in before + after)
    if not is_plain or not is_apart:
        return ""
    lead = text[: len(text) - len(text.lstrip())]
    return f"{lead}{mark}{inner}{mark}{text[len(text.rstrip()) :]}"


def _with_address(label: str, address: str) -> str:
    """Words and the address that they led to; the address alone where the words are the same."""
    address = "".join(address.split())
    words = " ".join(label.split())
    if not address or address == f"mailto:{words}":
        return label
    if _bare(words) == _bare(address) or not words:
        return address
    if words.endswith(("…", "...")) and _bare(address).startswith(_bare(words.rstrip(".…"))):
        return address
    return f"{label.rstrip()} ({address})"


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|^www\.", "", address.lower()).rstrip("/")


def _attributes(text: str) -> dict[str, str]:
    found = ((one[1].lower(), one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(text))
    return {name: html.unescape(value) for name, value in found}
