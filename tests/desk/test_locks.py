"""Taking an article over from somebody who has it locked."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from stoppress.accounts.models import Role
from stoppress.newsroom import tasks
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, somebody
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    """Somebody has it locked."""
    made = ArticleFactory(section=publication.world, headline="A lock")
    Article.objects.filter(pk=made.pk).update(locked=True, locked_by=SuperuserFactory(), locked_at=timezone.now())
    return Article.objects.get(pk=made.pk)


def test_whoever_had_it_is_told(article: Article, client: Client, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    chief, other = SuperuserFactory(), article.locked_by
    client.force_login(chief)
    address = reverse("desk:take_over", args=[article.pk])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert client.post(address, {"note": " "}).status_code == 200
    assert Article.objects.get(pk=article.pk).locked_by == other
    assert client.post(address, {"note": "It goes\x00 out at six."}).status_code == 302
    now = Article.objects.get(pk=article.pk)
    assert (now.locked, now.locked_by) == (True, chief)
    assert "It goes out at six." in PageLogEntry.objects.get(action="stoppress.take_over").message
    tasks.tell_of_take_over.call(other.pk, chief.pk, article.pk, "It goes out at six.")
    assert mail.outbox[0].to == [other.email]
    assert "It goes out at six." in mail.outbox[0].body
    again = client.post(address, {"note": "Once more."}).content.decode()
    assert "Nobody else has locked this article now." in again


def test_a_reporter_takes_nothing_over(article: Article, client: Client) -> None:
    client.force_login(somebody(Role.REPORTER))
    client.post(reverse("desk:take_over", args=[article.pk]), {"note": "Mine."})
    assert Article.objects.get(pk=article.pk).locked_by == article.locked_by
