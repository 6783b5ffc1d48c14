"""Template tags of the newsroom."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamValue

from stoppress.media.models import Attachment, Picture
from stoppress.newsroom import corrected, downloads, embeds, related_links
from stoppress.newsroom import figures as figures_room

register = template.Library()


@register.simple_tag
def figure(
    picture: Picture | None, alt: str = "", caption: str = "", is_decorative: bool = False
) -> figures_room.Figure | None:
    """A picture's sizes and words, for ``design/_figure.html``; ``None`` when it can't be shown."""
    return figures_room.figure(picture.pk if picture else None, alt, caption, is_decorative=bool(is_decorative))


@register.simple_tag
def figures(pictures: Iterable[Mapping[str, Any]]) -> list[figures_room.Figure]:
    """Those pictures of a gallery that can be shown, read together."""
    there = [(picture["image"].pk, picture) for picture in pictures if picture["image"]]
    makers = figures_room.figures_of([pk for pk, _picture in there])
    return [
        makers[pk](picture["alt"] or "", picture["caption"] or "", bool(picture["is_decorative"]))
        for pk, picture in there
        if pk in makers
    ]


@register.simple_tag(takes_context=True)
def download(context: Mapping[str, Any], attachment: Attachment | None) -> downloads.Download | None:
    """A file's public copy, kind and size; ``None`` when it can't be had."""
    return downloads.download(attachment, is_preview=bool(context.get("is_preview")))


@register.simple_tag
def embedded(address: str | None) -> embeds.Embed | None:
    """Whose frame may be shown for an address; ``None`` for nobody's that we know."""
    return embeds.find(address or "")


@register.simple_tag
def related(value: Mapping[str, Any]) -> related_links.Related | None:
    """Where a related link leads now; ``None`` while that is nowhere."""
    page = value["page"]
    return related_links.related(page.pk if page else None, value["url"] or "", value["title"] or "")


@register.simple_tag(takes_context=True)
def body_block(context: Context, block: StreamValue.StreamChild) -> SafeString:
    """A block of the body; where a sentence of it was corrected, it can be linked to and says so."""
    rendered: SafeString = block.render_as_block(context.flatten())
    about = [notice for notice in context.get("corrections") or () if notice.place == block.id]
    if not about:
        return rendered
    return mark_safe(corrected.anchored(rendered, about))  # noqa: S308 - rendered above, with markup of ours


@register.simple_tag
def json_ld(values: dict[str, Any] | None) -> SafeString:
    """``values`` as a block that machines read and browsers don't run; empty for ``None``."""
    if not values:
        return SafeString()
    # No text can end the element or open a comment in it.
    text = (
        json.dumps(values, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    )
    return format_html('<script type="application/ld+json">{}</script>\n', mark_safe(text))  # noqa: S308 - escaped above
