"""What the home page says besides its slots: of when it is."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory
from tests.newsroom.test_pages import page
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

SIX = datetime(2020, 11, 26, 18, 0, tzinfo=UTC)
DATED = re.compile(r'class="dated">.*?datetime="([^"]+)"><span>([^<]+)</span>([^<]+)<')


def test_the_front_is_dated_by_its_newest_story_and_by_no_clock(publication: SmallPublication, store: Path) -> None:
    assert DATED.search(page(store, "/")) is None
    ArticleFactory(section=publication.world, published_at=SIX - timedelta(days=1))
    newest = ArticleFactory(section=publication.world, published_at=SIX - timedelta(minutes=2))
    dated = DATED.search(page(store, "/"))
    assert dated is not None
    assert dated.groups() == ("2020-11-26T17:58:00Z", "Thursday,", " 26 November 2020, 17:58")
    old = ArticleFactory(section=publication.local, published_at=SIX - timedelta(days=3))
    assert "2020-11-26T17:58:00Z" in page(store, "/")
    old.updated_at = SIX
    old.save_revision().publish()
    assert DATED.search(page(store, "/"))[1] == "2020-11-26T18:00:00Z"  # type: ignore[index]
    newsroom.unpublish_page(Article.objects.get(pk=old.pk))
    assert DATED.search(page(store, "/"))[1] == "2020-11-26T17:58:00Z"  # type: ignore[index]
    newsroom.unpublish_page(newest)
    assert DATED.search(page(store, "/"))[1] == "2020-11-25T18:00:00Z"  # type: ignore[index]
    oracle.assert_true(store.parent / "fresh")
