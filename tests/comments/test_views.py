"""A reader replies: without a script, a cookie or an account; and gets back what was typed when something is wrong."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.comments.models import Comment, State, Writer
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db
WORDS = {"name": "Ada", "email": "ada@example.org", "website": "", "text": "Well said.", "send": "1"}


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    ferry = baked_ferry()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return ferry


def place_of(story: Article) -> str:
    return reverse("comments:write", args=[f"article:{story.pk}"])


def test_write_change_and_take_back(story: Article, client: Client) -> None:
    form = client.get(place_of(story))
    assert "Ferry is back" in form.content.decode()
    assert form.headers["cache-control"].startswith("max-age=0")
    preview = client.post(place_of(story), {**WORDS, "preview": "1"})
    assert "<p>Well said.</p>" in preview.content.decode()
    assert not Comment.objects.exists()
    sent = client.post(place_of(story), WORDS)
    assert sent.status_code == 302
    assert not client.cookies
    own = sent["location"]
    page = client.get(own).content.decode()
    assert "It is published." in page
    assert client.post(own, {"text": "Well said, twice.", "change": "1"}).status_code == 302
    assert Comment.objects.get().text == "Well said, twice."
    assert client.post(own, {"text": "y" * 6000, "change": "1"}).status_code == 422
    assert "Take it back for good" in client.post(own, {"remove": "1"}).content.decode()
    assert client.post(own, {"remove": "1", "sure": "1"}).status_code == 302
    assert Comment.objects.get().state == State.REMOVED
    assert "took it back" in client.get(own).content.decode()


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://[nowhere"])
def test_what_another_site_sends_is_not_taken(story: Article, client: Client, origin: str) -> None:
    answer = client.post(place_of(story), WORDS, headers={"origin": origin})
    assert answer.status_code == 403
    assert "Well said." in answer.content.decode()
    assert not Comment.objects.exists()


def test_what_was_typed_comes_back(story: Article, client: Client) -> None:
    answer = client.post(place_of(story), {**WORDS, "email": "nowhere", "text": "Long & <precious> words"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Long &amp; &lt;precious&gt; words" in html
    assert "no mail address" in html
    assert 'value="Ada"' in html


def test_another_site_can_t_reply_for_one(story: Article, client: Client) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = client.post(place_of(story), WORDS, headers=headers)
        assert answer.status_code == 403
        assert "Well said." in answer.content.decode()
    assert not Comment.objects.exists()
    assert client.post(place_of(story), WORDS, headers={"sec-fetch-site": "same-origin"}).status_code == 302


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": "\x00" * 50, "name": "\x00", "email": "\x00"},
        {"text": "x" * 200_000, "name": "n" * 9000, "email": "e" * 9000, "website": "w" * 9000, "to": "t" * 9000},
        {"opened": "forged:1:2", "text": "x"},
        {"text": "\ud83d", "name": "\u202e"},
    ],
)
def test_nonsense_is_no_error_of_ours(story: Article, client: Client, values: dict[str, str]) -> None:
    clean = {name: value.encode("utf-8", "replace").decode() for name, value in values.items()}
    assert client.post(place_of(story), clean).status_code == 422
    for path in (reverse("comments:own", args=["x"]), reverse("comments:confirm", args=["x:y:z"])):
        assert client.get(path).status_code == 404
    for subject in ("article:999999999", "section:1", "article:x", "article:" + "9" * 50, "nothing"):
        assert client.get(reverse("comments:write", args=[subject])).status_code == 404


def test_a_mail_address_is_confirmed_by_a_button(story: Article, client: Client) -> None:
    client.post(place_of(story), {**WORDS, "text": "Buy at https://bad.example"})
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "bad.example" not in sent.body
    assert "Ada" not in sent.body
    link = re.search(r"/-/replies/confirm/\S+", sent.body)
    assert link is not None
    client.get(link[0])  # as a program does that looks at links
    assert not Writer.objects.get().is_verified
    assert client.post(link[0]).status_code == 302
    assert Writer.objects.get().is_verified
    assert "we know now" in client.get(link[0]).content.decode()
    assert not client.cookies
    client.post(place_of(story), {**WORDS, "text": "Something else"})
    assert len(mail.outbox) == 1


def test_one_address_gets_few_mails(story: Article, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from stoppress.comments.phases import entrance  # noqa: PLC0415 - whose limits are in the way here

    monkeypatch.setattr(entrance, "timedelta", lambda **_span: __import__("datetime").timedelta(0))
    for number in range(9):
        client.post(place_of(story), {**WORDS, "text": f"This is another thought, the {number}th"})
    assert Comment.objects.count() == 9
    assert len(mail.outbox) == 5


def test_all_that_is_wrong_is_said_at_once(story: Article, client: Client) -> None:
    wrong = {"name": "", "email": "nowhere", "website": "ftp://x y", "text": "", "send": "1"}
    html = client.post(place_of(story), wrong).content.decode()
    for name in ("name", "email", "website", "text"):
        assert f'id="id_{name}_error"' in html
    assert not Comment.objects.exists()


def test_the_page_to_write_on_is_one_of_the_paper(story: Article, client: Client) -> None:
    html = client.get(place_of(story)).content.decode()
    assert '<a href="/world/" aria-current="true">' in html
    assert '<a href="/corrections/">' in html
    assert 'rel="canonical"' not in html
