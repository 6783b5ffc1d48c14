"""Which spam model is in force, where it comes from, and how it does. Reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import timezone

from stoppress.comments.models import Decision, SpamModel, State
from stoppress.comments.rulebook import Rulebook, rulebook
from stoppress.comments.spam import Model, shipped
from stoppress.comments.spam.model import from_json
from stoppress.comments.spam.training import Score

LOOKED_BACK = timedelta(days=30)
MOST_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class Record:
    """A model as people are told of it.

    Attributes:
        about: what it says of itself.
        own: how it was made here; ``None`` for the one that is shipped.
        score: on decisions that it had not seen; ``None`` for the one that is shipped.
        held: replies that it held within 30 days, and what people made of them since.
    """

    model: Model
    about: Mapping[str, Any]
    own: SpamModel | None
    score: Score | None
    held: Mapping[str, int]
    made_at: datetime | None

    @property
    def proven(self) -> float | None:
        """Of those that it held lately and people decided, the share that they called spam; ``None`` for none yet."""
        decided = self.held["spam"] + self.held["fine"]
        return self.held["spam"] / decided if decided else None


def in_force(book: Rulebook | None = None) -> Model | None:
    """The model that replies are held against; ``None`` when it is off."""
    if not settings.STOPPRESS_COMMENTS_SPAM_MODEL:
        return None
    newest = (book or rulebook()).spam_model
    return shipped() if newest is None else _of(newest)


def record() -> Record | None:
    """What people are told of the model in force; ``None`` when it is off."""
    model = in_force()
    if model is None:
        return None
    own = SpamModel.objects.filter(is_in_force=True).order_by("-pk").defer("weights").first()
    score = Score(own.tested_on, own.tested_spam, own.caught, own.wronged) if own is not None else None
    return Record(model, model.about, own, score, _held(), own.made_at if own is not None else None)


def _held() -> dict[str, int]:
    since = timezone.now() - LOOKED_BACK
    held = Decision.objects.filter(phase="spam_model", at__gte=since).order_by("-pk")
    states = list(held.values_list("comment__state", flat=True)[:MOST_LOOKED_AT])
    spam = states.count(State.SPAM)
    fine = states.count(State.APPROVED)
    return {"all": len(states), "spam": spam, "fine": fine, "waiting": states.count(State.HELD)}


@lru_cache(maxsize=4)
def _of(pk: int) -> Model:
    # A row's weights never change, so what was read once may be kept.
    return from_json(SpamModel.objects.get(pk=pk).weights)
