"""Template tags that every page can use."""

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from stoppress.core import hooks

register = template.Library()
THIS_PAGE: Final = object()


@register.simple_tag(takes_context=True)
def region(context: Mapping[str, Any], name: str, subject: Any = THIS_PAGE) -> SafeString:
    """What the rooms above put into the region ``name``: ``{% region "connect" %}``.

    Args:
        subject: what the region is about: the page's own subject unless given; ``None`` for the publication.
    """
    about = context.get("subject") if subject is THIS_PAGE else subject
    answers = hooks.call().render_region(subject=about, region=name)
    return format_html_join("", "{}", ((answer,) for answer in answers))
