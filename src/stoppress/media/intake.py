"""What may be brought in, by upload at the desk or by an import, and why something may not. Reads; never writes."""

import io
import os
from collections.abc import Collection, Sequence

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image as PillowImage

from stoppress.core.filetypes import ATTACHMENTS

PICTURE_SUFFIXES = frozenset({".gif", ".jpg", ".jpeg", ".png", ".webp"})
PILLOW_MOST_PIXELS = 178_956_970
"""Above this Pillow takes a picture for a decompression bomb and opens it no more."""
MILLION = 1_000_000
BOMBS = (PillowImage.DecompressionBombError, PillowImage.DecompressionBombWarning)
UNREADABLE = (OSError, SyntaxError, ValueError, *BOMBS)


def suffix_of(filename: str) -> str:
    """The last suffix in small letters, with its dot; empty for none."""
    return os.path.splitext(filename)[1].lower()


def picture_complaint(content: bytes, filename: str) -> str:
    """Why these bytes can't be a picture of ours; empty when they can.

    Only the header is read before the number of pixels is known to be small enough, so a small file that unpacks to
    gigabytes is refused and not unpacked. Then it is unpacked once, since half a picture is none.
    """
    if suffix_of(filename) == ".svg" or content[:512].lstrip().lower().startswith((b"<svg", b"<?xml")):
        return _("%(name)s is an SVG. It can hold scripts, so none is taken: export it as PNG or WebP.") % {
            "name": filename
        }
    if len(content) > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
        return _size_complaint(filename, len(content), settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
    try:
        with PillowImage.open(io.BytesIO(content)) as opened:
            pixels = opened.width * opened.height * getattr(opened, "n_frames", 1)
    except BOMBS:
        pixels = PILLOW_MOST_PIXELS
    except UNREADABLE as error:
        return _("%(name)s is not a readable picture: %(error)s") % {"name": filename, "error": error}
    if pixels > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        return _("%(name)s has more than %(most)s megapixels. Save it smaller and bring it in again.") % {
            "name": filename,
            "most": settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // MILLION,
        }
    try:
        with PillowImage.open(io.BytesIO(content)) as opened:
            opened.load()
    except UNREADABLE as error:
        return _("%(name)s is not a readable picture: %(error)s") % {"name": filename, "error": error}
    return ""


def file_complaint(filename: str, size: int) -> str:
    """Why a file of ``size`` bytes can't be an attachment of ours; empty when it can."""
    suffix = suffix_of(filename)
    if suffix in {".svg", ".svgz", ".html", ".htm", ".xhtml", ".xml", ".js", ".mjs"}:
        return _("%(name)s can hold scripts, so it is not taken. Bring it in as PDF, or packed as ZIP.") % {
            "name": filename
        }
    if suffix not in ATTACHMENTS:
        return _("%(name)s is of a kind that is not taken. These are: %(kinds)s.") % {
            "name": filename,
            "kinds": listed(ATTACHMENTS),
        }
    if size > settings.WAGTAILDOCS_MAX_UPLOAD_SIZE:
        return _size_complaint(filename, size, settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    return ""


def listed(suffixes: Collection[str]) -> str:
    """Suffixes for people: ``CSV, PDF``."""
    names: Sequence[str] = sorted(suffix.removeprefix(".").upper() for suffix in suffixes)
    return ", ".join(names)


def _size_complaint(filename: str, size: int, most: int) -> str:
    return _("%(name)s has %(size)s; at most %(most)s are taken.") % {
        "name": filename,
        "size": filesizeformat(size),
        "most": filesizeformat(most),
    }
