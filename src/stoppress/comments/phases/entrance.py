"""Whether somebody may reply here and now, whatever they say."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from stoppress.comments.models import Ban, Comment, Mode, State
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict

FASTEST_SECONDS = 3.0
"""Nobody reads a form, types a reply and sends it sooner."""


def closed(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The thread takes no replies, or none from guests."""
    if surroundings.mode is Mode.CLOSED or surroundings.closed_since is not None:
        return Verdict(None, "closed", _("Replies are closed here."))
    if surroundings.mode is Mode.ACCOUNTS and surroundings.writer.user_id is None:
        return Verdict(None, "accounts-only", _("Only people with an account can reply here."))
    return None


def banned(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Its writer may not write; they are told so, and why."""
    in_force = Ban.objects.filter(writer=surroundings.writer, lifted_at=None)
    ban = in_force.filter(Q(until=None) | Q(until__gt=surroundings.now)).order_by("-at").first()
    if ban is None:
        return None
    return Verdict(None, "banned", _("You can't reply at the moment: %(why)s") % {"why": ban.reason})


def empty(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """It says nothing."""
    if not submission.text:
        return Verdict(None, "empty", _("Write something first."))
    return None


def rate(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Too many in a short time, by the same writer or from the same network."""
    if submission.is_edit or submission.is_staff:
        return None
    theirs = Q(writer=surroundings.writer)
    if surroundings.network:
        theirs |= Q(machine__digest=surroundings.network)
    rules = surroundings.rules
    for span, most in ((timedelta(minutes=1), rules.minute_most), (timedelta(hours=1), rules.hour_most)):
        since = surroundings.now - span
        recent = Comment.objects.filter(theirs, made_at__gte=since, imported_id="")
        # A network is shared by many people: it may send more than one of them.
        mine = sum(1 for writer in recent.values_list("writer_id", flat=True)[: 10 * most] if _is(writer, surroundings))
        if mine >= most or recent.count() >= 10 * most:
            return Verdict(None, "rate", _("That was a lot in a short time. Wait a little and send it again."))
    return None


def _is(writer_id: int | None, surroundings: Surroundings) -> bool:
    return writer_id == surroundings.writer.pk


def trap(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A machine filled the field that people don't see, or was faster than anybody types."""
    if submission.trap:
        return Verdict(State.SPAM, "trap")
    if submission.seconds is not None and submission.seconds < FASTEST_SECONDS and not submission.is_edit:
        return Verdict(State.HELD, "too-fast")
    return None


def hold_first(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Everything is read first here."""
    if surroundings.mode is Mode.HOLD_FIRST and not submission.is_staff:
        return Verdict(State.HELD, "hold-first")
    return None
