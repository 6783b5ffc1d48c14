"""What becomes of a reply, and what its writer is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.models import Ban, Comment, Decision, Machine, Mailbox, Mode, State, Thread, Writer
from stoppress.comments.vault import mail_digest
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import UserFactory, somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory, baked_ferry

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_REFUSED_WORDS = ["rotten egg"]
    settings.STOPPRESS_COMMENTS_HELD_WORDS = ["casino"]
    return baked_ferry()


def reason(comment: Comment) -> str:
    return Decision.objects.filter(comment=comment).latest("pk").reason


@pytest.mark.parametrize(
    ("text", "state", "why"),
    [
        ("A plain word.", State.APPROVED, "nothing-found"),
        ("The CÁSINO is open", State.HELD, "held-word"),
        ("The casinos are open", State.APPROVED, "nothing-found"),
        ("https://a.example https://b.example https://c.example", State.HELD, "links"),
        ("Z" + "\u0300" * 20 + "algo", State.HELD, "piled-marks"),
        ("a\u200b" * 30, State.HELD, "invisible"),
        ("WHY DOES NOBODY EVER LISTEN TO WHAT I SAY IN HERE TODAY", State.HELD, "capitals"),
    ],
)
def test_what_is_said(story: Article, text: str, state: State, why: str) -> None:
    comment = reply_to(story, text)
    assert (comment.state, reason(comment)) == (state, why)


@pytest.mark.parametrize(
    ("text", "more", "why"),
    [
        ("", {"text_is": " \n\u202e"}, "empty"),
        ("x" * 5001, {}, "too-long"),
        ("You Rotten  Egg!", {}, "refused-word"),
        ("Words", {"name": " "}, "no-name"),
        ("Words", {"email": "not an address"}, "no-mail"),
        ("Words", {"email": "a@" + "b" * 300 + ".example"}, "no-mail"),
        ("Words", {"website": "javascript:alert(1)"}, "website"),
        ("Words", {"to": "nobody"}, "no-parent"),
        ("Words", {"name": "n" * 81}, "long-name"),
    ],
)
def test_what_is_not_taken_leaves_nothing(story: Article, text: str, more: dict[str, str], why: str) -> None:
    text = more.pop("text_is", text)
    with pytest.raises(actions.NotTakenError) as refused:
        reply_to(story, text or " ", **more)
    assert refused.value.reason == why
    assert str(refused.value)
    for model in (Thread, Comment, Writer, Mailbox, Machine):
        assert not model.objects.exists(), model


def test_traps_and_haste(story: Article) -> None:
    assert reply_to(story, trap="http://spam.example").state == State.SPAM
    assert reply_to(story, seconds=0.4).state == State.HELD
    assert reply_to(story, seconds=30).state == State.APPROVED
    moderator, stranger = somebody(Role.MODERATOR), UserFactory(is_staff=False)
    assert reply_to(story, "From the desk", user=moderator, seconds=0.4, trap="x").state == State.APPROVED
    held = reply_to(story, "Signed in, and nobody of ours", user=stranger, seconds=0.4)
    assert (held.state, reason(held)) == (State.HELD, "too-fast")


def test_too_many_at_once(story: Article) -> None:
    for word in ("First", "Second", "Third"):
        reply_to(story, f"{word} thought", name="Bea", email="busy@example.org", address="203.0.113.7")
    for more in ({"name": "Bea", "address": "203.0.113.9"}, {"email": "BUSY@example.org"}):
        with pytest.raises(actions.NotTakenError, match="a lot in a short time"):
            reply_to(story, "One more", **more)
    assert reply_to(story, "From next door", address="203.0.113.8").state == State.APPROVED
    writer = Writer.objects.get(mailbox__digest=mail_digest("busy@example.org"))
    with pytest.raises(actions.NotTakenError, match="a lot in a short time"):
        reply_to(story, "Signed in, from elsewhere", email="", reader=writer, address="192.0.2.1")
    for number in range(26):
        reply_to(story, address=f"203.0.113.{number + 10}")
    with pytest.raises(actions.NotTakenError, match="a lot in a short time"):
        reply_to(story, "One more of the same network", address="203.0.113.99")


def test_the_same_again(story: Article, publication: SmallPublication) -> None:
    long = "Everybody should read this before the vote on Sunday, since nobody else says it."
    reply_to(story, long, name="Ada", email="a@example.org")
    with pytest.raises(actions.NotTakenError, match="already"):
        reply_to(story, long.title(), name="Ada", email="b@example.org")
    known = Writer.objects.get()
    with pytest.raises(actions.NotTakenError, match="already"):
        reply_to(story, long, email="", reader=known)
    signed = reply_to(story, long + " Really.", email="", reader=known)
    assert (signed.state, reason(signed)) == (State.HELD, "near-repeat")
    near = reply_to(story, long + " Truly.", email="a@example.org")
    assert (near.state, reason(near), near.signal) == (State.APPROVED, "near-repeat", "near-repeat")
    for name in ("Ada", "Bea"):  # two people find the same short words by chance
        reply_to(story, "Well said.", name=name)
        with pytest.raises(actions.NotTakenError, match="already"):
            reply_to(story, "Well said.", name=name)
    others = [ArticleFactory(section=publication.local, slug=f"other-{n}") for n in range(3)]
    drain()
    states = [reply_to(other, long).state for other in others]
    assert states == [State.APPROVED, State.SPAM, State.SPAM]


def test_new_writers_are_read_first(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "new-first"
    moderator = somebody(Role.MODERATOR)
    for word in ("first", "second"):
        held = reply_to(story, f"Hello, this is my {word} thought", email="new@example.org")
        assert (held.state, reason(held)) == (State.HELD, "new-writer")
        actions.decide(held, State.APPROVED, "fine", moderator)
    assert held.writer is not None
    actions.confirm(held)
    known = Writer.objects.get(pk=held.writer.pk)
    assert reply_to(story, "And a third thought", email="", reader=known).state == State.APPROVED
    assert reply_to(story, email="other@example.org").state == State.HELD


def test_names_of_the_staff(story: Article, settings: Any) -> None:
    moderator = somebody(Role.MODERATOR)
    own = reply_to(story, "From the desk", user=moderator, email="")
    assert own.is_staff
    assert own.state == State.APPROVED
    settings.STOPPRESS_COMMENTS = "hold-first"
    assert reply_to(story).state == State.HELD
    assert reply_to(story, "Again from the desk", user=moderator, email="").state == State.APPROVED


def test_the_banned_are_told_why(story: Article) -> None:
    moderator = somebody(Role.MODERATOR)
    comment = reply_to(story, email="rude@example.org")
    assert comment.writer is not None
    ban = actions.ban(comment.writer, "Insults", moderator, timezone.now() + timedelta(days=1))
    with pytest.raises(actions.NotTakenError, match="Insults"):
        reply_to(story, "Let me in", email="rude@example.org")
    actions.lift_ban(ban, moderator)
    assert reply_to(story, "Let me in", email="rude@example.org").state == State.APPROVED
    Ban.objects.create(writer=comment.writer, reason="Long ago", until=timezone.now() - timedelta(days=1))
    assert reply_to(story, "Still in", email="rude@example.org").state == State.APPROVED


def test_closed_by_hand_by_time_and_for_guests(story: Article, settings: Any) -> None:
    moderator = somebody(Role.MODERATOR)
    actions.set_mode(f"article:{story.pk}", Mode.CLOSED, moderator)
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)
    actions.set_mode(f"article:{story.pk}", None, moderator)
    settings.STOPPRESS_COMMENTS = "accounts"
    with pytest.raises(actions.NotTakenError, match="account"):
        reply_to(story)
    assert reply_to(story, user=moderator, email="").state == State.APPROVED
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_CLOSE_DAYS = 1
    Article.objects.filter(pk=story.pk).update(first_published_at=timezone.now() - timedelta(days=2))
    Article.objects.get(pk=story.pk).save()
    drain()
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)


def test_addresses_are_sealed_and_forgotten(story: Article) -> None:
    comment = reply_to(story, email="Secret@Example.org", address="203.0.113.7")
    rows = [*Mailbox.objects.values(), *Machine.objects.values(), *Comment.objects.values(), *Writer.objects.values()]
    stored = repr(rows).casefold()
    assert "secret" not in stored
    assert "203.0.113" not in stored
    Machine.objects.update(seen_at=timezone.now() - timedelta(days=27))
    assert actions.tidy() == 0
    # A running tree looks once a day, on a busy one half a day later: nothing is older than 30 days then.
    Machine.objects.update(seen_at=timezone.now() - timedelta(days=28, minutes=1))
    assert actions.tidy() == 1
    assert not Machine.objects.filter(comment=comment).exists()
