"""What the desk says before an article is published, and what the publisher has made mandatory."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import Article, MissedTime
from stoppress.newsroom.preflight import look
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory

pytestmark = pytest.mark.django_db


def codes(article: Article) -> list[str]:
    return [one.code for one in look(article)]


def test_one_that_is_as_it_should_be_has_no_findings(publication: SmallPublication) -> None:
    picture = PictureFactory(credit="Ada")
    other = ArticleFactory(section=publication.world)
    assert actions.drain().failed == []
    link = f'<p><a linktype="page" id="{other.pk}">there</a>, <a href="{other.public_path}">here</a>, '
    body = [
        {"type": "text", "value": link + '<a href="https://elsewhere.example/x">elsewhere</a></p>'},
        {"type": "image", "value": {"image": picture.pk, "alt": "A field", "caption": ""}},
        {"type": "quote", "value": {"quote": "Yes.", "attribution": "Bo"}},
        {"type": "related_link", "value": {"page": other.pk, "url": "", "title": ""}},
    ]
    assert codes(ArticleFactory(section=publication.world, authors=[AuthorFactory()], body=body)) == []


def test_each_thing_that_is_missing_is_named(publication: SmallPublication) -> None:
    picture = PictureFactory(credit="", alt="")
    picture.rights_expire_at = timezone.now() - timedelta(days=1)
    picture.save()
    gone = ArticleFactory(section=publication.world, headline="It was here")
    assert actions.drain().failed == []
    newsroom.unpublish_page(gone)
    assert actions.drain().failed == []
    links = (
        f'<p><a linktype="page" id="{gone.pk}">a</a> <a href="/nowhere/">b</a> <a linktype="document" id="99">c</a></p>'
    )
    body = [
        {"type": "text", "value": links},
        {"type": "gallery", "value": {"title": "", "pictures": [{"image": picture.pk, "alt": "", "caption": ""}]}},
        {"type": "quote", "value": {"quote": "Somebody said this.", "attribution": ""}},
    ]
    article = ArticleFactory(section=publication.world, standfirst="", headline="Long " * 20, body=body)
    found = {one.code: one.text for one in look(article)}
    assert set(found) == {"headline", "standfirst", "byline", "alt", "credit", "rights", "quote", "links"}
    told = " ".join(one.text for one in look(article) if one.code == "links")
    for words in ("It was here", "/nowhere/", "file"):
        assert words in told


def test_what_is_mandatory_holds_whichever_way_it_is_published(publication: SmallPublication, settings: Any) -> None:
    article = ArticleFactory(section=publication.world, headline="As it was")
    settings.STOPPRESS_REQUIRED_CHECKS = ["byline"]
    draft = Article.objects.get(pk=article.pk)
    draft.title = "As it should not be yet"
    revision = draft.save_revision()
    with pytest.raises(ValidationError, match="There is no byline"):
        revision.publish()
    with pytest.raises(ValidationError, match="There is no byline"):
        newsroom.publish_article(publication.world, DraftFactory(slug="new"), SuperuserFactory())
    assert not Article.objects.filter(slug="new").exists()
    revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    revision.save()
    keep_times(timezone.now())
    assert Article.objects.get(pk=article.pk).title == "As it was"
    assert "There is no byline" in MissedTime.objects.get().error
    # A mistake can be put right all the same, and an import is not kept out.
    newsroom.correct_article(article, newsroom.Mistake(text="It was otherwise."))
    newsroom.publish_article(publication.world, DraftFactory(slug="imported"))
