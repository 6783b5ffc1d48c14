"""What the publication says of itself, and the footer that leads there."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import StaticPage
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db

WORDS = [{"type": "text", "value": "<p>We correct what we got wrong.</p>"}]


def page(store: Path, path: str) -> str:
    assert actions.drain().failed == []
    return (store / f"pages{path}index.html").read_text(encoding="utf-8")


def footer(html: str) -> list[str]:
    return re.findall(r'href="([^"]+)"', html.partition("<footer")[2])


def test_an_editor_writes_one_at_the_desk(publication: SmallPublication, store: Path, client: Client) -> None:
    client.force_login(SuperuserFactory())
    body = streamfield([("text", rich_text("<p>Who we are.</p>"))])
    values = {"title": "About us", "slug": "about", "body": body, "show_in_menus": "on", "action-publish": "1"}
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "staticpage", publication.home.pk])
    values |= {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert client.post(address, nested_form_data(values)).status_code == 302
    html = page(store, "/about/")
    assert "Who we are." in html
    assert '<a href="/about/" aria-current="page">About us</a>' in html
    assert "/about/" in (store / "pages/sitemap/0.xml").read_text()


def test_every_footer_leads_there_in_the_order_of_the_tree(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world)
    newsroom.create_static_page(publication.home, "Standards", "standards", WORDS)
    newsroom.create_static_page(publication.home, "Imprint", "imprint", is_in_footer=False)
    about = newsroom.create_static_page(publication.home, "About", "about")
    assert footer(page(store, article.public_path))[1:3] == ["/standards/", "/about/"]
    about.move(StaticPage.objects.get(slug="standards"), pos="left")
    assert footer(page(store, "/world/"))[1:3] == ["/about/", "/standards/"]
    newsroom.unpublish_page(StaticPage.objects.get(slug="standards"))
    assert footer(page(store, "/"))[1:3] == ["/about/", "/corrections/"]
    assert Address.objects.get(path="/standards/").state == Address.State.GONE


def test_another_slug_redirects_and_links_follow(publication: SmallPublication, store: Path) -> None:
    static = newsroom.create_static_page(publication.home, "Privacy", "privacy", WORDS)
    text = f'<p>See <a linktype="page" id="{static.pk}">privacy</a>.</p>'
    article = ArticleFactory(section=publication.world, body=[{"type": "text", "value": text}])
    assert '<a href="/privacy/">privacy</a>' in page(store, article.public_path)
    static.slug = "your-data"
    static.save_revision().publish()
    assert '<a href="/your-data/">privacy</a>' in page(store, article.public_path)
    assert Address.objects.get(path="/privacy/").state == Address.State.MOVED


@pytest.mark.parametrize("slug", ["desk", "feed", "topic", "world", "-"])
def test_an_address_that_has_a_meaning_is_refused(publication: SmallPublication, slug: str) -> None:
    with pytest.raises(ValidationError):
        newsroom.create_static_page(publication.home, "Clash", slug)
    assert not StaticPage.objects.exists()
