"""The moderators' desk by its forms alone, as they work without scripts."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stoppress.accounts.models import Role, User
from stoppress.comments import actions, queues
from stoppress.comments.links import own_path
from stoppress.comments.models import Ban, Comment, Decision, State, Thread, Writer
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory, baked_ferry

pytestmark = pytest.mark.django_db


class Desk:
    """Somebody at the moderators' desk."""

    def __init__(self, user: User) -> None:
        self.user, self.client = user, Client()
        self.client.force_login(user)

    def open(self, name: str = "held", **query: str) -> str:
        response = self.client.get(reverse("desk:replies", args=[name]), query)
        assert response.status_code == 200, response
        return unescape(response.content.decode())

    def token(self, comment: Comment) -> str:
        """What the page that shows ``comment`` sends along."""
        return f"{comment.pk}~{comment.state}~{comment.edited_at.isoformat() if comment.edited_at else ''}"

    def do(self, act: str, *comments: Comment, **form: str) -> str:
        """Send a form about ``comments`` as they were seen; returns the page that follows."""
        sent = {"act": act, "reply": [self.token(one) for one in comments], "next": "", **form}
        response = self.client.post(reverse("desk:replies_do"), sent)
        assert response.status_code == 302, response
        return unescape(self.client.get(response.headers["Location"]).content.decode())

    def writer(self, comment: Comment, expect: int = 302, **form: str) -> str:
        """Send a form about who wrote ``comment``; returns what follows."""
        assert comment.writer is not None
        address = reverse("desk:replies_writer", args=[comment.writer.public_id])
        response = self.client.post(address, form) if form else self.client.get(address)
        assert response.status_code == (expect if form else 200), response
        return unescape((self.client.get(address) if expect == 302 else response).content.decode())


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "hold-first"
    return baked_ferry()


@pytest.fixture
def desk() -> Desk:
    return Desk(somebody(Role.MODERATOR))


def names(page: str) -> list[str]:
    return re.findall(r'class="moderation-name"[^>]*><bdi>([^<]*)<', page)


def state(comment: Comment) -> State:
    return State(Comment.objects.get(pk=comment.pk).state)


def test_only_moderators_find_it(story: Article, publication: SmallPublication) -> None:
    held = reply_to(story)
    addresses = [
        reverse("desk:replies", args=["held"]),
        reverse("desk:replies_writer", args=[held.writer.public_id]),  # type: ignore[union-attr]
        reverse("desk:replies_thread", args=[f"article:{story.pk}"]),
    ]
    home, edit = reverse("wagtailadmin_home"), reverse("wagtailadmin_pages:edit", args=[story.pk])
    outside = [role for role in Role if role not in {Role.MODERATOR, Role.PUBLISHER}]
    for role in outside:
        one = Desk(somebody(role, publication.world if role is Role.SECTION_EDITOR else None))
        assert [one.client.get(address).status_code for address in addresses] == [302] * 3, role
        sent = {"act": "approve", "reply": [one.token(held)], "mode": "open"}
        for address in (reverse("desk:replies_do"), addresses[2]):
            assert one.client.post(address, sent).status_code == 302
        html = one.client.get(home).content.decode()
        assert reverse("desk:replies_all") not in html, role
    assert state(held) is State.HELD
    assert Thread.objects.get().mode == ""
    for user in (somebody(Role.MODERATOR), somebody(Role.PUBLISHER), SuperuserFactory()):
        one = Desk(user)
        assert [one.client.get(address).status_code for address in addresses] == [200] * 3
        html = one.client.get(home).content.decode()
        assert "Replies (1)" in html
        assert one.client.get(reverse("desk:replies_all")).headers["Location"] == addresses[0]
        assert "1 reply waits" in html
    assert addresses[2] in Desk(SuperuserFactory()).client.get(edit).content.decode()
    assert addresses[2] not in Desk(somebody(Role.SECTION_EDITOR, publication.world)).client.get(edit).content.decode()
    assert Client().get(addresses[0]).status_code == 302


