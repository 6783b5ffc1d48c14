"""The spam model: what it looks at, how it learns, how well it does, and that it only ever holds."""

import json
import math
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.actions import train as training
from stoppress.comments.models import Comment, Decision, SpamModel, State, Thread
from stoppress.comments.spam import samples, shipped
from stoppress.comments.spam.features import BUCKETS, features
from stoppress.comments.spam.model import BadWeightsError, from_json
from stoppress.comments.spam.training import Example, measure, train
from stoppress.newsroom.models import Article
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import baked_ferry

pytestmark = pytest.mark.django_db
SPAM = "I make $9500 a month working from home, visit https://rich-now.top/ and start earning today!!!"


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.STOPPRESS_COMMENTS = "open"
    return baked_ferry()


@given(text=st.text(), name=st.text(max_size=90), website=st.text(max_size=30))
def test_anything_has_features_and_a_likeness(text: str, name: str, website: str) -> None:
    found = features(text, name, website)
    assert all(0 <= one < BUCKETS for one in found)
    assert found == features(text, name, website)
    assert 0 <= shipped().likeness(text, name, website) <= 1


def test_the_shipped_weights_are_those_of_our_own_sentences() -> None:
    fresh, kept = samples.fit_shipped(), shipped()
    # Not to the last digit: exp() differs a little between machines.
    apart = [abs(fresh.weights.get(one, 0.0) - kept.weights.get(one, 0.0)) for one in {*fresh.weights, *kept.weights}]
    assert max(apart) < 0.03, "run: python -m bench.spam --write"
    assert abs(fresh.threshold - kept.threshold) < 0.01
    assert fresh.about == kept.about
    assert fresh.about["measured"]


def test_weights_go_out_and_come_back() -> None:
    model = shipped()
    assert from_json(model.as_json()).as_json() == model.as_json()
    good = json.loads(model.as_json())
    for wrong in (
        "",
        "[]",
        "{}",
        json.dumps({**good, "buckets": 7}),
        json.dumps({**good, "bias": math.nan}),
        json.dumps({**good, "weights": {"x": 1}}),
        json.dumps({**good, "weights": {str(BUCKETS): 1}}),
        json.dumps({**good, "weights": [1]}),
    ):
        with pytest.raises(BadWeightsError):
            from_json(wrong)


def test_it_learns_what_it_is_told_and_the_same_each_time() -> None:
    told = [Example(f"Cheap blue pills number {n}", is_spam=True) for n in range(40)]
    told += [Example(f"The council met {n} times", is_spam=False) for n in range(120)]
    model = train(told, {})
    assert model.as_json() == train(told, {}).as_json()
    assert model.likeness("cheap pills") > 0.8
    assert model.likeness("The council met again") < 0.2
    score = measure(model, told)
    assert (score.count, score.spam) == (160, 40)
    assert score.precision == 1.0
    nothing = measure(model, [])
    assert (nothing.precision, nothing.recall) == (None, None)


def test_it_holds_and_nothing_more(story: Article, settings: Any) -> None:
    held = reply_to(story, SPAM)
    decision = Decision.objects.get(comment=held)
    assert (held.state, decision.phase, decision.reason) == (State.HELD, "spam_model", "like-spam")
    assert "of 100" in decision.note
    assert reply_to(story, "Who pays for the new bridge in the end?").state == State.APPROVED
    assert reply_to(story, SPAM + " Really!", user=somebody(Role.MODERATOR), email="").state == State.APPROVED
    settings.STOPPRESS_COMMENTS_SPAM_MODEL = False
    assert reply_to(story, SPAM + " Now!").state == State.APPROVED


