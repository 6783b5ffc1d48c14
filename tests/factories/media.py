"""Pictures, drawn here, so that no file lies about."""

import io
from typing import Any

import factory
from PIL import Image

from stoppress.media.actions import add_attachment, add_picture
from stoppress.media.models import Attachment, Picture


def picture_bytes(width: int = 640, height: int = 400, colour: str = "teal", kind: str = "JPEG") -> bytes:
    """A one-coloured picture as a file's bytes."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


class PictureFactory(factory.Factory[Picture]):
    """A stored picture; ``colour`` makes its content differ."""

    class Meta:
        model = Picture

    colour = "teal"
    width = 640
    height = 400
    title = factory.Sequence(lambda n: f"Picture {n}")
    credit = "Drawn for the tests"
    alt = "A teal field"

    @classmethod
    def _create(cls, model_class: type[Picture], *args: Any, **kwargs: Any) -> Picture:
        content = picture_bytes(kwargs["width"], kwargs["height"], kwargs["colour"])
        filename = kwargs["title"].lower().replace(" ", "-") + ".jpg"
        return add_picture(content, filename, kwargs["title"], kwargs["credit"], kwargs["alt"])


class AttachmentFactory(factory.Factory[Attachment]):
    """A stored file; ``content`` and the suffix of ``filename`` make it what a test wants."""

    class Meta:
        model = Attachment

    content = b"date,ferries\n2026-11-23,12\n"
    filename = "ferries.csv"
    title = factory.Sequence(lambda n: f"File {n}")

    @classmethod
    def _create(cls, model_class: type[Attachment], *args: Any, **kwargs: Any) -> Attachment:
        return add_attachment(kwargs["content"], kwargs["filename"], kwargs["title"])
