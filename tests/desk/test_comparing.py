"""What changed between two revisions, for somebody who is no programmer."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.newsroom.models import Article, Byline
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db


def test_words_blocks_and_pictures_are_compared_in_words(publication: SmallPublication, client: Client) -> None:
    client.force_login(SuperuserFactory())
    old, new = PictureFactory(title="The old bridge"), PictureFactory(title="The new bridge")
    body = [
        {"type": "text", "id": "a", "value": "<p>The bridge <b>opens</b> on Monday.</p>"},
        {"type": "image", "id": "b", "value": {"image": old.pk, "alt": "A bridge", "caption": ""}},
        {"type": "subheading", "id": "c", "value": "What it cost"},
    ]
    article = ArticleFactory(section=publication.world, headline="A bridge opens", body=body)
    draft = Article.objects.get(pk=article.pk)
    draft.title = "A bridge opens <late>"
    draft.body = [
        {"type": "subheading", "id": "c", "value": "What it cost"},
        {"type": "text", "id": "a", "value": "<p>The bridge opens on <b>Tuesday</b>.</p>"},
        {"type": "image", "id": "b", "value": {"image": new.pk, "alt": "A bridge", "caption": ""}},
        {"type": "quote", "id": "d", "value": {"quote": "At last.", "attribution": ""}},
    ]
    draft.save_revision()
    address = reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, "live", "latest"])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    html = client.get(address).content.decode()
    for words in (
        "Headline:",
        "A bridge opens<ins> &lt;late&gt;</ins>",
        "opens on <del>Monday</del><ins>Tuesday</ins>.",
        "Subheading: <strong>Moved up</strong>",
        "Picture: <strong>Another picture</strong>",
        "Before: The old bridge",
        "Now: The new bridge",
        "Quote: <strong>Added</strong>",
        "<ins>At last.</ins>",
    ):
        assert words in html, words
    assert "Title:" not in html


def test_everything_else_is_compared_as_the_desk_says_it(
    publication: SmallPublication, client: Client, settings: Any
) -> None:
    settings.TIME_ZONE = "Europe/Oslo"
    client.force_login(SuperuserFactory())
    ada, ben = AuthorFactory(name="Ada Lind"), AuthorFactory(name="Ben <b> Falk")
    old, new = PictureFactory(title="The old bridge"), PictureFactory(title="The new bridge")
    article = ArticleFactory(section=publication.world, lead_picture=old, lead_alt="A bridge", authors=[ada])
    draft = Article.objects.get(pk=article.pk)
    draft.updated_at = datetime(2020, 9, 24, 11, 0, tzinfo=UTC)
    draft.embargo_until = datetime(2031, 1, 2, 22, 30, tzinfo=UTC)
    draft.design, draft.lead_picture, draft.lead_is_decorative = Article.Design.OPINION, new, True
    # As a save from elsewhere gives them: the same author under another number, and one more.
    draft.bylines = [Byline(author=ada, sort_order=0), Byline(author=ben, role="editing", sort_order=1)]
    draft.save_revision()
    address = reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, "live", "latest"])
    html = client.get(address).content.decode()
    for words in (
        "<del>not set</del> → <ins>24 September 2020, 13:00</ins>",  # in the paper's zone
        "<ins>2 January 2031, 23:30</ins>",
        "<del>Report</del> → <ins>Opinion</ins>",
        "<del>no</del> → <ins>yes</ins>",
        "Ada Lind, <ins>Ben &lt;b&gt; Falk (Editing)</ins>",
        "Before: The old bridge",
        "Now: The new bridge",
    ):
        assert words in html, words
    assert "None" not in html.split("<tbody>")[1].split("</tbody>")[0]
    assert "+00:00" not in html
