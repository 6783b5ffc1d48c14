"""From a reporter to readers, by section; and four eyes where a section needs them."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState, Workflow, WorkflowPage
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from stoppress.accounts.models import AuditEntry, Event, Role, User
from stoppress.newsroom import actions
from stoppress.newsroom.actions.workflow import ensure_workflow, publish_in_emergency
from stoppress.newsroom.mails import desk_of
from stoppress.newsroom.models import Article, SectionDesk
from tests.factories.accounts import PASSWORD, SuperuserFactory, somebody
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


def at_desk(user: User) -> Client:
    client = Client()
    assert client.login(username=user.username, password=PASSWORD)
    return client


def content(headline: str, **more: str) -> dict[str, Any]:
    """An article's form as the desk sends it."""
    inlines = {name: {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0} for name in INLINES}
    empty = dict.fromkeys(FIELDS, "")
    return nested_form_data(
        {
            **empty,
            "title": headline,
            "slug": headline.lower().replace(" ", "-"),
            "design": "standard",
            "display": "standard",
            "body": streamfield([("text", rich_text("<p>It happened.</p>"))]),
            **{name: nested(forms) for name, forms in inlines.items()},
            **more,
        }
    )


INLINES = ("bylines", "topics", "corrections", "comments")
FIELDS = ("standfirst", "kicker", "lead_alt", "lead_caption", "dateline_place", "update_note", "search_description")


def nested(forms: dict[str, int]) -> dict[str, Any]:
    return {**forms, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}


def write(client: Client, section: Any, headline: str, **more: str) -> tuple[Article, Any]:
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk])
    answer = client.post(address, content(headline, **more), follow=True)
    return Article.objects.get(draft_title=headline), answer


def change(client: Client, article: Article, headline: str, **more: str) -> Any:
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    return client.post(address, content(headline, **more), follow=True)


def act(client: Client, article: Article, action: str, **more: str) -> int:
    state = article.current_workflow_task_state
    if state is None:
        return 0
    address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, action, state.pk])
    return client.post(address, more, follow=False).status_code


@pytest.fixture
def _tasks_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def strict(publication: Any) -> Any:
    """World needs four eyes."""
    publication.world.needs_four_eyes = True
    publication.world.save()
    return publication.world


@pytest.mark.usefixtures("_tasks_at_once")
def test_a_reporter_submits_and_the_sections_editor_is_told_and_publishes(publication: Any) -> None:
    SuperuserFactory()
    reporter, editor = somebody(Role.REPORTER), somebody(Role.SECTION_EDITOR, publication.world)
    elsewhere, publisher = somebody(Role.SECTION_EDITOR, publication.local), somebody(Role.PUBLISHER)
    article, _answer = write(at_desk(reporter), publication.world, "A bridge opens", **{"action-submit": "1"})
    assert [sent.to for sent in mail.outbox] == [[editor.email]]
    assert "A bridge opens" in mail.outbox[0].subject
    waiting = [
        bool(SectionDesk.objects.get().get_task_states_user_can_moderate(user))
        for user in (reporter, editor, elsewhere, publisher)
    ]
    assert waiting == [False, True, False, True]
    assert act(at_desk(elsewhere), article, "approve") != 200 or not Article.objects.get(pk=article.pk).live
    assert act(at_desk(reporter), article, "approve") != 200 or not Article.objects.get(pk=article.pk).live
    assert not Article.objects.get(pk=article.pk).live
    act(at_desk(editor), article, "reject", comment="Who paid for it?")
    assert [sent.to for sent in mail.outbox[1:]] == [[reporter.email]]
    assert "Who paid for it?" in str(mail.outbox[-1].body)
    change(at_desk(reporter), article, "A bridge opens at last", **{"action-restart-workflow": "1"})
    act(at_desk(editor), Article.objects.get(pk=article.pk), "approve")
    out = Article.objects.get(pk=article.pk)
    assert (out.live, out.title) == (True, "A bridge opens at last")


