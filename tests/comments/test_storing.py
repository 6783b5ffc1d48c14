"""Replies of the same moment are stored together, as if each had come alone; and one costs always the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.models import Comment, Decision, Machine, Mailbox, SpentProof, State, Thread, Writer
from stoppress.comments.phases import PHASES, Submission, Surroundings, pipeline
from stoppress.comments.signals import comment_submitted
from stoppress.core import hooks
from stoppress.newsroom.models import Article
from stoppress.pagestore.models import Mark
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory, baked_ferry

LONG = "Everybody should read this before the vote on Sunday, since nobody else says it."
MOST_QUERIES = 28
"""Of a reply by somebody new, from the address to the answer; eleven of them while others can't write."""


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    return baked_ferry()


@pytest.fixture
def deaf() -> Iterator[None]:
    """Somebody listens who can't bear one word."""

    def hear(comment: Comment, **_: Any) -> None:
        if "unbearable" in comment.text:
            raise RuntimeError("I can't hear this")

    comment_submitted.connect(hear, dispatch_uid="tests.deaf")
    yield
    comment_submitted.disconnect(dispatch_uid="tests.deaf")


def sent(story: Article, number: int, said: str = "What I say") -> list[str]:
    """The queries of one reply, of somebody new unless they have sent one."""
    form = {
        "name": f"Ada {number}",
        "email": f"ada{number}@example.org",
        "text": f"{said} is {number * 'truly '} so.",
    }
    path = reverse("comments:write", args=[f"article:{story.pk}"])
    with CaptureQueriesContext(connection) as queries:
        answer = Client(REMOTE_ADDR=f"203.0.{number}.7").post(path, form)
    assert answer.status_code == 302, answer.content
    return [one["sql"] for one in queries]


def many(story: Article, name: str, count: int) -> None:
    brought = [
        actions.Incoming(
            id=f"tests:{name}:{n}",
            parent="",
            state=State.APPROVED,
            name=f"Reader {n}",
            email=f"reader{n}@example.org",
            text=f"What {name} says is {n * 'and '} so.",
            made_at=timezone.now() - timedelta(hours=1),
        )
        for n in range(count)
    ]
    actions.bring(f"article:{story.pk}", brought, lambda _words, _id: None)


@pytest.mark.django_db
def test_a_reply_costs_the_same_however_many_there_are(story: Article, publication: SmallPublication) -> None:
    sent(story, 1)  # the first makes the thread
    few = sent(story, 2)
    many(story, "here", 120)
    many(ArticleFactory(section=publication.local, slug="elsewhere"), "there", 120)
    more = sent(story, 3)
    assert len(few) == len(more) <= MOST_QUERIES, "\n".join(more)


@pytest.mark.django_db
def test_an_address_is_looked_for_once(story: Article) -> None:
    sent(story, 1)
    again = sent(story, 1, "And more")
    assert len([one for one in again if "comments_mailbox" in one]) == 1, "\n".join(again)
    assert Writer.objects.get().approved == 2
    assert {one.writer for one in Comment.objects.select_related("writer")} == {Writer.objects.get()}


@pytest.mark.django_db
def test_what_is_refused_writes_nothing_and_waits_for_nobody(story: Article) -> None:
    reply_to(story, LONG, name="A", email="a@example.org")
    path = reverse("comments:write", args=[f"article:{story.pk}"])
    with CaptureQueriesContext(connection) as queries:
        answer = Client().post(path, {"name": "A", "email": "a@example.org", "text": LONG, "once": "another form"})
    assert answer.status_code == 422
    assert not [one["sql"] for one in queries if not one["sql"].startswith("SELECT")]