def test_a_reply_is_read_with_all_around_it(story: Article, desk: Desk) -> None:
    first = reply_to(story, "The boats are late.", name="Ben", email="ben@example.org")
    desk.do("approve", first)
    reply_to(story, "So is the bus.", name="Ada", email="ada@example.org", to=first.public_id)
    reply_to(story, "And another thing entirely.", name="Ben", email="ben@example.org")
    page = desk.open()
    assert names(page) == ["Ada", "Ben"]
    assert "Replies to Ben" in page
    assert "The boats are late." in page
    assert '<a href="/world/ferry/"><bdi>Ferry is back</bdi></a>' in page
    assert "Everything is read first here" in page
    assert "check: everything first" in page
    assert "1 approved, 0 refused" in page
    assert "address not confirmed" in page
    assert "example.org" not in page
    assert names(desk.open(order="new")) == ["Ben", "Ada"]
    assert names(desk.open("new")) == ["Ben"]


def test_acts_and_their_undoing(story: Article, desk: Desk) -> None:
    one = reply_to(story, name="Ada")
    after = desk.do("approve", one)
    assert "1 reply is approved." in after
    assert state(one) is State.APPROVED
    assert "Undo it" in after
    one.refresh_from_db()
    desk.do("undo", one)
    assert state(one) is State.HELD
    one.refresh_from_db()
    desk.do("refuse", one, reason="insult", words="We don’t call people names.")
    assert state(one) is State.REFUSED
    assert "We don’t call people names." in desk.open("refused")
    own = unescape(Client().get(own_path(one)).content.decode())
    assert "It insults or threatens somebody" in own
    assert "We don’t call people names." in own
    one.refresh_from_db()
    desk.do("spam", one)
    assert names(desk.open("spam")) == ["Ada"]
    assert names(desk.open("decided")) == ["Ada"]
    said = list(Decision.objects.filter(comment=one).order_by("pk").values_list("reason", flat=True))
    assert said == ["hold-first", "approved", "undo", "insult", "spam"]


def test_many_at_once(story: Article, desk: Desk) -> None:
    many = [reply_to(story, name=f"Reader {letter}") for letter in "abcd"]
    after = desk.do("refuse", *many[:3], reason="off-topic")
    assert "3 replies are refused." in after
    assert names(after) == ["Reader d"]
    found = [Comment.objects.get(pk=one.pk) for one in many[:3]]
    assert {one.state for one in found} == {State.REFUSED}
    assert "Undo all 3" in after
    desk.do("undo", *found)
    assert len(names(desk.open())) == 4
    assert "Tick a reply first" in desk.do("approve")


def test_two_moderators_at_once(story: Article, desk: Desk) -> None:
    one, two = reply_to(story, name="Ada"), reply_to(story, name="Ben")
    other = Desk(somebody(Role.MODERATOR))
    other.do("refuse", one, reason="private")
    after = desk.do("approve", one, two)
    assert "1 reply is approved." in after
    assert f"Ada’s reply: Already decided: “Refused”, by {other.user} at" in after
    assert (state(one), state(two)) == (State.REFUSED, State.APPROVED)
    answer = desk.client.post(
        reverse("desk:replies_do"),
        {"act": "spam", "reply": desk.token(one)},
        headers={"X-Stoppress-Fragment": "1"},
    )
    assert answer.status_code == 409
    assert "Already decided" in answer.content.decode()
    assert answer.content.decode().count('<li class="moderation-reply') == 1


def test_nobody_approves_words_that_they_have_not_read(story: Article, desk: Desk) -> None:
    one = reply_to(story, "Harmless.", name="Ada")
    actions.change_own(one, "Something else entirely.")
    assert "changed it meanwhile" in desk.do("approve", one)
    assert state(one) is State.HELD
    one.refresh_from_db()
    desk.do("approve", one)
    assert state(one) is State.APPROVED
    actions.remove_own(one)
    one.refresh_from_db()
    assert "took this reply back" in desk.do("refuse", one, reason="other")


