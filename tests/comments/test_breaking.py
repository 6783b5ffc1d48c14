"""Breaking-news mode: by a switch or by a wave; what it does to replies and pages, and how it ends by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stoppress.accounts.models import AuditEntry, Event, Role
from stoppress.comments import actions, hooks, proofs
from stoppress.comments.models import SITE, BreakingNews, Comment, Decision, SpentProof, State
from stoppress.core import hooks as core
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Counts follow at once, and a sum is done at once."""
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(proofs, "COST", 1)
    settings.STOPPRESS_COMMENTS = "open"


def page(store: Path, path: str = "/world/ferry/comments/") -> str:
    return unescape((store / f"pages{path}index.html").read_text(encoding="utf-8"))


def reason(comment: Comment) -> str:
    return Decision.objects.filter(comment=comment).latest("pk").reason


def proof_for(article: Article) -> str:
    """What a browser sends that did the sum."""
    answer = Client().get(reverse("comments:proof", args=[f"article:{article.pk}"]))
    assert answer.status_code == 200
    challenge = Challenge.from_dict(answer.json())
    solution = solve_challenge(challenge)
    assert solution is not None
    return str(Payload(challenge, solution).to_base64())


def earlier(span: timedelta) -> None:
    """Let all that is there be so much older."""
    for comment in Comment.objects.all():
        Comment.objects.filter(pk=comment.pk).update(made_at=comment.made_at - span)


