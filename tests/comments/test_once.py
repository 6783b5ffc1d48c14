"""A form that is sent twice, by two quick clicks or after a broken connection, is one reply with one answer."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from stoppress.comments import actions
from stoppress.comments.links import own_comment
from stoppress.comments.models import Comment, State, Thread
from stoppress.core import hooks
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
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
    for other in ({}, {"once": secret_in(client.get(place_of(story)).content.decode())}):
        answer = client.post(place_of(story), {**WORDS, **other})
        assert answer.status_code == 422
        assert "sent this already" in answer.content.decode()


@pytest.mark.parametrize(
    "caught", [{"surname": "x"}, {"text": "https://a.example https://b.example https://c.example"}]
)
def test_what_is_held_is_held_once(story: Article, client: Client, caught: dict[str, str]) -> None:
    """Checks that come before that for the same again let a second one in."""
    form = {**WORDS, **caught, "once": "a secret of this form"}
    assert reply_behind(client.post(place_of(story), form)) == reply_behind(client.post(place_of(story), form))
    assert Comment.objects.get().state in {State.SPAM, State.HELD}


def test_four_at_the_same_moment(story: Article) -> None:
    subject = hooks.call().subject_of_key(key=f"article:{story.pk}")
    reply = actions.Reply(name="Ada", email="ada@example.org", text="Well said.", once="a secret of this form")

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
