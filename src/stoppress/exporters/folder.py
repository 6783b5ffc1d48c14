"""The folder of an export: made beside its place, and there under its name when all of it is."""

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import Storage

from stoppress.core.text import without_controls
from stoppress.exporters.errors import ExportRefused

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
CHUNK_BYTES = 2**20
LONGEST_PART_BYTES = 200
_FOREIGN = re.compile(r'[\\:*?"<>|\t\n\r]')


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the export: its size in bytes and its SHA-256."""

    bytes: int
    sha256: str


class HashedFile:
    """A text file in UTF-8 whose size and sum are known when it is closed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._bytes = 0

    def write(self, text: str) -> None:
        """Add ``text``; what UTF-8 has no form for is left out."""
        content = text.encode("utf-8", "ignore")
        self._file.write(content)
        self._hash.update(content)
        self._bytes += len(content)

    def written(self) -> Written:
        """How it is now."""
        return Written(self._bytes, self._hash.hexdigest())


class Folder:
    """An export that is being written. No two things in it have the same name.

    The sum of each file is in ``SHA256SUMS``, as ``sha256sum --check`` reads it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.files: dict[str, Written] = {}

    @contextmanager
    def text(self, name: str) -> Iterator[HashedFile]:
        """A new text file; the manifest will tell its sum."""
        with (self._root / name).open("xb") as raw:
            file = HashedFile(raw)
            yield file
            _sync(raw)
        self.files[name] = file.written()
        self._sum(name, self.files[name])

    def copy(self, storage: Storage, source: str, name: str) -> Written | None:
        """Copy a stored file to ``name``, unless that was done before; ``None`` when it is not there."""
        target = self._root / name
        is_new = not target.exists()
        digest, size = hashlib.sha256(), 0
        try:
            with storage.open(source) as original:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") if is_new else open(os.devnull, "wb") as copy:
                    while chunk := original.read(CHUNK_BYTES):
                        copy.write(chunk)
                        digest.update(chunk)
                        size += len(chunk)
        except (FileNotFoundError, IsADirectoryError):
            return None
        written = Written(size, digest.hexdigest())
        if is_new:
            self._sum(name, written)
        return written

    def close(self, about: dict[str, Any]) -> None:
        """Write the manifest."""
        files = {name: {"bytes": one.bytes, "sha256": one.sha256} for name, one in sorted(self.files.items())}
        with self.text(MANIFEST) as file:
            file.write(json.dumps({**about, "files": files}, indent=1, ensure_ascii=False) + "\n")

    def _sum(self, name: str, written: Written) -> None:
        with (self._root / SUMS).open("a", encoding="utf-8") as sums:
            sums.write(f"{written.sha256}  {name}\n")


@contextmanager
def written(target: Path, is_private: bool) -> Iterator[Folder]:
    """Write an export that gets its name when the block ends well, and leaves nothing behind otherwise.

    Args:
        is_private: nobody but its owner can open it.

    Raises:
        ExportRefused: ``target`` is there already, or its folder can't take it.
    """
    target = target.absolute()
    if target.is_symlink() or (target.exists() and not (target.is_dir() and not any(target.iterdir()))):
        raise ExportRefused(f"{target} is there already; nothing was written. Name a new folder.")
    if not target.parent.is_dir():
        raise ExportRefused(f"There is no folder {target.parent}. Nothing was written.")
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        fresh.mkdir(mode=0o700)
        folder = Folder(fresh)
        yield folder
        with (fresh / SUMS).open("ab") as sums:
            _sync(sums)
        if not is_private:
            fresh.chmod(0o755)
        fresh.replace(target)  # an empty folder gives way
        _sync_folder(target.parent)
    except OSError as error:
        raise ExportRefused(
            f"{error.filename or target} failed: {error.strerror or error}. Nothing was written."
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def safe_name(name: str) -> str:
    """A stored file's name as one that stays below a folder and that any disk can spell; two never become one."""
    parts = [_FOREIGN.sub("_", without_controls(part)).strip(" ") for part in name.split("/")]
    safe = "/".join(_short(part) for part in parts if part not in {"", ".", ".."})
    if safe == name or not safe:
        return safe
    stem, dot, suffix = safe.rpartition(".")
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem}-{mark}.{suffix}" if dot and "/" not in suffix else f"{safe}-{mark}"


def _short(part: str) -> str:
    while len(part.encode()) > LONGEST_PART_BYTES:
        part = part[1:]  # its end says what kind of file it is
    return part


def _sync(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
