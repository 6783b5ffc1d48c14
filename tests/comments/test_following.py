"""Mails about replies to one's own: wanted, few, to addresses that were confirmed, and ended by one click."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.links import own_path
from stoppress.comments.models import Comment, State, Writer
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    ferry = baked_ferry()
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return ferry


def followed(story: Article, text: str = "What do you think?", **more: Any) -> Comment:
    """A reply whose writer wants mail and has confirmed the address; the mails so far are taken away."""
    one = reply_to(story, text, email=ADA, follow=True, **more)
    actions.confirm(one)
    mail.outbox.clear()
    return one


def told() -> list[Any]:
    return [one for one in mail.outbox if one.to == [ADA]]


def test_who_wants_it_is_told_of_an_answer(story: Article) -> None:
    one = followed(story)
    answer = reply_to(story, "I think\nnothing of it.", to=one.public_id, name="Bea\u2028Cem")
    (sent,) = told()
    assert "> I think\n> nothing of it." in sent.body
    assert f"/world/ferry/comments/#r-{answer.public_id}" in sent.body
    assert "\n" not in sent.subject
    link = re.search(r"/-/replies/unfollow/[^\s>]+", sent.body)
    assert link is not None
    assert sent.extra_headers["List-Unsubscribe"].endswith(f"{link[0]}>")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    reply_to(story, "To the answer", to=answer.public_id)
    reply_to(story, "To the story")
    reply_to(story, "Myself", to=one.public_id, email=ADA)
    assert len(told()) == 1


def test_nobody_is_told_who_did_not_ask_or_confirm(story: Article) -> None:
    unasked = reply_to(story, "First", email=ADA)
    assert unasked.writer is not None
    reply_to(story, "An answer", to=unasked.public_id)
    unconfirmed = reply_to(story, "Second", email=ADA, follow=True)
    reply_to(story, "Another answer", to=unconfirmed.public_id)
    assert not [one for one in told() if "> An" in one.body]
    actions.confirm(unasked)
    mail.outbox.clear()
    reply_to(story, "Yet another answer", to=unasked.public_id)
    assert not told()


def test_a_stranger_with_the_address_of_somebody_known(story: Article, client: Client) -> None:
    """Ten mails a day went to whoever had once confirmed theirs, for anybody who typed it and ticked the box."""
    followed(story)
    one = reply_to(story, "Tell her of everything!", name="Not Ada", email=ADA, follow=True)
    (asked,) = told()
    assert "Mails when somebody answers it were asked for" in asked.body
    reply_to(story, "An answer", to=one.public_id)
    reply_to(story, "Another answer", to=one.public_id)
    assert told() == [asked]
    page = client.get(own_path(one)).content.decode()
    assert "no mail about answers before you have opened the link" in page
    link = re.search(r"/-/replies/confirm/\S+", asked.body)
    assert link is not None
    client.post(link[0])
    reply_to(story, "A third answer", to=one.public_id)
    assert "> A third answer" in told()[-1].body
    assert "no mail about answers" not in client.get(own_path(one)).content.decode()


def test_what_was_wanted_before_the_upgrade_goes_on(story: Article) -> None:
    one = followed(story)
    other = reply_to(story, "Of another address", email="other@example.org", follow=True)
    Comment.objects.update(confirmed_at=None)
    import_module("stoppress.comments.migrations.0014_confirmed_replies").believe(apps, None)
    assert [now.confirmed_at for now in Comment.objects.order_by("pk")] == [one.made_at, None]
    mail.outbox.clear()
    for asked in (one, other):
        reply_to(story, f"An answer to {asked.pk}", to=asked.public_id)
    assert [sent.to for sent in mail.outbox if "> An answer" in sent.body] == [[ADA]]


def test_who_is_known_in_the_browser_is_asked_nothing(story: Article) -> None:
    known = Writer.objects.get(pk=followed(story).writer_id)
    one = reply_to(story, "And of this?", email="", reader=known, follow=True)
    reply_to(story, "An answer", to=one.public_id)
    (sent,) = told()
    assert "> An answer" in sent.body


def test_only_what_readers_see_and_only_once(story: Article) -> None:
    one = followed(story)
    held = reply_to(story, "https://a.example https://b.example https://c.example", to=one.public_id)
    assert held.state == State.HELD
    assert not told()
    moderator = somebody(Role.MODERATOR)
    actions.decide(held, State.APPROVED, "approved", moderator)
    actions.decide(held, State.REFUSED, "other", moderator)
    actions.undo(held, moderator)
    assert len(told()) == 1
    actions.remove_own(one)
    late = reply_to(story, "https://d.example https://e.example https://f.example")
    Comment.objects.filter(pk=late.pk).update(parent=one, root=one)
    late.refresh_from_db()
    actions.decide(late, State.APPROVED, "approved", moderator)
    assert len(told()) == 1


def test_few_in_a_day(story: Article) -> None:
    one = followed(story)
    for number in range(13):
        reply_to(story, f"Answer number {number}", to=one.public_id)
    assert len(told()) == 10
    assert "last of today" in told()[-1].body
    assert "last of today" not in told()[-2].body


def test_by_one_click_or_by_a_button(story: Article, client: Client) -> None:
    one = followed(story)
    other = followed(story, "And of this?")
    reply_to(story, "An answer", to=one.public_id)
    link = re.search(r"/-/replies/unfollow/[^\s>]+", told()[0].body)
    assert link is not None
    assert "Stop that" in client.get(link[0]).content.decode()  # as a program does that looks at links
    assert Comment.objects.filter(is_followed=True).count() == 2
    client.post(link[0], {"act": "this"})
    assert list(Comment.objects.filter(is_followed=True)) == [other]
    answer = client.post(link[0], {"List-Unsubscribe": "One-Click"}, headers={"origin": "null"})
    assert answer.status_code == 200
    assert not Comment.objects.filter(is_followed=True).exists()
    assert not client.cookies
    assert client.post(reverse("comments:unfollow", args=["x:y:z"])).status_code == 404
    assert Writer.objects.filter(is_verified=True).count() == 1


def test_the_form_does_not_follow_by_itself(story: Article, client: Client) -> None:
    place = reverse("comments:write", args=[f"article:{story.pk}"])
    form = client.get(place).content.decode()
    assert re.search(r'<input type="checkbox" name="follow"(?![^>]*checked)', form)
    words = {"name": "Ada", "email": ADA, "text": "Well said.", "send": "1"}
    client.post(place, words)
    assert not Comment.objects.get().is_followed
    client.post(place, {**words, "text": "Once more.", "follow": "on"})
    assert Comment.objects.latest("pk").is_followed
    failed = client.post(place, {**words, "text": "", "follow": "on"}).content.decode()
    assert re.search(r'name="follow"[^>]*checked', failed)
