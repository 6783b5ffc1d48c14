"""An article as the index sees it: its words by how much they say, and what it can be narrowed down by."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from stoppress.newsroom.models import Article, ArticleTopic, Byline, Correction, ListEntry, Publication
from stoppress.search.engines import ALL, facet, typed
from stoppress.search.words import words

FACETS = frozenset({"section", "author", "topic"})
"""Lists that results can be narrowed down to."""
_CAPTIONS = frozenset({"caption", "alt"})
_WORDS = frozenset(
    {"text", "quote", "attribution", "points", "label", "heading", "values", "source", "note", "transcript", "title"}
)
# A pull quote says again what the text says; a related link speaks of something else.
_BLOCKS = frozenset(
    {"text", "subheading", "quote", "fact_box", "timeline", "table", "image", "gallery", "audio", "video", "document"}
    | {"data", "embed"}
)
_ENDS = re.compile(r"</(?:p|li|h[1-6])>|<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Passages:
    """What stands in a body: its paragraphs, and what is said of its pictures and recordings."""

    text: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document:
    """What is written into the index of one article.

    Attributes:
        parts: its words by weight: headline, names, captions, text.
        marks: its facets, and the words that a reader may have begun to type.
        lists: names of the lists that are facets.
        month: of its publication, as :attr:`Entry.month`.
    """

    publication: Publication
    parts: tuple[list[str], list[str], list[str], list[str]]
    marks: list[str]
    lists: str
    month: str


def passages(body: Any) -> Passages:
    """The words of a body, as its page shows them."""
    found = Passages()
    for block in getattr(body, "raw_data", ()) or ():
        if isinstance(block, Mapping) and block.get("type") in _BLOCKS:
            kind = str(block["type"])
            _collect(block.get("value"), "text" if kind in {"text", "subheading"} else "", found)
    return found


def read(page_ids: Sequence[int]) -> dict[int, Document]:
    """The documents of those that are public as far as was derived, in a fixed number of queries."""
    public = Publication.objects.filter(pk__in=page_ids, noun=Publication.Noun.ARTICLE, is_live=True).in_bulk()
    articles = Article.objects.filter(pk__in=public).in_bulk()
    authors = _gathered(Byline.objects.filter(article__in=articles), "author__name")
    topics = _gathered(ArticleTopic.objects.filter(article__in=articles), "topic__name")
    corrections = _gathered(Correction.objects.filter(article__in=articles, withdrawn_at=None), "text")
    lists = _gathered(ListEntry.objects.filter(publication__in=public, is_present=True), "list", by="publication_id")
    return {
        pk: _document(
            public[pk],
            article,
            [*topics.get(pk, ()), *authors.get(pk, ())],
            corrections.get(pk, ()),
            lists.get(pk, ()),
        )
        for pk, article in articles.items()
    }


def _document(
    publication: Publication,
    article: Article,
    names: list[str],
    corrections: Iterable[str],
    lists: Iterable[str],
) -> Document:
    body = passages(article.body)
    labels = [article.standfirst, article.kicker, article.dateline_place, *names]
    facets = sorted(name for name in lists if name.partition(":")[0] in FACETS)
    marks = [ALL, *map(facet, facets), facet(f"design:{publication.design}")]
    month = ""
    if publication.published_at is not None:
        month = f"{timezone.localtime(publication.published_at):%Y%m}"
        marks += [facet(f"date:{month[:4]}"), facet(f"date:{month}")]
    begun = {typed(word.folded) for text in [publication.headline, *names] for word in words(text)}
    return Document(
        publication,
        (
            _stems([article.title]),
            _stems(labels),
            _stems([article.lead_caption, article.lead_alt, *body.captions]),
            _stems([*body.text, *corrections]),
        ),
        [*marks, *sorted(begun)],
        " ".join(facets),
        month,
    )


def _stems(texts: Iterable[str]) -> list[str]:
    return [word.stem for text in texts for word in words(text)]


def _gathered(rows: Any, column: str, by: str = "article_id") -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for pk, text in rows.order_by("pk").values_list(by, column):
        found.setdefault(pk, []).append(text)
    return found


def _collect(value: Any, key: str, found: Passages) -> None:
    """Take in what stands under the keys that hold words, however deep."""
    if isinstance(value, str):
        if key in _CAPTIONS:
            found.captions.append(value)
        elif key in _WORDS:
            found.text.extend(_paragraphs(value))
    elif isinstance(value, Mapping):
        if "image" in value and not value["image"]:
            return  # the picture is gone, and its words with it
        for name, inner in value.items():
            # A list's items are wrapped, and stand under the key of the list.
            _collect(inner, key if name in {"value", "table", "columns", "rows"} else name, found)
    elif isinstance(value, Sequence):
        for inner in value:
            _collect(inner, key, found)


def _paragraphs(text: str) -> Iterator[str]:
    if "<" not in text and "&" not in text:
        yield text
        return
    for one in _ENDS.split(text):
        if plain := html.unescape(_TAG.sub("", one)).strip():
            yield plain
