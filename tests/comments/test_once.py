"""A form that is sent twice, by two quick clicks or after a broken connection, is one reply with one answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.links import own_comment
from stoppress.comments.models import Comment, State, Thread
from stoppress.core import hooks
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("open_to_all")]
WORDS = {"name": "Ada", "email": "ada@example.org", "website": "", "text": "Well said.", "send": "1"}


def place_of(story: Article) -> str:
    return reverse("comments:write", args=[f"article:{story.pk}"])


def secret_in(html: str) -> str:
    found = re.search(r'name="once" value="([^"]{16,64})"', html)
    assert found is not None
    return found[1]


def reply_behind(answer: Any) -> Comment:
    """The reply that an answer leads its writer to."""
    assert answer.status_code == 302, answer.content.decode()
    found = own_comment(answer["location"].split("/")[-2])
    assert found is not None
    return found


def test_the_second_click_leads_where_the_first_does(story: Article, client: Client) -> None:
    form = {**WORDS, "once": secret_in(client.get(place_of(story)).content.decode())}
    first = reply_behind(client.post(place_of(story), form))
    assert reply_behind(client.post(place_of(story), form)) == first
    assert (Comment.objects.count(), Thread.objects.get().count) == (1, 1)
    # Whoever went back and wrote something else has written something else.
    assert reply_behind(client.post(place_of(story), {**form, "text": "And this."})) != first
    # The words and the address alone are no key to what somebody wrote: others can read the ones and know the other.
    answer = client.post(place_of(story), {**WORDS, "once": secret_in(client.get(place_of(story)).content.decode())})
    assert answer.status_code == 422
    assert "sent here already" in answer.content.decode()


def test_a_form_without_a_secret_leads_to_what_is_shown_as_everybody_gets_there(story: Article, client: Client) -> None:
    first = reply_behind(client.post(place_of(story), WORDS))
    for machine in ("127.0.0.1", "192.0.2.7"):
        for email in ("ada@example.org", "somebody.else@example.org"):
            again = client.post(place_of(story), {**WORDS, "email": email}, REMOTE_ADDR=machine)
            assert (again.status_code, again["location"]) == (302, f"/world/ferry/comments/#r-{first.public_id}")
    assert reply_behind(client.post(place_of(story), {**WORDS, "name": "Bea"})) != first
    assert client.post(place_of(story), {**WORDS, "to": first.public_id}).status_code == 422
    Comment.objects.update(made_at=timezone.now() - timedelta(seconds=61))
    assert client.post(place_of(story), WORDS).status_code == 422
    assert Comment.objects.count() == 2


def test_and_to_what_nobody_ever_saw_for_its_sender_alone(story: Article, client: Client, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "hold-first"
    first = reply_behind(client.post(place_of(story), WORDS))
    assert reply_behind(client.post(place_of(story), WORDS)) == first
    for other, machine in (
        ({"email": "somebody.else@example.org"}, "127.0.0.1"),
        ({"website": "https://ada.example"}, "127.0.0.1"),
        ({"follow": "on"}, "127.0.0.1"),
        ({"text": "well said"}, "127.0.0.1"),
        ({}, "192.0.2.7"),
    ):
        answer = client.post(place_of(story), {**WORDS, **other}, REMOTE_ADDR=machine)
        assert answer.status_code == 422, other
    # Once readers saw it, whoever did could send it as well; also when it is held again.
    moderator = somebody(Role.MODERATOR)
    actions.decide(first, State.APPROVED, "approved", moderator)
    assert "#r-" in client.post(place_of(story), WORDS)["location"]
    actions.undo(Comment.objects.get(), moderator)
    assert client.post(place_of(story), WORDS).status_code == 422
    assert Comment.objects.count() == 1


def test_who_is_signed_in_needs_no_secret(story: Article) -> None:
    reader = reply_to(story, email="ada@example.org").writer
    assert reader is not None
    for _ in range(2):
        reply_to(story, "Well said.", name="Ada", email="", reader=reader)
    assert Comment.objects.filter(text="Well said.").count() == 1


def test_in_breaking_news_the_second_click_is_not_slowed_down(story: Article, client: Client) -> None:
    actions.begin_breaking(f"article:{story.pk}", 1, "", somebody(Role.MODERATOR))
    assert reply_behind(client.post(place_of(story), WORDS)) == reply_behind(client.post(place_of(story), WORDS))
    assert client.post(place_of(story), {**WORDS, "text": "And this."}).status_code == 429


@pytest.mark.parametrize(
    "caught", [{"surname": "x"}, {"text": "https://a.example https://b.example https://c.example"}]
)
def test_what_is_held_is_held_once(story: Article, client: Client, caught: dict[str, str]) -> None:
    """Checks that come before that for the same again let a second one in."""
    form = {**WORDS, **caught, "once": "a secret of this form"}
    assert reply_behind(client.post(place_of(story), form)) == reply_behind(client.post(place_of(story), form))
    assert Comment.objects.get().state in {State.SPAM, State.HELD}


@pytest.mark.parametrize("has_secret", [True, False])
def test_four_at_the_same_moment(story: Article, settings: Any, has_secret: bool) -> None:
    settings.STOPPRESS_COMMENTS = "hold-first"
    subject = hooks.call().subject_of_key(key=f"article:{story.pk}")
    secret = "a secret of this form" if has_secret else ""
    reply = actions.Reply(name="Ada", email="ada@example.org", text="Well said.", once=secret, address="192.0.2.7")

    def send(_number: int) -> str:
        try:
            return actions.submit(subject, reply).public_id
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    assert Comment.objects.count() == 1


def test_a_form_without_a_secret_gets_one_when_it_comes_back(story: Article, client: Client, store: Any) -> None:
    """Those on baked pages get theirs from the script; without it, from the first answer that shows the form again."""
    reply_to(story)
    drain()
    baked = (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert '<input type="hidden" name="once">' in baked
    html = client.post(place_of(story), {**WORDS, "text": ""}).content.decode()
    form = {**WORDS, "once": secret_in(html)}
    assert reply_behind(client.post(place_of(story), form)) == reply_behind(client.post(place_of(story), form))
