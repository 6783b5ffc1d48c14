"""Where originals live: outside the public media folder."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages


class OriginalsStorage(FileSystemStorage):
    """Uploaded originals, on the local disk in a folder that no web server shows."""

    def url(self, name: str | None) -> str:
        """Originals have no public address.

        Raises:
            NotImplementedError: always, which tells Wagtail to send the file itself; use a rendition or a copy.
        """
        raise NotImplementedError(f"{name}: originals are not public; use a rendition or a copy")


class RenditionStorage(FileSystemStorage):
    """Public renditions and copies. A file's name says its content, so it is overwritten freely and deleted late.

    Wagtail deletes a rendition's file when its row goes; a baked page may still point at it, so ``delete``
    leaves the file to :func:`stoppress.media.actions.remove_orphans`. :meth:`purge` is for a kill.
    """

    def delete(self, name: str) -> None:
        """Note only, as the file's time, since when nobody names it; see the class."""
        with suppress(FileNotFoundError):
            os.utime(self.path(name))

    def purge(self, name: str) -> None:
        """Remove the file, or the empty folder, at once."""
        super().delete(name)

    def put(self, name: str, content: File[bytes]) -> None:
        """Store ``content`` under exactly this name, whole from the first moment on which a reader can see it.

        Raises:
            OSError: the disk is full or not writable; nothing is seen.
        """
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        # The front shows no name that begins with a dot.
        fresh = target.parent / f".{secrets.token_hex(8)}"
        try:
            with fresh.open("xb") as stream:
                for chunk in content.chunks():
                    stream.write(chunk)
            fresh.chmod(self.file_permissions_mode or 0o644)
            os.replace(fresh, target)
        except OSError:
            with suppress(OSError):
                fresh.unlink()
            raise


def originals() -> Storage:
    """The storage of originals; a callable, so that migrations name it and settings decide it."""
    return storages["originals"]
