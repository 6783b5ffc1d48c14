"""The file format of a backup: a gzipped tar with a manifest at its end. Knows files, not databases.

The manifest names each file with its size and SHA-256, so that an archive is believed only when all of it is there.
What a foreign or damaged archive could do is decided here: nothing is written before everything was verified, and only
plain files below the folder that was asked for are ever written.
"""

import gzip
import hashlib
import io
import json
import os
import secrets
import stat
import tarfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from stoppress.config.instance import InstanceError

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST_BYTES = 512 * 2**20
CHUNK_BYTES = 2**20
PACKING = 1
"""Pictures don't get smaller; the rest is small. Speed counts."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself.

    Attributes:
        about: version, time, engine and row counts, as :mod:`stoppress.cli.backups` wrote them.
        files: size in bytes and SHA-256 of each file by its name in the archive.
    """

    about: dict[str, Any]
    files: dict[str, tuple[int, str]]


class ArchiveWriter:
    """Adds files to an archive that is being written."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, tuple[int, str]] = {}

    def add(self, name: str, file: Path) -> bool:
        """Add ``file`` under ``name``; returns ``False`` when it has gone meanwhile.

        Raises:
            InstanceError: it can't be read whole.
        """
        try:
            with file.open("rb") as stream:
                found = os.fstat(stream.fileno())
                info = tarfile.TarInfo(name)
                info.size, info.mtime = found.st_size, int(found.st_mtime)
                info.mode = stat.S_IMODE(found.st_mode) & 0o777
                hashed = _Hashed(stream)
                self._tar.addfile(info, cast("IO[bytes]", hashed))  # all it does is read
        except FileNotFoundError:
            return False
        self.files[name] = (info.size, hashed.digest())
        return True

    def close(self, about: Mapping[str, Any]) -> None:
        """Write the manifest."""
        files = {name: {"bytes": size, "sha256": digest} for name, (size, digest) in sorted(self.files.items())}
        text = json.dumps({"format": FORMAT, **about, "files": files}, indent=1, ensure_ascii=False).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode, info.mtime = len(text), 0o600, int(time.time())
        self._tar.addfile(info, io.BytesIO(text))


class _Hashed:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self._hash.update(content)
        return content

    def digest(self) -> str:
        return self._hash.hexdigest()


@contextmanager
def written(target: Path) -> Iterator[ArchiveWriter]:
    """Write an archive that appears under its name when the block ends well, and leaves nothing behind otherwise.

    Only its owner can read it: it holds the keys.

    Raises:
        InstanceError: ``target`` is there already, or its folder can't take it.
    """
    if target.exists() or target.is_symlink():
        raise InstanceError(f"{target} is there already; nothing was written.")
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz", compresslevel=PACKING, format=tarfile.PAX_FORMAT) as tar:
                yield ArchiveWriter(tar)
            file.flush()
            os.fsync(file.fileno())
        _name(fresh, target)
        sync_folder(target.parent)
    except OSError as error:
        raise InstanceError(
            f"{error.filename or target} failed: {error.strerror or error}. No backup was written."
        ) from error
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()


def _name(fresh: Path, target: Path) -> None:
    try:
        os.link(fresh, target)  # unlike a rename, never replaces what somebody else put there
    except FileExistsError as error:
        raise InstanceError(f"{target} is there already; nothing was written.") from error
    except OSError:
        fresh.rename(target)  # a file system without links


def verified(file: Path, tops: frozenset[str], progress: Progress) -> Manifest:
    """Read all of the archive and see that it is whole; writes nothing.

    Args:
        tops: first parts that a name in it may have.
        progress: told of bytes read and bytes there are.

    Raises:
        InstanceError: what is wrong with it.
    """
    whole = _size(file)
    with _reading(file):
        manifest, found = _inspected(file, tops, lambda position: progress(min(position, whole - 1), whole))
    if manifest is None:
        raise InstanceError(f"{file} has no manifest: it is not a backup, or breaks off. Nothing was touched.")
    for name in sorted(manifest.files.keys() | found.keys()):
        if manifest.files.get(name) != found.get(name):
            trouble = "is missing" if name not in found else "is not what the manifest says"
            raise InstanceError(f"{file} is damaged: {name!r} {trouble}. Nothing was touched.")
    progress(whole, whole)
    return manifest


def _inspected(
    file: Path, tops: frozenset[str], look: Callable[[int], None]
) -> tuple[Manifest | None, dict[str, tuple[int, str]]]:
    """The manifest and what the archive really holds."""
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    for member, stream, position in _members(file):
        name = member.name
        look(position)
        if manifest is not None:
            raise InstanceError(f"{file} goes on after its manifest; it is not a whole backup. Nothing was touched.")
        if name == MANIFEST:
            manifest = _manifest(file, member, stream)
            continue
        if not is_safe(name, tops):
            raise InstanceError(f"{file} holds the name {name!r}, which no backup has. Nothing was touched.")
        if name in found:
            raise InstanceError(f"{file} holds {name!r} twice. Nothing was touched.")
        found[name] = (member.size, _drained(stream))
    return manifest, found


def unpacked(file: Path, manifest: Manifest, folder: Path) -> None:
    """Write the files of a verified archive below ``folder``, which must be empty and nobody else's.

    Raises:
        InstanceError: the disk is full, or the archive changed since it was verified.
    """
    try:
        with _reading(file):
            _unpack(file, manifest, folder)
    except OSError as error:
        raise InstanceError(
            f"{error.filename or folder} failed: {error.strerror or error}. Nothing was restored."
        ) from error


def _unpack(file: Path, manifest: Manifest, folder: Path) -> None:
    for member, stream, _ in _members(file):
        if member.name == MANIFEST:
            continue
        target = folder.joinpath(*PurePosixPath(member.name).parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        mode = member.mode & 0o777 & ~0o022 | 0o600
        hashed = _Hashed(stream)
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "wb") as out:
            while chunk := hashed.read(CHUNK_BYTES):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        os.utime(target, (member.mtime, member.mtime))
        if manifest.files.get(member.name) != (member.size, hashed.digest()):
            raise InstanceError(f"{file} changed while it was read. Nothing was restored.")


def is_safe(name: str, tops: frozenset[str]) -> bool:
    """Whether ``name`` stays below the folder it is unpacked into, and under one of ``tops``."""
    parts = name.split("/")
    is_plain = all(part not in {"", ".", ".."} and "\0" not in part and "\\" not in part for part in parts)
    return is_plain and parts[0] in tops


def files_below(folder: Path, without: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Every file below ``folder``, in order. Links are followed, each folder is seen once.

    Args:
        without: folders and files to leave out.
    """
    yield from _walk(folder, without, set())


