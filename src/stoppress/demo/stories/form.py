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
        body: blocks as the newsroom stores them; in place of numbers stand names: of a picture of ``demo.pictures``, of
            a file of ``demo.films``, and the slug of an older story.
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


def gallery(title: str, *pictures: tuple[str, str]) -> Block:
    """Pictures, each a name and a caption."""
    shown = [{"image": name, "alt": "", "caption": caption} for name, caption in pictures]
    return {"type": "gallery", "value": {"title": title, "pictures": shown}}


def pull_quote(words: str, attribution: str = "") -> Block:
    """A line of the article, set large."""
    return {"type": "pull_quote", "value": {"quote": words, "attribution": attribution}}


def fact_box(title: str, words: str, *items: str) -> Block:
    """What one should know, beside the report."""
    return {"type": "fact_box", "value": {"title": title, "text": f"<p>{words}</p>", "points": list(items)}}


def timeline(title: str, *entries: tuple[datetime | None, str, str]) -> Block:
    """What happened, each with its time, its label or both, and its text."""
    listed = [
        {"at": at.isoformat() if at else None, "label": label, "text": f"<p>{words}</p>"}
        for at, label, words in entries
    ]
    return {"type": "timeline", "value": {"title": title, "entries": listed}}


def table(caption: str, columns: Mapping[str, str], *rows: tuple[str, ...], source: str = "") -> Block:
    """Headed columns with their kinds, ``text`` or ``number``, and rows headed by their first cell."""
    grid = {
        "caption": caption,
        "columns": [{"heading": heading, "type": kind} for heading, kind in columns.items()],
        "rows": [{"values": list(row)} for row in rows],
    }
    return {"type": "table", "value": {"table": grid, "has_row_headers": True, "source": source}}


def file(kind: str, name: str, **more: Any) -> Block:
    """An ``audio``, ``video``, ``document`` or ``data`` block with a file of ``demo.films``."""
    return {"type": kind, "value": {"document": name, **more}}


def embed(url: str, title: str, caption: str = "") -> Block:
    """Somebody else's player."""
    return {"type": "embed", "value": {"url": url, "title": title, "caption": caption}}


def related(slug: str) -> Block:
    """An older story of the sample."""
    return {"type": "related_link", "value": {"page": slug, "url": "", "title": ""}}