def test_a_writer_is_kept_out_and_let_in_again(story: Article, desk: Desk) -> None:
    one = reply_to(story, name="Ada", email="ada@example.org")
    for wrong in ({"span": "week", "reason": " "}, {"span": "ever", "reason": "Kept"}):
        assert 'role="alert"' in desk.writer(one, 422, act="ban", **wrong)
    for until in ("", "soon", "2001-01-01T10:00", "9999-12-31T23:59", "0001-01-01T00:00"):
        page = desk.writer(
            one, 422 if until[:4] != "9999" else 302, act="ban", span="until", until=until, reason="Kept"
        )
        assert "Kept" in page
    Ban.objects.all().delete()
    page = desk.writer(one, act="ban", span="week", reason="Insults, again and <b>again</b>.")
    assert "May not reply until" in page
    assert Ban.objects.get().until is not None
    with pytest.raises(actions.NotTakenError, match="Insults"):
        reply_to(story, "Let me in", email="ada@example.org")
    assert "may not reply until" in desk.open()
    page = desk.writer(one, act="lift")
    assert "May not reply until" not in page
    assert "lifted" in page
    reply_to(story, "Let me in", email="ada@example.org")


def test_who_may_reply_on_one_story(story: Article, desk: Desk) -> None:
    address = reverse("desk:replies_thread", args=[f"article:{story.pk}"])
    assert "As in its section and everywhere: Read everything first" in desk.client.get(address).content.decode()
    desk.client.post(address, {"mode": "closed"})
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)
    desk.client.post(address, {"mode": ""})
    reply_to(story)
    assert desk.client.post(address, {"mode": "burn"}).status_code == 404
    for nobody in ("article:99999999", "article:x", "nothing", "article:" + "9" * 60):
        assert desk.client.get(reverse("desk:replies_thread", args=[nobody])).status_code == 404


def test_finding(story: Article, desk: Desk, publication: SmallPublication) -> None:
    other = ArticleFactory(section=publication.local, slug="market")
    drain()
    reply_to(story, "A café on the pier, please.", name="Zoë")
    reply_to(other, "The market is fine.", name="Ben", email="ben@example.org")
    second = reply_to(story, "Nothing to add.", name="Ben", email="ben@example.org")
    assert names(desk.open(q="CAFE pier")) == ["Zoë"]
    assert names(desk.open(q="zoe")) == ["Zoë"]
    assert names(desk.open(q="market zoe")) == []
    assert names(desk.open(on=f"article:{story.pk}")) == ["Zoë", "Ben"]
    assert names(desk.open(q="https://news.example/local/market/")) == ["Ben"]
    assert second.writer is not None
    assert len(names(desk.open(by=second.writer.public_id))) == 2
    assert names(desk.open(by="nobody")) == names(desk.open(on="article:9")) == []


def test_hostile_words_are_shown_as_words(story: Article, desk: Desk) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    one = reply_to(story, f"{evil} javascript:alert(3)", name=f"{evil}"[:80])
    reply_to(story, "x" * 4000, name="n" * 80)
    for address in (
        reverse("desk:replies", args=["held"]),
        reverse("desk:replies_writer", args=[one.writer.public_id]),
    ):  # type: ignore[union-attr]
        html = desk.client.get(address, {"q": "alert"}).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;alert(1)" in html
    desk.do("refuse", one, reason="other", words=evil)
    html = desk.client.get(reverse("desk:replies", args=["refused"]), {"q": evil}).content.decode()
    own = Client().get(own_path(one)).content.decode()
    for page in (html, own):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_bad_forms_never_break_it(story: Article, desk: Desk) -> None:
    one = reply_to(story)
    for query in (
        {"after": "x"},
        {"after": "9" * 18 + ".1"},
        {"after": "1.²"},
        {"q": "\0" * 9},
        {"q": "https://["},
        {"on": "x" * 500},
        {"done": "1.x." + "9" * 40},
        {"q": "%_'\\"},
    ):
        for name in ("held", "new", "decided"):
            desk.open(name, **query)
    tokens = [
        "",
        "~",
        "x~held~",
        f"{one.pk}~burnt~",
        f"{one.pk}~held~2001-13-01T00:00:00",
        "9" * 18 + "~held~",
        "9" * 40 + "~held~",
    ]
    for token in tokens:
        answer = desk.client.post(
            reverse("desk:replies_do"), {"act": "approve", "reply": token, "next": "https://evil.example/"}
        )
        assert answer.status_code == 302
        assert answer.headers["Location"] == reverse("desk:replies", args=["held"])
    desk.do("refuse", one, reason="because")
    desk.do("refuse", one, reason="other", words="x" * 2000)
    assert state(one) is State.HELD
    assert desk.client.post(reverse("desk:replies_do"), {"act": "burn"}).status_code == 404
    assert desk.client.get(reverse("desk:replies_do")).status_code == 405
    assert desk.client.get(reverse("desk:replies", args=["attic"])).status_code == 404


