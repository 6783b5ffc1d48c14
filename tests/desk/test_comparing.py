"""What changed between two revisions, for somebody who is no programmer."""

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory

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
