"""What an article's body points at, and the body as plain HTML that any system can show.

Works on the raw body alone, so that nothing is asked of the database for a single article. It is read as it stands,
whatever stored it: a part that is missing or of another kind is left out, never an error.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import nh3

from stoppress.core.text import without_controls
from stoppress.exporters.records import Asset, RawBody, References

TEXT_TAGS = {"a", "b", "br", "i", "li", "ol", "p", "ul"}
GONE_WITH_CONTENT = {"script", "style", "template", "title"}
SCHEMES = {"http", "https", "mailto", "tel"}
KEYS = {"image": "pictures", "document": "files", "captions": "files", "page": "pages"}
"""Under which names a body holds primary keys, however deep, and of what; see ``newsroom.blocks``."""
_PAGE_LINK = re.compile(r"<a\b[^>]*\blinktype=\"page\"[^>]*>")
_ID = re.compile(r"\bid=\"(\d{1,18})\"")
_ANY_LINK = re.compile(r"<a href=\"(/[^/\"][^\"]*|/)\">")
_DEAD_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_EMPTY = re.compile(r"<(p|li|ul|ol)>(?:\s|<br>|&nbsp;)*</\1>")
_NEXT = re.compile(r"(</(?:p|ul|ol)>)(?=<(?:p|ul|ol)>)")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_PARAGRAPHS = re.compile(r"\n[ \t\r\f\v]*\n\s*")


@dataclass(slots=True)
class Wanted:
    """Primary keys that bodies point at."""

    pages: set[int]
    pictures: set[int]
    files: set[int]


def gather(value: Any, wanted: Wanted, key: str = "") -> None:
    """Add what ``value``, a raw body or a part of one, points at."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            gather(inner, wanted, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            gather(inner, wanted, key)
    elif isinstance(value, str):
        links = (_ID.search(link[0]) for link in _PAGE_LINK.finditer(value))
        wanted.pages.update(int(number[1]) for number in links if number)
    elif key in KEYS and _number(value):
        getattr(wanted, KEYS[key]).add(_number(value))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things will be.

    Attributes:
        base_url: of the publication, without a slash at the end.
        of_file: the address of an exported file by its name.
        class_of: the class of a picture by its primary key; empty for none.
    """

    base_url: str
    of_file: Callable[[str], str]
    class_of: Callable[[int], str]


class Plain:
    """Turns the raw bodies of one batch into HTML."""

    def __init__(self, references: References, addresses: Addresses) -> None:
        self._references = references
        self._addresses = addresses

    def html(self, body: RawBody) -> str:
        """The body, its parts apart by blank lines."""
        parts: list[str] = []
        for block in body:
            writer = _WRITERS.get(str(block.get("type")))
            if writer is not None:
                parts += writer(self, block.get("value"))
        return "\n\n".join(part for part in parts if part)

    def text(self, value: Any) -> Iterator[str]:
        """Paragraphs and lists."""
        linked = _PAGE_LINK.sub(self._page_link, str(value or ""))
        clean = nh3.clean(
            without_controls(linked),
            tags=TEXT_TAGS,
            clean_content_tags=GONE_WITH_CONTENT,
            attributes={"a": {"href"}},
            url_schemes=SCHEMES,
            link_rel=None,
        )
        # A link without an address; none stands in another, so the next end is its own.
        clean = _DEAD_LINK.sub(r"\1", clean)
        while (fewer := _EMPTY.sub("", clean)) != clean:
            clean = fewer
        clean = _ANY_LINK.sub(lambda found: f'<a href="{html.escape(self._addresses.base_url)}{found[1]}">', clean)
        yield from _NEXT.sub(r"\1\n\n", _SPACES.sub(" ", clean).strip()).split("\n\n")

    def subheading(self, value: Any) -> Iterator[str]:
        yield f"<h2>{line(value)}</h2>" if line(value) else ""

    def image(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        picture = self._references.pictures.get(_number(value.get("image")))
        if picture is None or not picture.name or picture.is_expired:
            return
        alt = "" if value.get("is_decorative") else line(value.get("alt")) or line(picture.alt)
        kind = self._addresses.class_of(_number(value.get("image")))
        attributes = f' class="{html.escape(kind)}"' if kind else ""
        caption = line(with_credit(str(value.get("caption") or ""), picture.credit))
        yield (
            f'<figure><img src="{self._file(picture)}" alt="{alt}"{attributes}>'
            + (f"<figcaption>{caption}</figcaption>" if caption else "")
            + "</figure>"
        )

    def gallery(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        yield from self._title(value)
        for picture in _items(value.get("pictures")):
            yield from self.image(picture)

    def quote(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        paragraphs = map(line, _PARAGRAPHS.split(str(value.get("quote") or "")))
        words = "".join(f"<p>{part}</p>" for part in paragraphs if part)
        cited = line(value.get("attribution"))
        if words:
            yield f"<blockquote>{words}{f'<cite>{cited}</cite>' if cited else ''}</blockquote>"

    def fact_box(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        yield from self._title(value)
        yield from self.text(value.get("text"))
        points = "".join(f"<li>{line(point)}</li>" for point in _items(value.get("points")) if line(point))
        yield f"<ul>{points}</ul>" if points else ""

    def timeline(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        yield from self._title(value)
        for entry in map(_mapping, _items(value.get("entries"))):
            when = line(entry.get("label")) or line(str(entry.get("at") or "").replace("T", " "))
            yield f"<p><b>{when}</b></p>" if when else ""
            yield from self.text(entry.get("text"))

    def table(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        table = _mapping(value.get("table"))
        columns = [line(_mapping(column).get("heading")) for column in _items(table.get("columns"))]
        rows = [list(_items(_mapping(row).get("values"))) for row in _items(table.get("rows"))]
        if not columns or not rows:
            return
        caption = line(table.get("caption"))
        head = "".join(f"<th>{column}</th>" for column in columns) if any(columns) else ""
        first = "th" if value.get("has_row_headers") else "td"
        body = "".join(f"<tr>{_row(row, len(columns), first)}</tr>" for row in rows)
        yield (
            "<table>"
            + (f"<caption>{caption}</caption>" if caption else "")
            + (f"<thead><tr>{head}</tr></thead>" if head else "")
            + f"<tbody>{body}</tbody></table>"
        )
        source = line(value.get("source"))
        yield f"<p><i>{source}</i></p>" if source else ""

    def recording(self, value: Any, tag: str) -> Iterator[str]:
        value = _mapping(value)
        file = self._references.files.get(_number(value.get("document")))
        if file is None or not file.name:
            return
        title = line(value.get("title"))
        # Its file's own title comes with the file; said twice, it would grow with each round trip.
        yield f"<p><b>{title}</b></p>" if title and title != line(file.title) else ""
        captions = self._references.files.get(_number(value.get("captions")))
        track = f'<track kind="captions" src="{self._file(captions)}">' if captions and captions.name else ""
        yield f'<{tag} controls src="{self._file(file)}">{track}</{tag}>'
        caption = line(value.get("caption"))
        yield f"<p><i>{caption}</i></p>" if caption else ""
        yield from self.text(value.get("transcript"))

    def audio(self, value: Any) -> Iterator[str]:
        yield from self.recording(value, "audio")

    def video(self, value: Any) -> Iterator[str]:
        yield from self.recording(value, "video")

    def document(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        file = self._references.files.get(_number(value.get("document")))
        if file is None or not file.name:
            return
        title = line(value.get("title")) or line(file.title) or line(file.name)
        note = line(value.get("note"))
        yield f'<p><a href="{self._file(file)}">{title}</a>{f" – {note}" if note else ""}</p>'

    def related_link(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        place = self._references.pages.get(_number(value.get("page")))
        address = self._addresses.base_url + place.path if place else str(value.get("url") or "")
        title = line(value.get("title")) or (line(place.title) if place else "")
        yield from self.text(f'<p><a href="{html.escape(address)}">{title}</a></p>' if address and title else "")

    def embed(self, value: Any) -> Iterator[str]:
        value = _mapping(value)
        address = str(value.get("url") or "")
        title = line(value.get("title")) or line(address)
        yield from self.text(f'<p><a href="{html.escape(address)}">{title}</a></p>' if address else "")
        caption = line(value.get("caption"))
        yield f"<p><i>{caption}</i></p>" if caption else ""

    @staticmethod
    def _title(value: Mapping[str, Any]) -> Iterator[str]:
        title = line(value.get("title"))
        yield f"<h3>{title}</h3>" if title else ""

    def _file(self, asset: Asset) -> str:
        return html.escape(self._addresses.of_file(asset.name))

    def _page_link(self, found: re.Match[str]) -> str:
        number = _ID.search(found[0])
        place = self._references.pages.get(int(number[1])) if number else None
        if place is None:
            return "<a>"
        return f'<a href="{html.escape(self._addresses.base_url + place.path)}">'


def line(value: Any) -> str:
    """Text as one line of markup."""
    return html.escape(_SPACES.sub(" ", without_controls(str(value or ""))).strip())


def with_credit(caption: str, credit: str) -> str:
    """A picture's caption, with who made it."""
    return " ".join(filter(None, [caption.strip(), f"({credit.strip()})" if credit.strip() else ""]))


