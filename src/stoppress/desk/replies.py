"""Replies as moderators see them: with what they answer, where, by whom, and all that was decided of them. Reads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoppress.accounts.models import User
from stoppress.comments.actions import Seen
from stoppress.comments.actions.appeals import is_by
from stoppress.comments.models import Appeal, Comment, Decision, Report, State
from stoppress.comments.queues import QueuePage, WriterRecord
from stoppress.comments.reasons import in_words
from stoppress.comments.standing import refusal_among
from stoppress.comments.text import shown
from stoppress.core import hooks
from stoppress.newsroom.models import Publication

DECISIONS_SHOWN = 12
LAST_SHOWN = 3
LONGEST_NUMBER = 18

PHASES = {
    "trap": gettext_lazy("trap"),
    "disguise": gettext_lazy("disguises"),
    "refused_words": gettext_lazy("refused words"),
    "repeat": gettext_lazy("the same again"),
    "near_repeat": gettext_lazy("almost the same"),
    "noted_repeat": gettext_lazy("almost the same"),
    "links": gettext_lazy("many links"),
    "held_words": gettext_lazy("held words"),
    "spam_model": gettext_lazy("likeness to spam"),
    "service": gettext_lazy("a service elsewhere"),
    "hold_first": gettext_lazy("everything first"),
    "new_writer": gettext_lazy("new writers first"),
    "unproven": gettext_lazy("not signed in"),
    "change": gettext_lazy("a change"),
    "own": gettext_lazy("its writer"),
    "reports": gettext_lazy("readers’ reports"),
}
"""Which check it was, as the guide calls it."""


@dataclass(frozen=True, slots=True)
class About:
    """What a reply is on.

    Attributes:
        path: where readers find it; empty while they can't.
    """

    key: str
    title: str
    path: str


@dataclass(frozen=True, slots=True)
class Fired:
    """A decision, in words.

    Attributes:
        who: whoever decided; the name of the check where nobody did.
    """

    state: str
    label: str
    why: str
    note: str
    who: str
    is_person: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """A reply as a moderator sees it.

    Attributes:
        token: what goes along with an act, so that one on something else is noticed.
        last: its writer's other newest replies.
        may_undo: a person decided last.
        reports: those that wait for a decision.
        appeal: of its writer, that waits for one; ``may_decide`` says whether whoever looks may give it.
        is_own: whoever looks wrote it; ``is_own_case``: and somebody else refused it, so that they decide nothing.
        notice: why the last act on it was not done.
    """

    comment: Comment
    text: str
    parent_text: str
    about: About
    record: WriterRecord | None
    last: Sequence[Comment]
    fired: Sequence[Fired]
    state: str
    label: str
    token: str
    may_undo: bool
    reports: Sequence[Report] = ()
    appeal: Appeal | None = None
    may_decide: bool = False
    is_own: bool = False
    is_own_case: bool = False
    notice: str = ""

    @property
    def pk(self) -> int:
        """Its number."""
        return self.comment.pk


def rows(found: QueuePage, user: User, notices: dict[int, str] | None = None) -> list[Row]:
    """The replies of a page of a queue, ready to be shown to ``user``."""
    subjects = about(one.thread.subject for one in found.comments)
    said = notices or {}
    return [_row(one, found, subjects[one.thread.subject], user, said.get(one.pk, "")) for one in found.comments]


def about(keys: Iterable[str]) -> dict[str, About]:
    """What stands behind surrogate keys, by key; what readers can't see now has no title of its own."""
    wanted = set(keys)
    numbers = {key: int(pk) for key in wanted if (pk := _number_in(key, "article"))}
    live = Publication.objects.filter(pk__in=numbers.values(), is_live=True) if numbers else []
    stories = {f"article:{one.page_id}": About(f"article:{one.page_id}", one.headline, one.path) for one in live}
    return {key: stories.get(key) or _other(key, is_story=key in numbers) for key in wanted}


def subject_at(path: str) -> str:
    """The surrogate key of the story that readers find at ``path``; empty for none."""
    path = f"{path.removesuffix('comments/').rstrip('/')}/"
    found = Publication.objects.filter(path=path, noun=Publication.Noun.ARTICLE, is_live=True).first()
    return found.subject if found is not None else ""


def of_token(token: str) -> tuple[int, Seen] | None:
    """The reply's number, and what was seen of it; ``None`` for what we never gave out."""
    number, _one, rest = token.partition("~")
    state, _two, edited = rest.partition("~")
    if not _is_number(number) or state not in State.values:
        return None
    try:
        edited_at = parse_datetime(edited) if edited else None
    except ValueError:
        return None
    return int(number), Seen(State(state), edited_at)


def numbers(text: str, most: int) -> list[int]:
    """The first numbers in ``17.18.19``."""
    return [int(one) for one in text.split(".")[:most] if _is_number(one)]


def _token(comment: Comment) -> str:
    edited = comment.edited_at.isoformat() if comment.edited_at else ""
    return f"{comment.pk}~{comment.state}~{edited}"


def _row(comment: Comment, found: QueuePage, on: About, user: User, notice: str) -> Row:
    decisions = list(comment.decisions.all())
    record = found.records.get(comment.writer_id or 0)
    parent = comment.parent
    appeal = found.appeals.get(comment.pk)
    is_own = is_by(comment, user)
    refused = refusal_among(comment, decisions) if is_own else None
    return Row(
        comment=comment,
        text=shown(comment.text),
        parent_text=shown(parent.text) if parent is not None and parent.text else "",
        about=on,
        record=record,
        last=[one for one in (record.last if record else ()) if one.pk != comment.pk][:LAST_SHOWN],
        fired=[_fired(one) for one in decisions[-DECISIONS_SHOWN:]],
        state=comment.state,
        label=str(State(comment.state).label),
        token=_token(comment),
        may_undo=bool(decisions) and decisions[-1].by_id is not None and comment.state != State.REMOVED,
        reports=found.reports.get(comment.pk, ()),
        appeal=appeal,
        may_decide=appeal is not None and appeal.decision.by_id != user.pk and not is_own,
        is_own=is_own,
        is_own_case=is_own and refused is not None and refused.by_id != user.pk,
        notice=notice,
    )


def _fired(one: Decision) -> Fired:
    check = str(PHASES.get(one.phase, one.phase)) or _("the checks")
    who = str(one.by) if one.by is not None else check
    return Fired(
        one.state, str(State(one.state).label), in_words(one.reason), one.note, who, one.by is not None, one.at
    )


def _other(key: str, *, is_story: bool) -> About:
    found = None if is_story else hooks.call().subject_of_key(key=key)
    return About(key, found.title, found.url) if found is not None else About(key, _("What is not out now"), "")


def _number_in(key: str, noun: str) -> str:
    before, _colon, after = key.partition(":")
    return after if before == noun and _is_number(after) else ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