def fill(story: Article, count: int) -> None:
    """Store ``count`` held replies at once, past the checks."""
    first = reply_to(story)
    base = first.made_at
    made = [
        Comment(
            thread=first.thread,
            writer=Writer.objects.create(),
            name=f"Voice {number}",
            text=f"What I say is {number}.",
            fingerprint=str(number),
            state=State.HELD,
            made_at=base + timedelta(seconds=number),
        )
        for number in range(1, count)
    ]
    Comment.objects.bulk_create(made)


@pytest.mark.parametrize("order", ["old", "new"])
def test_pages_follow_one_another_without_counting(story: Article, desk: Desk, order: str) -> None:
    fill(story, 2 * queues.ON_A_PAGE + 3)
    Comment.objects.update(made_at=Comment.objects.earliest("pk").made_at)  # only the numbers tell them apart
    seen: list[str] = []
    page = desk.open(order=order)
    for _ in range(2):
        seen += names(page)
        older = re.search(r'id="moderation-older" href="([^"#]+)', page)
        assert older is not None
        page = unescape(desk.client.get(older[1]).content.decode())
    seen += names(page)
    assert len(seen) == len(set(seen)) == 2 * queues.ON_A_PAGE + 3
    assert "moderation-older" not in page.replace("getElementById", "")


def test_a_long_queue_costs_what_a_short_one_does(
    story: Article, desk: Desk, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    fill(story, 60)
    desk.open()
    with CaptureQueriesContext(connection) as few:
        desk.open()
    fill(story, 300)
    with django_assert_num_queries(len(few)):
        desk.open()
    of_replies = [one["sql"] for one in few if one["sql"].startswith('SELECT "comments_comment"')]
    assert of_replies
    assert not [sql for sql in of_replies if "OFFSET" in sql]
    page = queues.Asked()
    for asked in (page, replace(page, is_newest_first=True), replace(page, subject=f"article:{story.pk}")):
        for after in ("", "1764000000000000.5"):
            plan = plan_of(replace(asked, after=after))
            assert re.search(r"INDEX.*comments_queue|Index.*comments_queue", plan), plan
            assert "TEMP B-TREE" not in plan, plan
            assert not re.search(r"^ *(->)? *Sort", plan, re.MULTILINE), plan
    of_story = replace(page, subject=f"article:{story.pk}")
    for asked, index in (
        (replace(page, signal="links"), "comments_queue_of_signal"),
        (replace(page, reason="insult"), "comments_queue_of_reason"),
        (replace(of_story, signal="links"), "comments_queue_thread_signal"),
        (replace(of_story, reason="insult", is_newest_first=True), "comments_queue_thread_reason"),
    ):
        plan = plan_of(asked)
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert not re.search(r"^ *(->)? *Sort", plan, re.MULTILINE), plan
    plan = plan_of(replace(page, queue="decided"))
    assert "comments_by_people" in plan
    monkeypatch.setattr(queues, "SEARCHED", 100)
    assert "Search further" in desk.open(q="nobody says this")


def plan_of(asked: queues.Asked) -> str:
    """How the database finds the numbers of the replies on a page."""
    with CaptureQueriesContext(connection) as sent:
        queues.page(asked)
    first = next(one["sql"] for one in sent if re.search(r'FROM "comments_(comment|decision)"', one["sql"]))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # So small a table is read whole unless that is forbidden, and then a sort is cheap.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
            cursor.execute(f"EXPLAIN {first}")
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute(f"EXPLAIN QUERY PLAN {first}")
        return "\n".join(row[3] for row in cursor.fetchall())