def url_path(name: str) -> str:
    """A file's name as part of an address."""
    return quote(name, safe="/~")


def _row(values: list[Any], width: int, first: str) -> str:
    cells = [line(value) for value in values[:width]] + [""] * (width - len(values))
    tags = [first, *["td"] * (width - 1)]
    return "".join(f"<{tag}>{cell}</{tag}>" for tag, cell in zip(tags, cells, strict=True))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _items(value: Any) -> Iterable[Any]:
    """A list's values, also in the form in which each item is named (Wagtail's ``ListBlock`` since 2.16)."""
    for item in value if isinstance(value, list | tuple) else ():
        yield item["value"] if isinstance(item, Mapping) and item.get("type") == "item" and "value" in item else item


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


_WRITERS: dict[str, Callable[[Plain, Any], Iterator[str]]] = {
    "text": Plain.text,
    "subheading": Plain.subheading,
    "image": Plain.image,
    "gallery": Plain.gallery,
    "quote": Plain.quote,
    "pull_quote": Plain.quote,
    "fact_box": Plain.fact_box,
    "timeline": Plain.timeline,
    "table": Plain.table,
    "audio": Plain.audio,
    "video": Plain.video,
    "document": Plain.document,
    "data": Plain.document,
    "related_link": Plain.related_link,
    "embed": Plain.embed,
}
