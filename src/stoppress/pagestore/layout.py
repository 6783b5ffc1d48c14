"""Where things lie in the page store, and how processes tell each other what changed. Imports no Django.

::

    store/
      pages/index.html[.gz|.br]              "/"
      pages/world/index.html …               "/world/"
      pages/feed/index.xml …                 "/feed/"
      pages/sitemap.xml …                    "/sitemap.xml"
      pages/world/old/index.tombstone        a redirect ("301 /new/") or "410"
      pages/world/new/index.pending          known, not baked yet
      tmp/  epoch  bell  fingerprint

A plain web server can serve ``pages/`` by itself; redirects and tombstones need the front.
"""

import fcntl
import mmap
import os
import time
import zlib
from pathlib import Path

SLOTS = 65_536
"""Slots of the epoch; a path's slot is the low 16 bits of its CRC-32."""
PAGE_SUFFIXES = (".html", ".xml", ".json", ".txt")
TOMBSTONE = ".tombstone"
PENDING = ".pending"
MAX_SEGMENT_BYTES = 230
"""Below the 255 that common file systems allow, leaving room for suffixes."""
MAX_PATH_BYTES = 2000


def is_sound(path: str) -> bool:
    """Whether ``path`` can be an address: absolute, no empty, dot or over-long segment, no control character."""
    if not path.startswith("/") or len(path) > MAX_PATH_BYTES:
        return False
    if path == "/":
        return True
    if not path.isprintable() or "\\" in path:
        return False
    # The one hidden folder that addresses have (RFC 8615).
    segments = path.removeprefix("/.well-known")[1:].removesuffix("/").split("/")
    try:
        return all(s and not s.startswith(".") and len(s.encode()) <= MAX_SEGMENT_BYTES for s in segments)
    except UnicodeEncodeError:
        return False


def normal(path: str) -> str:
    """``path`` with the trailing slash that a page has; a last segment with a dot is a file and has none."""
    if path.endswith("/") or "." in path.rpartition("/")[2]:
        return path
    return path + "/"


def slot_of(path: str) -> int:
    """The epoch slot of ``path``."""
    return zlib.crc32(path.encode("utf-8", "surrogatepass")) & (SLOTS - 1)


class Layout:
    """The files of one store. Creating it touches nothing; see :meth:`prepare`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.pages = root / "pages"
        self.temporary = root / "tmp"
        self.epoch_file = root / "epoch"
        self.bell_file = root / "bell"
        self.fingerprint_file = root / "fingerprint"
        self._pages = str(self.pages)

    def prepare(self) -> None:
        """Make the folders, the epoch and the bell; safe to call at any time, by any number of processes."""
        self.pages.mkdir(parents=True, exist_ok=True)
        self.temporary.mkdir(exist_ok=True)
        self.bell_file.touch()
        if not self.epoch_file.exists():
            fresh = self.temporary / f"epoch-{os.getpid()}"
            fresh.write_bytes(bytes(SLOTS * 8))
            try:
                os.link(fresh, self.epoch_file)  # unlike a rename, never replaces one that is in use
            except FileExistsError:
                pass
            finally:
                fresh.unlink()

    def stem(self, path: str) -> str:
        """The file name of ``path`` before its suffix; ``path`` must be sound.

        For a path that names a file (``/sitemap.xml``) this is the whole file name.
        """
        return f"{self._pages}{path}index" if path.endswith("/") else f"{self._pages}{path}"

    def candidates(self, path: str) -> tuple[str, ...]:
        """Files that may hold the page at ``path``, likeliest first."""
        stem = self.stem(path)
        return tuple(stem + suffix for suffix in PAGE_SUFFIXES) if path.endswith("/") else (stem,)

    def ring(self) -> None:
        """Tell the workers that there is something to do. Losing a ring only costs them their next look."""
        try:
            os.utime(self.bell_file)
        except OSError:
            return


class Epoch:
    """A memory-mapped number per slot that changes whenever a page in the slot does.

    A reader remembers the number that it saw *before* it opened the file; while the number stays, so does the page.
    """

    def __init__(self, path: Path, *, is_writer: bool = False) -> None:
        self._file = path.open("r+b" if is_writer else "rb")
        access = mmap.ACCESS_WRITE if is_writer else mmap.ACCESS_READ
        self._map = mmap.mmap(self._file.fileno(), SLOTS * 8, access=access)
        self.slots = memoryview(self._map).cast("Q")

    def bump(self, *paths: str) -> None:
        """Announce new versions of ``paths``; call it after the rename."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            for path in paths:
                slot = slot_of(path)
                self.slots[slot] = max(self.slots[slot] + 1, time.time_ns())
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the memory back."""
        self.slots.release()
        self._map.close()
        self._file.close()
