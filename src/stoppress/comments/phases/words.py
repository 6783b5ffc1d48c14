"""What a reply says."""

import unicodedata
from collections.abc import Sequence

from django.utils.translation import gettext as _

from stoppress.comments.models import State
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict
from stoppress.comments.text import MOST_CHARACTERS, links_of, skeleton, words_of

MOST_MARKS_ON_A_LETTER = 4
"""No language piles up more; what does is there to run over its neighbours."""
LOUD_LETTERS = 40
"""From so many letters on, a text in capitals alone is read first."""


def length(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """It is longer than a reply may be."""
    over = len(submission.text) - MOST_CHARACTERS
    if over > 0:
        words = _("A reply has at most %(most)d characters; this one has %(over)d too many. It is kept below.")
        return Verdict(None, "too-long", words % {"most": MOST_CHARACTERS, "over": over})
    return None


def disguise(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A name that passes for one of the staff's; letters under heaps of marks; words hidden between the letters."""
    name = skeleton(submission.name)
    if not submission.is_staff and name in {skeleton(one) for one in surroundings.rules.staff_names if one}:
        return Verdict(State.HELD, "staff-name")
    if any(_marks_piled_up(text) for text in (submission.text, submission.name)):
        return Verdict(State.HELD, "piled-marks")
    invisible = sum(1 for letter in submission.text if unicodedata.category(letter) == "Cf")
    if invisible > 3 + len(submission.text) // 20:
        return Verdict(State.HELD, "invisible")
    letters = [letter for letter in submission.text if letter.isalpha()]
    if len(letters) >= LOUD_LETTERS and all(letter.isupper() for letter in letters):
        return Verdict(State.HELD, "capitals")
    return None


def refused_words(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A word that this newsroom does not take."""
    if found := _found(surroundings.rules.refused_words, submission):
        words = _("“%(word)s” is not taken here. Your reply is kept below; change it and send it again.")
        return Verdict(None, "refused-word", words % {"word": found})
    return None


def held_words(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A word that this newsroom wants to read first."""
    if not submission.is_staff and _found(surroundings.rules.held_words, submission):
        return Verdict(State.HELD, "held-word")
    return None


def links(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """More links than people put into a reply."""
    if not submission.is_staff and len(links_of(submission.text)) > surroundings.rules.most_links:
        return Verdict(State.HELD, "links")
    return None


def _found(listed: Sequence[str], submission: Submission) -> str:
    """The first listed word or sequence of words that is said, as it is listed; word by word, never inside one."""
    if not listed:
        return ""
    said = f" {' '.join(words_of(f'{submission.name} {submission.text}'))} "
    return next((one for one in listed if (folded := " ".join(words_of(one))) and f" {folded} " in said), "")


def _marks_piled_up(text: str) -> bool:
    run = 0
    for letter in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.combining(letter) else 0
        if run > MOST_MARKS_ON_A_LETTER:
            return True
    return False
