"""The closed set of blocks in an article's body. ADR 0004 has the reasons for its field and for what is reserved."""

import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock

# Never take a name out: an editor's next save would delete what it stands for. ``fact`` joins when facts exist.
BODY_FEATURES = ["bold", "italic", "link", "ol", "ul"]


class PictureBlock(StructBlock):
    """A picture with the words that belong to it here."""

    image = ImageChooserBlock()
    alt = CharBlock(required=False, max_length=300, help_text=_("What it shows, for those who can't see it."))
    caption = CharBlock(required=False, max_length=500)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "newsroom/blocks/image.html"


class QuoteBlock(StructBlock):
    """Someone's words, set apart, with who said them."""

    quote = TextBlock()
    attribution = CharBlock(required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "newsroom/blocks/quote.html"


class BodyBlock(StreamBlock):
    """An article's body.

    Blocks of a type that this version does not know (written by a newer one, before a roll-back) are set aside when
    a body is loaded and put back in their places when it is saved; Wagtail alone would lose them for good.
    """

    text = RichTextBlock(features=BODY_FEATURES, template="newsroom/blocks/text.html")
    subheading = CharBlock(max_length=200, icon="title", template="newsroom/blocks/subheading.html")
    image = PictureBlock()
    quote = QuoteBlock()

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