def test_mail_that_cant_be_sent_keeps_nobody_from_submitting(publication: Any, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    reporter = somebody(Role.REPORTER)
    article, answer = write(at_desk(reporter), publication.world, "Submitted all the same", **{"action-submit": "1"})
    assert answer.status_code == 200
    assert TaskState.objects.filter(status="in_progress").count() == 1
    assert article.current_workflow_task is not None


def test_who_is_told_is_who_is_nearest(publication: Any) -> None:
    inner = actions.create_section(publication.world, "Asia", "asia")
    article = ArticleFactory(section=inner)
    publisher = somebody(Role.PUBLISHER)
    assert desk_of(article) == [publisher]
    editor = somebody(Role.SECTION_EDITOR, publication.world)
    assert desk_of(article) == [editor]
    assert desk_of(article, but=editor.pk) == [publisher]


def test_the_workflow_is_made_once_and_left_as_somebody_changed_it(publication: Any) -> None:
    placed = WorkflowPage.objects.get(page=publication.home)
    assert placed.workflow.tasks.get().specific == SectionDesk.objects.get()
    placed.delete()
    ensure_workflow()
    assert not WorkflowPage.objects.filter(page=publication.home).exists()
    assert Workflow.objects.filter(name="Section desk").count() == 1


def test_where_four_eyes_are_needed_nobody_publishes_alone(strict: Any) -> None:
    editor, other = (somebody(Role.SECTION_EDITOR, strict) for _ in range(2))
    article, answer = write(at_desk(editor), strict, "Mine alone", **{"action-publish": "1"})
    assert not article.live
    assert "Your words are kept, not published" in answer.content.decode()
    for user in (editor, other, SuperuserFactory()):
        change(at_desk(user), article, "Mine alone", **{"action-publish": "1"})
        bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
        at_desk(user).post(f"{bulk}?id={article.pk}", {"confirm": "yes"})
        assert not Article.objects.get(pk=article.pk).live
        with pytest.raises(PermissionDenied):
            actions.publish_article(strict, DraftFactory(slug="b"), user)
        with pytest.raises(PermissionDenied):
            actions.update_article(Article.objects.get(pk=article.pk), DraftFactory(slug="c"), user)
    planned, _answer = write(
        at_desk(editor), strict, "Planned", **{"action-publish": "1", "go_live_at": "2030-01-01 10:00"}
    )
    assert planned.scheduled_revision is None


def test_it_goes_out_when_somebody_else_approves_it_as_it_is(strict: Any) -> None:
    writer, other = (somebody(Role.SECTION_EDITOR, strict) for _ in range(2))
    article, _answer = write(at_desk(writer), strict, "Seen by two", **{"action-submit": "1"})
    act(at_desk(writer), article, "approve")
    assert not Article.objects.get(pk=article.pk).live
    changed = {"action-workflow-action": "1", "workflow-action-name": "approve"}
    answer = change(at_desk(other), article, "Seen by two and changed", **changed)
    now = Article.objects.get(pk=article.pk)
    assert (now.live, now.draft_title) == (False, "Seen by two and changed"), "changed and approved by one"
    assert "Your words are kept, not published" in answer.content.decode()
    act(at_desk(other), now, "approve")
    assert not Article.objects.get(pk=article.pk).live
    act(at_desk(somebody(Role.PUBLISHER)), now, "approve")
    out = Article.objects.get(pk=article.pk)
    assert (out.live, out.title) == (True, "Seen by two and changed")


def test_an_emergency_is_for_publishers_and_is_written_down(strict: Any) -> None:
    writer, publisher = somebody(Role.SECTION_EDITOR, strict), somebody(Role.PUBLISHER)
    article, _answer = write(at_desk(writer), strict, "It burns")
    address = reverse("desk:publish_in_emergency", args=[article.pk])
    at_desk(writer).post(address, {"reason": "Because"})
    with pytest.raises(PermissionDenied):
        publish_in_emergency(article, "Because", writer)
    with pytest.raises(ValidationError):
        publish_in_emergency(article, " \x00", publisher)
    assert not Article.objects.get(pk=article.pk).live
    desk = at_desk(publisher)
    assert address in desk.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert desk.get(address).status_code == 200
    desk.post(address, {"reason": "Nobody else is awake"})
    assert Article.objects.get(pk=article.pk).live
    entry = AuditEntry.objects.get(event=Event.EMERGENCY)
    assert (entry.actor, entry.about, entry.details["reason"]) == (
        publisher.username,
        "It burns",
        "Nobody else is awake",
    )


def test_a_live_story_does_not_slip_in_from_elsewhere_and_only_a_publisher_lifts_the_rule(
    publication: Any, strict: Any
) -> None:
    editor = somebody(Role.SECTION_EDITOR, publication.home)
    live = ArticleFactory(section=publication.local)
    with pytest.raises(PermissionDenied):
        actions.move_page(live, strict, editor)
    form = at_desk(editor).get(reverse("wagtailadmin_pages:edit", args=[strict.pk])).content.decode()
    assert "needs_four_eyes" not in form
    form = at_desk(somebody(Role.PUBLISHER)).get(reverse("wagtailadmin_pages:edit", args=[strict.pk])).content.decode()
    assert "needs_four_eyes" in form
