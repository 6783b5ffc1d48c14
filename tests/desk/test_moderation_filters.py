"""The queues by what checks found and what people decided, such questions under a name, and everything done in them."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions, queues
from stoppress.comments.models import Ban, Comment, SavedFilter, State
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.desk.test_moderation import Desk, names, state
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry
from tests.plans import reads_of_everything

pytestmark = pytest.mark.django_db
MANY_LINKS = "See https://one.example https://two.example https://three.example"
FILTERS = "desk:replies_filters"


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "new-first"
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casino"]
    return baked_ferry()


@pytest.fixture
def desk() -> Desk:
    return Desk(somebody(Role.MODERATOR))


def keep(desk: Desk, act: str, queue: str, query: str, expect: int = 302, **form: str) -> str:
    """Send the form of saved filters; returns where it leads."""
    answer = desk.client.post(reverse(FILTERS), {"act": act, "queue": queue, "query": query, **form})
    assert answer.status_code == expect
    return str(answer.headers.get("Location", ""))


def fresh(*comments: Comment) -> list[Comment]:
    return [Comment.objects.get(pk=one.pk) for one in comments]


def test_queues_by_what_a_check_found(story: Article, desk: Desk) -> None:
    ada, ben = reply_to(story, MANY_LINKS, name="Ada"), reply_to(story, "The casino is open", name="Ben")
    reply_to(story, "Nothing but new", name="Cem")
    assert names(desk.open()) == ["Ada", "Ben", "Cem"]
    assert names(desk.open(found="links")) == ["Ada"]
    assert names(desk.open(found="held-word", q="casino")) == ["Ben"]
    assert names(desk.open(found="held-word", q="ferry")) == []
    page = desk.open(found="new-writer")
    assert names(page) == ["Cem"]
    assert '<option value="links">Many links (1)</option>' in page
    assert '<option value="new-writer" selected>A new writer (1)</option>' in page
    # A word that nobody knows finds nothing rather than everything: what is shown may be approved at once.
    unknown = desk.open(found="no-such")
    assert names(unknown) == []
    assert "Nothing like that here." in unknown
    # All of it is done with the filter on, and comes back to it.
    filtered = reverse("desk:replies", args=["held"]) + "?found=held-word"
    after = desk.do("refuse", ben, reason="off-topic", next=filtered)
    assert "1 reply is refused." in after
    assert 'value="held-word" selected' in after
    assert names(desk.open("refused", **{"for": "off-topic"})) == ["Ben"]
    assert names(desk.open("refused", **{"for": "insult"})) == []
    assert names(desk.open("refused", found="held-word")) == ["Ben"]
    back = desk.do("undo", *fresh(ben), next=filtered)
    assert names(back) == ["Ben"]
    desk.do("approve", *fresh(ada))
    desk.do("pick", *fresh(ada))
    assert names(desk.open("decided", **{"for": "approved", "found": "links"})) == ["Ada"]
    assert names(desk.open("decided", **{"for": "off-topic"})) == []
    assert "found=held-word" in desk.open(found="held-word", **{"for": "x"}).split('class="moderation-tabs"')[1]


def test_a_change_and_its_undoing_stand_beside_it(story: Article, desk: Desk, settings: Any) -> None:
    one = reply_to(story, "The casino is open")
    assert (one.signal, one.decided_for) == ("held-word", "")
    actions.decide(one, State.REFUSED, "insult", desk.user)
    actions.decide(one, State.SPAM, "spam", desk.user)
    assert fresh(one)[0].decided_for == "spam"
    actions.undo(one, desk.user)
    assert [(now.state, now.decided_for) for now in fresh(one)] == [(State.REFUSED, "insult")]
    actions.undo(one, desk.user)  # what was undone is done again
    assert fresh(one)[0].decided_for == "spam"
    settings.STOPPRESS_COMMENTS = "open"
    plain = reply_to(story, "Hello there")
    actions.decide(plain, State.REFUSED, "other", desk.user)
    actions.decide(plain, State.APPROVED, "approved", desk.user)
    actions.change_own(plain, MANY_LINKS)
    assert [(now.state, now.signal) for now in fresh(plain)] == [(State.HELD, "links")]
    actions.change_own(plain, "Hello once more")
    assert fresh(plain)[0].signal == "links"  # which is why it waits
    expected = list(Comment.objects.order_by("pk").values_list("signal", "decided_for"))
    Comment.objects.update(signal="", decided_for="")
    import_module("stoppress.comments.migrations.0010_why_replies_stand").fill(apps, None)
    # Whom a check has held since was decided otherwise before.
    assert list(Comment.objects.order_by("pk").values_list("signal", "decided_for")) == [expected[0], ("links", "")]


def test_reports_by_their_ground(story: Article, desk: Desk, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    rude, unlawful = reply_to(story, name="Rude"), reply_to(story, name="Unlawful")
    actions.report(rude, actions.Complaint(ground="abuse"))
    notice = {"text": "§ 9", "name": "Eva", "email": "eva@example.org", "is_sincere": True}
    actions.report(unlawful, actions.Complaint(ground="illegal", **notice))  # type: ignore[arg-type]
    assert names(desk.open("reported")) == ["Rude", "Unlawful"]
    assert names(desk.open("reported", reported="illegal")) == ["Unlawful"]
    assert names(desk.open("reported", reported="children")) == []


def test_filters_under_a_name(story: Article, desk: Desk) -> None:
    reply_to(story, MANY_LINKS, name="Ada")
    place = keep(desk, "save", "held", "found=links&after=1.2&x=y", name=" Many  links ")
    row = SavedFilter.objects.get()
    assert (row.name, row.queue, row.query, row.user) == ("Many links", "held", "found=links", desk.user)
    page = desk.client.get(place).content.decode()
    assert "Change the filter “Many links”" in page
    assert 'data-key="1"' in page
    other = Desk(somebody(Role.MODERATOR))
    assert "Many links</bdi>" not in other.open()
    keep(desk, "change", "held", "found=links&q=one", filter=str(row.pk), name="Links & one", is_shared="1")
    shared = other.open()
    assert "Links & one</bdi>" in shared
    assert str(desk.user) in shared
    for act in ("change", "delete"):  # somebody else's
        answer = other.client.post(reverse(FILTERS), {"act": act, "queue": "held", "filter": row.pk, "name": "Mine"})
        assert answer.status_code == 302
        assert "do not have permission" in other.client.get(answer.headers["Location"], follow=True).content.decode()
    assert SavedFilter.objects.get().query == "q=one&found=links"
    keep(desk, "save", "spam", "", name="Links & one")  # the same name once more
    assert [(one.queue, one.query) for one in SavedFilter.objects.all()] == [("spam", "")]
    second = actions.save_filter(desk.user, "Second", "held", "")
    keep(desk, "change", "held", "", filter=str(second.pk), name="Links & one")
    assert SavedFilter.objects.filter(name="Second").exists()
    keep(desk, "delete", "held", "", filter=str(second.pk))
    assert not SavedFilter.objects.filter(name="Second").exists()
    for queue, act, filter_ in (("none", "save", ""), ("held", "burn", ""), ("held", "delete", "9" * 30)):
        keep(desk, act, queue, "", 404, filter=filter_, name="x")
    for name in ("", " \0 ", "x" * 61):
        keep(desk, "save", "held", "found=links", name=name)
    keep(desk, "save", "held", f"q={'%F0%9F%9A%A2' * 200}", name="Two hundred ships")
    assert SavedFilter.objects.count() == 2
    with pytest.raises(PermissionDenied):
        actions.save_filter(somebody(Role.REPORTER), "Mine", "held", "")
    for number in range(28):
        actions.save_filter(desk.user, f"No. {number}", "held", "")
    with pytest.raises(ValueError, match="Delete one first"):
        actions.save_filter(desk.user, "One more", "held", "")


def test_a_filtered_queue_costs_the_same_however_many_wait(story: Article, desk: Desk) -> None:
    first = reply_to(story, MANY_LINKS)

    def more(count: int) -> None:
        usual = {"thread": first.thread, "name": "A", "text": "B", "fingerprint": "", "state": State.HELD}
        rows = [Comment(**usual, signal="links", made_at=timezone.now()) for _number in range(count)]
        Comment.objects.bulk_create(rows)

    more(40)
    for number in range(3):
        actions.save_filter(somebody(Role.MODERATOR), f"Of others {number}", "held", "found=links", is_shared=True)
    desk.open(found="links")  # who may what is remembered
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert len(names(desk.open(found="links"))) == queues.ON_A_PAGE
        counts.append(len(queries))
        more(200)
        for number in range(10):
            actions.save_filter(desk.user, f"Mine {number}", "held", "found=links")
    assert counts[0] == counts[1]
    with reads_of_everything() as found:
        list(queues.page(queues.Asked(signal="links")).comments)
        queues.page(queues.Asked("refused", reason="insult", is_newest_first=True))
    assert [one for one in found if "comments_" in one] == []


def test_a_writer_is_kept_out_from_the_queue(story: Article, desk: Desk) -> None:
    one = reply_to(story, name="Ada", email="ada@example.org")
    assert "Say why" in desk.do("ban", one, span="week", words=" ")
    assert "Say for how long" in desk.do("ban", one, span="until", words="Insults")
    after = desk.do("ban", one, span="week", words="Insults")
    assert "1 writer can’t reply for now." in after
    assert "Let them reply again" in after
    assert state(one) is State.HELD
    assert (Ban.objects.get().reason, Ban.objects.get().until is None) == ("Insults", False)
    assert "1 writer can reply again." in desk.do("lift", one)
    reply_to(story, "Back again", email="ada@example.org")


def test_what_others_decided_comes_along(story: Article, desk: Desk) -> None:
    one, two, three = (reply_to(story, name=name) for name in ("Ada", "Ben", "Cem"))
    other = Desk(somebody(Role.MODERATOR))
    assert "At work here too" not in desk.open()
    other.do("approve", two)
    assert str(other.user) in desk.open().split("At work here too:")[1].split("</p>")[0]
    answer = desk.client.post(
        reverse("desk:replies_do"),
        {"act": "approve", "reply": desk.token(one), "shown": [desk.token(two), desk.token(three), "x", "9~held~"]},
        headers={"X-Stoppress-Fragment": "1"},
    )
    rows = re.findall(r'id="reply-(\d+)" data-state="(\w+)"', answer.content.decode())
    assert rows == [(str(one.pk), "approved"), (str(two.pk), "approved")]
    # Words for a writer are not lost with a decision that somebody else was faster with.
    assert "Your words: “Please stay on topic.”" in desk.do(
        "refuse", two, reason="off-topic", words="Please stay on topic."
    )


def test_all_of_a_page_are_ticked_without_scripts(story: Article, desk: Desk) -> None:
    for _number in range(3):
        reply_to(story)
    assert desk.open().count(" checked><span") == 0
    assert desk.open(tick="all").count(" checked><span") == 3
