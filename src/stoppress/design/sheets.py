"""Style sheets that stand in the page itself, so that a browser paints with its first answer (docs/adr/0009).

Templates link their sheets as ever. Nothing but our own static files is read here.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

LARGEST = 48 * 1024
"""Bytes of a sheet that may still stand in a page. A larger one is better kept by the browser."""
_LINK = re.compile(r'<link rel="stylesheet" href="(?P<url>[^"]+)"(?P<media> media="[^"]*")?>')
_PART = re.compile(
    r"""(?P<word>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<comment>/\*.*?\*/)"""
    r"""|url\(\s*(?P<quote>["']?)(?P<target>[^"')]*)(?P=quote)\s*\)""",
    re.DOTALL,
)
_HASHED = re.compile(r"\.[0-9a-f]{12}\.css$")
_LINE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it stands in pages.

    Attributes:
        digest: of its text, as a content security policy names it (W3C CSP level 3).
    """

    text: str
    digest: str


def in_the_page(html: str) -> str:
    """``html`` with the sheets that it links written out, after the policy that allows these and no other.

    A sheet that is too large, not ours or not collected stays linked.
    """
    digests: list[str] = []

    def write_out(link: re.Match[str]) -> str:
        sheet = _sheet(link["url"])
        if sheet is None:
            return link[0]
        digests.append(f" '{sheet.digest}'")
        return f"<style{link['media'] or ''}>{sheet.text}</style>"

    written = _LINK.sub(write_out, html)
    allowed = "".join(dict.fromkeys(digests))
    return f'<meta http-equiv="Content-Security-Policy" content="style-src \'self\'{allowed}">\n{written}'


def _sheet(url: str) -> Sheet | None:
    name = unquote(url.removeprefix(settings.STATIC_URL))
    # Only a collected name tells of the content, so that the same address never comes to mean another sheet.
    if name == url or not _HASHED.search(name):
        return None
    try:
        return _read(url, name)
    except (OSError, UnicodeDecodeError):
        return None


@lru_cache(maxsize=64)
def _read(url: str, name: str) -> Sheet | None:
    with staticfiles_storage.open(name) as file:
        text = compact(file.read().decode(), url)
    # What it imports would be asked for in turn; the other would end the element.
    if len(text.encode()) > LARGEST or "@import" in text or "</" in text:
        return None
    return Sheet(text, f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}")


def compact(text: str, url: str) -> str:
    """A sheet without comments and indents; addresses that begin at its own ``url`` become whole ones."""

    def shorten(part: re.Match[str]) -> str:
        if part["word"]:
            return part[0]
        if part["comment"]:
            return ""
        if part["target"].startswith(("#", "data:")):
            return part[0]
        return f'url("{urljoin(url, part["target"].strip())}")'

    # The same line ends that a browser sees, or the digest would be another.
    return _LINE.sub("\n", _PART.sub(shorten, text.replace("\r\n", "\n"))).strip()
