"""What was reported and appealed against, at the moderators' desk."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions, queues
from stoppress.comments.models import Appeal, Caution, Comment, Decision, Report, State, Writer
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.desk.test_moderation import Desk, names, state
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    return baked_ferry()


@pytest.fixture
def desk() -> Desk:
    return Desk(somebody(Role.MODERATOR))


def report(comment: Comment, **more: Any) -> None:
    values = {"ground": "abuse", "text": "It is rude.", **more}
    actions.report(comment, actions.Complaint(**values))


def fresh(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_reported_replies_wait_with_what_is_said_of_them(story: Article, desk: Desk) -> None:
    quiet, first, second = (reply_to(story, name=name) for name in ("Quiet", "First", "Second"))
    report(second, ground="private", text=EVIL)
    report(first)
    report(second, email="eva@example.org", name="Eva")
    page = desk.open("reported")
    assert names(page) == ["Second", "First"]
    assert names(desk.open("reported", order="new")) == ["First", "Second"]
    assert names(desk.open("reported", q="first")) == ["First"]
    assert "2 reports wait" in page
    assert "It gives away what is private to somebody" in page
    assert "Eva" in page
    assert "example.org" not in page
    raw = desk.client.get(reverse("desk:replies", args=["reported"])).content.decode()
    assert "<script>alert" not in raw
    assert "<img src=x" not in raw
    after = desk.do("keep", fresh(second))
    assert "1 reply stays as it is." in after
    assert names(desk.open("reported")) == ["First"]
    assert "Reported, read, and left as it is" in desk.open("decided")
    desk.do("undo", fresh(second))
    assert names(desk.open("reported")) == ["Second", "First"]
    desk.do("refuse", fresh(second), reason="private")
    assert state(second) is State.REFUSED
    assert "No report" in desk.do("keep", fresh(quiet))


def acts(desk: Desk) -> list[str]:
    """What the desk offers to do with the replies that appeals wait on."""
    page = desk.client.get(reverse("desk:replies", args=["appeals"])).content.decode()
    return re.findall(r'name="act" value="(\w+)"', page.partition('id="moderation-list"')[2])


def test_an_appeal_is_for_somebody_else(story: Article, desk: Desk) -> None:
    one = reply_to(story, name="Ada")
    desk.do("refuse", one, reason="insult")
    actions.appeal(Decision.objects.latest("pk"), f"It was a quotation. {EVIL}")
    page = desk.open("appeals")
    assert names(page) == ["Ada"]
    assert "It was a quotation." in page
    assert "Somebody else has to look at the appeal" in page
    assert "Restore the reply" not in page
    assert acts(desk) == ["approve", "ban"]
    assert "You made this decision yourself" in desk.do("grant", fresh(one))
    assert Appeal.objects.get().is_granted is None
    other = Desk(somebody(Role.MODERATOR))
    assert "Restore the reply" in other.open("appeals")
    assert acts(other) == ["grant", "dismiss", "ban"]
    assert "<script>alert" not in other.client.get(reverse("desk:replies", args=["appeals"])).content.decode()
    assert "At most" in other.do("dismiss", fresh(one), words="x" * 2_000)
    assert "1 decision stands." in other.do("dismiss", fresh(one), words="It was none.")
    assert names(other.open("appeals")) == []
    assert "No appeal waits" in other.do("grant", fresh(one))
    assert "0 % of 1 appeal was right." in other.open()
    assert "Half of all decisions were made within" in other.open()
    two = reply_to(story, name="Ben", email="ben@example.org")
    desk.do("refuse", two, reason="insult")
    actions.appeal(Decision.objects.latest("pk"), "Please.")
    other.do("grant", fresh(two))
    assert state(two) is State.APPROVED


def test_a_writer_is_told_something(story: Article, desk: Desk) -> None:
    one = reply_to(story, name="Ada")
    assert "Say something" in desk.writer(one, 422, act="caution", reason=" ")
    page = desk.writer(one, act="caution", reason="Mind the tone.")
    assert "Mind the tone." in page
    assert Caution.objects.get().by == desk.user
    desk.writer(one, act="ban", span="week", reason="Again.")
    page = desk.writer(one, act="lift")
    assert f"({desk.user})" in page.replace("<bdi>", "").replace("</bdi>", "")


def test_long_queues_cost_what_short_ones_do(story: Article, desk: Desk, django_assert_num_queries: Any) -> None:
    first = reply_to(story)
    now = timezone.now()

    def fill(count: int) -> None:
        made = [
            Comment(
                thread=first.thread,
                writer=Writer.objects.create(),
                name=f"Voice {count}-{n}",
                text="Words.",
                fingerprint="x",
                state=State.REFUSED if n % 2 else State.APPROVED,
                made_at=now,
                reports=(n + 1) % 2,
                reported_at=None if n % 2 else now + timedelta(seconds=n),
            )
            for n in range(count)
        ]
        Comment.objects.bulk_create(made)
        Report.objects.bulk_create([Report(comment=one, ground="spam") for one in made if one.reports])
        refused = [one for one in made if one.state == State.REFUSED]
        decided = [Decision(comment=one, state=one.state, reason="insult", by=desk.user) for one in refused]
        Decision.objects.bulk_create(decided)
        Appeal.objects.bulk_create([Appeal(decision=one, text="No.") for one in decided])

    fill(60)
    for name in ("reported", "appeals"):
        desk.open(name)
        with CaptureQueriesContext(connection) as few:
            page = desk.open(name)
        assert len(names(page)) == queues.ON_A_PAGE
        fill(200)
        with django_assert_num_queries(len(few)):
            desk.open(name)
        again = unescape(page).partition('id="moderation-older" href="')[2].partition("#")[0]
        assert not set(names(desk.client.get(again).content.decode())) & set(names(page))
