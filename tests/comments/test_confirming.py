"""Whoever types an address need not have it: what a trusted guest may do is for who shows that it is theirs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions, vault
from stoppress.comments.links import confirm_path, drawer_path, own_path
from stoppress.comments.models import Comment, Decision, State, Writer
from stoppress.comments.rehearsal import Change, rehearse
from stoppress.comments.signing_in import COOKIE
from stoppress.comments.tasks import send_confirmations
from stoppress.newsroom.models import Article
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = pytest.mark.django_db
ADA = "ada@example.org"
DoTasks = Callable[[], None]


@pytest.fixture
def trusted(story: Article, settings: Any) -> Writer:
    """Ada, whose replies need no editor any more where new writers do."""
    settings.STOPPRESS_COMMENTS = "new-first"
    for word in ("first", "second"):
        held = reply_to(story, f"Ada\u2019s {word} thought.", name="Ada", email=ADA)
        actions.decide(held, State.APPROVED, "approved", somebody(Role.MODERATOR))
    actions.confirm(held)
    Comment.objects.update(made_at=timezone.now() - timedelta(days=2))
    return Writer.objects.get(pk=held.writer_id)


def send(client: Client, story: Article, text: str, **more: str) -> Comment:
    """A guest\u2019s reply, as the form on a baked page sends it."""
    form = {"name": "Ada", "email": ADA, "website": "", "text": text, "send": "1", **more}
    answer = client.post(reverse("comments:write", args=[f"article:{story.pk}"]), form)
    assert answer.status_code == 302, answer.content.decode()
    return Comment.objects.get(text=text)


def reason(comment: Comment) -> str:
    return Decision.objects.filter(comment=comment).latest("pk").reason


def link_in(body: str) -> str:
    found = re.search(r"/-/replies/confirm/\S+", body)
    assert found is not None, body
    return found[0]


def now(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def test_a_stranger_with_her_address_is_held_until_she_says_it_was_she(
    story: Article, trusted: Writer, client: Client, do_tasks: DoTasks
) -> None:
    do_tasks()
    mail.outbox.clear()
    held = send(client, story, "Said by somebody who knows an address.")
    assert (held.writer, held.state, reason(held)) == (trusted, State.HELD, "unconfirmed")
    page = client.get(own_path(held)).content.decode()
    new = send(Client(), story, "Said by somebody new.", email="new@example.org", name="Ada")
    assert reason(new) == "new-writer"
    # Whoever typed the address learns nothing of it: the pages differ in the words that were sent.
    other = client.get(own_path(new)).content.decode()
    assert page.replace(held.text, "") == other.replace(new.text, "")
    do_tasks()
    to_ada, to_new = sorted(mail.outbox, key=lambda one: one.to)
    assert "the reply waits until you have done so" in to_ada.body
    assert "waits" not in to_new.body
    link = link_in(to_ada.body)
    asking = client.get(link).content.decode()
    assert "It was me" in asking
    assert held.text in asking  # nobody is asked whether words are theirs that they can't read
    assert held.text not in to_ada.body
    assert now(held).state == State.HELD  # programs that open links have changed nothing
    assert client.post(link).status_code == 302
    assert (now(held).state, reason(held)) == (State.APPROVED, "confirmed: nothing-found")
    assert Writer.objects.get(pk=trusted.pk).approved == 3
    assert not client.cookies
    actions.decide(now(held), State.REFUSED, "insult", somebody(Role.MODERATOR))
    client.post(link)  # once more: what people decided since stands
    assert now(held).state == State.REFUSED


def test_who_wants_to_be_known_in_a_browser_needs_no_more_mails(
    story: Article, trusted: Writer, client: Client, do_tasks: DoTasks
) -> None:
    held = send(client, story, "From another device.")
    link = confirm_path(held)
    answer = client.post(link, {"remember": "on"})
    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/-/replies/", True, "Lax")
    do_tasks()
    mail.outbox.clear()
    known = send(client, story, "From there once more.")
    assert (known.state, known.confirmed_at) == (State.APPROVED, known.made_at)
    do_tasks()
    assert not mail.outbox
    # A link that was passed on, or lies in a mailbox that others read, lets nobody in.
    assert COOKIE not in Client().post(link, {"remember": "on"}).cookies
    guest = send(client, story, "Ben, at the same table.", name="Ben", email="ben@example.org")
    assert (guest.writer != trusted, guest.confirmed_at, reason(guest)) == (True, None, "new-writer")
    asked_for_a_name = send(client, story, "From a form that knows the address.", email="")
    assert (asked_for_a_name.writer, asked_for_a_name.state) == (trusted, State.APPROVED)


def test_what_else_speaks_against_it_is_asked_again(story: Article, trusted: Writer, settings: Any) -> None:
    waits = reply_to(story, "About casinos.", name="Ada", email=ADA)
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casinos"]
    actions.confirm(waits)
    assert (now(waits).state, reason(waits)) == (State.HELD, "confirmed: held-word")
    settings.STOPPRESS_COMMENTS_HELD_WORDS = []
    settings.STOPPRESS_COMMENTS_REFUSED_WORDS = ["casinos"]
    other = reply_to(story, "About other things.", name="Ada", email=ADA)
    Comment.objects.filter(pk=other.pk).update(text="About casinos and things.")
    actions.confirm(other)
    assert (now(other).state, reason(other)) == (State.HELD, "confirmed: refused-word")


def test_a_change_that_waits_for_her_word_is_asked_about(
    story: Article, trusted: Writer, settings: Any, do_tasks: DoTasks
) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    one = reply_to(story, "Said while all was open.", name="Ada", email=ADA)
    do_tasks()
    mail.outbox.clear()
    assert one.state == State.APPROVED
    settings.STOPPRESS_COMMENTS = "new-first"
    changed = actions.change_own(one, "Said otherwise since.")
    assert (changed.state, reason(changed)) == (State.HELD, "changed: unconfirmed")
    do_tasks()
    (asked,) = mail.outbox
    assert link_in(asked.body) == confirm_path(changed)


def test_a_new_writer_stays_one_and_an_account_need_not_sign_in(story: Article, settings: Any, trusted: Writer) -> None:
    new = reply_to(story, email="new@example.org")
    assert actions.confirm(new)
    assert (now(new).state, reason(new)) == (State.HELD, "new-writer")
    actions.name_account(trusted, "Ada Lovelace")
    held = reply_to(story, "I am Ada.", name="Ada", email=ADA)
    assert reason(held) == "not-signed-in"
    actions.change_own(held, "I am Ada, and mend a word.")
    assert (now(held).state, reason(held)) == (State.HELD, "changed: not-signed-in")
    actions.confirm(held)
    assert now(held).state == State.APPROVED
    settings.STOPPRESS_COMMENTS = "open"  # where nobody else waits, waiting would say that there is an account
    assert reply_to(story, "I am Ada, by another name.", name="A", email=ADA).state == State.APPROVED


def test_her_drawer_asks_as_well(story: Article, trusted: Writer, client: Client) -> None:
    """For when the mail was lost, or when as many as an address gets had gone out that day."""
    held = reply_to(story, "Whose is this?", name="Ada", email=ADA)
    client.post(drawer_path(vault.sealed(ADA), ""))
    page = client.get(reverse("comments:my")).content.decode()
    (link,) = re.findall(r'href="(/-/replies/confirm/[^"]+)"', page)[:1]
    assert page.count("/-/replies/confirm/") == 2  # this one, and the first of all, which she never confirmed
    client.post(link)
    assert now(held).state == State.APPROVED


def test_moderators_see_it_and_rules_are_tried_with_it(story: Article, trusted: Writer, client: Client) -> None:
    reply_to(story, "Whose is this?", name="Ada", email=ADA)
    client.force_login(somebody(Role.MODERATOR))
    page = client.get(reverse("desk:replies", args=["held"])).content.decode()
    assert "not for this reply: somebody else may have typed it" in page
    assert "its owner has not said that it was they" in page
    reply_to(story, "From a browser that knows her.", name="Ada", email="", reader=trusted)
    assert rehearse(Change(trusted_after=9)).moves == {(State.APPROVED, State.HELD, State.APPROVED): 1}


class KilledError(BaseException):
    """The process is gone."""


def test_a_kill_repeats_one_mail_at_most_and_loses_none(
    story: Article, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    asked = [reply_to(story, email=f"{name}@example.org").pk for name in ("ada", "bea", "cem")]
    sent: list[str] = []

    def send(_subject: str, _text: str, to: str, *_more: Any) -> None:
        sent.append(to)
        if len(sent) == 2:
            raise KilledError  # the mail server has it, and nobody was told

    monkeypatch.setattr("stoppress.core.mail.send", send)
    with pytest.raises(KilledError):
        send_confirmations.call(asked)
    send_confirmations.call(asked)  # as a task is that was found running when nobody ran it
    send_confirmations.call(asked)
    assert [one.partition("@")[0] for one in sent] == ["ada", "bea", "bea", "cem"]
