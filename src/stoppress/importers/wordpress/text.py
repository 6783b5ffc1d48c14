"""Plain text from markup, and the last word on what a text block may hold."""

import html
import re

import nh3

TEXT_TAGS = frozenset({"a", "b", "br", "i", "li", "ol", "p", "ul"})
SCHEMES = {"http", "https", "mailto"}
GONE_WITH_CONTENT = {"applet", "canvas", "math", "noembed", "object", "script", "style", "svg", "template", "title"}
_PLAIN = nh3.Cleaner(tags=set(), attributes={}, clean_content_tags=GONE_WITH_CONTENT)
_TEXT = nh3.Cleaner(
    tags=set(TEXT_TAGS),
    clean_content_tags=GONE_WITH_CONTENT,
    attributes={"*": set(), "a": {"href"}},
    url_schemes=SCHEMES,
    link_rel=None,
)
SPACES = re.compile(r"[ \t\r\n\f\v]+")


def plain(markup: str) -> str:
    """``markup`` as one line of text without tags, entities resolved."""
    if "<" in markup or "&" in markup:
        markup = html.unescape(_PLAIN.clean(markup))
    return SPACES.sub(" ", markup).strip()


def clip(text: str, length: int) -> str:
    """``text`` of at most ``length`` characters, cut at a word and marked when cut."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:–—-") + "…"


def text_html(fragment: str) -> str:
    """``fragment`` with nothing in it but what a text block may hold."""
    return _TEXT.clean(fragment)
