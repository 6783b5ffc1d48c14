"""What is looked at before a reply is stored, one thing a phase, in order; the first that is decisive ends it."""

from stoppress.comments.phases.pipeline import PHASES, judge
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict

__all__ = ["PHASES", "Submission", "Surroundings", "Verdict", "judge"]
