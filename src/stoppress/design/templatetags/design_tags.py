"""Template tags that every page can use."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape, format_html_join
from django.utils.safestring import SafeString

from stoppress.core import hooks
from stoppress.design.sheets import in_the_page

register = template.Library()
THIS_PAGE: Final = object()
_RANGE = re.compile(r"(?<!\d)\d{1,4}[–-]\d{1,4}(?!\d)")
"""A score, or years from and to."""


@register.simple_tag(takes_context=True)
def region(context: Mapping[str, Any], name: str, subject: Any = THIS_PAGE) -> SafeString:
    """What the rooms above put into the region ``name``: ``{% region "connect" %}``.

    Args:
        subject: what the region is about: the page's own subject unless given; ``None`` for the publication.
    """
    about = context.get("subject") if subject is THIS_PAGE else subject
    answers = hooks.call().render_region(subject=about, region=name)
    return format_html_join("", "{}", ((answer,) for answer in answers))


@register.filter
def unbroken(headline: str) -> SafeString:
    """``headline`` with its scores and ranges each kept on one line: a balanced headline breaks after any dash."""
    escaped = conditional_escape(headline)
    return SafeString(_RANGE.sub(lambda found: f'<span class="unbroken">{found[0]}</span>', escaped))


@register.tag
def sheets(parser: Parser, _token: Token) -> "Sheets":
    """Style sheets linked in between stand in the page itself: see :mod:`stoppress.design.sheets`."""
    inside = parser.parse(("endsheets",))
    parser.delete_first_token()
    return Sheets(inside)


class Sheets(template.Node):
    """The head's part with style sheets."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Write the sheets out."""
        return SafeString(in_the_page(self.nodelist.render(context)))
