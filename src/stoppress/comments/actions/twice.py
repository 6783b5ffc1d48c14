"""A form without a secret of its own that is sent twice: where the second time leads. Reads.

Such a form stands on a baked page and is the same for every reader; without scripts it gets no secret. So whoever sends
it again shows nothing but that they know what was sent. What readers can see, all of them know: anybody could send it
once more, with an address that they guess, to get at the page where its writer changes it or takes it back. So that
page is for what only its sender can know: a reply that no reader ever saw, with every field the same, from the same
network, a moment later. What is shown is led to as everybody gets there, whichever address was typed (ADR 0013).
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from stoppress.comments import vault
from stoppress.comments.actions.judging import Case
from stoppress.comments.models import Comment, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

WITHIN = timedelta(minutes=1)
"""Two clicks, or a connection that broke; who comes back later is told that it was sent."""


def own_of_before(case: Case) -> Comment | None:
    """The reply that was there already when its sender sent it again; ``None`` where others may have sent it."""
    rows = _alike(case).filter(website=case.submission.website, is_followed=case.is_followed)
    if case.submission.is_confirmed:
        return rows.filter(writer=case.writer).first() if case.writer.pk is not None else None
    writer = case.writer if case.mailbox is None else vault.known_again(case.mailbox)
    if writer is None or not case.network:
        return None
    # Without a place, no reader has ever seen it.
    unseen = rows.filter(state__in=[State.HELD, State.SPAM], place=None, confirmed_at=None)
    return unseen.filter(writer=writer, machine__digest=case.network).first()


def shown_before(case: Case) -> Comment | None:
    """The reply that readers see and that says the same of the same name in the same place, whoever sent it."""
    return _alike(case).filter(state=State.APPROVED).first()


def _alike(case: Case) -> "QuerySet[Comment]":
    return (
        Comment.objects.filter(fingerprint=case.fingerprint, made_at__gte=timezone.now() - WITHIN)
        .filter(thread__subject=case.subject.key, parent=case.parent)
        .filter(name=case.submission.name, text=case.submission.text)
        .select_related("thread", "root")
        .order_by("pk")
    )
