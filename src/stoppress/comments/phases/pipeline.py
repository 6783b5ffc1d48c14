"""The order of the phases."""

from collections.abc import Sequence

from stoppress.comments.models import State
from stoppress.comments.phases import entrance, habits, likeness, service, words
from stoppress.comments.phases.verdict import Phase, Submission, Surroundings, Verdict

PHASES: Sequence[Phase] = (
    entrance.closed,
    entrance.banned,
    entrance.empty,
    words.length,
    entrance.rate,
    entrance.slow,
    entrance.taken_name,
    entrance.trap,
    words.disguise,
    words.refused_words,
    habits.repeat,
    habits.near_repeat,
    words.links,
    words.held_words,
    likeness.spam_model,
    entrance.unproven,
    entrance.hold_first,
    habits.new_writer,
    service.service,
    habits.noted_repeat,
)
"""What refuses stands before what holds, and what is cheap before what asks the database."""


def judge(submission: Submission, surroundings: Surroundings) -> tuple[Verdict, str]:
    """The first decisive verdict and the name of its phase; approval, by no phase, when none has anything to say."""
    for phase in PHASES:
        verdict = phase(submission, surroundings)
        if verdict is not None:
            return verdict, phase.__name__
    return Verdict(State.APPROVED, "nothing-found"), ""
