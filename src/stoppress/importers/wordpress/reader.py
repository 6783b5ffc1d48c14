"""Streams an export: one record at a time, memory flat, no Django.

Nothing in the file is trusted: no document type, no entities, a bound on every value and on depth.
"""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from xml.parsers import expat

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.wordpress.elements import host_of
from stoppress.importers.wordpress.records import Author, Category, Comment, Filing, Item, Record, Site, Term
from stoppress.importers.wordpress.repair import Repair, Repairer

CHUNK = 256 * 1024
MAX_VALUE = 16 * 2**20
"""Characters in one value, such as a post's body."""
MAX_DEPTH = 50
MAX_NAMES = 1000
"""Names of elements and of namespaces that are remembered."""
MAX_VALUES_PER_ITEM = 5_000
UNCHANGED = "Nothing was changed."

META_KEYS = frozenset(
    {
        "_thumbnail_id",
        "_wp_attached_file",
        "_wp_attachment_image_alt",
        "footnotes",
        "_yoast_wpseo_primary_category",
        "rank_math_primary_category",
    }
)
_CONTAINERS: dict[str, frozenset[str]] = {
    "channel": frozenset({"title", "link", "pubDate", "wp:wxr_version", "wp:base_blog_url"}),
    "wp:author": frozenset({"wp:author_login", "wp:author_display_name"}),
    "wp:category": frozenset(
        {"wp:term_id", "wp:category_nicename", "wp:category_parent", "wp:cat_name", "wp:category_description"}
    ),
    "wp:tag": frozenset({"wp:tag_slug", "wp:tag_name", "wp:tag_description"}),
    "wp:term": frozenset({"wp:term_taxonomy", "wp:term_slug"}),
    "wp:comment": frozenset({"wp:comment_approved", "wp:comment_type"}),
    "wp:postmeta": frozenset({"wp:meta_key", "wp:meta_value"}),
}
_ITEM_FIELDS = {
    "wp:post_id": "id",
    "wp:post_type": "kind",
    "wp:status": "status",
    "title": "title",
    "link": "link",
    "guid": "guid",
    "wp:post_name": "slug",
    "content:encoded": "body",
    "excerpt:encoded": "excerpt",
    "dc:creator": "creator",
    "wp:post_date": "date",
    "wp:post_date_gmt": "date_gmt",
    "wp:post_modified_gmt": "modified_gmt",
    "wp:post_parent": "parent",
    "wp:post_password": "password",
    "wp:is_sticky": "is_sticky",
    "wp:menu_order": "order",
    "wp:attachment_url": "attachment_url",
    "category": "category",
}
_COMMENT_FIELDS = {
    "wp:comment_id": "id",
    "wp:comment_author": "author",
    "wp:comment_author_email": "email",
    "wp:comment_author_url": "website",
    "wp:comment_author_IP": "address",
    "wp:comment_date": "date",
    "wp:comment_date_gmt": "date_gmt",
    "wp:comment_content": "content",
    "wp:comment_approved": "approved",
    "wp:comment_type": "kind",
    "wp:comment_parent": "parent",
}
_CONTAINERS["item"] = frozenset(_ITEM_FIELDS)
_CUT_OFF = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
_BEGINNING = re.compile(r"<\?xml|<!DOCTYPE|<rss")
_PARENTS = {
    "channel": "rss",
    "item": "channel",
    "wp:author": "channel",
    "wp:category": "channel",
    "wp:tag": "channel",
    "wp:term": "channel",
    "wp:comment": "item",
    "wp:postmeta": "item",
}