def test_a_switch_holds_everything_and_tells_readers(story: Article, store: Path, tmp_path: Path) -> None:
    moderator = somebody(Role.MODERATOR)
    assert reply_to(story).state == State.APPROVED
    with pytest.raises(PermissionDenied):
        actions.begin_breaking(SITE, 1, "", somebody(Role.REPORTER))
    row = actions.begin_breaking(f"article:{story.pk}", 2, "We read <all> & it takes a while.", moderator)
    oracle.assert_true(tmp_path / "begun")
    assert "We read <all> & it takes a while." in page(store)
    assert "<all>" not in (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert "data-proof=" in page(store)
    plain = reply_to(story)
    proven = reply_to(story, proof=proof_for(story))
    assert [(one.state, reason(one)) for one in (plain, proven)] == [
        (State.HELD, "unproven"),
        (State.HELD, "breaking-news"),
    ]
    assert reply_to(story, user=moderator, email="").state == State.APPROVED
    actions.end_breaking(row, moderator)
    oracle.assert_true(tmp_path / "ended")
    assert "takes a while" not in page(store)
    assert "data-proof" not in page(store)
    assert Comment.objects.get(pk=plain.pk).state == State.HELD
    assert reply_to(story).state == State.APPROVED
    events = AuditEntry.objects.filter(event__startswith="replies.").order_by("number")
    assert [(one.event, one.about, one.actor_id) for one in events] == [
        (Event.BREAKING_BEGAN, f"article:{story.pk}", moderator.pk),
        (Event.BREAKING_ENDED, f"article:{story.pk}", moderator.pk),
    ]


def test_the_whole_site_and_its_own_words(story: Article, store: Path, tmp_path: Path) -> None:
    moderator = somebody(Role.MODERATOR)
    reply_to(story)
    actions.begin_breaking(SITE, 1, "", moderator)
    oracle.assert_true(tmp_path / "site")
    assert "This story is moving fast." in page(store)
    actions.begin_breaking(f"article:{story.pk}", 1, "Of this story alone.", moderator)
    oracle.assert_true(tmp_path / "both")
    assert "Of this story alone." in page(store)
    again = actions.begin_breaking(SITE, 5, "Longer.", moderator)
    assert BreakingNews.objects.filter(scope=SITE).count() == 1
    assert again.notice == "Longer."
    for hours, notice in ((0, ""), (169, ""), (1, "x" * 1001)):
        with pytest.raises(ValueError, match=r"number|characters"):
            actions.begin_breaking(SITE, hours, notice, moderator)


def test_people_are_slower_and_machines_slow_nobody_else(story: Article) -> None:
    actions.begin_breaking(f"article:{story.pk}", 1, "", somebody(Role.MODERATOR))
    reply_to(story, email="a@example.org")
    with pytest.raises(actions.NotTakenError, match="every 120 seconds") as refused:
        reply_to(story, email="a@example.org")
    assert refused.value.reason == "slow"
    for _number in range(19):
        reply_to(story)
    with pytest.raises(actions.NotTakenError, match="in a minute"):
        reply_to(story)
    assert reply_to(story, proof=proof_for(story)).state == State.HELD
    earlier(timedelta(minutes=3))
    assert reply_to(story, "Something else by now", email="a@example.org").state == State.HELD


def test_a_proof_counts_once_and_only_here(story: Article, publication: SmallPublication) -> None:
    other: Article = ArticleFactory(section=publication.world, slug="other")
    drain()
    assert Client().get(reverse("comments:proof", args=[f"article:{story.pk}"])).status_code == 404
    actions.begin_breaking(SITE, 1, "", somebody(Role.MODERATOR))
    sent = proof_for(story)
    assert reason(reply_to(other, proof=sent)) == "unproven"
    with pytest.raises(actions.NotTakenError):
        reply_to(story, "x" * 6000, proof=sent)  # not taken, so not spent
    assert reason(reply_to(story, proof=sent)) == "breaking-news"
    assert reason(reply_to(story, proof=sent)) == "unproven"
    SpentProof.objects.update(lapses_at=timezone.now() - timedelta(minutes=1))
    actions.tidy()
    assert not SpentProof.objects.exists()


def test_a_proof_without_the_work_is_none(story: Article) -> None:
    challenge = Challenge.from_dict(proofs.challenge_for("article:1"))
    good = solve_challenge(challenge)
    assert good is not None
    assert proofs.read(Payload(challenge, good).to_base64(), "article:1") is not None
    from altcha import Solution, derive_key_pbkdf2  # noqa: PLC0415 - what a cheat would call

    parameters = challenge.parameters
    for counter in range(1000):
        password = bytes.fromhex(parameters.nonce) + counter.to_bytes(4, "big")
        key = derive_key_pbkdf2(parameters, bytes.fromhex(parameters.salt), password).hex()
        if not key.startswith(proofs.PREFIX):
            break
    cheap = Solution(counter, key)  # a key that the counter really has, and nobody searched for
    assert proofs.read(Payload(challenge, cheap).to_base64(), "article:1") is None
    parameters.cost = 1_000_000  # what a stranger asks us to compute
    assert proofs.read(Payload(challenge, good).to_base64(), "article:1") is None


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["challenge", "parameters", "solution", "counter", "derivedKey", "nonce", "signature"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(sent=JSONISH | st.binary(max_size=60) | st.text(max_size=60))
def test_nonsense_proves_nothing(sent: Any) -> None:
    import base64  # noqa: PLC0415 - for this one
    import json  # noqa: PLC0415 - beside it

    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    assert proofs.read(base64.b64encode(raw).decode(), "article:1") is None
    if isinstance(sent, str):
        assert proofs.read(sent, "article:1") is None


def test_a_wave_begins_it_and_calm_ends_it(story: Article, settings: Any, store: Path, tmp_path: Path) -> None:
    settings.STOPPRESS_COMMENTS_SURGE = 5
    for _number in range(5):
        assert reply_to(story).state == State.APPROVED
    row = BreakingNews.objects.get()
    assert (row.scope, row.is_automatic, row.by, row.most) == (f"article:{story.pk}", True, None, 5)
    assert reply_to(story).state == State.HELD
    oracle.assert_true(tmp_path / "begun")
    assert "moving fast" in page(store)
    looks = clock()
    assert looks(timedelta(minutes=1)) is not None
    assert not BreakingNews.objects.get().calm_since
    earlier(timedelta(minutes=11))
    looks(timedelta(minutes=2))
    assert BreakingNews.objects.get().calm_since
    looks(timedelta(minutes=20))
    assert BreakingNews.objects.get().ended_at is None
    assert looks(timedelta(minutes=33)) is None
    row = BreakingNews.objects.get()
    assert (row.ended_how, row.most) == ("calm", 6)
    drain()
    assert "moving fast" not in page(store)
    ended = AuditEntry.objects.get(event=Event.BREAKING_ENDED)
    assert (ended.actor_id, ended.details["how"]) == (None, "calm")


def test_nobody_begins_a_wave_that_their_reply_tips_over(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_SURGE = 5
    reader = Client()
    reader.force_login(somebody(Role.REPORTER))
    for _number in range(4):
        reply_to(story)
    place = reverse("comments:write", args=[f"article:{story.pk}"])
    assert reader.post(place, {"text": "The last drop", "send": "1"}).status_code == 302
    assert BreakingNews.objects.get().is_automatic
    began = AuditEntry.objects.get(event=Event.BREAKING_BEGAN)
    assert (began.actor_id, began.actor, began.origin) == (None, "", "")


def test_what_was_switched_on_lasts_its_time_and_on_while_they_come(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_SURGE = 5
    actions.begin_breaking(f"article:{story.pk}", 1, "", somebody(Role.MODERATOR))
    looks = clock()
    looks(timedelta(minutes=50))  # calm all the time
    assert BreakingNews.objects.get().ended_at is None
    for _number in range(6):
        reply_to(story)
    Comment.objects.update(made_at=timezone.now() + timedelta(minutes=65))
    looks(timedelta(minutes=66))
    assert BreakingNews.objects.get().ended_at is None
    looks(timedelta(minutes=90))
    assert BreakingNews.objects.get().ended_how == "time"


def test_what_is_usual_is_no_wave(story: Article, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS_SURGE = 5
    for _number in range(4):
        reply_to(story)
    earlier(timedelta(hours=1))
    # Five in ten minutes are four times the usual only where fewer than 180 came in a day.
    thread = Comment.objects.all()[0].thread
    now = timezone.now()
    long_ago = now - timedelta(hours=2)
    usual = {"thread": thread, "name": "A", "text": "B", "fingerprint": "", "state": State.HELD, "made_at": long_ago}
    Comment.objects.bulk_create([Comment(**usual) for _number in range(300)])
    for _number in range(6):
        reply_to(story)
    assert not BreakingNews.objects.exists()
    settings.STOPPRESS_COMMENTS_SURGE = 0
    Comment.objects.filter(text="B").delete()
    reply_to(story)
    assert not BreakingNews.objects.exists()


def test_the_desk_s_switch(story: Article) -> None:
    desk = Client()
    desk.force_login(somebody(Role.MODERATOR))
    for address in (reverse("desk:replies_rules"), reverse("desk:replies_thread", args=[f"article:{story.pk}"])):
        assert "This story is moving fast" in desk.get(address).content.decode()
        assert desk.post(address, {"act": "begin", "hours": "x", "notice": "Kept words"}).status_code == 422
        too_long = desk.post(address, {"act": "begin", "hours": "999", "notice": "Kept words"})
        assert "Kept words" in too_long.content.decode()
        assert desk.post(address, {"act": "begin", "hours": "3", "notice": "Hold on"}).status_code == 302
        assert "Switch it off" in desk.get(address).content.decode()
        row = BreakingNews.objects.get(ended_at=None)
        assert desk.post(address, {"act": "end", "row": "nonsense"}).status_code == 404
        assert desk.post(address, {"act": "end", "row": str(row.pk)}).status_code == 302
        assert not BreakingNews.objects.filter(ended_at=None).exists()
    assert "Ferry is back" in desk.get(reverse("desk:replies_rules")).content.decode()


def clock() -> Callable[[timedelta], datetime | None]:
    """Lets the worker look so long after now; answers when a reply room wants to be asked again."""
    start = timezone.now()

    def look(span: timedelta) -> datetime | None:
        due = [one for one in core.call().keep_times(now=start + span) if one is not None]
        return min(due, default=None)

    return look
