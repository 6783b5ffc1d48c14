"""Readers report replies; writers hear why theirs can't be seen, and appeal to somebody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import AuditEntry, Event, Role, Tally
from stoppress.comments import actions, figures
from stoppress.comments.links import own_path
from stoppress.comments.models import Appeal, Ban, Comment, Decision, Report, ReportState, State, Statement, Writer
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import UserFactory, somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
DoTasks = Callable[[], None]
EVA = "eva@example.org"
LEGAL = {"ground": "illegal", "text": "Section 1", "name": "Eva", "email": EVA, "is_sincere": "1"}


def verified(story: Article, text: str = "Some words of mine.", email: str = "ada@example.org") -> Comment:
    """A reply of somebody whose address is theirs."""
    made = reply_to(story, text, name=email.partition("@")[0].title(), email=email)
    Writer.objects.filter(pk=made.writer_id).update(is_verified=True)
    return Comment.objects.get(pk=made.pk)


def report(comment: Comment, origin: str = "203.0.113.7", **form: str) -> Any:
    address = reverse("comments:report", args=[comment.public_id])
    return Client(REMOTE_ADDR=origin).post(address, {"ground": "abuse", **form})


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_report_from_the_page_to_the_decision(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one = verified(story, "You are all fools.")
    drain()
    link = re.search(r'href="(/-/replies/report/[^"]+)"', client.get("/world/ferry/comments/").content.decode())
    assert link is not None
    assert "You are all fools." in client.get(link[1]).content.decode()
    mail.outbox.clear()
    answer = client.post(link[1], {"ground": "abuse", "text": "It’s an insult.", "email": EVA})
    assert "Somebody at the paper reads" in client.get(answer["location"]).content.decode()
    assert not client.cookies
    do_tasks()
    (receipt,) = [one for one in mail.outbox if one.to == [EVA]]
    assert "you will hear" in receipt.body
    assert "fools" not in receipt.body
    assert EVA not in repr(list(Report.objects.values()))
    actions.decide(now(one), State.REFUSED, "insult", somebody(Role.MODERATOR), "Please don’t.")
    assert Report.objects.get().state == ReportState.UPHELD
    assert (now(one).reports, now(one).reported_at) == (0, None)
    do_tasks()
    told = [sent for sent in mail.outbox if sent.to == [EVA]][1]
    assert "no longer shown" in told.body
    assert "fools" not in told.body
    assert client.get(link[1]).status_code == 404
    late = client.post(link[1], {"ground": "abuse", "text": "Long words of mine"})
    assert late.status_code == 422
    assert "Long words of mine" in late.content.decode()
    assert "fools" not in late.content.decode()


@pytest.mark.parametrize(
    ("form", "is_taken"),
    [
        ({"ground": "spam"}, True),
        ({"ground": "private", "text": "My street"}, True),
        ({"ground": "nonsense"}, False),
        ({"ground": "abuse", "email": "nobody"}, False),
        ({"ground": "abuse", "text": "x" * 6_000}, False),
        (LEGAL, True),
        ({**LEGAL, "text": " "}, False),
        ({**LEGAL, "name": ""}, False),
        ({**LEGAL, "email": ""}, False),
        ({**LEGAL, "is_sincere": ""}, False),
        # Article 16 (2) (c): nobody has to say who they are to report this.
        ({"ground": "children", "text": "The picture", "is_sincere": "1"}, True),
        ({"ground": "children", "is_sincere": "1"}, False),
    ],
)
def test_what_a_report_needs(story: Article, form: dict[str, str], is_taken: bool) -> None:
    answer = report(reply_to(story), **form)
    assert answer.status_code == (302 if is_taken else 422)
    assert Report.objects.count() == is_taken
    if not is_taken and len(form.get("text", "")) < 100:
        assert unescape(answer.content.decode()).count(form.get("text", "").strip() or "<form") >= 1


def test_one_machine_counts_once_and_not_without_end(story: Article) -> None:
    one = reply_to(story)
    for number in range(10):
        assert report(one, text=f"Number {number}").status_code == 302
    assert Report.objects.count() == 1
    again = report(one, text="Kept in the form")
    assert again.status_code == 429
    assert "Kept in the form" in again.content.decode()
    other = Client(headers={"sec-fetch-site": "cross-site"})
    assert other.post(reverse("comments:report", args=[one.public_id]), {"ground": "spam"}).status_code == 403


def test_each_of_a_household_who_leaves_an_address_hears_of_it(
    story: Article, settings: Any, do_tasks: DoTasks
) -> None:
    settings.STOPPRESS_COMMENTS_HOLD_AFTER_REPORTS = 2
    one = reply_to(story, email="ada@example.org")
    for email in ("", EVA, EVA, "dan@example.org", ""):
        assert report(one, email=email).status_code == 302
    assert now(one).state == State.APPROVED  # they count as one, as before
    do_tasks()
    mail.outbox.clear()
    actions.decide(now(one), State.REFUSED, "insult", somebody(Role.MODERATOR))
    do_tasks()
    assert sorted(sent.to[0] for sent in mail.outbox) == ["dan@example.org", EVA]


def test_enough_reports_hold_a_reply_that_nobody_has_read(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_HOLD_AFTER_REPORTS = 3
    one, other = reply_to(story, "Read me."), reply_to(story, "Read me, too.")
    for number in range(3):
        assert now(one).state == State.APPROVED
        report(one, f"198.51.{number}.9")
        report(one, f"198.51.{number}.10")  # of the same network
    assert now(one).state == State.HELD
    assert Decision.objects.filter(comment=one).latest("pk").phase == "reports"
    moderator = somebody(Role.MODERATOR)
    actions.decide(now(one), State.APPROVED, "approved", moderator)
    assert set(Report.objects.values_list("state", flat=True)) == {ReportState.DISMISSED}
    for number in range(9):
        report(one, f"192.0.{number}.9")
    assert now(one).state == State.APPROVED
    report(other)
    with pytest.raises(PermissionDenied):
        actions.keep(now(other), UserFactory())
    actions.keep(now(other), moderator)
    with pytest.raises(ValueError, match="No report"):
        actions.keep(now(other), moderator)
    actions.undo(now(other), moderator)
    assert (now(other).state, now(other).reports) == (State.APPROVED, 1)


def test_what_is_undone_is_told_to_nobody(story: Article, do_tasks: DoTasks) -> None:
    one = verified(story)
    report(one, email=EVA)
    do_tasks()
    mail.outbox.clear()
    moderator = somebody(Role.MODERATOR)
    actions.decide(now(one), State.REFUSED, "insult", moderator)
    actions.undo(now(one), moderator)
    assert (now(one).state, now(one).reports) == (State.APPROVED, 1)
    do_tasks()
    assert not mail.outbox
    actions.remove_own(now(one))
    do_tasks()
    assert [sent.to for sent in mail.outbox] == [[EVA]]
    assert Report.objects.get().state == ReportState.GONE


def refusal(story: Article, do_tasks: DoTasks) -> tuple[Comment, Any, str]:
    """A refused reply, who refused it, and the mail that its writer got."""
    one = verified(story, "My own words.")
    do_tasks()
    mail.outbox.clear()
    moderator = somebody(Role.MODERATOR)
    actions.decide(one, State.REFUSED, "unlawful", moderator, "See section 1.")
    do_tasks()
    (sent,) = mail.outbox
    assert sent.to == ["ada@example.org"]
    return now(one), moderator, sent.body


def appeal_link(body: str) -> str:
    found = re.search(r"/-/replies/appeal/\S+", body)
    assert found is not None, body
    return found[0]


def test_a_writer_hears_why_and_what_can_be_done(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one, _moderator, body = refusal(story, do_tasks)
    for words in ("It may break the law", "See section 1.", "ground is the law", "A person decided", "six months"):
        assert words in body
        assert words in unescape(client.get(own_path(one)).content.decode())
    assert "My own words" not in body
    statement = Statement.objects.get()
    assert (statement.is_legal, statement.is_automated) == (True, False)
    assert "Nobody had reported it" in statement.facts
    stranger = reply_to(story, "Unverified.", name="Ben", email="ben@example.org")
    mail.outbox.clear()
    actions.decide(stranger, State.REFUSED, "insult", somebody(Role.MODERATOR), "Words for Ben")
    spam = verified(story, "Buy boats", "cid@example.org")
    actions.decide(spam, State.SPAM, "spam", somebody(Role.MODERATOR))
    do_tasks()
    assert not [sent for sent in mail.outbox if "Words for Ben" in sent.body or sent.to == ["cid@example.org"]]


def test_somebody_else_decides_an_appeal(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one, moderator, body = refusal(story, do_tasks)
    link = appeal_link(body)
    page = client.get(link).content.decode()
    assert "Why is the decision wrong" in page
    assert story.title in page
    assert not Appeal.objects.exists()
    for wrong in ("", "x" * 6_000):
        assert client.post(link, {"text": wrong}).status_code == 422
    assert client.post(link, {"text": "It"}, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(link, {"text": "It quotes the minister."}).status_code == 302
    assert "Somebody else than who decided" in client.get(link).content.decode()
    again = client.post(link, {"text": "And another thing"})
    assert again.status_code == 422
    assert "And another thing" in again.content.decode()
    waiting = Appeal.objects.get()
    assert waiting.text == "It quotes the minister."
    with pytest.raises(actions.OwnDecisionError):
        actions.decide_appeal(waiting, moderator, is_granted=True)
    with pytest.raises(PermissionDenied):
        actions.decide_appeal(waiting, UserFactory(), is_granted=True)
    assert now(one).state == State.REFUSED
    mail.outbox.clear()
    other = somebody(Role.MODERATOR)
    actions.decide_appeal(waiting, other, is_granted=True, answer="We were wrong.")
    assert now(one).state == State.APPROVED
    with pytest.raises(ValueError, match="decided already"):
        actions.decide_appeal(waiting, somebody(Role.MODERATOR), is_granted=False)
    with pytest.raises(ValueError, match="Decide anew"):
        actions.undo(now(one), other)
    do_tasks()
    (sent,) = mail.outbox
    assert "you were right" in sent.body
    assert "We were wrong." in sent.body
    drain()
    assert "My own words." in client.get("/world/ferry/comments/").content.decode()
    entry = AuditEntry.objects.filter(event=Event.APPEAL_DECIDED).get()
    assert entry.details == {"granted": True}


def test_an_appeal_that_is_dismissed_or_comes_too_late(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one, moderator, body = refusal(story, do_tasks)
    link = appeal_link(body)
    Decision.objects.filter(by=moderator).update(at=timezone.now() - timedelta(days=190))
    late = client.post(link, {"text": "Too late, but not lost"})
    assert late.status_code == 422
    assert "Too late, but not lost" in late.content.decode()
    Decision.objects.filter(by=moderator).update(at=timezone.now())
    client.post(link, {"text": "Once more, please."})
    mail.outbox.clear()
    actions.decide_appeal(Appeal.objects.get(), somebody(Role.MODERATOR), is_granted=False, answer="It stays.")
    do_tasks()
    assert "decision stands" in mail.outbox[0].body
    page = client.get(own_path(one)).content.decode()
    assert "the decision stands" in page
    assert "It stays." in page
    assert "Appeal against it" not in page
    assert client.get(reverse("comments:appeal", args=["x:y"])).status_code == 404


def test_an_appeal_ends_with_what_it_is_about(story: Article, do_tasks: DoTasks) -> None:
    one, moderator, _body = refusal(story, do_tasks)
    decision = Decision.objects.filter(comment=one).latest("pk")
    actions.appeal(decision, "Please.")
    actions.decide(one, State.APPROVED, "approved", moderator)  # who was wrong may say so
    assert Appeal.objects.get().is_granted is True
    actions.decide(now(one), State.REFUSED, "insult", moderator)
    actions.appeal(Decision.objects.filter(comment=one).latest("pk"), "Again.")
    actions.remove_own(now(one))
    assert not Appeal.objects.filter(is_granted=None).exists()


def test_who_may_not_write_is_told_so(story: Article, client: Client, do_tasks: DoTasks) -> None:
    one = verified(story)
    do_tasks()
    mail.outbox.clear()
    moderator = somebody(Role.MODERATOR)
    assert one.writer is not None
    until = timezone.now() + timedelta(days=3)
    banned = actions.ban(one.writer, "Insults, again.", moderator, until)
    actions.caution(one.writer, "Mind the tone.", moderator)
    with pytest.raises(ValueError, match="Say something"):
        actions.caution(one.writer, " ", moderator)
    do_tasks()
    assert {sent.to[0] for sent in mail.outbox} == {"ada@example.org"}
    said = "\n".join(sent.body for sent in mail.outbox)
    assert "Insults, again." in said
    assert "Mind the tone." in said
    Tally.objects.all().delete()
    client.post(reverse("comments:my"), {"email": "ada@example.org"})
    do_tasks()
    found = re.search(r"/-/replies/my/in/\S+", mail.outbox[-1].body)
    assert found is not None
    client.post(found[0])
    for path in (reverse("comments:my"), reverse("comments:write", args=[f"article:{story.pk}"])):
        page = unescape(client.get(path).content.decode())
        assert "You can’t reply until" in page
        assert "Insults, again." in page
    assert "Mind the tone." in unescape(client.get(reverse("comments:my")).content.decode())
    actions.lift_ban(banned, somebody(Role.MODERATOR))
    lifted = Ban.objects.get()
    assert lifted.lifted_by is not None
    assert lifted.lifted_by != lifted.by
    events = list(
        AuditEntry.objects.filter(event__startswith="writer.").order_by("number").values_list("event", flat=True)
    )
    assert events == [Event.WRITER_BANNED, Event.WRITER_CAUTIONED, Event.WRITER_LET_IN]


def test_the_figures(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "hold-first"
    moderator, other = somebody(Role.MODERATOR), somebody(Role.MODERATOR)
    made = [verified(story, f"Words number {n}.", f"r{n}@example.org") for n in range(4)]
    reply_to(story, "Buy now", trap="x")
    for one, hours in zip(made, (1, 2, 30), strict=False):
        Comment.objects.filter(pk=one.pk).update(made_at=timezone.now() - timedelta(hours=hours))
    actions.decide(now(made[0]), State.REFUSED, "unlawful", moderator)
    actions.decide(now(made[1]), State.REFUSED, "insult", moderator)
    actions.decide(now(made[2]), State.APPROVED, "approved", moderator)
    actions.decide(now(made[3]), State.REFUSED, "insult", moderator)
    actions.undo(now(made[3]), moderator)
    report(now(made[2]), **LEGAL)
    actions.keep(now(made[2]), moderator)
    for one, is_granted in ((made[0], True), (made[1], False)):
        decision = Decision.objects.filter(comment=one).latest("pk")
        actions.decide_appeal(actions.appeal(decision, "No."), other, is_granted=is_granted)
    found = figures.figures(timezone.now() - timedelta(days=2), timezone.now() + timedelta(minutes=1))
    assert (found.submitted, found.held) == (5, 4)
    assert dict(found.by_people) == {"unlawful": 1, "insult": 2}
    assert dict(found.by_programs) == {"trap": 1}
    assert (found.automated_percent, found.on_the_law) == (25, 1)
    assert (dict(found.reports), found.upheld, found.dismissed) == ({"illegal": 1}, 0, 1)
    assert (found.appeals, found.granted, found.dismissed_appeals, found.overturn_percent) == (2, 1, 1, 50)
    assert found.decision_time is not None
    assert round(found.decision_time.total_seconds() / 3_600, 1) == 1.5
    lately = figures.lately()
    assert (lately.appeals, lately.overturn_percent) == (2, 50)
    rows = list(figures.as_rows(found))
    assert ("Decided by people", "It insults or threatens somebody", "2") in rows
    assert figures.as_csv(found).startswith("Kind,What,Number\r\n")
    empty = figures.figures(timezone.now() + timedelta(days=1), timezone.now() + timedelta(days=2))
    assert (empty.automated_percent, empty.overturn_percent, empty.decision_time) == (None, None, None)
    list(figures.as_rows(empty))
