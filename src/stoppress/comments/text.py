"""A reply's text: what may be typed, what is compared, and how it is shown. No HTML of a reader's ever passes."""

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from stoppress.core.text import without_controls

MOST_CHARACTERS = 5_000
SHOWN_OF_LINK = 60
_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^\[\]]{3,500}", re.IGNORECASE)
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*(?![\w*])")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = dict.fromkeys(
    [
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xE0000, 0xE0080),
    ]
)
_BIDI = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_TAGS = {"p", "br", "a", "strong", "em", "blockquote"}
_LOOKALIKES = str.maketrans("аеорсухіјѕԁԛһӏαορνκ0135$@", "aeopcyxijsdqhlaopvkoiessa")
"""Letters of other scripts, and digits, that pass for Latin ones at a glance (a few of Unicode's confusables)."""


def typed(text: str) -> str:
    """What is stored of ``text``: as typed, but with one kind of line end, no control characters and none that turn
    the direction of what stands around it."""
    lines = without_controls(text.replace("\r\n", "\n").replace("\r", "\n")).translate(_BIDI)
    return _BLANK.sub("\n\n", unicodedata.normalize("NFC", lines)).strip()


def one_line(text: str) -> str:
    """A name or an address of a website as it is stored."""
    return " ".join(typed(text).split())


def folded(text: str) -> str:
    """What word lists and comparisons look at: case, accents, width and invisible characters make no difference."""
    plain = unicodedata.normalize("NFKD", text.translate(_INVISIBLE)).casefold()
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=8_192)  # the staff's are asked for at every reply
def skeleton(name: str) -> str:
    """A name without what an eye would overlook: two that look alike have the same (after UTS 39)."""
    return "".join(_WORD.findall(folded(name).translate(_LOOKALIKES)))


def name_key(name: str) -> str:
    """What no two accounts have in common; empty for a name without a letter."""
    return skeleton(name)[:255]


def words_of(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return _WORD.findall(folded(text))


def fingerprint(text: str) -> str:
    """The same for texts that differ in nothing but case, accents, spaces, signs and numbers."""
    said = " ".join("0" if word.isdigit() else word for word in words_of(text))
    return hashlib.sha256(said.encode()).hexdigest()


def links_of(text: str) -> list[str]:
    """Addresses that ``text`` would link to."""
    return [_trimmed(found[0]) for found in _LINK.finditer(text)]


def website_of(text: str) -> str:
    """An address that may be linked to from a name; empty for anything else."""
    address = one_line(text)
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        is_sound = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        return ""
    return address if is_sound and len(address) <= 200 and not set(address) & set(" <>\"'`\\") else ""


def shown(text: str) -> SafeString:
    """``text`` as HTML: paragraphs, lines, ``> quotes``, ``*emphasis*``, ``**strong**`` and links, nothing else."""
    parts = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.split("\n")
        is_quote = all(line.lstrip().startswith(">") for line in lines)
        if is_quote:
            lines = [line.lstrip()[1:].lstrip() for line in lines]
        inner = "<br>".join(_line(line) for line in lines)
        parts.append(f"<blockquote><p>{inner}</p></blockquote>" if is_quote else f"<p>{inner}</p>")
    clean = nh3.clean(
        "\n".join(parts),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 - escaped above, and cleaned by nh3 here


def _line(line: str) -> str:
    parts, end = [], 0
    for found in _LINK.finditer(line):
        address = _trimmed(found[0])
        parts.append(_marked(line[end : found.start()]))
        label = address if len(address) <= SHOWN_OF_LINK else f"{address[: SHOWN_OF_LINK - 1]}…"
        parts.append(f'<a href="{escape(address)}">{escape(label)}</a>')
        end = found.start() + len(address)
    return "".join([*parts, _marked(line[end:])])


def _marked(text: str) -> str:
    return _EMPHASIS.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", escape(text)))


def _trimmed(address: str) -> str:
    """Without what belongs to the sentence: its full stop, and a bracket that was opened before the address."""
    address = address.rstrip(".,;:!?…’”»*_")
    while address.endswith(")") and address.count("(") < address.count(")"):
        address = address[:-1].rstrip(".,;:!?")
    return address
