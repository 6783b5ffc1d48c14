"""What a changed rule would have done: on the desk, at bounded cost, and with nothing written."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions, rehearsal
from stoppress.comments.models import Comment, Mode, State
from stoppress.comments.rehearsal import NOT_TAKEN, Change, rehearse
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    return baked_ferry()


def test_what_would_have_been(story: Article) -> None:
    linked = reply_to(story, "See https://one.example/ for the minutes of the council.")
    reply_to(story, "Not a word about the harbour.")
    long_ago = reply_to(story, "See https://two.example/ for the minutes of the council.")
    Comment.objects.filter(pk=long_ago.pk).update(made_at=timezone.now() - timedelta(days=31))
    assert rehearse(Change()).changed == 0
    found = rehearse(Change(most_links=0))
    assert (found.looked_at, found.changed, found.wronged) == (2, 1, 1)
    assert dict(found.moves) == {(State.APPROVED, State.HELD, State.APPROVED): 1}
    assert [(one.comment, one.reason, one.now) for one in found.differences] == [(linked.pk, "links", State.APPROVED)]
    assert dict(rehearse(Change(most_characters=40)).moves) == {(State.APPROVED, NOT_TAKEN, State.APPROVED): 1}
    assert dict(rehearse(Change(refused_words=["harbour"])).moves) == {(State.APPROVED, NOT_TAKEN, State.APPROVED): 1}
    assert rehearse(Change(held_words=["harbour"])).changed == 1
    assert rehearse(Change(mode=Mode.HOLD_FIRST)).changed == 2
    assert rehearse(Change(likeness=0)).changed == 0
    actions.decide(linked, State.SPAM, "spam", somebody(Role.MODERATOR))
    assert rehearse(Change(most_links=0)).wronged == 0


def test_a_writer_is_as_new_as_they_were_then(story: Article) -> None:
    thoughts = [f"My {word} thought of it" for word in ("first", "second", "third", "fourth", "fifth")]
    for thought in thoughts:
        reply_to(story, thought, email="a@example.org", name="Ada")
        for one in Comment.objects.all():
            Comment.objects.filter(pk=one.pk).update(made_at=one.made_at - timedelta(hours=1))
    Comment.objects.update(confirmed_at=timezone.now())
    reply_to(story, "Of somebody else", email="b@example.org")
    found = rehearse(Change(mode=Mode.NEW_FIRST, trusted_after=3))
    held = {one.comment for one in found.differences}
    texts = set(Comment.objects.filter(pk__in=held).values_list("text", flat=True))
    assert texts == {*thoughts[:3], "Of somebody else"}


def test_the_desk_asks_and_nothing_is_written(story: Article) -> None:
    reply_to(story, "See https://one.example/ <b>bold</b>", name="Ada")
    desk = Client()
    desk.force_login(somebody(Role.MODERATOR))
    address = reverse("desk:replies_rehearsal")
    assert desk.get(address).status_code == 200
    before = list(Comment.objects.values()), list(Comment.objects.get().decisions.values())
    page = desk.get(address, {"try": "1", "links": "0", "held": "x\n\ny"}).content.decode()
    assert "1 of 1 would have fared otherwise" in page
    assert "Approved → <strong>Held</strong>: Many links" in page
    assert "&lt;b&gt;bold" in page
    assert "Ferry is back" in page
    assert (list(Comment.objects.values()), list(Comment.objects.get().decisions.values())) == before
    for wrong in ({"links": "101"}, {"links": "-1"}, {"trusted": "x"}, {"likeness": "9" * 50}, {"characters": "0"}):
        answer = desk.get(address, {"try": "1", **wrong})
        assert answer.status_code == 422
        assert "a number from" in unescape(answer.content.decode())
    assert desk.get(address, {"try": "1", "mode": "sideways", "held": "\x00" * 9}).status_code == 200
    other = Client()
    other.force_login(somebody(Role.REPORTER))
    assert other.get(address).status_code == 302


def test_bounded_however_many_there_are(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        reply_to(story, f"See https://one.example/{number}/ and more")
    with CaptureQueriesContext(connection) as few:
        assert rehearse(Change(most_links=0)).changed == 6
    monkeypatch.setattr(rehearsal, "MOST", 4)
    monkeypatch.setattr(rehearsal, "SHOWN", 2)
    with CaptureQueriesContext(connection) as fewer:
        found = rehearse(Change(most_links=0))
    assert (found.looked_at, found.changed, found.is_cut, len(found.differences)) == (4, 4, True, 2)
    assert len(fewer) == len(few) <= 4
