"""Which shelves an article stands on, and which articles stand on a shelf, as the tables say now."""

from collections.abc import Iterable

from django.db.models import QuerySet

from stoppress.newsroom import keys
from stoppress.newsroom.models import SHELVES, Article, Shelf

_ON_SHELF = {"author": "bylines__author", "topic": "topics__topic", "story": "story", "series": "series"}


def articles_of(noun: str, pk: int) -> QuerySet[Article]:
    """The articles on a shelf, whatever their state, in no order; one may come twice."""
    found: QuerySet[Article] = Article.objects.order_by()
    return found.filter(**{_ON_SHELF[noun]: pk}) if noun in _ON_SHELF else found.none()


def shelf_at(noun: str, slug: str) -> Shelf | None:
    """The shelf with this address."""
    kind = SHELVES.get(noun)
    return kind._default_manager.filter(slug=slug).first() if kind is not None else None


def shelf_of(key: str) -> Shelf | None:
    """The shelf with this surrogate key; ``None`` when it is gone, or is none."""
    noun, _, pk = key.partition(":")
    kind = SHELVES.get(noun)
    return kind._default_manager.filter(pk=int(pk)).first() if kind is not None and pk.isdigit() else None


def is_shelf(key: str) -> bool:
    """Whether ``key`` names a shelf (``topic:3``)."""
    noun, _, pk = key.partition(":")
    return noun in SHELVES and pk.isdigit()


def lists_of(article: Article, authors: Iterable[int], topics: Iterable[int]) -> set[str]:
    """Names of the lists of all shelves that ``article`` stands on, with these authors and topics."""
    found = {keys.shelf("author", pk) for pk in authors} | {keys.shelf("topic", pk) for pk in topics}
    if article.story_id:
        found.add(keys.shelf("story", article.story_id))
    if article.series_id:
        found.add(keys.shelf("series", article.series_id))
    return found
