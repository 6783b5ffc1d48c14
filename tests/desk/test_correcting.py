"""An editor marks a sentence and says what is right; what comes of it is tested with the newsroom."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from stoppress.accounts.models import Role
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Correction, Version
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, somebody
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    body = [{"type": "text", "value": "<p>The mayor is 51. She was born in <i>Port Ada</i>.</p>"}]
    return ArticleFactory(section=publication.world, slug="mayor", headline="A mayor", body=body)


def value_of(html: str, sentence: str) -> str:
    found = re.search(rf'name="sentence" value="([^"]+)" required><span>{re.escape(sentence)}<', html)
    assert found is not None
    return found[1]


def fields(html: str) -> dict[str, str]:
    """The form's hidden fields as the browser would send them."""
    return dict(re.findall(r'<input type="hidden" name="(place|quote|before|after)" value="([^"]*)"', html))


def test_a_sentence_is_marked_and_put_right(article: Article, client: Client) -> None:
    client.force_login(SuperuserFactory())
    address = reverse("desk:correct", args=[article.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    marking = client.get(address).content.decode()
    assert "The mayor is 51." in marking
    query = {"sentence": value_of(marking, "She was born in Port Ada."), "revision": str(article.live_revision_id)}
    asking = client.get(address, query).content.decode()
    assert "She was born in Port Ada.</textarea>" in asking
    sent = fields(asking)
    assert sent["quote"] == "She was born in Port Ada."
    empty = client.post(address, sent | {"text": "", "right": "She was born in Ada Bay.", "is_put_right": "on"})
    assert "This field is required." in empty.content.decode()
    same = client.post(address, sent | {"text": "It was Ada Bay.", "right": sent["quote"], "is_put_right": "on"})
    assert "This is the sentence as it stands." in same.content.decode()
    assert not Correction.objects.exists()
    told = {"text": "She was born in Ada Bay.", "right": "She was born in Ada Bay.", "is_put_right": "on"}
    assert client.post(address, sent | told).status_code == 302
    one = Correction.objects.get()
    assert one.by is not None
    article.refresh_from_db()
    assert article.body.get_prep_value()[0]["value"] == "<p>The mayor is 51. She was born in <i>Ada Bay</i>.</p>"
    again = client.post(address, sent | told).content.decode()
    assert "This sentence stands there no more" in again
    assert "She was born in Ada Bay." in again


def test_the_story_changed_while_the_editor_was_marking(article: Article, client: Client) -> None:
    client.force_login(SuperuserFactory())
    address = reverse("desk:correct", args=[article.pk])
    marked = {"sentence": "1.0", "revision": str(article.live_revision_id)}
    article.save_revision().publish()
    assert client.get(address, marked).status_code == 302
    for nonsense in ("99.99", "²", "1.", "-1.0", "x" * 5000, "1.0.0"):
        revision = str(Article.objects.get(pk=article.pk).live_revision_id)
        assert client.get(address, {"sentence": nonsense, "revision": revision}).status_code == 302


def test_a_notice_alone_and_its_withdrawal(article: Article, client: Client) -> None:
    client.force_login(SuperuserFactory())
    address = reverse("desk:correct", args=[article.pk])
    asking = client.get(address, {"sentence": "whole", "revision": str(article.live_revision_id)}).content.decode()
    assert 'name="right"' not in asking
    assert client.post(address, {"text": "The picture showed another mayor."}).status_code == 302
    one = Correction.objects.get()
    withdraw = reverse("desk:withdraw", args=[one.pk])
    client.post(withdraw, {"reason": ""})
    one.refresh_from_db()
    assert one.withdrawn_at is None
    client.post(withdraw, {"reason": "It was her after all."})
    assert "It was her after all." in client.get(address).content.decode()


def test_only_who_may_publish_corrects(article: Article, client: Client) -> None:
    client.force_login(somebody(Role.REPORTER))
    address = reverse("desk:correct", args=[article.pk])
    assert client.get(address).status_code == 302
    assert client.post(address, {"text": "No."}).status_code == 302
    assert not Correction.objects.exists()
    client.force_login(SuperuserFactory())
    newsroom.unpublish_page(article)
    assert client.post(address, {"text": "No."}).status_code == 302
    assert not Correction.objects.exists()


def test_a_version_is_left_out_of_the_public_history(article: Article, client: Client, settings: Any) -> None:
    settings.STOPPRESS_PUBLIC_HISTORY = True
    client.force_login(SuperuserFactory())
    drain()
    address = reverse("desk:public_versions", args=[article.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    one = Version.objects.get()
    client.post(address, {"version": str(one.pk), "reason": ""})
    assert not Version.objects.get().is_withheld
    client.post(address, {"version": str(one.pk), "reason": "A court says so."})
    assert Version.objects.get().is_withheld
    assert "left out" in client.get(address).content.decode()
    assert client.post(address, {"version": "²", "reason": "x"}).status_code == 404
    assert PageLogEntry.objects.get(action="stoppress.withhold_version").message.endswith("A court says so.")
    client.force_login(somebody(Role.REPORTER))
    client.post(address, {"version": str(one.pk), "reason": "No."})
    assert Version.objects.get().is_withheld