class Export:
    """An export file. Iterate it as often as you like; ``site``, ``repairs`` and so on are those of the last time.

    Args:
        with_comments: records of comments too, each before that of its post.

    Raises (while iterating):
        ExportUnreadable: it is not an export, or is damaged beyond the repairs that are safe.
    """

    def __init__(self, path: Path, *, with_comments: bool = False) -> None:
        self.path = path
        self._with_comments = with_comments
        self.site = Site()
        self.repairs: list[tuple[Repair, str]] = []
        self.repair_count = 0

    def __iter__(self) -> Iterator[Record]:
        self.site, self.repairs, self.repair_count = Site(), [], 0
        try:
            with self.path.open("rb") as file:
                yield from self._records(file)
        except OSError as error:
            reason = error.strerror or "it can't be read"
            raise ExportUnreadable(f"{self.path}: {reason}. {UNCHANGED} Check the name and the permissions.") from error

    def _records(self, file: BinaryIO) -> Iterator[Record]:
        encoding, skipped_lines = _find_start(file, self.path)
        repairer = Repairer(1 + skipped_lines)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        handler = _Handler(self.site, self.path, skipped_lines, with_comments=self._with_comments)
        if skipped_lines:
            repairer.repairs.append(Repair(1, 1, "text before the XML declaration", ""))
            repairer.count += 1
        located = 0
        is_last = False
        while not is_last:
            raw = file.read(CHUNK)
            is_last = not raw
            text = repairer.feed(decoder.decode(raw, final=is_last))
            handler.feed(text + repairer.close() if is_last else text, is_last=is_last)
            for record in handler.ready:
                if isinstance(record, Item):
                    located = self._locate(repairer.repairs, located, record)
                yield record
            handler.ready.clear()
        self.repairs += [(repair, "") for repair in repairer.repairs[located:]]
        self.repair_count = repairer.count
        if not self.site.version:
            raise ExportUnreadable(
                f"{self.path}: this is an RSS feed, not a WordPress export. {UNCHANGED} "
                "In WordPress choose Tools, Export, All content."
            )

    def _locate(self, repairs: list[Repair], located: int, item: Item) -> int:
        """Say in which post each repair up to the end of ``item`` was."""
        while located < len(repairs) and repairs[located].line <= item.last_line:
            repair = repairs[located]
            self.repairs.append((repair, item.title if repair.line >= item.first_line else ""))
            located += 1
        return located


