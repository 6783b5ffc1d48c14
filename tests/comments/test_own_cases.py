"""What somebody does in a case of their own, and what is to be read of what was withdrawn."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role, Tally, User
from stoppress.comments import actions
from stoppress.comments.actions import reporting
from stoppress.comments.links import own_path
from stoppress.comments.models import Appeal, Comment, Decision, State, Writer
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
DoTasks = Callable[[], None]
EVA = "eva@example.org"


@pytest.fixture
def moderator() -> User:
    return somebody(Role.MODERATOR)


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


@pytest.mark.parametrize("way", ["hold-first", "new-first", "breaking"])
def test_approved_words_are_not_changed_behind_the_moderators_back(
    story: Article, settings: Any, moderator: User, way: str
) -> None:
    if way != "breaking":
        settings.STOPPRESS_COMMENTS = way
    else:
        actions.begin_breaking(f"article:{story.pk}", 1, "", moderator)
    one = reply_to(story, "What a fine ferry.")
    assert one.state == State.HELD
    actions.decide(one, State.APPROVED, "approved", moderator)
    changed = actions.change_own(now(one), "What a foul captain.")
    assert changed.state == State.HELD
    drain()
    assert "foul captain" not in Client().get("/world/ferry/comments/").content.decode()


def test_an_answer_of_the_desk_is_changed_without_waiting(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "hold-first"
    one = reply_to(story, "We looked into it.", user=somebody(Role.REPORTER))
    assert one.state == State.APPROVED
    assert actions.change_own(now(one), "We looked into it again.").state == State.APPROVED


def test_a_pick_stays_what_it_was(story: Article, moderator: User) -> None:
    one = reply_to(story, "Worth reading.")
    actions.pick(one, "Read this.", moderator)
    answer = Client().post(own_path(one), {"text": "Buy my book."})
    assert answer.status_code == 422
    assert now(one).text == "Worth reading."
    actions.remove_own(now(one))
    assert now(one).state == State.REMOVED


def test_what_was_read_is_read_again_when_changed_words_are_reported(
    story: Article, settings: Any, moderator: User
) -> None:
    settings.STOPPRESS_COMMENTS_HOLD_AFTER_REPORTS = 1
    one = reply_to(story, "Nice.")
    actions.decide(one, State.REFUSED, "insult", moderator)
    actions.undo(now(one), moderator)
    actions.change_own(now(one), "Not nice at all.")
    actions.report(now(one), actions.Complaint(ground="abuse", address="203.0.113.9"))
    assert now(one).state == State.HELD


def test_nobody_decides_of_their_own_reply(story: Article, moderator: User) -> None:
    other = somebody(Role.MODERATOR)
    one = reply_to(story, "My own words.", user=moderator)
    actions.decide(one, State.REFUSED, "insult", other)
    waiting = actions.appeal(Decision.objects.filter(comment=one).latest("pk"), "I was right.")
    for act in (
        lambda: actions.decide_appeal(waiting, moderator, is_granted=True),
        lambda: actions.decide(now(one), State.APPROVED, "approved", moderator),
        lambda: actions.undo(now(one), moderator),
    ):
        with pytest.raises(actions.OwnDecisionError):
            act()
    assert (now(one).state, Appeal.objects.get().is_granted) == (State.REFUSED, None)
    desk = Client()
    desk.force_login(moderator)
    page = desk.get(reverse("desk:replies", args=["appeals"])).content.decode()
    assert "My own words." in page
    assert 'value="grant"' not in page
    actions.decide_appeal(waiting, somebody(Role.PUBLISHER), is_granted=True)
    assert now(one).state == State.APPROVED


def test_a_withdrawn_story_takes_its_replies_along(story: Article, client: Client, moderator: User) -> None:
    one = reply_to(story, "Words that a court forbade.")
    address = reverse("comments:report", args=[one.public_id])
    assert "Words that a court forbade." in client.get(address).content.decode()
    newsroom.kill_article(story, "A court forbade it.", somebody(Role.PUBLISHER))
    drain()
    assert client.get(address).status_code == 404
    late = client.post(address, {"ground": "nonsense", "text": "Mine is kept"}).content.decode()
    assert "Mine is kept" in late
    assert "a court forbade" not in late


def test_many_notices_by_one_address_end_in_one_mail(
    story: Article, moderator: User, do_tasks: DoTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = reply_to(story), reply_to(story)
    for number in range(12):
        Tally.objects.all().delete()  # as from other machines
        notice = {"ground": "illegal", "text": f"Section {number}", "name": "Eva", "email": EVA, "is_sincere": True}
        actions.report(one if number else other, actions.Complaint(**notice))  # type: ignore[arg-type]
    do_tasks()
    mail.outbox.clear()
    actions.decide(now(one), State.REFUSED, "unlawful", moderator)
    do_tasks()
    assert len([sent for sent in mail.outbox if sent.to == [EVA]]) == 1
    monkeypatch.setattr(reporting, "DECISIONS_TO_REPORTER", reporting.Limit("mails", 1, 86_400, is_audited=False))
    Tally.objects.all().delete()
    actions.report(now(other), actions.Complaint(ground="abuse", email=EVA, address="203.0.113.9"))
    mail.outbox.clear()
    actions.keep(now(other), moderator)
    actions.report(now(other), actions.Complaint(ground="abuse", email=EVA, address="198.51.100.9"))
    actions.keep(now(other), moderator)
    do_tasks()
    assert len([sent for sent in mail.outbox if "has decided" in sent.body]) == 1


def test_nobody_unconfirmed_is_named_by_a_link_of_mails(story: Article, do_tasks: DoTasks) -> None:
    """A drawer's link lets in once, by a button; opening it as a scanner does uses nothing up."""
    actions.ask_for_drawer("ada@example.org", "203.0.113.7")
    do_tasks()
    found = re.search(r"/-/replies/my/in/\S+", mail.outbox[-1].body)
    assert found is not None
    scanner, reader, thief = Client(), Client(), Client()
    for _again in range(3):
        assert scanner.get(found[0]).status_code == 200
        assert scanner.head(found[0]).status_code == 200
    assert not Writer.objects.exists()
    assert reader.post(found[0]).status_code == 302
    assert thief.post(found[0]).status_code == 410
    assert not thief.cookies
