"""Fitting the model to what people decided, and measuring it on what it has not seen. Plain arithmetic, no state."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stoppress.comments.spam.features import features
from stoppress.comments.spam.model import Model, scale, squashed

ROUNDS = 6
PACE = 0.5
TOWARDS_START = 1e-4
"""How hard a weight is pulled back to where it began, at each step: what was seen once says little."""
WANTED_PRECISION = 0.97
LOWEST, HIGHEST = 0.6, 0.99
"""Between these the threshold is looked for."""
VALIDATED = 5
"""Each fifth example of the training finds the threshold, and is fitted to afterwards."""


@dataclass(frozen=True, slots=True)
class Example:
    """A reply of which somebody has said what it is."""

    text: str
    is_spam: bool
    name: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How a model did on replies that it had not seen.

    Attributes:
        spam: how many of them were spam.
        caught: spam that it would have held.
        wronged: others that it would have held.
    """

    count: int
    spam: int
    caught: int
    wronged: int

    @property
    def precision(self) -> float | None:
        """Of what it would have held, the share that was spam; ``None`` when it would have held nothing."""
        held = self.caught + self.wronged
        return self.caught / held if held else None

    @property
    def recall(self) -> float | None:
        """Of the spam, the share that it would have held; ``None`` when there was none."""
        return self.caught / self.spam if self.spam else None


Seen = tuple[Sequence[int], bool]


def train(examples: Sequence[Example], about: Mapping[str, Any], start: Model | None = None) -> Model:
    """A model that says of ``examples`` what people said; the same for the same, to the last digit.

    Args:
        start: where it begins, and stays where the examples say nothing.
    """
    seen = [(features(one.text, one.name, one.website), one.is_spam) for one in examples]
    fitted, left = [one for n, one in enumerate(seen) if n % VALIDATED], seen[::VALIDATED]
    threshold = _threshold(_fit(fitted, start, about), left)
    final = _fit(seen, start, about)
    return Model(final.weights, final.bias, threshold, about)


def measure(model: Model, examples: Sequence[Example]) -> Score:
    """How ``model`` does on replies; tell it only such as were in no training."""
    likenesses = [(model.likeness(one.text, one.name, one.website), one.is_spam) for one in examples]
    held = [is_spam for likeness, is_spam in likenesses if likeness >= model.threshold]
    return Score(len(likenesses), sum(is_spam for _one, is_spam in likenesses), sum(held), len(held) - sum(held))


def _fit(seen: Sequence[Seen], start: Model | None, about: Mapping[str, Any]) -> Model:
    """Stochastic descent with a pace of its own for each weight (AdaGrad)."""
    began = dict(start.weights) if start is not None else {}
    weights, bias = dict(began), start.bias if start is not None else 0.0
    past: dict[int, float] = {}
    past_of_bias = 1e-6
    spam = sum(is_spam for _found, is_spam in seen)
    # Both kinds count alike, whatever there is more of.
    worth = {True: len(seen) / (2 * max(spam, 1)), False: len(seen) / (2 * max(len(seen) - spam, 1))}
    order = list(range(len(seen)))
    dice = random.Random(20261126)  # noqa: S311 - the same order each time, no secret
    for _round in range(ROUNDS):
        dice.shuffle(order)
        for number in order:
            found, is_spam = seen[number]
            size = scale(found)
            said = squashed(bias + size * sum(weights.get(one, 0.0) for one in found))
            wrong = (said - is_spam) * worth[is_spam]
            past_of_bias += wrong * wrong
            bias -= PACE * wrong / math.sqrt(past_of_bias)
            for one in found:
                before = weights.get(one, 0.0)
                slope = wrong * size + TOWARDS_START * (before - began.get(one, 0.0))
                past[one] = past.get(one, 1e-6) + slope * slope
                weights[one] = before - PACE * slope / math.sqrt(past[one])
    rounded = {number: round(weight, 2) for number, weight in weights.items()}
    return Model({number: weight for number, weight in rounded.items() if weight}, round(bias, 3), HIGHEST, about)


def _threshold(model: Model, left: Sequence[Seen]) -> float:
    """The lowest from which on what is held is spam nearly always."""
    likenesses = sorted(((model.of_features(found), is_spam) for found, is_spam in left), reverse=True)
    best, spam = HIGHEST, 0
    for number, (likeness, is_spam) in enumerate(likenesses, 1):
        spam += is_spam
        if likeness < LOWEST:
            break
        if spam / number >= WANTED_PRECISION:
            best = min(best, likeness)
    return round(max(LOWEST, min(best, HIGHEST)), 3)
