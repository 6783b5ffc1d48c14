"""What replies answer when the page store and accounts ask."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from stoppress.accounts.hookspecs import Rights
from stoppress.accounts.models import Role
from stoppress.comments import keys
from stoppress.comments.actions.breaking import keep_calm
from stoppress.comments.actions.recommend import count_recommendations
from stoppress.comments.as_json import FILE
from stoppress.comments.models import Comment, Thread
from stoppress.core.hooks import hookimpl
from stoppress.pagestore.actions import paths_of
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.models import Mark, Priority

NOUN = "replies"
COALESCED = timedelta(seconds=10)
"""A subject's own page shows a new count so late at most, however many replies come meanwhile."""


@hookimpl
def derive_marks(keys: Sequence[str]) -> Derivation | None:
    subjects = [rest for key in keys if (rest := _thread_key(key))]
    if not subjects:
        return None
    out = Derivation()
    paths = paths_of(subjects)
    threads = {thread.subject: thread for thread in Thread.objects.filter(subject__in=subjects)}
    for subject in subjects:
        if (thread := threads.get(subject)) is not None:
            _look_at(thread, paths.get(subject), out)
    return out


@hookimpl
def keep_times(now: datetime) -> datetime | None:
    return min((due for due in (count_recommendations(now), keep_calm(now)) if due is not None), default=None)


@hookimpl
def rights_of_role(role: Role) -> Rights | None:
    moderate = frozenset({"comments.change_comment", "comments.view_comment"})
    forget = frozenset({"comments.forget_writer"})
    if role is Role.PUBLISHER:
        return Rights(anywhere=moderate | forget)
    if role is Role.MODERATOR:
        return Rights(anywhere=moderate)
    return Rights(anywhere=forget) if role is Role.OPERATOR else None


def _thread_key(key: str) -> str:
    """The subject, if ``key`` is the mark on its thread and not one of the keys that pages depend on."""
    noun, _, rest = key.partition(":")
    return rest if noun == NOUN and rest.count(":") == 1 and "/" not in rest else ""


def _look_at(thread: Thread, path: str | None, out: Derivation) -> None:
    subject = thread.subject
    if path is None:
        out.gone += [live.subject for live in _addresses(thread, "/")]
        return
    out.live += _that_may_be_new(thread, path)
    # Not at each reply: the page of the subject is the one that the crowd reads.
    counted = keys.count(subject)
    if not Mark.objects.filter(key=counted, not_before__gt=timezone.now()).exists():
        out.timed.append((counted, timezone.now() + COALESCED))


def _that_may_be_new(thread: Thread, path: str) -> list[Live]:
    """All addresses, unless the last ones are where they belong: pages come one after the other, and only what stands
    apart from that row can be new as well. A long thread has a thousand, and replies come in waves."""
    newest = (thread.roots - 1) // keys.ROOTS_ON_A_PAGE
    ends = _addresses(thread, path, newest)
    best = keys.recommended_page(thread.subject)
    apart = [one for one in ends if one.subject == best or "/under/" in one.subject]
    row = [one for one in ends if one not in apart]
    there = paths_of(one.subject for one in row)
    return _addresses(thread, path) if any(there.get(one.subject) != one.path for one in row) else apart


def _addresses(thread: Thread, path: str, since: int = 1) -> list[Live]:
    """Where there is something of a thread.

    Args:
        since: older pages before this one are left out.
    """
    found = _pages(thread, path, since)
    beside = [(one, keys.as_json(one.subject)) for one in found if _has_json(one)]
    return [*found, *(Live(f"{one.path}{FILE}", subject, Priority.TALK) for one, subject in beside)]


def _has_json(one: Live) -> bool:
    """For the pages that have every reply once: what orders them anew has nothing that programs lack."""
    return one.path.endswith("/") and "/oldest/" not in one.subject and not one.subject.endswith("/recommended")


def _pages(thread: Thread, path: str, since: int) -> list[Live]:
    if not thread.roots:
        return []
    subject = thread.subject
    base = f"{path}comments/"
    newest = (thread.roots - 1) // keys.ROOTS_ON_A_PAGE
    found = [
        Live(f"{base}latest.json", keys.latest(subject), Priority.TALK),
        Live(base, keys.look_again(subject), Priority.TALK),
    ]
    for n in range(max(since, 1), newest + 1):
        found.append(Live(f"{base}page/{n}/", keys.page(subject, n), Priority.TALK))
        place = f"{base}oldest/" if n == 1 else f"{base}oldest/page/{n}/"
        found.append(Live(place, keys.oldest_page(subject, n), Priority.TALK))
    if Comment.objects.filter(thread=thread, recommended__gt=0).exists():
        found.append(Live(f"{base}recommended/", keys.recommended_page(subject), Priority.TALK))
    long = Comment.objects.filter(thread=thread, root=None, replies__gt=keys.REPLIES_ON_A_PAGE)
    for pk, public_id, replies in long.values_list("pk", "public_id", "replies"):
        pages = -(-replies // keys.REPLIES_ON_A_PAGE)
        found += [
            Live(f"{base}under/{public_id}/{n}/", keys.under_page(subject, pk, n), Priority.TALK)
            for n in range(1, pages)
        ]
    return found
