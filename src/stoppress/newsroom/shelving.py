"""Which shelves an article stands on, and which articles stand on a shelf, as the tables say now."""

from collections.abc import Callable, Iterable

from stoppress.newsroom import keys
from stoppress.newsroom.models import SHELVES, Article, ArticleTopic, Byline, Shelf

_ARTICLES: dict[str, Callable[[int], Iterable[int]]] = {
    "author": lambda pk: Byline.objects.filter(author_id=pk).values_list("article_id", flat=True),
    "topic": lambda pk: ArticleTopic.objects.filter(topic_id=pk).values_list("article_id", flat=True),
    "story": lambda pk: Article.objects.filter(story_id=pk).order_by().values_list("pk", flat=True),
    "series": lambda pk: Article.objects.filter(series_id=pk).order_by().values_list("pk", flat=True),
}


def articles_of(noun: str, pk: int) -> set[int]:
    """Ids of the articles on a shelf, whatever their state."""
    return set(_ARTICLES[noun](pk)) if noun in _ARTICLES else set()


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


def lists_of(article: Article) -> set[str]:
    """Names of the lists of all shelves that ``article`` stands on."""
    found = {keys.shelf("author", byline.author_id) for byline in article.bylines.all()}
    found |= {keys.shelf("topic", use.topic_id) for use in article.topics.all()}
    if article.story_id:
        found.add(keys.shelf("story", article.story_id))
    if article.series_id:
        found.add(keys.shelf("series", article.series_id))
    return found
