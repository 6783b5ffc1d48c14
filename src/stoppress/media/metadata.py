"""What a photographer wrote into a picture's file: words, credit, rights. Reads; never writes.

Looked for in XMP (ISO 16684-1), in the IPTC Information Interchange Model (IIM 4.2) and in EXIF 2.3, in this order,
under the names of the IPTC Photo Metadata Standard.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from PIL import ExifTags, ImageFile, IptcImagePlugin
from PIL import Image as PillowImage

from stoppress.core.text import without_controls
from stoppress.media.intake import UNREADABLE

IIM_CREATOR, IIM_CREDIT, IIM_COPYRIGHT = (2, 80), (2, 110), (2, 116)
IIM_EXPIRES_ON, IIM_EXPIRES_AT = (2, 37), (2, 38)
WRONG = (*UNREADABLE, KeyError, TypeError, AttributeError, IndexError)
"""What Pillow raises for metadata that are not what they say."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says; each text is empty where it says nothing.

    Attributes:
        alt: a description for who can't see it (*Alt Text (Accessibility)*).
        credit: who made it and for whom, as a caption names them: *Ada Ray / The Agency*.
        rights: the copyright notice and the terms of use.
        expires_at: until when it may be used, aware.
    """

    alt: str = ""
    credit: str = ""
    rights: str = ""
    expires_at: datetime | None = None


def told_by(content: bytes) -> Told:
    """What the file of a picture says of itself; nothing for one that says nothing or can't be read."""
    try:
        with PillowImage.open(io.BytesIO(content)) as opened:
            xmp, iim, exif = _xmp(opened), _iim(opened), _exif(opened)
    except WRONG:
        return Told()
    creator = _first(xmp.get("creator"), iim.get(IIM_CREATOR), exif.get(ExifTags.Base.Artist))
    credit = _first(xmp.get("Credit"), iim.get(IIM_CREDIT))
    notice = _first(xmp.get("rights"), iim.get(IIM_COPYRIGHT), exif.get(ExifTags.Base.Copyright))
    return Told(
        alt=_first(xmp.get("AltTextAccessibility")),
        credit=" / ".join(dict.fromkeys(name for name in (creator, credit) if name)),
        rights=" ".join(dict.fromkeys(text for text in (notice, _first(xmp.get("UsageTerms"))) if text)),
        expires_at=_moment(xmp.get("expirationDate", "")) or _iim_moment(iim),
    )


def _xmp(opened: PillowImage.Image) -> dict[str, str]:
    """The last word for each property, by its name without a namespace: no two that are read here share one."""
    try:
        tree = opened.getxmp()
    except WRONG:
        return {}
    found: dict[str, str] = {}
    for name, value in _properties(tree):
        found.setdefault(name, value)
    return found


def _properties(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            if text := _words(inner):
                yield str(name).rpartition(":")[2], text
            yield from _properties(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _properties(inner)


def _words(node: Any) -> str:
    """The text of a simple property, of a language alternative (its default), or of a list of names."""
    if isinstance(node, str):
        return node.strip()
    if isinstance(node, Mapping):
        for kind in ("Alt", "Seq", "Bag"):
            if kind in node:
                items = node[kind].get("li") if isinstance(node[kind], Mapping) else None
                several = items if isinstance(items, list) else [items]
                words = [_words(one) for one in several if one is not None]
                return words[0] if kind == "Alt" and words else ", ".join(filter(None, words))
        text = node.get("text")
        return text.strip() if isinstance(text, str) else ""
    return ""


def _iim(opened: ImageFile.ImageFile) -> dict[tuple[int, int], str]:
    try:
        found = IptcImagePlugin.getiptcinfo(opened) or {}
    except WRONG:
        return {}
    return {key: _decoded(value) for key, value in found.items()}


def _decoded(value: object) -> str:
    several = value if isinstance(value, list) else [value]
    return ", ".join(_text(one) for one in several if isinstance(one, bytes))


def _text(raw: bytes) -> str:
    try:
        return raw.decode().strip("\x00 \t\r\n")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace").strip("\x00 \t\r\n")


def _exif(opened: PillowImage.Image) -> dict[int, str]:
    try:
        found = dict(opened.getexif())
    except WRONG:
        return {}
    return {tag: str(value).strip("\x00 ") for tag, value in found.items() if isinstance(value, str)}


def _first(*texts: str | None) -> str:
    return next((clean for clean in _clean(texts) if clean), "")


def _clean(texts: Iterable[str | None]) -> Iterator[str]:
    return (" ".join(without_controls(text or "").split()) for text in texts)


def _moment(text: str) -> datetime | None:
    """An XMP date; one without a time is its end, one without a zone is taken for UTC."""
    try:
        moment = parse_datetime(text if "T" in text else f"{text}T23:59:59")
    except ValueError:
        return None
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _iim_moment(iim: Mapping[tuple[int, int], str]) -> datetime | None:
    day = iim.get(IIM_EXPIRES_ON, "")
    clock = (iim.get(IIM_EXPIRES_AT, "") or "235959").replace(":", "")
    if len(day) != 8 or not day.isdigit():
        return None
    shape = "%Y%m%d%H%M%S%z" if len(clock) > 6 else "%Y%m%d%H%M%S"
    try:
        moment = datetime.strptime(day + clock, shape)  # noqa: DTZ007 - the zone, if it has none, is added below
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
