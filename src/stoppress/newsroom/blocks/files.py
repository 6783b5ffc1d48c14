"""Blocks that are files of ours: recordings, films, documents, data."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, IntegerBlock, RichTextBlock, StructBlock, StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from stoppress.core import filetypes
from stoppress.media.intake import listed
from stoppress.newsroom.blocks.words import BODY_FEATURES


class FileBlock(StructBlock):
    """What the blocks of files share: each takes only its own kinds. Used through its children."""

    kinds: Collection[str] = ()

    document = DocumentChooserBlock(label=_("file"))

    def clean(self, value: Any) -> Any:
        """Wagtail's own.

        Raises:
            StructBlockValidationError: a file is of another kind; names those that fit.
        """
        cleaned = super().clean(value)
        wrong = {
            name: ValidationError(
                _("“%(title)s” does not fit here. Choose one of these: %(kinds)s.")
                % {"title": cleaned[name].title, "kinds": listed(kinds)}
            )
            for name, kinds in {"document": self.kinds, "captions": filetypes.CAPTIONS}.items()
            if cleaned.get(name) and cleaned[name].suffix not in kinds
        }
        if wrong:
            raise StructBlockValidationError(wrong)
        return cleaned


class AudioBlock(FileBlock):
    """A recording to listen to."""

    kinds = filetypes.AUDIO

    title = CharBlock(max_length=200)
    caption = CharBlock(required=False, max_length=500)
    transcript = RichTextBlock(
        features=BODY_FEATURES, required=False, help_text=_("What is said, for those who can't hear it.")
    )

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "newsroom/blocks/audio.html"


class VideoBlock(FileBlock):
    """A film of ours to watch."""

    kinds = filetypes.VIDEO

    title = CharBlock(max_length=200)
    image = ImageChooserBlock(required=False, label=_("poster"), help_text=_("Shown until it is played."))
    captions = DocumentChooserBlock(
        required=False, help_text=_("What is said, as WebVTT (.vtt), for those who can't hear it.")
    )
    caption = CharBlock(required=False, max_length=500)
    transcript = RichTextBlock(
        features=BODY_FEATURES, required=False, help_text=_("What is said and shown, for those who can't watch it.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        template = "newsroom/blocks/video.html"


class DocumentBlock(FileBlock):
    """A document to download."""

    kinds = filetypes.DOWNLOADED

    title = CharBlock(required=False, max_length=200, help_text=_("Empty: the file's own title."))
    note = CharBlock(required=False, max_length=300, help_text=_("What it is, and from whom."))

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "newsroom/blocks/document.html"


class DataBlock(FileBlock):
    """Raw data to download, so that readers can check and go on."""

    kinds = filetypes.DATA

    title = CharBlock(required=False, max_length=200, help_text=_("Empty: the file's own title."))
    rows = IntegerBlock(required=False, min_value=0, label=_("number of rows"))
    note = CharBlock(required=False, max_length=300, help_text=_("What the columns are, and where it is from."))

    class Meta:
        icon = "download"
        label = _("Data")
        template = "newsroom/blocks/data.html"
