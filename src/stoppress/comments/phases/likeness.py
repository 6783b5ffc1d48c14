"""How much a reply is like spam, for the model that is in force."""

from django.utils.translation import gettext as _

from stoppress.comments.models import State
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict


def spam_model(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """It is like what people called spam; somebody reads it first, nothing more."""
    model = surroundings.rules.spam_model
    if model is None or submission.is_staff:
        return None
    likeness = model.likeness(submission.text, submission.name, submission.website)
    if likeness < model.threshold:
        return None
    return Verdict(State.HELD, "like-spam", _("%d of 100 like spam") % round(likeness * 100))
