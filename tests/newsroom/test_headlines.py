"""Headlines for lists, for search and for sharing, each where it says."""

import re
from pathlib import Path

import pytest
from django.test import Client

from stoppress.newsroom.models import Article
from stoppress.newsroom.one_line import one_line
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import add
from tests.factories.accounts import SuperuserFactory
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


def page(store: Path, path: str, name: str = "index.html") -> str:
    assert actions.drain().failed == []
    return (store / f"pages{path}{name}").read_text(encoding="utf-8")


def test_each_headline_stands_where_it_says(publication: SmallPublication, store: Path) -> None:
    fields = {"short_headline": "Short", "seo_title": "For search", "share_headline": "For sharing"}
    article = ArticleFactory(section=publication.world, headline="The whole headline", fields=fields)
    html = page(store, article.public_path)
    assert "<title>For search – " in html
    assert 'property="og:title" content="For sharing"' in html
    assert re.search(r"<h1[^>]*>The whole headline</h1>", html)
    assert '"headline": "For search"' in html
    for path in ("/", "/world/"):
        assert "Short" in page(store, path)
        assert "The whole headline" not in page(store, path)
    assert "The whole headline" in page(store, "/feed/", "index.xml")


def test_without_them_the_headline_stands_everywhere(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, headline="One for all")
    html = page(store, article.public_path)
    assert html.count("One for all") >= 4
    assert "One for all" in page(store, "/world/")
    edited = Article.objects.get(pk=article.pk)
    edited.short_headline = "Now short"
    edited.save_revision().publish()
    assert "Now short" in page(store, "/world/")
    assert "One for all" in page(store, article.public_path)


def test_what_is_one_line_to_readers_stays_one_whatever_was_sent(client: Client, publication: SmallPublication) -> None:
    client.force_login(SuperuserFactory())
    words = {"headline": "Ferry \r\n is\nback\r", "slug": "ferry", "lead_caption": "At\n\nlow water"}
    assert add(client, publication.world, **words).status_code == 302
    article = Article.objects.get(slug="ferry")
    assert (article.title, article.lead_caption) == ("Ferry is back", "At low water")


def test_a_megabyte_of_blanks_holds_nobody_up() -> None:
    """Time that grows with the square of it would be hours."""
    blanks = " " * 2**20
    assert one_line(f"Ferry{blanks}is back") == f"Ferry{blanks}is back"
    assert one_line(f"Ferry{blanks}\nis{blanks}\r\nback") == "Ferry is back"
