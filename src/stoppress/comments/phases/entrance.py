"""Whether somebody may reply here and now, whatever they say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from django.utils.translation import gettext as _

from stoppress.comments.models import Comment, Machine, Mode, State, Writer
from stoppress.comments.phases.verdict import Submission, Surroundings, Verdict
from stoppress.comments.standing import NOT_SIGNED_IN, ban_in_force, ban_in_words
from stoppress.comments.text import name_key
from stoppress.core.prepared import Prepared

FASTEST_SECONDS = 3.0
"""Nobody reads a form, types a reply and sends it sooner."""
SHARED_BY = 10
"""A network is shared by many people: it may send more than one of them, so many times."""
_NAMED = Prepared(
    lambda key: Writer.objects.filter(name_key=key).exclude(name_key="").values_list("pk"), (Writer, "name_key")
)


def closed(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The thread takes no replies, or none from guests."""
    if surroundings.thread.frozen_at is not None and not surroundings.is_open:
        return Verdict(None, "frozen", surroundings.thread.frozen_note or _("Nobody replies here any more."))
    if not surroundings.is_open:
        return Verdict(None, "closed", _("Replies are closed here."))
    if surroundings.mode is Mode.ACCOUNTS and not surroundings.has_account:
        return Verdict(None, "accounts-only", _("Only people with an account can reply here."))
    return None


def banned(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Its writer may not write; they are told so, and why."""
    ban = None if surroundings.is_newcomer else ban_in_force(surroundings.writer, surroundings.now)
    return None if ban is None else Verdict(None, "banned", ban_in_words(ban))


def empty(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """It says nothing."""
    if not submission.text:
        return Verdict(None, "empty", _("Write something first."))
    return None


def rate(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Too many in a short time, by the same person or from the same network.

    A person is who has shown whose address it is; else a name in a network, whatever address it is sent with: who is
    turned away must not learn from it what the owner of an address does (ADR 0013).
    """
    if submission.is_edit or submission.is_staff:
        return None
    rules, hour_ago = surroundings.rules, surroundings.now - timedelta(hours=1)
    sent: list[tuple[datetime, str]] = []
    if surroundings.network:
        sent = _near(SHARED_BY * rules.hour_most).all(surroundings.network, hour_ago)
    near = [seen_at for seen_at, _name in sent]
    mine: list[datetime] = []
    if _is_known_by_name(submission, surroundings):
        mine = [seen_at for seen_at, name in sent if name == submission.name]
    elif not surroundings.is_newcomer:
        # By its own index: asked at once with the others, neither engine uses one, and reads an hour of everybody's.
        theirs = Comment.objects.filter(writer=surroundings.writer, made_at__gte=hour_ago, imported_id="")
        mine = list(theirs.order_by("-made_at").values_list("made_at", flat=True)[: rules.hour_most])
    for span, most in ((timedelta(minutes=1), rules.minute_most), (timedelta(hours=1), rules.hour_most)):
        since = surroundings.now - span
        if _since(mine, since) >= most or _since(near, since) >= SHARED_BY * most:
            return Verdict(None, "rate", _("That was a lot in a short time. Wait a little and send it again."))
    return None


def _is_known_by_name(submission: Submission, surroundings: Surroundings) -> bool:
    """Whether a name in a network is all that is known of whoever sends it: the address may be another's. Where no
    network is known either, the address has to do."""
    return not submission.is_confirmed and bool(surroundings.network)


@cache
def _near(most: int) -> Prepared:
    """When replies came from a network since a time, and by which names: the newest, so many."""

    return Prepared(
        lambda network, since: (
            Machine.objects.filter(digest=network, seen_at__gte=since)
            .order_by("-seen_at")
            .values_list("seen_at", "comment__name")[:most]
        ),
        (Machine, "digest"),
        (Machine, "seen_at"),
    )


def _since(times: Sequence[datetime], start: datetime) -> int:
    return sum(1 for one in times if one >= start)


def slow(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """In breaking-news mode people write more slowly, and so does everybody together.

    Those without a proof of work have an allowance of their own: machines that use it up take nothing from the others.
    """
    if surroundings.breaking is None or submission.is_edit or submission.is_staff:
        return None
    rules, now = surroundings.rules, surroundings.now
    if surroundings.thread.pk is None:
        return None
    last = _last_here(submission, surroundings, now - timedelta(seconds=rules.breaking_seconds))
    if last is not None:
        left = rules.breaking_seconds - int((now - last).total_seconds())
        words = _("So many write here just now that each can reply every %(every)d seconds. Send it again in %(left)d.")
        return Verdict(None, "slow", words % {"every": rules.breaking_seconds, "left": max(left, 1)})
    most = rules.breaking_most if submission.is_proven else rules.unproven_most
    # All states by name: the index has them before the time.
    here = Comment.objects.filter(thread=surroundings.thread, state__in=State.values, is_proven=submission.is_proven)
    if here.filter(made_at__gt=now - timedelta(minutes=1)).order_by()[:most].count() >= most:
        return Verdict(
            None, "slow", _("Very many write here just now. Yours is kept below; send it again in a minute.")
        )
    return None


def _last_here(submission: Submission, surroundings: Surroundings, since: datetime) -> datetime | None:
    """When the same person, as :func:`rate` counts them, last replied here since then; ``None`` for never."""
    here = surroundings.thread
    if _is_known_by_name(submission, surroundings):
        sent = Machine.objects.filter(digest=surroundings.network, seen_at__gt=since)
        sent = sent.filter(comment__thread=here, comment__name=submission.name)
        return sent.order_by("-seen_at").values_list("seen_at", flat=True).first()
    if surroundings.is_newcomer:
        return None
    mine = Comment.objects.filter(writer=surroundings.writer, thread=here, made_at__gt=since)
    return mine.order_by("-made_at").values_list("made_at", flat=True).first()


def taken_name(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The name is that of an account, or looks like it, and whoever writes is not signed in to it.

    Whatever address they give: by the answer a stranger could tell whose the account is.
    """
    if submission.is_edit or submission.is_staff or submission.is_account:
        return None
    key = name_key(submission.name)
    if key and _NAMED.all(key):
        words = _("This name belongs to somebody who has an account here. Choose another, or sign in if it is yours.")
        return Verdict(None, "name-taken", words)
    return None


def unproven(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """The address belongs to an account, and whoever writes has not shown that it is theirs.

    Where others would be shown at once it is no reason to hold it, or one could find out by trying who has an account:
    it says nothing of an account there, and the account's name is taken.
    """
    is_theirs = submission.is_confirmed or submission.is_account or submission.is_staff
    if surroundings.writer.name_key and not is_theirs and surroundings.holds_guests:
        # Not refused: that would tell strangers who has an account.
        return Verdict(State.HELD, NOT_SIGNED_IN)
    return None


def trap(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """A machine filled the field that people don't see, or was faster than anybody types."""
    if submission.is_staff:
        # A session of the desk is no machine; who answers by the minute pastes what was prepared.
        return None
    if submission.trap:
        return Verdict(State.SPAM, "trap")
    if submission.seconds is not None and submission.seconds < FASTEST_SECONDS and not submission.is_edit:
        return Verdict(State.HELD, "too-fast")
    return None


def hold_first(submission: Submission, surroundings: Surroundings) -> Verdict | None:
    """Everything is read first here, always or for now."""
    if surroundings.breaking is not None and not submission.is_staff:
        return Verdict(State.HELD, "breaking-news" if submission.is_proven else "unproven")
    if surroundings.mode is Mode.HOLD_FIRST and not submission.is_staff:
        return Verdict(State.HELD, "hold-first")
    return None
