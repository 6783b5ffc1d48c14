"""The model: logistic regression over hashed features. Small enough to read, and to run with each reply."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from stoppress.comments.spam.features import BUCKETS, features


class BadWeightsError(ValueError):
    """What should be weights is none."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, and from where on a reply is held.

    Attributes:
        weights: by number of the feature; those that are left out are 0.
        threshold: likeness from which on it holds, 0 to 1.
        about: where it comes from and how well it did, for people.
    """

    weights: Mapping[int, float]
    bias: float
    threshold: float
    about: Mapping[str, Any]

    def likeness(self, text: str, name: str = "", website: str = "") -> float:
        """How much a reply is like spam, 0 to 1."""
        return self.of_features(features(text, name, website))

    def of_features(self, found: Sequence[int]) -> float:
        """The same, of features that are known."""
        return squashed(self.bias + scale(found) * sum(self.weights.get(one, 0.0) for one in found))

    def as_json(self) -> str:
        """What :func:`from_json` reads."""
        weights = {str(number): weight for number, weight in sorted(self.weights.items())}
        told = {"buckets": BUCKETS, "bias": self.bias, "threshold": self.threshold, "about": dict(self.about)}
        return json.dumps({**told, "weights": weights}, separators=(",", ":"))


def from_json(text: str) -> Model:
    """A model that was written down.

    Raises:
        BadWeightsError: it was not by us, or for other features than there are now.
    """
    try:
        read = json.loads(text)
        weights = {int(number): float(weight) for number, weight in read["weights"].items()}
        model = Model(weights, float(read["bias"]), float(read["threshold"]), dict(read["about"]))
        is_sound = read["buckets"] == BUCKETS and all(0 <= number < BUCKETS for number in weights)
        is_sound &= all(map(math.isfinite, (model.bias, model.threshold, *weights.values())))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadWeightsError("These are no weights of a spam model.") from error
    if not is_sound:
        raise BadWeightsError("These weights are for another version, or damaged.")
    return model


@cache
def shipped() -> Model:
    """The model that comes with the software."""
    return from_json(files("stoppress.comments.spam").joinpath("weights.json").read_text(encoding="utf-8"))


def scale(found: Sequence[int]) -> float:
    """What features are multiplied by, so that a long reply is not more of anything for its length."""
    return 1 / math.sqrt(len(found) or 1)


def squashed(sum_: float) -> float:
    """A sum as a likeness (the logistic function)."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))
