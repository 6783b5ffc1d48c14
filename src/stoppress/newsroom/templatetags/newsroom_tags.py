"""Template tags of the newsroom."""

from django import template

from stoppress.media.models import Picture
from stoppress.newsroom import pages

register = template.Library()


@register.simple_tag
def figure(picture: Picture | None, alt: str = "", caption: str = "") -> pages.Figure | None:
    """A picture's sizes and words, for ``design/_figure.html``; ``None`` when it can't be shown."""
    return pages.figure(picture.pk if picture else None, alt, caption)
