"""Look-ups of baked pages and static files: memory first, one epoch check, then the disk."""

import gzip
import hashlib
import os
import re
import zlib
from dataclasses import dataclass, field
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus

import brotli

from stoppress.core.filetypes import ATTACHMENTS, PICTURES
from stoppress.core.policy import PUBLIC_POLICY
from stoppress.pagestore.layout import PENDING, TOMBSTONE, Epoch, Layout, is_sound, normal, slot_of

MEMORY_BYTES = 64 * 2**20
"""Pages kept in memory by one front process."""
STATIC_IN_MEMORY_BYTES = 512 * 2**10
TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".xml": b"application/xml; charset=utf-8",
    ".txt": b"text/plain; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".mjs": b"text/javascript; charset=utf-8",
    ".json": b"application/json",
    ".map": b"application/json",
    ".svg": b"image/svg+xml",
    ".ico": b"image/x-icon",
    **{suffix: kind.encode() for suffix, kind in PICTURES.items()},
    ".woff2": b"font/woff2",
    ".woff": b"font/woff",
}
MEDIA_TYPES = {suffix: kind.encode() for suffix, kind in {**PICTURES, **ATTACHMENTS}.items()}
"""What is served from the media folder: nothing that a browser would run."""
SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"content-security-policy", PUBLIC_POLICY.encode()),
]
REVALIDATE = b"public, max-age=0, must-revalidate"
FOREVER = b"public, max-age=31536000, immutable"
_HASHED = re.compile(r"\.[0-9a-f]{12}\.")
_INTERNAL = re.compile(r"(^index\.|\.(gz|br|tombstone|pending)$)")
STATUS_OF_PAGE = {
    "/404.html": 404,
    "/408.html": 408,
    "/410.html": 410,
    "/413.html": 413,
    "/503.html": 503,
    "/503-sent.html": 503,
}
"""Pages that are shown at other addresses when something is wrong, and never come as if all were well."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """A whole response, ready to be sent again and again.

    Attributes:
        head: status line and headers as they go over the wire (RFC 9112, 2.1), without what the server adds and
            without the empty line.
    """

    status: int
    headers: Headers
    body: bytes
    head: bytes = field(init=False)

    def __post_init__(self) -> None:
        """Write the head down once."""
        status = HTTPStatus(self.status)
        lines = [b"%s: %s\r\n" % pair for pair in self.headers]
        self.head = b"".join((f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode(), *lines))


@dataclass(slots=True)
class Entry:
    """One address in memory, in each content coding, with what it takes to see that it is still true."""

    slot: int
    version: int
    tag: bytes
    modified: str
    forms: dict[str, Answer]
    not_modified: dict[str, Answer]
    size: int


class Miss(Exception):
    """A known address that is not baked yet: Django must answer."""


class Pages:
    """The pages of one store, as one front process sees them."""

    def __init__(self, layout: Layout) -> None:
        layout.prepare()
        self.layout = layout
        self.epoch = Epoch(layout.epoch_file)
        self._slots = self.epoch.slots
        self._entries: dict[str, Entry] = {}
        self._bytes = 0

    def find(self, path: str) -> Entry | None:
        """The page, redirect or tombstone at ``path``; ``None`` when there is no such address.

        Raises:
            Miss: the address is known, its page is not baked yet.
        """
        entry = self._entries.get(path)
        if entry is not None:
            if self._slots[entry.slot] == entry.version:
                return entry
            self._forget(path)
        return self._load(path)

    def close(self) -> None:
        """Let go of the epoch."""
        self._slots.release()
        self.epoch.close()

    def not_found(self) -> Entry | None:
        """The baked 404 page."""
        try:
            return self.find("/404.html")
        except Miss:
            return None

    def _load(self, path: str) -> Entry | None:
        if not is_sound(path) or _INTERNAL.search(path.rpartition("/")[2]):
            return None
        slot = slot_of(path)
        version = self._slots[slot]  # before the first open: see Epoch
        canonical = normal(path)
        for candidate in self.layout.candidates(canonical):
            found = _read(candidate)
            if found is not None:
                if canonical != path:
                    return _redirect(slot, version, canonical)
                entry = self._page(path, slot, version, candidate, *found)
                self._keep(path, entry)
                return entry
        stem = self.layout.stem(canonical)
        tombstone = _read(stem + TOMBSTONE)
        if tombstone is not None:
            word, _, location = tombstone[0].decode("utf-8", "replace").strip().partition(" ")
            if word == "301" and location:
                return _redirect(slot, version, location)
            return self._gone(slot, version)
        if os.path.exists(stem + PENDING):
            raise Miss
        return None

    def _page(self, path: str, slot: int, version: int, file: str, body: bytes, modified: float) -> Entry:
        forms = {"": body}
        packed = _read(file + ".gz")
        # A crash between two renames can leave a compressed form of another version: the trailer tells (RFC 1952).
        if packed is not None and packed[0][-8:-4] == zlib.crc32(body).to_bytes(4, "little"):
            forms["gzip"] = packed[0]
            squeezed = _read(file + ".br")
            if squeezed is not None:
                forms["br"] = squeezed[0]
        suffix = os.path.splitext(file)[1]
        return _entry(slot, version, body, forms, suffix, modified, STATUS_OF_PAGE.get(path, 200), REVALIDATE)

    def _gone(self, slot: int, version: int) -> Entry:
        """The tombstone's own entry with the body of the baked 410 page."""
        found = _read(self.layout.stem("/410.html"))
        body, modified = found if found is not None else (b"Gone\n", 0.0)
        return _entry(slot, version, body, {"": body}, ".html" if found else ".txt", modified, 410, REVALIDATE)

    def _keep(self, path: str, entry: Entry) -> None:
        self._forget(path)
        self._entries[path] = entry
        self._bytes += entry.size
        while self._bytes > MEMORY_BYTES and len(self._entries) > 1:
            self._forget(next(iter(self._entries)))

    def _forget(self, path: str) -> None:
        entry = self._entries.pop(path, None)
        if entry is not None:
            self._bytes -= entry.size


