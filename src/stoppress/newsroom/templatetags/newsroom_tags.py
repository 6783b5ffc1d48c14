"""Template tags of the newsroom."""

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from stoppress.media.models import Picture
from stoppress.newsroom import pages

register = template.Library()


@register.simple_tag
def figure(picture: Picture | None, alt: str = "", caption: str = "") -> pages.Figure | None:
    """A picture's sizes and words, for ``design/_figure.html``; ``None`` when it can't be shown."""
    return pages.figure(picture.pk if picture else None, alt, caption)


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
