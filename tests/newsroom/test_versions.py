"""The public history: on or off, what it shows and what it never does."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Revision

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Version
from stoppress.newsroom.prose import Selector
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "text", "id": "a", "value": "<p>The ferry sank at nine. Nobody was hurt.</p>"},
    {"type": "subheading", "id": "b", "value": "What we know"},
    {"type": "text", "id": "c", "value": "<p>Last paragraph.</p>"},
]


@pytest.fixture
def is_on(settings: Any) -> None:
    settings.STOPPRESS_PUBLIC_HISTORY = True


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    return ArticleFactory(section=publication.world, slug="ferry", headline="A ferry sinks", body=BODY)


def read(store: Path, path: str) -> str:
    assert actions.drain().failed == []
    return (store / f"pages{path}index.html").read_text(encoding="utf-8")


def is_there(store: Path, path: str) -> bool:
    assert actions.drain().failed == []
    return (store / f"pages{path}index.html").exists()


def publish(article: Article, **fields: Any) -> Article:
    now = Article.objects.get(pk=article.pk)
    for name, value in fields.items():
        setattr(now, name, value)
    now.save_revision().publish()
    return Article.objects.get(pk=article.pk)


HISTORY = "/world/ferry/versions/"


def test_off_there_is_none(article: Article, store: Path) -> None:
    publish(article, title="A ferry has sunk")
    assert HISTORY not in read(store, article.public_path)
    assert not is_there(store, HISTORY)
    assert not Version.objects.exists()


def test_on_readers_see_each_version_and_its_changes(
    is_on: None, article: Article, store: Path, tmp_path: Path
) -> None:
    assert "/versions/" not in read(store, article.public_path)
    body = [BODY[1], {**BODY[0], "value": "<p>The ferry sank at ten. Nobody was hurt.</p>"}]
    body.append({"type": "quote", "id": "d", "value": {"quote": "It was dark.", "attribution": "The captain"}})
    publish(article, title="A ferry has sunk", body=body)
    assert HISTORY in read(store, article.public_path)
    publish(article, updated_at=timezone.now(), update_note="All are safe")
    read(store, HISTORY)
    wrong = Selector("Nobody was hurt.")
    newsroom.correct_article(article, newsroom.Mistake(text="One was.", place="a", wrong=wrong, right="One was hurt."))
    html = read(store, HISTORY)
    assert [part.split('"')[0] for part in html.split('data-kind="')[1:]] == [
        "corrected",
        "updated",
        "minor",
        "published",
    ]
    for words in (
        "A ferry <del>sinks</del><ins>has sunk</ins>",
        "sank at <del>nine</del><ins>ten</ins>",
        "<del>Nobody</del><ins>One</ins> was hurt.",
        "<del>Last paragraph.</del>",
        "<ins>It was dark. The captain</ins>",
        "Moved down",
        "All are safe",
        "<p>One was.</p>",
    ):
        assert words in html, words
    oracle.assert_true(tmp_path / "fresh")


def test_what_was_never_public_and_what_is_no_more_stays_out(is_on: None, article: Article, store: Path) -> None:
    read(store, article.public_path)
    draft = Article.objects.get(pk=article.pk)
    draft.title = "SECRET draft"
    draft.save_revision()
    now = publish(article, title="A ferry has sunk")
    assert "SECRET" not in read(store, HISTORY)
    newsroom.unpublish_page(now)
    assert not is_there(store, HISTORY)
    publish(article, title="A ferry has sunk again")
    assert is_there(store, HISTORY)
    Article.objects.get(pk=article.pk)
    newsroom.kill_article(Article.objects.get(pk=article.pk), "A court says so.")
    assert not is_there(store, HISTORY)
    assert Address.objects.get(path=HISTORY).state == Address.State.GONE


def test_an_embargo_hides_it(is_on: None, article: Article, store: Path) -> None:
    read(store, article.public_path)
    now = publish(article, title="A ferry has sunk")
    assert is_there(store, HISTORY)
    now.embargo_until = timezone.now() + timedelta(days=1)
    now.save()
    assert not is_there(store, HISTORY)


def test_publishing_the_same_again_is_no_version(is_on: None, article: Article, store: Path) -> None:
    read(store, article.public_path)
    publish(article)
    assert not is_there(store, HISTORY)


def test_one_is_withheld_with_a_reason(is_on: None, article: Article, store: Path, tmp_path: Path) -> None:
    read(store, article.public_path)
    publish(article, title="A ferry of LIBEL sinks")
    read(store, HISTORY)
    publish(article, title="A ferry has sunk")
    assert "LIBEL" in read(store, HISTORY)
    second = Version.objects.order_by("pk")[1]
    with pytest.raises(ValidationError):
        newsroom.withhold_version(second, "\x00")
    newsroom.withhold_version(second, "A court\x00 says so.")
    html = read(store, HISTORY)
    assert "LIBEL" not in html
    assert "One version is not shown" in html
    assert "A ferry <del>sinks</del><ins>has sunk</ins>" in html
    oracle.assert_true(tmp_path / "fresh")
    newsroom.withhold_version(second, "Overturned.", is_withheld=False)
    assert "LIBEL" in read(store, HISTORY)


def test_pruning_keeps_what_is_public(article: Article, store: Path, settings: Any) -> None:
    read(store, article.public_path)
    settings.STOPPRESS_PUBLIC_HISTORY = True
    for number in range(6):
        article = newsroom.update_article(article, DraftFactory(slug="ferry", headline=f"Ferry {number}"))
        read(store, article.public_path)
        for _ in range(2):
            Article.objects.get(pk=article.pk).save_revision()
    Revision.objects.update(created_at=timezone.now() - timedelta(days=400))
    newsroom.prune_revisions(1, timezone.now() - timedelta(days=180))
    assert Version.objects.filter(article_id=article.pk).count() == 6
    assert "Ferry <del>0</del><ins>1</ins>" in read(store, HISTORY)
    settings.STOPPRESS_PUBLIC_HISTORY = False
    newsroom.prune_revisions(1, timezone.now() - timedelta(days=180))
    assert Version.objects.filter(article_id=article.pk).count() <= 1


def test_switched_on_and_off_it_is_found_without_a_mark(
    article: Article, store: Path, settings: Any, tmp_path: Path
) -> None:
    read(store, article.public_path)
    settings.STOPPRESS_PUBLIC_HISTORY = True
    assert oracle.unmarked() == [f"page:{article.pk}"]
    actions.mark(*oracle.unmarked())
    read(store, article.public_path)
    publish(article, title="A ferry has sunk")
    assert is_there(store, HISTORY)
    settings.STOPPRESS_PUBLIC_HISTORY = False
    assert oracle.unmarked() == [f"page:{article.pk}"]
    actions.mark(*oracle.unmarked())
    assert not is_there(store, HISTORY)
