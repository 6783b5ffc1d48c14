"""Questions and answers: named people, a start and an end, questions read first, what is answered on top."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role, User
from stoppress.comments import actions, hooks
from stoppress.comments.models import Comment, State, Thread
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from stoppress.pagestore.models import Address
from tests.factories.accounts import UserFactory, somebody
from tests.factories.comments import reply_to
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    settings.STOPPRESS_COMMENTS = "open"


@pytest.fixture
def captain() -> User:
    made: User = UserFactory(username="captain", first_name="Ines", last_name="Falk", is_staff=False)
    return made


def ask_from(story: Article, captain: User, start: timedelta, end: timedelta, names: str = "") -> Thread:
    now = timezone.now()
    key = f"article:{story.pk}"
    return actions.set_question_time(key, now + start, now + end, [captain], somebody(Role.MODERATOR), names)


def test_questions_are_read_first_and_answers_stand_on_top(
    story: Article, captain: User, store: Path, tmp_path: Path
) -> None:
    ask_from(story, captain, -HOUR, HOUR)
    oracle.assert_true(tmp_path / "begun")
    assert "Ask Ines Falk until" in (store / "pages/world/ferry/index.html").read_text(encoding="utf-8")
    question, other = reply_to(story, "How fast is she?"), reply_to(story, "Who paints her?")
    assert {question.state, other.state} == {State.HELD}
    moderator = somebody(Role.MODERATOR)
    for one in (question, other):
        actions.decide(one, State.APPROVED, "approved", moderator)
    answer = reply_to(story, "Twelve *knots*.", to=question.public_id, user=captain)
    assert (answer.state, answer.is_answerer) == (State.APPROVED, True)
    oracle.assert_true(tmp_path / "answered")
    page = (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    on_top, below = page.split('class="thread"')
    assert "How fast is she?" in on_top
    assert "Twelve <em>knots</em>." in on_top
    assert "Who paints her?" not in on_top
    assert "Who paints her?" in below
    assert "Answers questions" in below
    assert "Ask Ines Falk until" in page
    actions.decide(question, State.REFUSED, "other", moderator)
    oracle.assert_true(tmp_path / "refused")
    page = (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert "Twelve" not in page.split('class="thread"')[0]
    actions.end_question_time(f"article:{story.pk}", moderator)
    oracle.assert_true(tmp_path / "over")
    assert reply_to(story, "A reply like others").state == State.APPROVED


def test_before_and_after_nobody_asks(story: Article, captain: User, client: Client, store: Path) -> None:
    ask_from(story, captain, HOUR, 2 * HOUR, names="The captain")
    drain()
    place = reverse("comments:write", args=[f"article:{story.pk}"])
    assert "The captain will answer questions" in client.get(place).content.decode()
    words = {"name": "Ada", "email": "ada@example.org", "text": "Already?", "send": "1"}
    early = client.post(place, words)
    assert early.status_code == 422
    assert "Already?" in early.content.decode()
    assert "The captain will answer questions" in (store / "pages/world/ferry/index.html").read_text(encoding="utf-8")
    until = Address.objects.get(path="/world/ferry/").valid_until
    assert until == Thread.objects.get().questions_from
    ask_from(story, captain, -2 * HOUR, -HOUR, names="The captain")
    assert "answered questions until" in client.get(place).content.decode()
    assert client.post(place, words).status_code == 422
    assert not Comment.objects.exists()
    drain()
    assert Address.objects.get(path="/world/ferry/").valid_until != until


def test_who_answers_may_be_late(story: Article, captain: User) -> None:
    ask_from(story, captain, -HOUR, HOUR)
    question = reply_to(story, "How fast is she?")
    actions.decide(question, State.APPROVED, "approved", somebody(Role.MODERATOR))
    ask_from(story, captain, -2 * HOUR, -HOUR)
    answer = reply_to(story, "Twelve knots.", to=question.public_id, user=captain, seconds=0.4)
    assert (answer.is_answerer, answer.state) == (True, State.APPROVED)  # prepared, and pasted
    with pytest.raises(actions.NotTakenError):
        reply_to(story, "And her sister?", to=question.public_id, user=UserFactory())


def test_what_is_no_question_time(story: Article, captain: User) -> None:
    with pytest.raises(ValueError, match="end after"):
        ask_from(story, captain, HOUR, -HOUR)
    now, key = timezone.now(), f"article:{story.pk}"
    with pytest.raises(ValueError, match="who answers"):
        actions.set_question_time(key, now, now + HOUR, [], somebody(Role.MODERATOR))
    with pytest.raises(ValueError, match="200"):
        ask_from(story, captain, -HOUR, HOUR, names="x" * 201)
    with pytest.raises(PermissionDenied):
        actions.set_question_time(key, now, now + HOUR, [captain], somebody(Role.REPORTER))
    with pytest.raises(PermissionDenied):
        actions.end_question_time(key, captain)
    assert not Thread.objects.exists()


def test_the_desk_names_who_answers(story: Article, captain: User, client: Client) -> None:
    place = reverse("desk:replies_questions", args=[f"article:{story.pk}"])
    client.force_login(somebody(Role.REPORTER))
    assert client.get(place).status_code == 302
    client.force_login(somebody(Role.MODERATOR))
    assert client.get(place).status_code == 200
    assert client.get(reverse("desk:replies_questions", args=["article:999"])).status_code == 404
    sent = {"starts_at": "2030-01-01T14:00", "ends_at": "2030-01-01T16:00", "answerers": "captain, captain"}
    for wrong in (
        {"answerers": "nobody"},
        {"ends_at": "x"},
        {"ends_at": "2030-01-01T13:00"},
        {"answerers": "a," * 900},
    ):
        assert client.post(place, {**sent, **wrong}).status_code == 422
    assert not Thread.objects.exists()
    assert client.post(place, sent).status_code == 302
    thread = Thread.objects.get()
    assert (thread.answered_by, list(thread.answerers.all())) == ("Ines Falk", [captain])
    page = client.get(place).content.decode()
    assert 'value="2030-01-01T14:00"' in page
    assert "Ines Falk will answer questions" in page
    assert client.post(place, {"act": "end"}).status_code == 302
    assert Thread.objects.get().questions_from is None
