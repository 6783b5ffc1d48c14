"""Taking somebody's name off what they wrote, a few replies at a time.

Whoever waits to write meanwhile waits for one of these steps, not for all of them. Each step is a transaction and finds
by itself what is left, so that it does not matter when a process is killed, nor who goes on.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Pause

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event
from stoppress.comments.actions.appeals import end_appeals
from stoppress.comments.actions.placing import mark_shown, settle, threads_on
from stoppress.comments.actions.reporting import end_reports
from stoppress.comments.models import Appeal, Comment, Erasure, Machine, State, Thread, Writer

log = logging.getLogger("stoppress.comments")

AT_ONCE = 20
"""Replies in one transaction: a tenth of a second at the lock of SQLite, on a small machine."""
TURN_SECONDS = 3.0
"""So long a task works before other tasks have their turn."""
HELD = timedelta(seconds=30)
"""Whoever works on it has it for so long after each step; later they are taken to be gone."""
RETRY = timedelta(minutes=1)
OVERDUE = timedelta(hours=1)

Progress = Callable[[int, int], None]
"""Takes how many replies are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased so far, by how many.

    Attributes:
        words: replies whose words went too.
        reports: of replies, and of errors, that no longer say who sent them.
        left: replies that still bear their name; 0 when all is done.
    """

    replies: int
    words: int
    reports: int = 0
    left: int = 0


def work_on(pk: int, seconds: float | None = None, progress: Progress | None = None) -> Erased:
    """Go on with an erasure, one step after the other.

    Args:
        pk: of the :class:`~stoppress.comments.models.Erasure`.
        seconds: after so many no further step is begun; ``None`` works to the end.
        progress: told after each step.
    """
    ends_at = None if seconds is None else time.monotonic() + seconds
    pause = Pause()
    while True:
        began = time.monotonic()
        done = _step(pk)
        if progress is not None and (done.replies or done.left):
            progress(done.replies, done.replies + done.left)
        if not done.left:
            return done
        if ends_at is not None and time.monotonic() >= ends_at:
            Erasure.objects.filter(pk=pk).update(held_until=None)
            return done
        # SQLite has one lock and no queue at it: whoever comes back at once keeps out those who look now and then.
        pause.wait(time.monotonic() - began)


@task()
def go_on_erasing(pk: int) -> None:
    """Go on with an erasure that somebody asked for, for a while; what is left then is the next task's."""
    erasure = Erasure.objects.filter(pk=pk).first()
    if erasure is None:
        return
    now = timezone.now()
    later = now
    if erasure.held_until is not None and erasure.held_until > now:
        later = erasure.held_until
    else:
        try:
            if not work_on(pk, TURN_SECONDS).left:
                return
        except OperationalError as error:
            log.warning("Erasing a person waits: %s. It goes on in a minute.", error)
            later = now + RETRY
    go_on_erasing.using(run_after=later).enqueue(pk)


def late_erasures() -> list[Erasure]:
    """Those that should be done, and on which nobody works."""
    now = timezone.now()
    idle = Erasure.objects.filter(Q(held_until=None) | Q(held_until__lt=now - RETRY))
    return list(idle.filter(asked_at__lt=now - OVERDUE).order_by("pk"))


def resume_erasing() -> int:
    """See that somebody works on every erasure that should be done; returns how many there are."""
    late = late_erasures()
    for one in late:
        go_on_erasing.enqueue(one.pk)
    return len(late)


def _step(pk: int) -> Erased:
    """Erase a few, or the writer when no reply is left."""
    with transaction.atomic():
        erasure = Erasure.objects.select_for_update().filter(pk=pk).first()
        if erasure is None:  # somebody else came to its end
            return Erased(0, 0)
        replies = Comment.objects.filter(writer=erasure.writer_id)
        few = list(replies.order_by("-made_at").values_list("pk", "thread__subject")[:AT_ONCE])
        if few:
            threads = threads_on({subject for _pk, subject in few})
            # Threads first: whoever locks replies locks theirs before.
            locked = replies.filter(pk__in=[one for one, _subject in few]).select_related("thread", "root")
            found = list(locked.select_for_update(of=("self",)).order_by("pk"))
            for comment in found:
                erasure.words += _erase(comment, threads[comment.thread.subject], with_words=erasure.with_words)
            Appeal.objects.filter(decision__comment__in=found).update(text="")
            Machine.objects.filter(comment__in=found).delete()
            erasure.replies += len(found)
            erasure.held_until = timezone.now() + HELD
            erasure.save(update_fields=["replies", "words", "held_until"])
            return Erased(erasure.replies, erasure.words, left=max(erasure.total - erasure.replies, 1))
        writer = Writer.objects.select_for_update().get(pk=erasure.writer_id)
        if replies.exists():  # sent in the moment that they asked, and stored now
            return Erased(erasure.replies, erasure.words, left=1)
        counts = {"replies": erasure.replies, "words": erasure.words}
        audit.record(Event.PERSON_ERASED, writer.public_id, by=erasure.by or audit.SYSTEM, **counts)
        writer.delete()
    return Erased(erasure.replies, erasure.words)


def _erase(comment: Comment, thread: Thread, *, with_words: bool) -> bool:
    """Take the name off a reply, and its words if wanted; whether they went.

    Args:
        comment: locked, as is ``thread``.
    """
    before = comment.state
    comment.thread = thread
    comment.name, comment.website, comment.writer = _("Deleted"), "", None
    comment.is_account = comment.is_followed = False
    goes = with_words and before != State.REMOVED
    if goes:
        comment.text, comment.fingerprint = "", ""
        decision = settle(comment, thread, State.REMOVED, "erased", phase="own")
        end_reports(comment, decision)
        end_appeals(comment, None)
    else:
        comment.save(update_fields=["name", "website", "is_account", "is_followed", "writer"])
        if before == State.APPROVED:
            mark_shown(comment, thread.subject)
    return goes
