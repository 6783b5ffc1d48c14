"""Thinning out histories: what must stay, stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Comment, GroupApprovalTask, Page, Revision, Workflow, WorkflowTask

from stoppress.media.models import Picture
from stoppress.newsroom import actions
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    """An article with ten revisions, the last of them live, all a year old."""
    made = ArticleFactory(section=publication.world, slug="ferry")
    for number in range(9):
        made = actions.update_article(made, DraftFactory(slug="ferry", headline=f"Ferry {number}"))
    age()
    return Article.objects.get(pk=made.pk)


def age() -> None:
    """Make every revision a year older."""
    for revision in Revision.objects.all():
        Revision.objects.filter(pk=revision.pk).update(created_at=revision.created_at - timedelta(days=365))


def prune(keep: int = 2, days: int = 180, *, is_dry: bool = False) -> int:
    return actions.prune_revisions(keep, timezone.now() - timedelta(days=days), is_dry=is_dry)


def history(article: Article) -> list[str]:
    """Headlines of what is left, oldest first."""
    return [content["title"] for content in article.revisions.order_by("pk").values_list("content", flat=True)]


def test_old_revisions_go_and_the_newest_stay(article: Article) -> None:
    assert prune(is_dry=True) == 8
    assert len(history(article)) == 10
    assert prune() == 8
    assert history(article) == ["Ferry 7", "Ferry 8"]
    assert prune() == 0
    article.refresh_from_db()
    assert article.live_revision is not None
    assert article.live_revision.content["title"] == "Ferry 8"


def test_young_revisions_stay(article: Article) -> None:
    assert prune(days=400) == 0
    actions.update_article(article, DraftFactory(slug="ferry", headline="Today"))
    assert prune(keep=1) == 10
    assert history(article) == ["Today"]


def test_what_readers_see_stays_behind_many_drafts(article: Article) -> None:
    live = article.live_revision
    for number in range(5):
        article.title = f"Draft {number}"
        article.save_revision()
    age()
    prune(keep=1)
    assert history(article) == ["Ferry 8", "Draft 4"]
    article.refresh_from_db()
    assert article.live_revision == live


def test_what_is_scheduled_stays(article: Article) -> None:
    scheduled = article.revisions.order_by("pk")[3]
    article.revisions.filter(pk=scheduled.pk).update(approved_go_live_at=timezone.now() + timedelta(days=1))
    prune(keep=1)
    assert history(article) == [scheduled.content["title"], "Ferry 8"]


def test_what_was_submitted_to_a_workflow_stays(article: Article) -> None:
    user = SuperuserFactory()
    workflow = Workflow.objects.create(name="Second pair of eyes")
    task = GroupApprovalTask.objects.create(name="Read")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    article.title = "Submitted"
    article.save_revision(user=user)
    state = workflow.start(article, user)
    state.cancel(user=user)
    for number in range(3):
        article.title = f"Draft {number}"
        article.save_revision()
    age()
    prune(keep=1)
    assert history(article) == ["Ferry 8", "Submitted", "Draft 2"]


def test_a_killed_article_keeps_everything(article: Article) -> None:
    assert actions.kill_article(article, "A court\x00 order").reason == "A court order"
    assert prune(keep=1) == 0
    assert len(history(article)) == 10


def test_a_picture_that_was_shown_long_ago_is_still_found_by_a_kill(
    publication: SmallPublication, django_capture_on_commit_callbacks: Any
) -> None:
    early, late = PictureFactory(colour="red"), PictureFactory(colour="blue")
    body = [{"type": "image", "value": {"image": early.pk, "alt": "", "caption": ""}}]
    article = ArticleFactory(section=publication.world, slug="ferry", headline="First", body=body)
    for number in range(3):
        actions.update_article(article, DraftFactory(slug="ferry", headline=f"Early {number}", lead_picture=early))
    for number in range(3):
        actions.update_article(article, DraftFactory(slug="ferry", headline=f"Late {number}", lead_picture=late))
    age()
    assert prune(keep=1) == 5
    assert history(article) == ["Early 2", "Late 2"]
    with django_capture_on_commit_callbacks(execute=True):
        actions.kill_article(Article.objects.get(pk=article.pk), "Privacy")
    assert set(Picture.objects.exclude(withdrawn_at=None)) == {early, late}


def test_an_editors_comment_moves_on_to_a_revision_that_stays(article: Article) -> None:
    oldest = article.revisions.order_by("pk").first()
    comment = Comment.objects.create(
        page=Page.objects.get(pk=article.pk), user=SuperuserFactory(), text="Who says?", contentpath="title",
        revision_created=oldest,
    )  # fmt: skip
    prune()
    comment.refresh_from_db()
    assert comment.revision_created in article.revisions.all()


def test_none_at_all_can_not_be_asked_for(article: Article) -> None:
    with pytest.raises(ValueError, match="always kept"):
        prune(keep=0)
