"""What nobody here has anything against is asked of a service elsewhere, if there is one; it is held meanwhile."""

from stoppress.comments.models import State
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict


def service(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A service elsewhere is asked; the reply waits for its answer, and for a moderator when there is none."""
    if surroundings.rules.asks_service and not submission.is_staff:
        return Verdict(State.HELD, "asked-elsewhere")
    return None
