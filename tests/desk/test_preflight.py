"""Warnings and what is mandatory, as the desk's own screens show them: never a 500, never a lost word."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment, GroupApprovalTask, Workflow, WorkflowTask
from wagtail.test.utils.form_data import inline_formset

from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import add, form
from tests.factories.accounts import SuperuserFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(SuperuserFactory())
    return client


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    made = ArticleFactory(section=publication.world, headline="As it was")
    draft = Article.objects.get(pk=made.pk)
    draft.title = "A draft without a byline"
    draft.save_revision()
    return Article.objects.get(pk=made.pk)


def is_unharmed(article: Article) -> bool:
    now = Article.objects.get(pk=article.pk)
    return (now.title, now.get_latest_revision_as_object().title) == ("As it was", "A draft without a byline")


def test_a_warning_is_no_wall(chief: Client, publication: SmallPublication) -> None:
    reply = add(chief, publication.world, headline="New", slug="new")
    assert reply.status_code == 302
    made = Article.objects.get(slug="new")
    assert made.live
    page = chief.get(reverse("wagtailadmin_pages:edit", args=[made.pk])).content.decode()
    assert "There is no byline." in page
    assert "Must be:" not in page
    assert "There is no byline." in chief.get(reverse("desk:checks", args=[made.pk])).content.decode()


def test_the_form_says_what_is_mandatory(chief: Client, publication: SmallPublication, settings: Any) -> None:
    settings.STOPPRESS_REQUIRED_CHECKS = ["byline", "standfirst"]
    reply = add(chief, publication.world, headline="New", slug="new", standfirst="")
    assert reply.status_code == 200
    assert "There is no byline." in reply.content.decode()
    assert not Article.objects.filter(slug="new").exists()
    draft = form("New", "new", standfirst="")
    del draft["action-publish"]
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", publication.world.pk])
    assert chief.post(address, draft).status_code == 302
    bylines = inline_formset([{"author": AuthorFactory().pk, "role": "writer"}])
    assert add(chief, publication.world, headline="Newer", slug="newer", bylines=bylines).status_code == 302
    assert Article.objects.get(slug="newer").live


def test_bulk_publishing_says_so(chief: Client, article: Article, settings: Any) -> None:
    settings.STOPPRESS_REQUIRED_CHECKS = ["byline"]
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    reply = chief.post(f"{bulk}?id={article.pk}", {"include_descendants": ""}, follow=True)
    assert "It was not published. There is no byline." in reply.content.decode()
    assert is_unharmed(article)


def test_approval_says_so_and_the_story_stays_in_review(chief: Client, article: Article, settings: Any) -> None:
    workflow, task = Workflow.objects.create(name="W"), GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    workflow.start(article, None)
    settings.STOPPRESS_REQUIRED_CHECKS = ["byline"]
    state = article.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk])
    reply = chief.post(address, {}, follow=True)
    assert "It was not published. There is no byline." in reply.content.decode()
    assert is_unharmed(article)
    assert Article.objects.get(pk=article.pk).current_workflow_state is not None


def test_editors_comment_on_articles(chief: Client, article: Article) -> None:
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert "comments-data" in chief.get(address).content.decode()
    draft = form("Asked about", article.slug)
    del draft["action-publish"]
    asked = {"text": "Who said so?", "contentpath": "standfirst", "position": "", "id": "", "resolved": ""}
    draft |= {f"comments-0-{name}": value for name, value in asked.items()} | {"comments-TOTAL_FORMS": "1"}
    draft |= {"comments-0-replies-TOTAL_FORMS": "0", "comments-0-replies-INITIAL_FORMS": "0"}
    assert chief.post(address, draft).status_code == 302
    assert Comment.objects.get().text == "Who said so?"
    assert "Who said so?" in chief.get(address).content.decode()


def test_the_draft_saves_itself(chief: Client, article: Article) -> None:
    page = chief.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "w-autosave" in page
    draft = form("Saved by itself", article.slug)
    del draft["action-publish"]
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    reply = chief.post(address, draft, headers={"accept": "application/json"})
    assert reply.status_code == 200
    assert reply.json()["success"] is True
    now = Article.objects.get(pk=article.pk)
    assert (now.title, now.get_latest_revision_as_object().title) == ("As it was", "Saved by itself")
