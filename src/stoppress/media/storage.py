"""Where originals live: outside the public media folder."""

from django.core.files.storage import FileSystemStorage, Storage, storages


class OriginalsStorage(FileSystemStorage):
    """Uploaded originals, on the local disk in a folder that no web server shows."""

    def url(self, name: str | None) -> str:
        """Originals have no public address.

        Raises:
            ValueError: always; use a rendition.
        """
        raise ValueError(f"{name}: originals are not public; use a rendition")


class RenditionStorage(FileSystemStorage):
    """Public renditions. A file's name says its content, so it is overwritten freely and deleted late.

    Wagtail deletes a rendition's file when its row goes; a baked page may still point at it, so ``delete``
    leaves the file to :func:`stoppress.media.actions.remove_orphans`. :meth:`purge` is for a kill.
    """

    def delete(self, name: str) -> None:
        """Do nothing now; see the class."""

    def purge(self, name: str) -> None:
        """Remove the file at once."""
        super().delete(name)


def originals() -> Storage:
    """The storage of originals; a callable, so that migrations name it and settings decide it."""
    return storages["originals"]
