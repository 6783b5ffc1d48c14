"""The closed set of blocks in an article's body; their migrations belong to the newsroom."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

# Explicit, so that a feature registered by another room never appears in old text by accident.
TEXT_FEATURES = ["bold", "italic", "link", "ol", "ul"]


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
    """An article's body."""

    text = RichTextBlock(features=TEXT_FEATURES, template="newsroom/blocks/text.html")
    subheading = CharBlock(max_length=200, icon="title", template="newsroom/blocks/subheading.html")
    image = PictureBlock()
    quote = QuoteBlock()
