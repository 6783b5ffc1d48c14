"""Template tags that every page can use."""

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from stoppress.core import hooks
from stoppress.design.sheets import in_the_page

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
