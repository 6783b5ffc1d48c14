"""Sentences that we wrote ourselves, of spam and of what readers say: what the shipped weights were fitted to.

Nobody's words but ours, so that they may go with the software. They are no measure of anything: what the model does on
replies of other people is measured elsewhere (``docs/reference/spam-model.md``).
"""

import json
import random
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any

from stoppress.comments.spam.model import Model
from stoppress.comments.spam.training import Example, train

MADE = 1_500
"""Examples of each kind."""
THRESHOLD = 0.9
"""Set by hand, high: our own sentences are more alike than those of strangers, and would ask for less."""
DEPTH = 4
"""Slots within slots."""
ABOUT: dict[str, Any] = {
    "source": "sentences written for Stop Press",
    "made_at": "2026-11-26",
    "trained_on": 2 * MADE,
    "measured": [
        {
            "source": "YouTube Spam Collection",
            "age": "2013–2015",
            "count": 1957,
            "spam": 1006,
            "precision": 98.6,
            "recall": 20.6,
        },
        {
            "source": "SMS Spam Collection",
            "age": "until 2011",
            "count": 5574,
            "spam": 747,
            "precision": 94.2,
            "recall": 58.8,
        },
    ],
}
"""``measured`` is what ``python -m bench.spam`` printed, in hundredths."""
_SLOT = re.compile(r"\{(\w+)\}")


def examples() -> list[Example]:
    """Spam and others in turn, the same each time."""
    source = json.loads(files("stoppress.comments.spam").joinpath("samples.json").read_text(encoding="utf-8"))
    dice = random.Random(1851)  # noqa: S311 - the same examples each time, no secret
    made = []
    for _number in range(MADE):
        made.append(_spam(source, dice))
        made.append(_fine(source, dice))
    return made


def fit_shipped() -> Model:
    """The model that is shipped; ``weights.json`` is what this writes."""
    return replace(train(examples(), ABOUT), threshold=THRESHOLD)


def _spam(source: dict[str, Any], dice: random.Random) -> Example:
    text = _filled(dice.choice(source["spam"]), source["slots"], dice)
    if dice.random() < 0.15:
        text = f"{_filled(dice.choice(source['fine']), source['slots'], dice)} {text}"
    if dice.random() < 0.06:
        text = text.upper()
    named = ("{first}", "{first} {last}", "{first}{n}", "{site}", "Cheap {site}", "Dr {last}")
    name = _filled(dice.choice(named), source["slots"], dice)
    website = _filled("https://{site}/", source["slots"], dice) if dice.random() < 0.5 else ""
    return Example(text, True, name, website)


def _fine(source: dict[str, Any], dice: random.Random) -> Example:
    count = dice.choice((1, 1, 1, 2, 2, 3, 4, 6))
    text = dice.choice((" ", " ", "\n\n")).join(
        _filled(one, source["slots"], dice) for one in dice.sample(source["fine"], count)
    )
    name = _filled(dice.choice(("{first}", "{first} {last}", "{first} {last}", "{last}")), source["slots"], dice)
    website = f"https://{name.replace(' ', '-').casefold()}.example" if dice.random() < 0.08 else ""
    return Example(text, False, name, website)


def _filled(text: str, slots: dict[str, list[str]], dice: random.Random) -> str:
    def one(found: re.Match[str]) -> str:
        if found[1] == "n":
            return str(dice.randrange(10, 100))
        if found[1] == "d":
            return str(dice.randrange(10))
        return dice.choice(slots[found[1]])

    for _level in range(DEPTH):
        text = _SLOT.sub(one, text)
    return text
