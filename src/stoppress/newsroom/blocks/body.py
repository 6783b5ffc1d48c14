"""The body itself: which blocks it may hold, and how it keeps those that it does not know."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock
from wagtail.fields import StreamField

from stoppress.newsroom.blocks.files import AudioBlock, DataBlock, DocumentBlock, VideoBlock
from stoppress.newsroom.blocks.links import EmbedBlock, RelatedLinkBlock
from stoppress.newsroom.blocks.pictures import GalleryBlock, PictureBlock
from stoppress.newsroom.blocks.words import (
    BODY_FEATURES,
    FactBoxBlock,
    PullQuoteBlock,
    QuoteBlock,
    TableBlock,
    TimelineBlock,
)

WORDS, PICTURES, FILES, LINKS = _("Words"), _("Pictures"), _("Files"), _("Elsewhere")
"""Groups in the desk's menu of blocks."""


class BodyBlock(StreamBlock):
    """An article's body.

    Blocks of a type that this version does not know (written by a newer one, before a roll-back) are set aside when
    a body is loaded and put back in their places when it is saved; Wagtail alone would lose them for good.
    """

    text = RichTextBlock(features=BODY_FEATURES, template="newsroom/blocks/text.html", group=WORDS)
    subheading = CharBlock(max_length=200, icon="title", template="newsroom/blocks/subheading.html", group=WORDS)
    quote = QuoteBlock(group=WORDS)
    pull_quote = PullQuoteBlock(group=WORDS)
    fact_box = FactBoxBlock(group=WORDS)
    timeline = TimelineBlock(group=WORDS)
    table = TableBlock(group=WORDS)
    image = PictureBlock(group=PICTURES)
    gallery = GalleryBlock(group=PICTURES)
    audio = AudioBlock(group=FILES)
    video = VideoBlock(group=FILES)
    document = DocumentBlock(group=FILES)
    data = DataBlock(group=FILES)
    related_link = RelatedLinkBlock(group=LINKS)
    embed = EmbedBlock(group=LINKS)

    def bulk_to_python(self, values: Iterable[Any]) -> list[Any]:
        """Load several bodies, each with its unknown blocks set aside."""
        raw = [list(value) for value in values]
        loaded = list(super().bulk_to_python(raw))
        for value, stream in zip(raw, loaded, strict=True):
            stream.set_aside = self._unknown(value)
        return loaded

    def to_python(self, value: Any) -> Any:
        """Load a body."""
        stream = super().to_python(value)
        if stream is not value:
            if isinstance(value, str):
                try:
                    value = json.loads(value)
                except ValueError:
                    value = None
            stream.set_aside = self._unknown(value)
        return stream

    def get_prep_value(self, value: Any) -> Any:
        """The raw body, with what was set aside back in place."""
        prepared = list(super().get_prep_value(value) or [])
        for place, block in getattr(value, "set_aside", ()):
            prepared.insert(place, block)
        return prepared

    def _unknown(self, value: Any) -> list[tuple[int, Any]]:
        return [
            (place, dict(block))
            for place, block in enumerate(value or ())
            if isinstance(block, dict) and block.get("type") not in self.child_blocks
        ]


class BodyField(StreamField):
    """A stream field whose migrations know only that it is JSON, so that a new block needs none."""

    def deconstruct(self) -> Any:
        """As Django's ``JSONField``."""
        name, _path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, "django.db.models.JSONField", [], kwargs

    def clone(self) -> "BodyField":
        """A copy with the same blocks, which :meth:`deconstruct` does not tell."""
        _name, _path, _args, kwargs = self.deconstruct()
        return type(self)(self.block_types_arg, **kwargs)