class StaticFiles:
    """Collected static files; small text is compressed once and kept in memory."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")
        self._entries: dict[str, tuple[float, Entry]] = {}

    def find(self, name: str) -> Entry | None:
        """The static file ``name`` (no leading slash), or ``None``."""
        if not is_sound("/" + name) or name.endswith("/"):
            return None
        file = f"{self._root}/{name}"
        known = self._entries.get(name)
        if known is not None and (_HASHED.search(name) or _mtime(file) == known[0]):
            return known[1]
        found = _read(file)
        if found is None:
            self._entries.pop(name, None)
            return None
        body, modified = found
        suffix = os.path.splitext(name)[1].lower()
        forms = {"": body}
        if suffix in {".css", ".js", ".mjs", ".svg", ".json", ".map", ".txt"} and len(body) > 256:
            forms["gzip"] = gzip.compress(body, 6, mtime=0)
            forms["br"] = brotli.compress(body, quality=5)
        control = FOREVER if _HASHED.search(name) else REVALIDATE
        entry = _entry(0, 0, body, forms, suffix, modified, 200, control)
        if len(body) <= STATIC_IN_MEMORY_BYTES:
            self._entries[name] = (modified, entry)
        return entry


def choose(
    entry: Entry, encodings: tuple[str, ...], if_none_match: bytes | None, if_modified_since: bytes | None
) -> Answer:
    """The form of ``entry`` that the reader accepts, or 304 when they have it (RFC 9110, 12.5.3 and 13.1)."""
    forms = entry.forms
    if if_none_match is not None:
        if entry.tag and _matches(if_none_match, entry.tag):
            forms = entry.not_modified
    elif if_modified_since is not None and entry.modified and _is_unmodified(if_modified_since, entry.modified):
        forms = entry.not_modified
    for encoding in encodings:
        answer = forms.get(encoding)
        if answer is not None:
            return answer
    return forms[""]


_accepted: dict[bytes, tuple[str, ...]] = {}


def accepted(header: bytes) -> tuple[str, ...]:
    """Codings of an Accept-Encoding header that we have, best first; remembered, since few values occur."""
    known = _accepted.get(header)
    if known is None:
        if len(_accepted) > 1000:
            _accepted.clear()
        known = _accepted[header] = _parse_accepted(header)
    return known


def _parse_accepted(header: bytes) -> tuple[str, ...]:
    weights: dict[str, float] = {}
    for part in header.decode("latin-1").lower().split(","):
        name, _, parameters = part.partition(";")
        weight = 1.0
        if parameters.strip().startswith("q="):
            try:
                weight = float(parameters.strip()[2:])
            except ValueError:
                weight = 0.0
        weights[name.strip()] = weight
    others = weights.get("*", 0.0)
    usable = [(-weights.get(name, others), rank, name) for rank, name in enumerate(("br", "gzip"))]
    return tuple(name for weight, _, name in sorted(usable) if weight < 0)


def _entry(
    slot: int,
    version: int,
    body: bytes,
    forms: dict[str, bytes],
    suffix: str,
    modified: float,
    status: int,
    control: bytes,
) -> Entry:
    tag = hashlib.blake2b(body, digest_size=9).hexdigest().encode()
    stamp = formatdate(modified, usegmt=True)
    is_page = status == HTTPStatus.OK
    base: Headers = [
        (b"content-type", TYPES.get(suffix, b"application/octet-stream")),
        (b"cache-control", control),
        (b"vary", b"accept-encoding"),
        *SECURITY,
    ]
    answers = {}
    for coding, content in forms.items():
        headers = [*base, (b"content-length", str(len(content)).encode())]
        if is_page:
            headers += [(b"etag", _tag_of(tag, coding)), (b"last-modified", stamp.encode())]
        if coding:
            headers.append((b"content-encoding", coding.encode()))
        answers[coding] = Answer(status, headers, content)
    # A 304 has the headers that its 200 would have had (RFC 9110, 15.4.5), the tag of that form among them.
    not_modified = {coding: Answer(304, [*base[1:3], (b"etag", _tag_of(tag, coding))], b"") for coding in forms}
    size = sum(len(content) for content in forms.values()) + 2000
    return Entry(slot, version, tag if is_page else b"", stamp if is_page else "", answers, not_modified, size)


def _redirect(slot: int, version: int, location: str) -> Entry:
    headers = [
        (b"location", location.encode("utf-8") if location.isascii() else _quoted(location)),
        (b"cache-control", REVALIDATE),
        (b"content-length", b"0"),
        *SECURITY,
    ]
    answer = Answer(301, headers, b"")
    return Entry(slot, version, b"", "", {"": answer}, {"": answer}, 1000)


def _quoted(location: str) -> bytes:
    return b"".join(bytes([byte]) if 0x20 < byte < 0x7F else b"%%%02X" % byte for byte in location.encode())


def _tag_of(tag: bytes, coding: str) -> bytes:
    return b'"%s%s"' % (tag, f"-{coding}".encode() if coding else b"")


def _matches(header: bytes, tag: bytes) -> bool:
    if header.strip() == b"*":
        return True
    for candidate in header.split(b","):
        value = candidate.strip().removeprefix(b"W/").strip(b'"')
        if value.partition(b"-")[0] == tag:
            return True
    return False


def _is_unmodified(since: bytes, modified: str) -> bool:
    text = since.decode("latin-1")
    if text == modified:
        return True
    try:
        return parsedate_to_datetime(text) >= parsedate_to_datetime(modified)
    except (ValueError, TypeError):
        return False


def _read(file: str) -> tuple[bytes, float] | None:
    try:
        with open(file, "rb") as stream:
            return stream.read(), os.fstat(stream.fileno()).st_mtime
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _mtime(file: str) -> float | None:
    try:
        return os.stat(file).st_mtime
    except OSError:
        return None
