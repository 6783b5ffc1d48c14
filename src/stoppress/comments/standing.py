"""Whether somebody may write at the moment, why a reply of theirs can't be seen, and what it waits for. Reads."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoppress.comments.models import Ban, Comment, Decision, State, Writer

UNCONFIRMED, NOT_SIGNED_IN = "unconfirmed", "not-signed-in"
WAITING = frozenset({UNCONFIRMED, NOT_SIGNED_IN})
"""Reasons for which a reply is held until its writer shows that the address is theirs, or a moderator decides."""


def ban_in_force(writer: Writer, now: datetime) -> Ban | None:
    """What keeps ``writer`` out at ``now``: the one that lasts longest."""
    in_force = Ban.objects.filter(Q(until=None) | Q(until__gt=now), writer=writer, lifted_at=None)
    found = list(in_force.order_by("-at"))
    return max(found, key=lambda one: (one.until is None, one.until or now), default=None)


def ban_in_words(ban: Ban) -> str:
    """What whoever is kept out reads."""
    words = {"why": ban.reason}
    if ban.until is None:
        return _("You can’t reply at the moment: %(why)s") % words
    words["until"] = date_format(timezone.localtime(ban.until), "DATETIME_FORMAT")
    return _("You can’t reply until %(until)s: %(why)s") % words


def refusal_in_force(comment: Comment) -> Decision | None:
    """The decision of a person by which readers don't see a reply; machines that send spam learn nothing from a
    check, so that of one is not among them."""
    if comment.state not in {State.REFUSED, State.SPAM}:
        return None
    return refusal_among(comment, Decision.objects.filter(comment=comment).order_by("pk"))


def refusal_among(comment: Comment, decisions: Iterable[Decision]) -> Decision | None:
    """The same, where all decisions about the reply are at hand, oldest first."""
    if comment.state not in {State.REFUSED, State.SPAM}:
        return None
    of_people = [one for one in decisions if one.phase == "" and one.state == comment.state and one.reason != "undo"]
    return of_people[-1] if of_people else None


def is_to_be_asked(comment: Comment) -> bool:
    """Whether the owner of the address is asked if a reply is theirs.

    They are when the address is new to us, or when something waits for the answer; others are left in peace.
    """
    writer = comment.writer
    if writer is None or comment.confirmed_at is not None or comment.state in {State.SPAM, State.REMOVED}:
        return False
    waits = comment.state == State.HELD and comment.signal in WAITING
    return waits or comment.is_followed or not writer.is_verified


def waits_for_writer(comment: Comment) -> bool:
    """Whether a reply is held for nothing but its writer's word that the address is theirs."""
    last = Decision.objects.filter(comment=comment).order_by("-pk").values_list("reason", flat=True).first()
    return comment.state == State.HELD and last is not None and last.removeprefix("changed: ") in WAITING
