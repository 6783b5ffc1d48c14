"""What the desk lists and finds, newest first, at a cost that does not grow with the archive."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from modelsearch.index import insert_or_update_object

from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


def test_a_section_lists_its_newest_articles_first(publication: SmallPublication, client: Client) -> None:
    client.force_login(SuperuserFactory())
    articles = [ArticleFactory(section=publication.world) for _ in range(3)]
    articles[0].save_revision()
    ArticleFactory(section=publication.sports)
    response = client.get(reverse("wagtailadmin_explore", args=[publication.world.pk]))
    assert [page.pk for page in response.context["object_list"]] == [one.pk for one in reversed(articles)]


def test_the_chooser_finds_beginnings_of_words_without_searching_once_more_for_each(
    publication: SmallPublication, client: Client
) -> None:
    client.force_login(SuperuserFactory())
    articles = [ArticleFactory(section=publication.world, headline=f"Harbour {number}") for number in range(3)]
    for article in articles:
        insert_or_update_object(article)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse("wagtailadmin_choose_page_search"), {"q": "harb"})
    found = [page.pk for page in response.context["pages"]]
    assert sorted(found) == sorted(one.pk for one in articles)
    if connection.vendor == "sqlite":
        assert "bm25" not in "".join(query["sql"] for query in captured)
