"""Whether the public history is on, which articles have one, and where."""

from django.conf import settings

from stoppress.newsroom.models import Article, Version

PLACE = "versions/"
"""Where it lies below the article."""


def is_on() -> bool:
    """Whether the publication shows its history."""
    return bool(settings.STOPPRESS_PUBLIC_HISTORY)


def shown_count(article_id: int) -> int:
    """How many versions of an article readers may see; a history begins with the second."""
    return Version.objects.filter(article_id=article_id, is_withheld=False).count() if is_on() else 0


def path_of(article: Article) -> str:
    """Where an article's history is, if it has one; ``""`` if not."""
    return article.public_path + PLACE if article.pk and article.path and shown_count(article.pk) > 1 else ""
