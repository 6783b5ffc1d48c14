"""What follows from many articles at once and can wait."""

from collections.abc import Sequence

from django.db import transaction
from django_tasks import task
from modelsearch.backends import get_search_backends
from wagtail.models import ReferenceIndex

from stoppress.newsroom.models import Article


@task()
def index_articles(pks: Sequence[int]) -> None:
    """Enter articles in the desk's search and in its index of what uses what; those that are gone are left out."""
    articles = list(Article.objects.filter(pk__in=pks))
    for article in articles:
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(article)
    if articles and getattr(Article, "search_auto_update", True):
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(Article, articles)
