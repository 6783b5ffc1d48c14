"""How a story of the sample is written down: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Block = Mapping[str, Any]
YEAR = 2020


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article.

    Attributes:
        section: slug of its section.
        authors: slugs, see ``people``.
        body: blocks as the newsroom stores them; an image block names a picture of ``demo.pictures``.
        picture: name of the lead picture, empty for none.
    """

    section: str
    slug: str
    headline: str
    standfirst: str
    published_at: datetime
    authors: tuple[str, ...]
    body: tuple[Block, ...]
    picture: str = ""
    caption: str = ""


def on(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the sample's autumn."""
    return datetime(YEAR, month, day, hour, minute, tzinfo=UTC)


def text(*paragraphs: str) -> Block:
    """Paragraphs; each may hold inline HTML."""
    return {"type": "text", "value": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)}


def points(*items: str) -> Block:
    """A list with bullets."""
    return {"type": "text", "value": "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"}


def subheading(words: str) -> Block:
    """A line between parts of the body."""
    return {"type": "subheading", "value": words}


def quote(words: str, attribution: str = "") -> Block:
    """Someone's words, set apart."""
    return {"type": "quote", "value": {"quote": words, "attribution": attribution}}


def image(name: str, caption: str = "") -> Block:
    """A picture within the body."""
    return {"type": "image", "value": {"image": name, "alt": "", "caption": caption}}
