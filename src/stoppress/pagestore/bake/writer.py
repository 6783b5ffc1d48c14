"""Putting pages on the disk: temporary file, fsync, rename; compressed forms beside it; the epoch told last."""

import gzip
import os
import secrets
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import brotli

from stoppress.pagestore.layout import PENDING, TOMBSTONE, Epoch, Layout

BROTLI_AT_ONCE = 5
BROTLI_IDLE = 11
COMPRESSED = (".br", ".gz")
STALE_TEMPORARY_SECONDS = 600.0
SYNCS_AT_ONCE = 8
"""Files that wait for the disk together: it writes its journal once for all of them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Files that are written, waiting for the disk and for their rename."""

    path: str
    renames: tuple[tuple[str, str], ...]
    removals: tuple[str, ...]


class Writer:
    """Writes to one store. A process needs only one."""

    def __init__(self, layout: Layout) -> None:
        layout.prepare()
        self.layout = layout
        self.epoch = Epoch(layout.epoch_file, is_writer=True)
        self._syncs = ThreadPoolExecutor(SYNCS_AT_ONCE, thread_name_prefix="sync")

    def prepare_page(self, path: str, body: bytes, suffix: str) -> Prepared:
        """Write ``body`` with its compressed forms beside the store.

        Raises:
            OSError: the disk is full or not writable; nothing of the page changed.
        """
        target = self._target(path, suffix)
        forms = {
            "": body,
            ".gz": gzip.compress(body, 6, mtime=0),
            ".br": brotli.compress(body, quality=BROTLI_AT_ONCE, mode=brotli.MODE_TEXT),
        }
        # The plain form is renamed last: a reader that sees it finds compressed forms that are as new.
        renames: list[tuple[str, str]] = []
        try:
            for form in (*COMPRESSED, ""):
                renames.append((self._temporary(forms[form]), target + form))
        except OSError:
            # A full disk must not fill further with each attempt.
            self.discard(Prepared(path, tuple(renames), ()))
            raise
        others = [c + form for c in self.layout.candidates(path) if c != target for form in (*COMPRESSED, "")]
        stem = self.layout.stem(path)
        return Prepared(path, tuple(renames), (stem + TOMBSTONE, stem + PENDING, *others))

    def prepare_tombstone(self, path: str, location: str | None) -> Prepared:
        """Write what stands for a page that moved to ``location``, or (``None``) is gone."""
        line = f"301 {location}\n" if location else "410\n"
        stem = self.layout.stem(path)
        pages = [c + form for c in self.layout.candidates(path) for form in ("", *COMPRESSED)]
        return Prepared(path, ((self._temporary(line.encode()), stem + TOMBSTONE),), (*pages, stem + PENDING))

    def sync(self, prepared: Sequence[Prepared]) -> list[OSError | None]:
        """Have the disk hold the files of each page, together; returns for each page what went wrong."""
        files = [(number, source) for number, one in enumerate(prepared) for source, _target in one.renames]
        errors: list[OSError | None] = [None] * len(prepared)
        results = self._syncs.map(_sync, [source for _number, source in files])
        for (number, _source), error in zip(files, results, strict=True):
            errors[number] = errors[number] or error
        return errors

    def show(self, one: Prepared) -> None:
        """Give the synced files of a page their names and remove what it replaces; :meth:`tell` comes after.

        Raises:
            OSError: the disk refused; the page may be half shown.
        """
        for source, target in one.renames:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.replace(source, target)
        for name in one.removals:
            with suppress(FileNotFoundError, NotADirectoryError):
                os.unlink(name)

    def tell(self, shown: Sequence[Prepared]) -> None:
        """Have the disk hold the names of what was shown, then tell the front processes.

        Raises:
            OSError: the disk refused.
        """
        folders = {os.path.dirname(target) for one in shown for _source, target in one.renames}
        for error in self._syncs.map(_sync, sorted(folders)):
            if error is not None:
                raise error
        self.epoch.bump(*(one.path for one in shown))

    def commit(self, prepared: Sequence[Prepared]) -> None:
        """Sync, show and tell.

        Raises:
            OSError: the disk refused.
        """
        for error in self.sync(prepared):
            if error is not None:
                raise error
        for one in prepared:
            self.show(one)
        self.tell(prepared)

    def discard(self, prepared: Prepared) -> None:
        """Forget what was prepared."""
        for source, _target in prepared.renames:
            with suppress(FileNotFoundError):
                os.unlink(source)

    def announce(self, paths: Iterable[str]) -> None:
        """Say that ``paths`` are addresses although nothing is baked there yet, so that they are misses, not 404s."""
        for path in paths:
            if not self.has_page(path):
                pending = Path(self.layout.stem(path) + PENDING)
                pending.parent.mkdir(parents=True, exist_ok=True)
                pending.touch()

    def has_page(self, path: str) -> bool:
        """Whether a page is on the disk for ``path``."""
        return any(os.path.exists(candidate) for candidate in self.layout.candidates(path))

    def has_tombstone(self, path: str) -> bool:
        """Whether a tombstone is on the disk for ``path``."""
        return os.path.exists(self.layout.stem(path) + TOMBSTONE)

    def read(self, path: str) -> bytes | None:
        """The plain page at ``path``."""
        for candidate in self.layout.candidates(path):
            with suppress(FileNotFoundError, NotADirectoryError):
                return Path(candidate).read_bytes()
        return None

    def squeeze(self, path: str, body: bytes) -> list[tuple[str, str]]:
        """Prepare the best brotli form of ``body``, the page at ``path``: pairs to rename."""
        packed = brotli.compress(body, quality=BROTLI_IDLE, mode=brotli.MODE_TEXT)
        for candidate in self.layout.candidates(path):
            if os.path.exists(candidate):
                return [(self._temporary(packed), candidate + ".br")]
        return []

    def remove_stale_temporaries(self) -> None:
        """Delete what a killed process left behind."""
        limit = time.time() - STALE_TEMPORARY_SECONDS
        for file in self.layout.temporary.iterdir():
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < limit:
                    file.unlink()

    def close(self) -> None:
        """Let go of the epoch."""
        self._syncs.shutdown()
        self.epoch.close()

    def _target(self, path: str, suffix: str) -> str:
        stem = self.layout.stem(path)
        return stem + suffix if path.endswith("/") else stem

    def _temporary(self, content: bytes) -> str:
        name = f"{self.layout.temporary}/{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with open(name, "xb") as file:
                file.write(content)
        except OSError:
            with suppress(OSError):
                os.unlink(name)
            raise
        return name


def _sync(name: str) -> OSError | None:
    """Have the disk hold a file's content, or a folder's names; returns what went wrong."""
    try:
        descriptor = os.open(name, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        return error
    return None