def _walk(folder: Path, without: frozenset[Path], seen: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        here = folder.stat()
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    if (here.st_dev, here.st_ino) in seen:
        return
    seen.add((here.st_dev, here.st_ino))
    for entry in entries:
        if entry in without:
            continue
        if entry.is_dir():
            yield from _walk(entry, without, seen)
        elif entry.is_file():
            yield entry


def sync_folder(folder: Path) -> None:
    """Have the names in ``folder`` on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _members(file: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes], int]]:
    """Each member with its content and how far in the file it was found."""
    with file.open("rb") as raw, tarfile.open(fileobj=raw, mode="r:gz", errorlevel=2) as tar:
        while (member := tar.next()) is not None:
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None:
                raise InstanceError(
                    f"{file} holds {member.name!r}, which is no plain file as in a backup. Nothing was touched."
                )
            yield member, stream, raw.tell()
            cast("Any", tar).members = []  # all of them stay in memory otherwise


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Say of what goes wrong in the archive itself that nothing was touched."""
    try:
        yield
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise InstanceError(f"{file} is not a backup, or is damaged ({error}). Nothing was touched.") from error


def _manifest(file: Path, member: tarfile.TarInfo, stream: IO[bytes]) -> Manifest:
    trouble = InstanceError(f"The manifest of {file} can't be understood. Nothing was touched.")
    if member.size > LARGEST_MANIFEST_BYTES:
        raise trouble
    try:
        about = json.loads(stream.read())
        its_format = about.pop("format")
        files = {str(name): (int(one["bytes"]), str(one["sha256"])) for name, one in about.pop("files").items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise trouble from error
    if its_format != FORMAT:
        raise InstanceError(f"{file} is of format {its_format!r}; this version reads {FORMAT}. Nothing was touched.")
    return Manifest(about, files)


def _drained(stream: IO[bytes]) -> str:
    hashed = _Hashed(stream)
    while hashed.read(CHUNK_BYTES):
        continue
    return hashed.digest()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise InstanceError(f"{file} can't be read: {error.strerror}.") from error
