"""Which picture an address in a post means, and where its file is. No Django."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.wordpress.context import Found
from stoppress.importers.wordpress.records import Item
from stoppress.importers.wordpress.text import plain

PICTURE_SUFFIXES = frozenset({".gif", ".jpeg", ".jpg", ".png", ".webp"})
MAX_FILE = 64 * 2**20
"""Bytes of one picture file; a larger one is not a picture for the web."""
MAX_PATH = 500
# WordPress adds these to a file's name: a size, its limit on big pictures, its mark of an edit.
_VARIANT = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,16})+(?=\.[A-Za-z]+\Z)")

_PROXY = re.compile(r"\A(?:https?:)?//i\d\.wp\.com/", re.I)


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture or another file of the export.

    Attributes:
        path: below the uploads folder.
        order: its place among others of its post.
    """

    id: str
    path: str
    title: str
    alt: str
    caption: str
    page: str
    date: str = ""
    order: int = 0


class Uploads:
    """The pictures that an export lists, or the other files, found by address or id.

    Args:
        folder: where those are that the list leaves out.
        has_pictures: whether these are the pictures, which come in sizes.
    """

    def __init__(self, folder: "MediaFolder", *, has_pictures: bool) -> None:
        self._folder = folder
        self._has_pictures = has_pictures
        self._by_id: dict[str, Upload] = {}
        self._by_path: dict[str, Upload] = {}
        self._by_address: dict[str, str] = {}
        self._of_post: dict[str, list[str]] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def add(self, item: Item) -> bool:
        """Take an attachment; returns whether it is one of these."""
        address = path_of(item.attachment_url)
        path = item.meta.get("_wp_attached_file") or _below_uploads(address) or address.rpartition("/")[2]
        path = path.strip("/")
        if not self._takes(path):
            return False
        alt = plain(item.meta.get("_wp_attachment_image_alt", ""))
        upload = Upload(item.id, path, plain(item.title), alt, plain(item.excerpt), item.link, item.date, item.order)
        self._by_id[item.id] = upload
        self._by_path.setdefault(path, upload)
        if address:
            self._by_address[address] = path
        if item.parent not in {"", "0"}:
            self._of_post.setdefault(item.parent, []).append(item.id)
        return True

    def by_id(self, number: str) -> Upload | None:
        """What has this attachment id."""
        return self._by_id.get(number)

    def by_path(self, path: str) -> Upload | None:
        """What has this path."""
        return self._by_path.get(path)

    def of_post(self, number: str) -> list[Upload]:
        """What was uploaded to this post."""
        return [self._by_id[picture] for picture in self._of_post.get(number, ())]

    def count_unused(self, used: set[str]) -> int:
        """How many are in none of the paths ``used``."""
        return len(self._by_path.keys() - used)

    def find(self, src: str, number: str, hosts: frozenset[str]) -> Found | None:
        """What is behind an address, whatever a picture's size, or behind an attachment id."""
        src = without_proxy(src)
        upload = self._at(src, hosts) or self._by_id.get(number)
        if upload:
            return Found(upload.path, upload.alt, upload.caption)
        path = _below_uploads(path_of(src))
        if path and _host_of(src) in hosts | {""}:
            # Not in the list, as in an export of posts only, but perhaps in the folder.
            for candidate in self._sizes(path):
                is_there = not self._has_pictures or self._folder.find(candidate)
                if self._takes(candidate) and is_there:
                    return Found(candidate)
        return None

    def _takes(self, path: str) -> bool:
        has_suffix = bool(PurePosixPath(path).suffix)
        return has_suffix and is_picture(path) == self._has_pictures and len(path) <= MAX_PATH

    def _sizes(self, path: str) -> tuple[str, ...]:
        return (path, _VARIANT.sub("", path)) if self._has_pictures else (path,)

    def _at(self, src: str, hosts: frozenset[str]) -> Upload | None:
        address = path_of(src)
        if not address or _host_of(src) not in hosts | {""}:
            return None
        for candidate in self._sizes(address):
            path = self._by_address.get(candidate) or _below_uploads(candidate)
            scaled = re.sub(r"(?=\.[A-Za-z]+\Z)", "-scaled", path)
            if upload := self._by_path.get(path) or self._by_path.get(scaled):
                return upload
        return None


class MediaFolder:
    """A copy of the uploads folder, or none. It never leads outside itself.

    Raises:
        ExportUnreadable: ``root`` is given and is not a folder.
    """

    def __init__(self, root: Path | None) -> None:
        self._roots: list[Path] = []
        if root is not None:
            if not root.is_dir():
                raise ExportUnreadable(
                    f"{root}: no such folder. Nothing was changed. Give the copy of wp-content/uploads."
                )
            candidates = (root, root / "wp-content" / "uploads", root / "uploads")
            self._roots = [candidate.resolve() for candidate in candidates if candidate.is_dir()]

    def find(self, path: str) -> Path | None:
        """The file at ``path``, if it is there."""
        if "\x00" in path:
            return None
        for root in self._roots:
            try:
                file = (root / path).resolve()
                if file.is_relative_to(root) and file.is_file():
                    return file
            except (OSError, RuntimeError):
                continue
        return None


def without_proxy(address: str) -> str:
    """The address of the picture that Jetpack's proxy shows: ``https://i0.wp.com/paper.example/…``."""
    return _PROXY.sub("https://", address.strip())


def is_picture(path: str) -> bool:
    """Whether a path is that of a picture."""
    return PurePosixPath(path.lower()).suffix in PICTURE_SUFFIXES


def digest(file: Path) -> str:
    """SHA-256 of a file's content, hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def path_of(address: str) -> str:
    """The path of an address, decoded; empty for none."""
    try:
        return unquote(urlsplit(address.strip()).path)
    except ValueError:
        return ""


def _host_of(address: str) -> str:
    try:
        return urlsplit(address.strip()).netloc.lower()
    except ValueError:
        return "?"


def _below_uploads(path: str) -> str:
    return re.sub(r"^sites/\d+/", "", path.partition("/wp-content/uploads/")[2])
