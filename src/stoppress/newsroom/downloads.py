"""Files as pages link to them: where their public copy is, what they are and how large."""

from dataclasses import dataclass

from stoppress.core.filetypes import ATTACHMENTS
from stoppress.core.recorder import depends_on
from stoppress.media.actions import publish_copy
from stoppress.media.models import Attachment
from stoppress.newsroom import keys


@dataclass(frozen=True, slots=True)
class Download:
    """A file to download or to play.

    Attributes:
        type: media type.
        kind: what people call it: ``PDF``.
        size: bytes.
    """

    src: str
    title: str
    type: str
    kind: str
    size: int


def download(attachment: Attachment | None, *, is_preview: bool = False) -> Download | None:
    """A file for the page that is being rendered, which depends on it; ``None`` when it can't be had.

    A preview links to the desk's own address: what only a draft shows is not public yet.
    """
    if attachment is None:
        return None
    depends_on(keys.document(attachment.pk))
    address = _desk_address(attachment) if is_preview else publish_copy(attachment)
    size = attachment.get_file_size() if address else None
    if address is None or size is None:
        return None
    suffix = attachment.suffix
    return Download(address, attachment.title, ATTACHMENTS[suffix], suffix.removeprefix(".").upper(), size)


def _desk_address(attachment: Attachment) -> str | None:
    is_there = not attachment.withdrawn_at and attachment.suffix in ATTACHMENTS
    return str(attachment.url) if is_there else None
