"""Blocks that lead elsewhere: to another page of ours, to another site, to somebody's player."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, PageChooserBlock, StructBlock, StructBlockValidationError, URLBlock

from stoppress.newsroom import embeds


class RelatedLinkBlock(StructBlock):
    """One more thing to read."""

    page = PageChooserBlock(required=False, page_type=["newsroom.Article", "newsroom.Section"], label=_("page of ours"))
    url = URLBlock(required=False, label=_("or an address elsewhere"))
    title = CharBlock(required=False, max_length=200, help_text=_("A page of ours has its own; elsewhere needs one."))

    class Meta:
        icon = "link"
        label = _("Related link")
        template = "newsroom/blocks/related_link.html"

    def clean(self, value: Any) -> Any:
        """Wagtail's own.

        Raises:
            StructBlockValidationError: it leads to two places or to none, or has no words.
        """
        cleaned = super().clean(value)
        if bool(cleaned["page"]) == bool(cleaned["url"]):
            raise StructBlockValidationError(
                {"page": ValidationError(_("Choose a page or give an address, not both."))}
            )
        if cleaned["url"] and not cleaned["title"].strip():
            raise StructBlockValidationError({"title": ValidationError(_("Say where the address leads."))})
        return cleaned


class EmbedBlock(StructBlock):
    """Somebody's player or chart, which loads when the reader asks for it. Nothing is asked of them before."""

    url = URLBlock(label=_("address"), help_text=_("The address of its page, as the browser shows it."))
    title = CharBlock(max_length=200, help_text=_("What it is."))
    caption = CharBlock(required=False, max_length=500)

    class Meta:
        icon = "code"
        label = _("Embed")
        template = "newsroom/blocks/embed.html"

    def clean(self, value: Any) -> Any:
        """Wagtail's own.

        Raises:
            StructBlockValidationError: the address is not one of a provider that we know; names those.
        """
        cleaned = super().clean(value)
        if embeds.find(cleaned["url"]) is None:
            raise StructBlockValidationError(
                {
                    "url": ValidationError(
                        _("This is not an address that can be shown here. Known are: %(names)s. Use a related link.")
                        % {"names": ", ".join(embeds.NAMES)}
                    )
                }
            )
        return cleaned
