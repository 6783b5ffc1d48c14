"""All writes of pictures' files: making renditions, withdrawing after a kill, tidying late."""

import io
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from PIL import Image as PillowImage
from wagtail.images.models import SourceImageIOError

from stoppress.media.models import Picture, Rendition
from stoppress.media.storage import RenditionStorage

# Widths that the templates ask for; a rendition is never wider than its original.
WIDTHS = (320, 640, 960, 1280)
ORPHAN_AGE_SECONDS = 3600.0


def specs() -> tuple[str, ...]:
    """Wagtail filter specifications of the renditions that pages use."""
    return tuple(f"width-{width}|format-webp|webpquality-76" for width in WIDTHS)


def make_renditions(image: Picture) -> list[Rendition]:
    """Make the sizes that pages use, or return those already there, narrowest first; none for an unusable file."""
    try:
        made = image.get_renditions(*specs())
    except (SourceImageIOError, OSError, ValueError):
        return []
    return [made[spec] for spec in specs()]


def withdraw(images: Iterable[Picture]) -> int:
    """Purge the public files of ``images`` at once and let no new ones be made; returns how many files went."""
    storage = storages["renditions"]
    names: list[str] = []
    with transaction.atomic():
        for image in images:
            image.withdrawn_at = image.withdrawn_at or timezone.now()
            image.save(update_fields=["withdrawn_at"])
            names += list(image.renditions.values_list("file", flat=True))
            image.renditions.all().delete()

    def purge() -> None:
        for name in names:
            if isinstance(storage, RenditionStorage):
                storage.purge(name)
            else:
                storage.delete(name)

    transaction.on_commit(purge)
    return len(names)


def remove_orphans(older_than: float = ORPHAN_AGE_SECONDS) -> int:
    """Delete rendition files that no row names and that are older than ``older_than`` seconds; returns how many."""
    root = Path(settings.MEDIA_ROOT)
    known = set(Rendition.objects.values_list("file", flat=True))
    removed = 0
    limit = time.time() - older_than
    for path in (root / "images").glob("*/*"):
        if path.relative_to(root).as_posix() not in known and path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def unreadable(file: Path | IO[bytes]) -> str:
    """Why ``file`` can't be read as a picture; empty when it can."""
    try:
        with PillowImage.open(file) as probe:
            probe.verify()
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        return str(error)
    return ""


def add_picture(content: bytes, filename: str, title: str, credit: str = "", alt: str = "") -> Picture:
    """Store a picture and make its sizes.

    Args:
        content: the file's bytes (gif, jpeg, png or webp).
        alt: default text for those who can't see it.

    Raises:
        ValueError: the bytes are not a picture that can be read; nothing was stored.
    """
    if problem := unreadable(io.BytesIO(content)):
        raise ValueError(f"{filename} is not a readable picture: {problem}")
    with transaction.atomic():
        picture = Picture(title=title[:255], credit=credit, description=alt[:255], file=ContentFile(content, filename))
        picture._set_image_file_metadata()  # as Wagtail's own upload view does
        picture.save()
    return picture