@pytest.mark.django_db(transaction=True)
def test_replies_of_the_same_moment(story: Article) -> None:
    subject = hooks.call().subject_of_key(key=f"article:{story.pk}")
    words = [(f"a{n}@example.org", f"A thought of my {n * 'very '} own.") for n in range(8)] + [
        ("b@example.org", LONG)
    ] * 4

    def send(number: int) -> str:
        email, text = words[number]
        reply = actions.Reply(name=email.partition("@")[0], email=email, text=text, address=f"198.51.{number}.1")
        try:
            return actions.submit(subject, reply).state
        except actions.NotTakenError as refused:
            return refused.reason
        finally:
            connection.close()

    with ThreadPoolExecutor(len(words)) as pool:
        outcomes = list(pool.map(send, range(len(words))))
    assert outcomes[:8] == ["approved"] * 8
    assert sorted(outcomes[8:]) == ["approved", "said-before", "said-before", "said-before"]
    thread = Thread.objects.get()
    assert (thread.count, thread.roots) == (9, 9)
    assert sorted(Comment.objects.values_list("place", flat=True)) == list(range(9))
    assert set(Writer.objects.values_list("approved", "refused")) == {(1, 0)}
    for model in (Comment, Writer, Mailbox, Machine, Decision):
        assert model.objects.count() == 9, model
    assert Mark.objects.filter(key=f"replies:article:{story.pk}").exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_takes_no_other_with_it(story: Article, deaf: None) -> None:
    subject = hooks.call().subject_of_key(key=f"article:{story.pk}")

    def send(number: int) -> str:
        text = f"It is {number * 'truly '} so" + (" is unbearable" if number == 3 else "")
        try:
            return actions.submit(subject, actions.Reply(name="R", email=f"a{number}@example.org", text=text)).state
        except RuntimeError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(send, range(6)))
    assert outcomes == ["approved"] * 3 + ["I can't hear this"] + ["approved"] * 2
    assert Comment.objects.count() == Writer.objects.count() == Thread.objects.get().count == 5


@pytest.mark.django_db
def test_what_changes_between_the_verdict_and_the_lock_counts(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    moderator, key = somebody(Role.MODERATOR), f"article:{story.pk}"
    meddling: list[Any] = []

    def meddle(submission: Submission, surroundings: Surroundings) -> None:
        if meddling:
            meddling.pop()()

    monkeypatch.setattr(pipeline, "PHASES", (*PHASES, meddle))
    reply_to(story)
    meddling.append(lambda: actions.freeze(key, "That is enough.", moderator))
    with pytest.raises(actions.NotTakenError, match="That is enough"):
        reply_to(story)
    actions.thaw(key, moderator)
    meddling.append(lambda: actions.begin_breaking(key, 1, "", moderator))
    assert reply_to(story).state == State.HELD
    actions.end_breaking(actions.begin_breaking(key, 1, "", moderator), moderator)
    meddling.append(lambda: reply_to(story, LONG, name="Twin", email="twin@example.org"))
    with pytest.raises(actions.NotTakenError, match="already"):
        reply_to(story, LONG, name="Twin", email="twin@example.org")
    assert Mailbox.objects.count() == Writer.objects.count()
    assert not SpentProof.objects.exists()


@pytest.mark.django_db
def test_who_is_kept_out_or_erased_meanwhile(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    moderator = somebody(Role.MODERATOR)
    meddling: list[Any] = []

    def meddle(submission: Submission, surroundings: Surroundings) -> None:
        if meddling:
            meddling.pop()()

    monkeypatch.setattr(pipeline, "PHASES", (*PHASES, meddle))
    early = timezone.now() - timedelta(hours=1)
    for name in ("loud", "gone"):
        first = reply_to(story, f"What {name} said first.", email=f"{name}@example.org")
        Comment.objects.filter(pk=first.pk).update(made_at=early)
    loud = Writer.objects.get(comments__text__contains="loud")
    meddling.append(lambda: actions.ban(loud, "Insults.", moderator))
    with pytest.raises(actions.NotTakenError, match="Insults"):
        reply_to(story, "What loud says now.", email="loud@example.org")
    meddling.append(lambda: actions.erase_person("gone@example.org"))
    with pytest.raises(actions.NotTakenError, match="Send this again"):
        reply_to(story, "What gone says now.", email="gone@example.org")
    assert reply_to(story, "What gone says now.", email="gone@example.org").writer is not None
