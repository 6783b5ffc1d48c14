"""Training the spam model on what this newsroom decided, and measuring it on what came after."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from stoppress.comments.actions.rules import renew
from stoppress.comments.likeness import in_force
from stoppress.comments.models import Decision, SpamModel, State
from stoppress.comments.spam import Model, shipped
from stoppress.comments.spam.training import Example, Score, measure, train

LEAST_OF_EACH = 50
"""Decisions of either kind, or what comes out is chance."""
MOST = 20_000
"""The newest decisions; older ones say little of what is sent today."""
TESTED_SHARE = 5
"""The newest fifth is not trained on."""
KEPT = 5


class TooFewDecisionsError(Exception):
    """There is too little to learn from; the text says how much there is."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of a training.

    Attributes:
        score: of the new model on decisions that it had not seen.
        before: of the one that was in force, on the same; ``None`` when none was.
        is_kept: whether the new one is in force now.
    """

    model: Model
    trained_on: int
    trained_spam: int
    score: Score
    before: Score | None
    since: datetime
    until: datetime
    is_kept: bool


def train_on_decisions(*, is_dry: bool = False, is_forced: bool = False) -> Trained:
    """Fit the shipped model further to the newest decisions of people, measure it on the last fifth of them, and put it
    in force if it does no worse there than the one before.

    Args:
        is_dry: only say how well it would do.
        is_forced: put it in force even if it does worse.

    Raises:
        TooFewDecisionsError: people have not decided enough yet.
    """
    decided = _decided()
    cut = len(decided) - len(decided) // TESTED_SHARE
    learnt, left = decided[:cut], decided[cut:]
    for kind, few in (("spam", True), ("no spam", False)):
        count = sum(one.is_spam is few for _at, one in learnt)
        if count < LEAST_OF_EACH:
            raise TooFewDecisionsError(
                f"people have called {count} replies {kind} (the last fifth is kept to measure with); "
                f"{LEAST_OF_EACH} are needed"
            )
    about = {
        "source": "decisions of this newsroom",
        "made_at": timezone.localdate().isoformat(),
        "trained_on": len(learnt),
    }
    model = train([one for _at, one in learnt], about, shipped())
    held_out = [one for _at, one in left]
    score, now = measure(model, held_out), in_force()
    before = measure(now, held_out) if now is not None else None
    is_kept = not is_dry and (is_forced or before is None or _is_no_worse(score, before))
    spam = sum(one.is_spam for _at, one in learnt)
    trained = Trained(model, len(learnt), spam, score, before, decided[0][0], decided[-1][0], is_kept)
    if is_kept:
        _keep(trained)
    return trained


def _decided() -> list[tuple[datetime, Example]]:
    """What people said of replies, the oldest first: spam or advertising, or approved. What was refused for another
    reason is neither, and what only the checks decided teaches nothing that they don't know."""
    by_people = Decision.objects.filter(by__isnull=False)
    later = Decision.objects.filter(comment=OuterRef("comment"), pk__gt=OuterRef("pk"))
    last = by_people.filter(~Exists(later)).order_by("-pk")
    columns = ("at", "state", "reason", "comment__text", "comment__name", "comment__website")
    found: list[tuple[datetime, Example]] = []
    for at, state, reason, text, name, website in last.values_list(*columns)[:MOST]:
        is_spam = state == State.SPAM or (state == State.REFUSED and reason == "advertising")
        if text and (is_spam or state == State.APPROVED):
            found.append((at, Example(text, is_spam, name, website)))
    return found[::-1]


def _is_no_worse(score: Score, before: Score) -> bool:
    """Wrongs nobody more often for what it catches, and catches no less."""

    def worth(one: Score) -> tuple[float, float]:
        return (one.precision or 0.0, one.recall or 0.0)

    (precision, recall), (precision_before, recall_before) = worth(score), worth(before)
    return (recall >= recall_before and precision >= precision_before) or _f(score) > _f(before)


def _f(score: Score) -> float:
    """One figure of both, in which wronging somebody counts double (F with beta ½)."""
    precision, recall = score.precision or 0.0, score.recall or 0.0
    return 1.25 * precision * recall / (0.25 * precision + recall) if precision and recall else 0.0


def _keep(trained: Trained) -> None:
    score = trained.score
    with transaction.atomic():
        SpamModel.objects.create(
            weights=trained.model.as_json(),
            trained_on=trained.trained_on,
            trained_spam=trained.trained_spam,
            tested_on=score.count,
            tested_spam=score.spam,
            caught=score.caught,
            wronged=score.wronged,
            since=trained.since,
            until=trained.until,
        )
        kept = SpamModel.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
        SpamModel.objects.exclude(pk__in=list(kept)).delete()
        renew()


def use_shipped() -> None:
    """Let the model count again that comes with the software."""
    with transaction.atomic():
        SpamModel.objects.update(is_in_force=False)
        renew()
