"""From what a reader asks to a page of what was found.

Whatever the index says, only what is public at this moment counts: not in hits, not in counts, not in suggestions.
The newest :data:`DEPTH` of what matches are looked at, ranked and counted, so a search costs the same in any archive.
"""

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import Page

from stoppress.newsroom.models import Article, Author, Publication, Topic
from stoppress.newsroom.pages import Card, cards_of
from stoppress.newsroom.restricted import restricted_paths
from stoppress.search import corrections, documents, snippets
from stoppress.search.actions import PLACES_PER_SECOND
from stoppress.search.engines import engine, facet, typed
from stoppress.search.limits import SEARCH_SECONDS
from stoppress.search.models import Entry
from stoppress.search.queries import SHORTEST_PREFIX, Query, Term, parse
from stoppress.search.words import is_alone, words

FRONT = "/-/search/"
PAGE = 10
DEPTH = 500
SHOWN = 8
"""Values of a facet that are shown: those with the most results."""
SUGGESTIONS = 6
LOOKED_AT_FOR_SUGGESTIONS = 50
YEAR_SECONDS = 365 * 86_400
IDS = ("section", "author", "topic")
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks.

    Attributes:
        facets: what it is narrowed down to, each as its mark is named (``section`` → ``section:3``).
        order: :data:`NEWEST`, or empty for the best first.
    """

    query: Query = field(default_factory=Query)
    facets: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    number: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str], number: int = 1) -> "Asked":
        """Read an address; what can't be meant is left out."""
        facets = {}
        for name in IDS:
            value = given.get(name, "")
            if value.isascii() and value.isdigit() and len(value) <= 12:
                facets[name] = f"{name}:{int(value)}"
        if given.get("design") in Article.Design.values:
            facets["design"] = f"design:{given['design']}"
        when = given.get("date", "")
        if when.isascii() and when.isdigit() and (len(when) == 4 or (len(when) == 6 and 1 <= int(when[4:]) <= 12)):
            facets["date"] = f"date:{when}"
        return cls(parse(given.get("q", "")), facets, NEWEST if given.get("sort") == NEWEST else "", number)

    def __bool__(self) -> bool:
        return bool(self.query.text or self.facets)

    def address(self, number: int = 1) -> str:
        """Where this is found, at page ``number``."""
        path = FRONT if number == 1 else f"{FRONT}page/{number}/"
        values = {"q": self.query.text, **{name: key.partition(":")[2] for name, key in self.facets.items()}}
        if self.order:
            values["sort"] = self.order
        text = urlencode({name: value for name, value in values.items() if value})
        return f"{path}?{text}" if text else path

    def narrowed(self, name: str, key: str) -> "Asked":
        """The same with one facet set, or with an empty ``key`` taken away."""
        facets = {**self.facets, name: key}
        return replace(self, facets={name: key for name, key in facets.items() if key}, number=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet."""

    label: str
    count: int
    address: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """What results can be narrowed down by."""

    name: str
    title: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found. ``headline`` and ``snippet`` are HTML."""

    card: Card
    headline: SafeString
    snippet: SafeString


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found.

    Attributes:
        count: how many in all, at most :data:`DEPTH`.
        is_more: whether there are more than that, older ones.
        meant: another query that would find something; empty without one.
    """

    asked: Asked
    count: int
    is_more: bool
    hits: list[Hit]
    facets: list[Facet]
    meant: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class _Found:
    page_id: int
    place: int
    rank: float
    lists: str
    design: str
    month: str


def find(asked: Asked) -> Results:
    """A page of results.

    Raises:
        TooSlowError: it took too long and was broken off.
    """
    if asked.query.text and not asked.query:
        return Results(asked, 0, False, [], [])  # signs without a word
    is_ranked = bool(asked.order != NEWEST and asked.query.groups)
    with engine().bounded(SEARCH_SECONDS):
        found = _candidates(asked.query, list(map(facet, asked.facets.values())), DEPTH + 1, is_ranked=is_ranked)
        meant = ""
        if not found and asked.query.groups:
            meant = corrections.correct(asked.query, lambda query: bool(_candidates(query, [], SUGGESTIONS)))
    is_more = len(found) > DEPTH
    found = found[:DEPTH]
    hits: list[Hit] = []
    if asked:
        if is_ranked:
            found.sort(key=_score(), reverse=True)
        first = (asked.number - 1) * PAGE
        hits = _hits([one.page_id for one in found[first : first + PAGE]], asked.query.wanted)
    return Results(asked, len(found), is_more, hits, list(_facets(asked, found)), meant)


def suggest(typed_so_far: str) -> list[dict[str, str]]:
    """Headlines that what was typed so far may become, the newest first.

    Raises:
        TooSlowError: it took too long and was broken off.
    """
    said = list(words(parse(typed_so_far).text))
    if not said or not (is_alone(said[-1].folded) or len(said[-1].folded) >= SHORTEST_PREFIX):
        return []
    query = Query(groups=((Term((), (said[-1].folded,), is_prefix=True),),))
    marks = [typed(word.folded) for word in said[:-1]]
    with engine().bounded(SEARCH_SECONDS):
        found = _candidates(query, marks, LOOKED_AT_FOR_SUGGESTIONS)[:SUGGESTIONS]
    public = Publication.objects.in_bulk([one.page_id for one in found])
    return [
        {"headline": public[one.page_id].headline, "path": public[one.page_id].path}
        for one in found
        if one.page_id in public
    ]


def _candidates(query: Query, marks: Sequence[str], limit: int, *, is_ranked: bool = False) -> list[_Found]:
    """The newest that match and are public now, whatever the index says; the newest first."""
    restricted = restricted_paths()
    select, parameters = engine().select(query, marks, limit, is_ranked)
    entry, public, page, article = (model._meta.db_table for model in (Entry, Publication, Page, Article))
    statement = (
        f"SELECT e.page_id, e.place, f.rank, e.lists, e.design, e.month, w.path FROM ({select}) f "  # noqa: S608 - names of our tables
        f"JOIN {entry} e ON e.place = f.place "
        f"JOIN {public} p ON p.page_id = e.page_id AND p.is_live "
        f"JOIN {page} w ON w.id = e.page_id AND w.live AND w.alias_of_id IS NULL "
        f"JOIN {article} a ON a.page_ptr_id = e.page_id AND a.killed_at IS NULL "
        "AND (a.embargo_until IS NULL OR a.embargo_until <= %s) ORDER BY e.place DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, connection.ops.adapt_datetimefield_value(timezone.now())])
        rows = cursor.fetchall()
    return [_Found(*row[:6]) for row in rows if not any(row[6].startswith(path) for path in restricted)]


def _score() -> "_Score":
    return _Score(time.time())


@dataclass(frozen=True, slots=True)
class _Score:
    """How well it fits, and of two that fit alike the newer: what is new counts double, and half of that in time."""

    now: float

    def __call__(self, one: _Found) -> tuple[float, int]:
        age = max(0.0, self.now - one.place / PLACES_PER_SECOND) / YEAR_SECONDS
        return one.rank * (1 + math.exp(-age)), one.place


def _hits(page_ids: Sequence[int], terms: Sequence[Term]) -> list[Hit]:
    public = Publication.objects.in_bulk(page_ids)
    # The article as it is now: what was taken out of it a moment ago is in no snippet.
    articles = Article.objects.in_bulk(page_ids)
    shown = [pk for pk in page_ids if pk in public and pk in articles and not articles[pk].is_embargoed]
    cards = {card.key: card for card in cards_of([public[pk] for pk in shown])}
    hits = []
    for pk in shown:
        card = cards[public[pk].subject]
        article = articles[pk]
        texts = [text for text in (article.standfirst, *documents.passages(article.body).text) if text]
        hits.append(Hit(card, snippets.marked(article.title, terms), snippets.snippet(texts, terms)))
    return hits


def _facets(asked: Asked, found: Sequence[_Found]) -> Iterator[Facet]:
    lists = Counter(name for one in found for name in one.lists.split())
    titles = {"section": _("Section"), "author": _("Author"), "topic": _("Topic")}
    for name, title in titles.items():
        counts = {key: count for key, count in lists.items() if key.startswith(f"{name}:")}
        yield from _facet(asked, name, title, counts, _labels(name, counts))
    yield from _dates(asked, Counter(one.month for one in found if one.month))
    designs = Counter(f"design:{one.design}" for one in found)
    labels = {f"design:{value}": str(label) for value, label in Article.Design.choices}
    yield from _facet(asked, "design", _("Kind"), designs, labels)


def _facet(
    asked: Asked, name: str, title: str, counts: Mapping[str, int], labels: Mapping[str, str], *, by_count: bool = True
) -> Iterator[Facet]:
    chosen = asked.facets.get(name, "")
    if chosen:
        label = labels.get(chosen, "")
        # What nobody knows any more can still be taken away.
        choice = Choice(label or _("Unknown"), counts.get(chosen, 0), asked.narrowed(name, "").address(), True)
        yield Facet(name, title, [choice])
        return
    keys = [key for key in counts if labels.get(key)]
    keys.sort(key=lambda key: (-counts[key], labels[key]) if by_count else (0, key), reverse=not by_count)
    choices = [Choice(labels[key], counts[key], asked.narrowed(name, key).address()) for key in keys[:SHOWN]]
    if len(choices) > 1:
        yield Facet(name, title, choices)


def _labels(name: str, counts: Mapping[str, int]) -> dict[str, str]:
    """What the keys of a facet are called; those that are gone are left out."""
    most = sorted(counts, key=lambda key: -counts[key])[: 2 * SHOWN]
    ids = [int(key.partition(":")[2]) for key in most]
    if name == "section":
        named = Publication.objects.filter(pk__in=ids, is_live=True).values_list("pk", "headline")
    else:
        named = {"author": Author, "topic": Topic}[name]._default_manager.filter(pk__in=ids).values_list("pk", "name")
    return {f"{name}:{pk}": label for pk, label in named}


def _dates(asked: Asked, months: Counter[str]) -> Iterator[Facet]:
    """Years, and of a chosen or the only one its months."""
    chosen = asked.facets.get("date", "").partition(":")[2]
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[f"date:{month[:4]}"] += count
    labels = {key: key.partition(":")[2] for key in years}
    if not chosen and len(years) == 1:
        years = Counter({f"date:{month}": count for month, count in months.items()})
        labels = {f"date:{month}": _month(month) for month in months}
    if not chosen:
        yield from _facet(asked, "date", _("Date"), years, labels, by_count=False)
        return
    up = asked.narrowed("date", f"date:{chosen[:4]}" if len(chosen) == 6 else "").address()
    label = _month(chosen) if len(chosen) == 6 else chosen
    choices = [Choice(label, sum(months.values()), up, True)]
    if len(chosen) == 4 and len(months) > 1:
        choices += [
            Choice(_month(month), months[month], asked.narrowed("date", f"date:{month}").address())
            for month in sorted(months, reverse=True)
        ]
    yield Facet("date", _("Date"), choices)


def _month(month: str) -> str:
    start = date(int(month[:4]) or 1, int(month[4:]), 1)
    return f"{capfirst(str(MONTHS[start.month]))} {month[:4]}"
