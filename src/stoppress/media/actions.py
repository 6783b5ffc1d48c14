"""All writes of public files: making renditions and copies, withdrawing after a kill, tidying late."""

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone
from wagtail.images.models import SourceImageIOError

from stoppress.core.filetypes import ATTACHMENTS
from stoppress.media.intake import file_complaint, picture_complaint
from stoppress.media.models import Attachment, Picture, Rendition
from stoppress.media.storage import RenditionStorage
from stoppress.pagestore.actions import mark

# Widths that the templates ask for; a rendition is never wider than its original.
WIDTHS = (320, 640, 960, 1280)
FALLBACK_WIDTHS = (640, 1280)
"""In JPEG, for old browsers, and for whoever shows a link and knows nothing newer."""
ORPHAN_AGE_SECONDS = 3600.0


def specs() -> tuple[str, ...]:
    """Wagtail filter specifications of the renditions that a page can't do without."""
    webp = (f"width-{width}|format-webp|webpquality-76" for width in WIDTHS)
    jpeg = (f"width-{width}|format-jpeg|jpegquality-78|bgcolor-ffffff" for width in FALLBACK_WIDTHS)
    return (*webp, *jpeg)


def late_specs() -> tuple[str, ...]:
    """Those that are smaller and take seconds to make; pages use them as soon as all of them are there."""
    return tuple(f"width-{width}|format-avif|avifquality-58" for width in WIDTHS)


def make_renditions(image: Picture) -> list[Rendition]:
    """Make the sizes that pages need, or return those already there; none for an unusable file."""
    return _made(image, specs())


def make_late_renditions(picture_id: int) -> bool:
    """Make the sizes that take long, and mark the pages that show the picture; returns whether they are there now.

    Safe to repeat. A picture that is withdrawn meanwhile keeps none.
    """
    image = Picture.objects.filter(pk=picture_id, withdrawn_at=None).first()
    if image is None or not _made(image, late_specs()):
        return False
    with transaction.atomic():
        late = Rendition.objects.filter(image_id=picture_id, filter_spec__in=late_specs())
        if Picture.objects.select_for_update().filter(pk=picture_id, withdrawn_at=None).exists():
            mark(f"image:{picture_id}")
            return True
        names = list(late.values_list("file", flat=True))
        late.delete()
    _purge(names)
    return False


def _made(image: Picture, wanted: Sequence[str]) -> list[Rendition]:
    try:
        made = image.get_renditions(*wanted)
    except (SourceImageIOError, OSError, ValueError):
        return []
    return [made[spec] for spec in wanted]


def publish_copy(attachment: Attachment) -> str | None:
    """The public address of an attachment's content, copied there if it is not yet; ``None`` for one that can't be.

    Called while a page that links to it is rendered for readers, so a file that no live page shows is not public.
    """
    if attachment.withdrawn_at or attachment.suffix not in ATTACHMENTS:
        return None
    storage = storages["renditions"]
    try:
        name = attachment.public_name
        if not storage.exists(name):
            with attachment.file.storage.open(attachment.file.name or "") as original:
                if isinstance(storage, RenditionStorage):
                    storage.put(name, original)
                else:
                    storage.save(name, original)
    except OSError:
        return None
    # A kill may have purged the copies since the attachment was read.
    if Attachment.objects.filter(pk=attachment.pk, withdrawn_at=None).exists():
        return storage.url(name)
    _purge([name])
    return None


def withdraw(images: Iterable[Picture], attachments: Iterable[Attachment] = ()) -> int:
    """Purge the public files of these at once and let no new ones be made; returns how many files of pictures went."""
    names: list[str] = []
    folders: list[str] = []
    with transaction.atomic():
        for image in images:
            image.withdrawn_at = image.withdrawn_at or timezone.now()
            image.save(update_fields=["withdrawn_at"])
            names += list(image.renditions.values_list("file", flat=True))
            image.renditions.all().delete()
        for attachment in attachments:
            attachment.withdrawn_at = attachment.withdrawn_at or timezone.now()
            attachment.save(update_fields=["withdrawn_at"])
            folders.append(attachment.public_folder)
    transaction.on_commit(lambda: _purge(names, folders))
    return len(names)


def remove_copies(attachment: Attachment) -> None:
    """Purge every copy of an attachment that is gone, once that is certain."""
    folder = attachment.public_folder
    transaction.on_commit(lambda: _purge([], [folder]))


def _purge(names: Iterable[str], folders: Iterable[str] = ()) -> None:
    storage = storages["renditions"]
    purge = storage.purge if isinstance(storage, RenditionStorage) else storage.delete
    for folder in folders:
        for inner in _listed(storage, folder)[0]:
            for name in _listed(storage, f"{folder}/{inner}")[1]:
                purge(f"{folder}/{inner}/{name}")
            # A copy may just have been begun there.
            with suppress(OSError):
                purge(f"{folder}/{inner}")
    for name in names:
        purge(name)


def _listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def remove_orphans(older_than: float = ORPHAN_AGE_SECONDS, *, is_dry: bool = False) -> int:
    """Delete public files that nothing has named for ``older_than`` seconds; returns how many.

    Args:
        is_dry: only count them.
    """
    root = Path(settings.MEDIA_ROOT)
    known = set(Rendition.objects.values_list("file", flat=True))
    known |= {attachment.public_name for attachment in Attachment.objects.filter(withdrawn_at=None).exclude(file="")}
    removed = 0
    limit = time.time() - older_than
    for path in (*(root / "images").glob("*/*"), *(root / "files").glob("*/*/*")):
        name = path.relative_to(root).as_posix()
        # Asked again for each: the same picture may have got its sizes back while we looked around.
        if name in known or path.stat().st_mtime >= limit or Rendition.objects.filter(file=name).exists():
            continue
        if not is_dry:
            path.unlink(missing_ok=True)
        removed += 1
    return removed


def add_picture(content: bytes, filename: str, title: str, credit: str = "", alt: str = "") -> Picture:
    """Store a picture and make its sizes. What is not given here and stands in the file is taken from there.

    Args:
        content: the file's bytes (gif, jpeg, png or webp).
        alt: default text for those who can't see it.

    Raises:
        ValueError: the bytes are not a picture that can be read, or one that is too large; nothing was stored.
    """
    if complaint := picture_complaint(content, filename):
        raise ValueError(complaint)
    with transaction.atomic():
        picture = Picture(title=title[:255], credit=credit, description=alt[:255], file=ContentFile(content, filename))
        picture._set_image_file_metadata()  # as Wagtail's own upload view does
        picture.take_from_file(content)
        picture.save()
    return picture


def add_attachment(content: bytes | File[bytes], filename: str, title: str) -> Attachment:
    """Store a file to download or to play.

    Args:
        content: its bytes, or the open file, which is then read piece by piece.

    Raises:
        ValueError: it is of a kind that is not taken, or too large; nothing was stored.
    """
    file = ContentFile(content, filename) if isinstance(content, bytes) else content
    if complaint := file_complaint(filename, file.size):
        raise ValueError(complaint)
    file.name = filename
    with transaction.atomic():
        attachment = Attachment(title=title[:255], file=file)
        attachment._set_document_file_metadata()  # as Wagtail's own upload view does
        attachment.save()
    return attachment