class _Handler:
    """Turns the parser's events into records."""

    def __init__(self, site: Site, path: Path, skipped_lines: int, *, with_comments: bool) -> None:
        self._containers = _CONTAINERS
        if with_comments:
            self._containers = {**_CONTAINERS, "wp:comment": frozenset(_COMMENT_FIELDS)}
        self._with_comments = with_comments
        self.ready: list[Record] = []
        self._site = site
        self._path = path
        self._skipped_lines = skipped_lines
        self._stack: list[str] = []
        self._values: dict[str, dict[str, str]] = {}
        self._item = Item()
        self._item_values = 0
        self._last_title = ""
        self._attributes: dict[str, str] = {}
        self._text: list[str] | None = None
        self._length = 0
        self._fed = 0
        # Not the parser's own reading of namespaces: plug-ins write prefixes that nobody declared.
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser = parser
        self._names: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._slugs: dict[tuple[str, str], str] = {}
        self._filed: set[tuple[str, str]] = set()

    def feed(self, text: str, *, is_last: bool) -> None:
        content = text.encode()
        try:
            self._parser.Parse(content, is_last)
        except expat.ExpatError as error:
            raise self._broken(error) from error
        self._fed += len(content)
        # A tag that never ends would be gathered in the parser's own memory.
        if self._fed - max(self._parser.CurrentByteIndex, 0) > MAX_VALUE:
            raise self._refusal(f"a tag in line {self._line} is longer than any real one")

    @property
    def _line(self) -> int:
        return int(self._parser.CurrentLineNumber) + self._skipped_lines

    def _broken(self, error: expat.ExpatError) -> ExportUnreadable:
        after = f", after the post “{self._last_title}”" if self._last_title else ""
        line = error.lineno + self._skipped_lines
        if error.code in _CUT_OFF:
            return ExportUnreadable(
                f"{self._path}: the file ends in the middle, in line {line}{after}. {UNCHANGED} "
                "The download was probably cut off: export it again."
            )
        return ExportUnreadable(
            f"{self._path}: not XML in line {line}, column {error.offset + 1}{after}: {expat.ErrorString(error.code)}. "
            f"{UNCHANGED} Mend that line or export it again."
        )

    def _refusal(self, why: str) -> ExportUnreadable:
        return ExportUnreadable(f"{self._path}: {why}. {UNCHANGED} Export it again from WordPress.")

    def _refuse_doctype(self, *_: object) -> None:
        raise self._refusal("it declares a document type, which WordPress never writes and which can hide entities")

    def _name(self, name: str) -> str:
        """``wp:post_id``, whatever the file calls WordPress's namespace, and whichever version of it."""
        known = self._names.get(name)
        if known is None:
            prefix, _, local = name.rpartition(":")
            space = self._prefixes.get(prefix, prefix)
            known = f"{space}:{local}" if space else local
            if len(self._names) < MAX_NAMES:
                self._names[name] = known
        return known

    def _declare(self, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            is_default = name == "xmlns" and not self._stack
            if (is_default or name.startswith("xmlns:")) and len(self._prefixes) < MAX_NAMES:
                self._prefixes[name[6:]] = _prefix(value)
                self._names.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes:
            self._declare(attributes)
        tag = self._name(name)
        parent = self._stack[-1] if self._stack else ""
        if not parent and tag != "rss":
            raise ExportUnreadable(
                f"{self._path}: this is XML but not a WordPress export (it begins with <{tag[:40]}>). {UNCHANGED} "
                "In WordPress choose Tools, Export, All content."
            )
        self._stack.append(tag)
        if len(self._stack) > MAX_DEPTH:
            raise self._refusal(f"elements are nested more than {MAX_DEPTH} deep in line {self._line}")
        if _PARENTS.get(tag) == parent:
            self._values[tag] = {}
            if tag == "item":
                self._item = Item(first_line=self._line)
                self._item_values = 0
                self._filed = set()
        elif tag in self._containers.get(parent, ()):
            self._text, self._length, self._attributes = [], 0, attributes

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._length += len(text)
            if self._length > MAX_VALUE:
                millions = MAX_VALUE // 2**20
                raise self._refusal(f"a value in line {self._line} is longer than {millions} million characters")
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag = self._stack.pop()
        parent = self._stack[-1] if self._stack else ""
        if _PARENTS.get(tag) == parent:
            self._close(tag, self._values.pop(tag, {}))
        elif self._text is not None and tag in self._containers.get(parent, ()):
            text = "".join(self._text)
            self._text = None
            if parent == "item":
                self._item_value(tag, text)
            else:
                self._values.setdefault(parent, {})[tag] = text
            if parent == "channel":
                self._site_value(tag, text.strip())

    def _site_value(self, tag: str, text: str) -> None:
        match tag:
            case "title":
                self._site.title = self._site.title or text
            case "wp:base_blog_url":
                self._site.link = text if host_of(text) else ""
            case "link":
                self._site.link = self._site.link or (text if host_of(text) else "")
            case "wp:wxr_version":
                self._site.version = text
            case "pubDate":
                self._site.exported = text

    def _item_value(self, tag: str, text: str) -> None:
        self._count_value()
        if tag == "category":
            self._file(self._attributes.get("domain", "category"), self._attributes.get("nicename", ""), text.strip())
        elif tag == "wp:is_sticky":
            self._item.is_sticky = text.strip() == "1"
        elif tag == "wp:menu_order":
            number = text.strip()
            self._item.order = int(number) if number.isdecimal() and len(number) < 10 else 0
        elif tag in {"content:encoded", "excerpt:encoded", "wp:post_password"}:
            setattr(self._item, _ITEM_FIELDS[tag], text)
        else:
            setattr(self._item, _ITEM_FIELDS[tag], text.strip())

    def _file(self, taxonomy: str, slug: str, name: str) -> None:
        """Older versions call tags so, and name each category twice, once by its name alone."""
        taxonomy = "post_tag" if taxonomy == "tag" else taxonomy
        slug = slug or self._slugs.get((taxonomy, name), "") or "-".join(name.lower().split())
        if (taxonomy, slug) not in self._filed:
            self._filed.add((taxonomy, slug))
            self._item.filings.append(Filing(taxonomy, slug, name))

    def _count_value(self) -> None:
        self._item_values += 1
        if self._item_values > MAX_VALUES_PER_ITEM:
            raise self._refusal(f"the post in line {self._item.first_line} has more than {MAX_VALUES_PER_ITEM} values")

    def _close(self, tag: str, values: dict[str, str]) -> None:
        match tag:
            case "item":
                self._item.last_line = self._line
                self._last_title = self._item.title or self._item.link
                self.ready.append(self._item)
            case "wp:comment":
                kind = values.get("wp:comment_type", "").strip() or "comment"
                self._item.comments[values.get("wp:comment_approved", "").strip()[:20], kind[:40]] += 1
                if self._with_comments:
                    found = {_COMMENT_FIELDS[key]: value.strip() for key, value in values.items()}
                    self.ready.append(Comment(self._item, **{**found, "kind": kind[:40]}))
            case "wp:postmeta":
                key = values.get("wp:meta_key", "").strip()
                if key in META_KEYS:
                    self._item.meta[key] = values.get("wp:meta_value", "").strip()
            case "wp:author":
                login = values.get("wp:author_login", "").strip()
                name = values.get("wp:author_display_name", "").strip() or login
                self.ready.append(Author(login, name))
            case "wp:category":
                fields = (
                    "wp:term_id",
                    "wp:category_nicename",
                    "wp:category_parent",
                    "wp:cat_name",
                    "wp:category_description",
                )
                category = Category(*(values.get(key, "").strip() for key in fields))
                self._slugs["category", category.name] = category.slug
                self.ready.append(category)
            case "wp:tag":
                slug, name, description = (
                    values.get(f"wp:tag_{field}", "").strip() for field in ("slug", "name", "description")
                )
                self._slugs["post_tag", name] = slug
                self.ready.append(Term("post_tag", slug, name, description))
            case "wp:term":
                self.ready.append(
                    Term(values.get("wp:term_taxonomy", "").strip(), values.get("wp:term_slug", "").strip())
                )


def _prefix(uri: str) -> str:
    if uri.startswith("http://wordpress.org/export/"):
        return "excerpt" if uri.rstrip("/").endswith("excerpt") else "wp"
    return {
        "http://purl.org/rss/1.0/modules/content/": "content",
        "http://purl.org/dc/elements/1.1/": "dc",
    }.get(uri, uri[:60])


def _find_start(file: BinaryIO, path: Path) -> tuple[str, int]:
    """Leave ``file`` where the XML begins; returns its encoding and how many lines were skipped.

    Raises:
        ExportUnreadable: it is something else altogether.
    """
    head = file.read(64 * 1024)
    if not head.strip():
        raise ExportUnreadable(f"{path}: the file is empty. {UNCHANGED} Export it again from WordPress.")
    encoding = _encoding_of(head)
    text = head.decode(encoding, "replace")
    begin = _BEGINNING.search(text)
    other = _other_format(head, text)
    if begin is None or other:
        raise ExportUnreadable(
            f"{path}: this is {other or 'not XML'}, not a WordPress export. {UNCHANGED} "
            "In WordPress choose Tools, Export, All content, and give the .xml file."
        )
    before = text[: begin.start()]
    is_wide = encoding.startswith("utf-16")
    # Elsewhere the bytes are searched: what could not be decoded has another length now.
    file.seek(len(before.encode(encoding)) if is_wide else head.find(begin.group().encode()))
    return encoding, before.count("\n")


def _encoding_of(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    declared = head[:2000].partition(b"encoding=")[2][:40].lstrip(b"\"'")
    name = declared.replace(b'"', b"'").partition(b"'")[0].decode("ascii", "replace").strip().lower()
    try:
        info = codecs.lookup(name or "utf-8")
    except (LookupError, ValueError):
        return "utf-8"
    # Only encodings in which the declaration itself was readable; utf-16 without a mark was not.
    is_text = getattr(info, "_is_text_encoding", True)
    is_plausible = not info.name.startswith(("utf-16", "utf-32", "utf-7", "idna", "punycode"))
    return info.name if is_text and is_plausible else "utf-8"


def _other_format(head: bytes, text: str) -> str:
    begin = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if head.startswith(b"PK\x03\x04"):
        return "a zip archive (unpack it first)"
    if head.startswith(b"\x1f\x8b"):
        return "a gzip archive (unpack it first)"
    if begin.startswith(("<!doctype html", "<html")):
        return "a web page"
    if begin.startswith(("{", "[")):
        return "JSON"
    if b"\x00" in head[:200] and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "a binary file"
    return ""
