"""Blocks that are pictures."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import BooleanBlock, CharBlock, ListBlock, StructBlock, StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

ALT_MISSING = _("Say what the picture shows, for those who can't see it, or tick that it is only for looks.")


class PictureBlock(StructBlock):
    """A picture with the words that belong to it here."""

    image = ImageChooserBlock()
    alt = CharBlock(required=False, max_length=300, help_text=_("What it shows, for those who can't see it."))
    is_decorative = BooleanBlock(
        required=False, label=_("only for looks"), help_text=_("It says nothing that the text doesn't say.")
    )
    caption = CharBlock(required=False, max_length=500)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "newsroom/blocks/image.html"

    def clean(self, value: Any) -> Any:
        """Wagtail's own; called by the desk's form only, so what came from elsewhere stays as it is.

        Raises:
            StructBlockValidationError: to publish, somebody must have said what it shows: here or with the picture.
        """
        cleaned = super().clean(value)
        image = cleaned["image"]
        is_told = cleaned["alt"].strip() or cleaned["is_decorative"] or (image and image.description.strip())
        if image and not is_told and not self.is_deferred_validation:
            raise StructBlockValidationError({"alt": ValidationError(ALT_MISSING)})
        return cleaned


class GalleryBlock(StructBlock):
    """Several pictures that belong together."""

    title = CharBlock(required=False, max_length=200)
    pictures = ListBlock(PictureBlock(), min_num=1)

    class Meta:
        icon = "image"
        label = _("Gallery")
        template = "newsroom/blocks/gallery.html"
