"""The words of an article, passage by passage, wherever in it they stand: what can be corrected and compared.

Read from the raw body by the definitions of its blocks, so that a new block needs nothing here.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, cast

from django.utils.encoding import force_str
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock

from stoppress.newsroom.models import Article
from stoppress.newsroom.prose import Prose, Selector

FIELDS = ("title", "standfirst", "lead_caption")
"""Fields of an article that readers read."""
UNREAD = frozenset({"alt"})
"""Words in a block that only those hear who can't see it; they are no sentence on the page."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that stand together.

    Attributes:
        place: a field's name, or the id of a block of the body.
        path: where in the block's raw value.
        label: what it is, for people.
        source: as stored.
    """

    place: str
    path: tuple[str | int, ...]
    label: str
    source: str
    is_markup: bool

    @property
    def prose(self) -> Prose:
        """The words as they are read."""
        return Prose(self.source, is_markup=self.is_markup)


def field_label(name: str) -> str:
    """What a field of an article is called at the desk."""
    if name == "title":
        return _("Headline")
    return str(capfirst(force_str(cast("Any", Article._meta.get_field(name)).verbose_name)))


def block_label(kind: str) -> str:
    """What a type of block is called at the desk."""
    block = _definition().child_blocks.get(kind)
    return str(capfirst(force_str(block.label))) if block is not None else kind


def passages(article: Article) -> list[Passage]:
    """All of an article's, in reading order; empty ones are left out."""
    found = [Passage(name, (), field_label(name), getattr(article, name), is_markup=False) for name in FIELDS]
    for raw in article.body.get_prep_value():
        found += block_passages(raw)
    return [one for one in found if one.source.strip()]


def block_passages(raw: Mapping[str, Any]) -> list[Passage]:
    """Those of one block of a body, as stored; none of a block that this version does not know."""
    block = _definition().child_blocks.get(raw.get("type", ""))
    if block is None:
        return []
    label = block_label(str(raw.get("type")))
    return [
        Passage(str(raw.get("id") or ""), path, " – ".join([label, *names]), source, is_markup)
        for path, names, source, is_markup in _walk(block, raw.get("value"), (), ())
    ]


def raw_body(stored: Any) -> list[Any]:
    """A body as a revision's content holds it (JSON as text) or a row does, as a list of blocks."""
    if isinstance(stored, str):
        try:
            stored = json.loads(stored)
        except ValueError:
            return []
    return list(stored) if isinstance(stored, list) else []


def find(article: Article, place: str, wanted: Selector) -> tuple[Passage, int, int] | None:
    """The passage at ``place`` that holds the words, and where in it."""
    for passage in passages(article):
        if passage.place == place and (span := passage.prose.find(wanted)) is not None:
            return passage, *span
    return None


def put(article: Article, passage: Passage, source: str) -> None:
    """Give a passage other words; the article is not saved."""
    if not passage.path and passage.place in FIELDS:
        setattr(article, passage.place, source)
        return
    body = deepcopy(list(article.body.get_prep_value()))
    for raw in body:
        if raw.get("id") == passage.place:
            if not passage.path:
                raw["value"] = source
            else:
                inner = raw["value"]
                for step in passage.path[:-1]:
                    inner = inner[step]
                inner[passage.path[-1]] = source
    article.body = cast("Any", body)


def _definition() -> Any:
    return cast("Any", Article._meta.get_field("body")).stream_block


_Found = tuple[tuple[str | int, ...], tuple[str, ...], str, bool]


def _walk(block: Any, raw: Any, path: tuple[str | int, ...], names: tuple[str, ...]) -> Iterator[_Found]:
    if isinstance(block, blocks.RichTextBlock):
        yield path, names, str(raw or ""), True
    elif isinstance(block, blocks.CharBlock | blocks.TextBlock):
        yield path, names, str(raw or ""), False
    elif isinstance(block, TypedTableBlock):
        yield from _walk_table(raw if isinstance(raw, dict) else {}, path, names)
    elif isinstance(block, blocks.StructBlock) and isinstance(raw, dict):
        for name, child in block.child_blocks.items():
            if name in raw and name not in UNREAD:
                yield from _walk(child, raw[name], (*path, name), (*names, str(force_str(child.label))))
    elif isinstance(block, blocks.ListBlock) and isinstance(raw, list):
        for index, item in enumerate(raw):
            is_wrapped = isinstance(item, dict) and item.get("type") == "item"
            step: tuple[str | int, ...] = (index, "value") if is_wrapped else (index,)
            number = (*names[:-1], f"{names[-1]} {index + 1}") if names else (str(index + 1),)
            yield from _walk(block.child_block, item["value"] if is_wrapped else item, (*path, *step), number)


def _walk_table(raw: dict[str, Any], path: tuple[str | int, ...], names: tuple[str, ...]) -> Iterator[_Found]:
    if "caption" in raw:
        yield (*path, "caption"), (*names, _("caption")), str(raw["caption"] or ""), False
    for number, column in enumerate(raw.get("columns") or ()):
        if "heading" in column:
            where = _("column %(number)d") % {"number": number + 1}
            yield (*path, "columns", number, "heading"), (*names, where), str(column["heading"] or ""), False
    for number, row in enumerate(raw.get("rows") or ()):
        for place, cell in enumerate(row.get("values") or ()):
            where = _("row %(row)d, column %(column)d") % {"row": number + 1, "column": place + 1}
            yield (*path, "rows", number, "values", place), (*names, where), str("" if cell is None else cell), False