def decided(story: Article, spam: int, fine: int) -> None:
    """What people have called spam and what they have let through, in turn."""
    moderator, long_ago = somebody(Role.MODERATOR), timezone.now() - timedelta(hours=30)
    thread, _is_new = Thread.objects.get_or_create(subject=f"article:{story.pk}")
    kinds = [State.SPAM] * spam + [State.APPROVED] * fine
    kinds.sort(key=lambda _one: 0)
    order = sorted(range(len(kinds)), key=lambda n: (n % spam if n < spam else (n - spam) * spam / max(fine, 1), n))
    for number in order:
        text = (
            f"Blue unicorn tea {number} in our garden"
            if kinds[number] is State.SPAM
            else f"The council met {number} times"
        )
        comment = Comment.objects.create(
            thread=thread,
            name="A",
            text=text,
            fingerprint="",
            state=kinds[number],
            made_at=long_ago,
        )
        Decision.objects.create(comment=comment, state=State.HELD, phase="hold_first", reason="hold-first")
        Decision.objects.create(comment=comment, state=kinds[number], reason="spam", by=moderator)


def test_it_is_trained_on_what_people_decided(story: Article) -> None:
    with pytest.raises(training.TooFewDecisionsError, match="0 replies spam"):
        training.train_on_decisions()
    decided(story, 70, 140)
    assert reply_to(story, "Blue unicorn tea 500 in our garden").state == State.APPROVED
    tried = training.train_on_decisions(is_dry=True)
    assert not tried.is_kept
    assert not SpamModel.objects.exists()
    trained = training.train_on_decisions()
    assert trained.is_kept
    row = SpamModel.objects.get()
    assert (row.trained_on, row.tested_on) == (168, 42)
    assert row.caught == row.tested_spam > 0
    assert row.wronged == 0
    assert reply_to(story, "Blue unicorn tea 501 in our garden").state == State.HELD
    page = desk().get(reverse("desk:replies_rules")).content.decode()
    assert "168 decisions of people" in page
    assert "precision 100%, recall 100%" in page
    training.use_shipped()
    assert reply_to(story, "Blue unicorn tea 502 in our garden").state == State.APPROVED


def test_one_that_does_worse_is_not_taken(story: Article) -> None:
    decided(story, 70, 140)
    training.train_on_decisions()
    # Somebody at the desk has lost their mind: now everything is called the other way round.
    for one in Decision.objects.filter(by__isnull=False).order_by("pk")[:168]:
        Decision.objects.filter(pk=one.pk).update(state=State.SPAM if one.state == State.APPROVED else State.APPROVED)
    worse = training.train_on_decisions()
    assert not worse.is_kept
    assert SpamModel.objects.count() == 1
    assert training.train_on_decisions(is_forced=True).is_kept


def test_what_it_held_is_measured_by_what_people_made_of_it(story: Article) -> None:
    moderator = somebody(Role.MODERATOR)
    held = [reply_to(story, f"{SPAM} Number {number}") for number in range(4)]
    for one, state in zip(held, (State.SPAM, State.SPAM, State.APPROVED), strict=False):
        actions.decide(one, state, "seen", moderator)
    page = desk().get(reverse("desk:replies_rules")).content.decode()
    assert "Held within 30 days: 4. People called 2 of them spam and approved 1; 1 wait." in page
    assert "Precision so far: 67%." in page
    Decision.objects.all().update(at=timezone.now() - timedelta(days=31))
    assert "Held within 30 days: 0." in desk().get(reverse("desk:replies_rules")).content.decode()


def desk() -> Client:
    client = Client()
    client.force_login(somebody(Role.MODERATOR))
    return client


def test_the_command(story: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    from stoppress.cli import place  # noqa: PLC0415 - whose looking for an instance is in the way here
    from stoppress.cli.commands.comments import comments  # noqa: PLC0415 - beside it

    for name in ("find", "require_writable", "configure", "require_database"):
        monkeypatch.setattr(place, name, lambda _given: None)
    run = CliRunner()
    few = run.invoke(comments, ["train"], obj=None)
    assert few.exit_code == 1
    assert "Nothing was trained" in few.output
    decided(story, 70, 140)
    said = run.invoke(comments, ["train"], obj=None).output
    assert "Trained on 168 decisions of people" in said
    assert "the new one: precision 100.0%, recall 100.0%" in said
    assert "The new one is in force." in said
    assert "The model that is shipped" in run.invoke(comments, ["train", "--shipped"], obj=None).output
    tried = run.invoke(comments, ["rehearse", "--held-word", "unicorn"], obj=None).output
    assert "70 of 210 replies would have fared otherwise." in tried
    assert "70: approved -> held (now spam)" in tried
