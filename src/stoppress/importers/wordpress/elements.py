"""The elements of HTML that a post's markup is read by, and the words in them."""

import html
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from stoppress.importers.wordpress.text import SPACES, TEXT_TAGS

Element = Any


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


CONTAINERS = _names(
    "address article aside body caption center dd details div dl dt fieldset footer form header hgroup "
    "main nav section summary table tbody td tfoot th thead tr"
)
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
PLAYERS = _names("audio iframe video")
PLAIN = _names("abbr bdi bdo cite code del dfn font ins kbd mark q s samp small span sub sup time tt u var")
"""Inline elements whose words stay and whose look goes."""
BROAD = (
    TEXT_TAGS
    | CONTAINERS
    | HEADINGS
    | PLAYERS
    | PLAIN
    | _names("blockquote em figcaption figure hr img pre source strong track")
)
"""What is read at all."""
OPTIONAL_END = _names("br col dd dt hr img input li p source tbody td tfoot th thead tr track wbr")
"""Elements that need no closing tag, so they say nothing about depth."""
SHOWN_BLOCKS = _names(
    "accordion accordion-heading accordion-item accordion-panel audio block button buttons classic code column "
    "columns cover cover-image details embed file footnotes freeform gallery group heading html image list list-item "
    "media-text missing more nextpage paragraph preformatted pullquote quote row separator shortcode spacer stack "
    "subhead table text-columns verse video"
)
"""Blocks of the editor that are told by their elements, not by their name."""


def list_html(element: Element, address: Callable[[str], str]) -> str:
    """A list with the lists inside it, as a text block holds it; ``address`` turns an ``href`` into ours, or empty."""
    items = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        inner = list_html(child, address) if child.tag in {"ul", "ol"} else inline_html(child, address)
        if words_of(inner):
            items.append(f"<li>{inner}</li>")
    return f"<{element.tag}>{''.join(items)}</{element.tag}>" if items else ""


def inline_html(element: Element, address: Callable[[str], str]) -> str:
    """What is in ``element`` as inline markup, paragraphs apart by ``<br>``; ``address`` as in :func:`list_html`."""
    out = [escape(SPACES.sub(" ", element.text or ""))]
    for child in element:
        if isinstance(child.tag, str):
            inner = "" if child.tag in {"ul", "ol"} else inline_html(child, address)
            href = address(child.get("href", "")) if child.tag == "a" else ""
            match child.tag:
                case "ul" | "ol":
                    out.append(list_html(child, address))
                case "br":
                    out.append("<br>")
                case "b" | "strong":
                    out.append(f"<b>{inner}</b>")
                case "i" | "em":
                    out.append(f"<i>{inner}</i>")
                case "a" if href:
                    out.append(f'<a href="{html.escape(href)}">{inner}</a>')
                case tag if tag in CONTAINERS or tag in {"p", "blockquote", "figure", *HEADINGS}:
                    out.append(f"<br>{inner}<br>" if words_of(inner) else "")
                case _:
                    out.append(inner)
        out.append(escape(SPACES.sub(" ", child.tail or "")))
    joined = re.sub(r"(?: *<br>)+ *", "<br>", "".join(out)).strip()
    return joined.removeprefix("<br>").removesuffix("<br>")


def caption_of(figure: Element) -> str:
    """The caption of a figure, on one line."""
    return " ".join(line_of(caption) for caption in figure.findall("figcaption")).strip()


def line_of(element: Element) -> str:
    """The text of ``element`` on one line."""
    return SPACES.sub(" ", _gather(element, (), " ")).strip()


def paragraphs_of(element: Element, *, without: Iterable[Element] = ()) -> str:
    """The text of ``element``, one paragraph a line with blank lines between."""
    text = _gather(element, tuple(without), "\n\n")
    paragraphs = (SPACES.sub(" ", part).strip() for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(part for part in paragraphs if part)


def _gather(element: Element, without: tuple[Element, ...], gap: str) -> str:
    if element in without:
        return ""
    out = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            is_block = child.tag not in PLAIN and child.tag not in {"a", "b", "em", "i", "strong", "img"}
            out.append(" " if child.tag == "br" else gap if is_block else "")
            # What a player holds is for browsers that can't play it.
            out.append("" if child.tag in PLAYERS else _gather(child, without, gap))
            out.append(gap if is_block and child.tag != "br" else "")
        out.append(child.tail or "")
    return "".join(out)


def words_of(markup: str) -> str:
    """The text of a piece of our own markup."""
    return html.unescape(re.sub(r"<[^<>]*>", "", markup)).replace("\xa0", " ").strip()


def escape(text: str) -> str:
    """Text as markup."""
    return html.escape(text, quote=False)


def classes(element: Element) -> set[str]:
    """The classes of an element."""
    return set(element.get("class", "").split())


def host_of(address: str) -> str:
    """The host of an address, lower case, or empty."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
