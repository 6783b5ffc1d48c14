"""Trying a rule on the replies of the last month, at the desk. Nothing is written, so the form is a question."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stoppress.comments.likeness import in_force
from stoppress.comments.models import Comment, Mode, State
from stoppress.comments.reasons import in_words
from stoppress.comments.rehearsal import MOST, NOT_TAKEN, Change, Rehearsal, rehearse
from stoppress.comments.text import MOST_CHARACTERS
from stoppress.core.text import without_controls
from stoppress.desk.replies import About, about
from stoppress.desk.reply_rules import moderator

NUMBERS = {
    "links": (gettext_lazy("More links than this are held"), 0, 100),
    "characters": (gettext_lazy("Longer than so many characters is not taken"), 1, MOST_CHARACTERS),
    "trusted": (gettext_lazy("Approved replies after which a writer is no longer new"), 1, 1000),
    "likeness": (gettext_lazy("From so many of 100 like spam on, it is held (0: never)"), 0, 100),
}
TODAY = {"links": 2, "characters": MOST_CHARACTERS}
MOST_WORDS = 50
LONGEST_WORDS = 2_000


@dataclass(frozen=True, slots=True)
class Field:
    """A number that can be changed, with what it is today."""

    name: str
    label: str
    least: int
    most: int
    today: str
    typed: str


@dataclass(frozen=True, slots=True)
class Fared:
    """A reply that would have fared otherwise, as it is shown."""

    comment: Comment
    on: About
    before: str
    after: str
    why: str
    now: str


def rehearsal(request: HttpRequest) -> HttpResponse:
    """What a changed rule would have done to the last month.

    Raises:
        PermissionDenied: the user is no moderator.
    """
    moderator(request)
    typed = {name: without_controls(value)[:LONGEST_WORDS] for name, value in request.GET.dict().items()}
    error, found = "", None
    if "try" in typed:
        try:
            found = rehearse(_change(typed))
        except ValueError as wrong:
            error = str(wrong)
    context = {
        "fields": [
            Field(name, str(label), least, most, _today(name), typed.get(name, ""))
            for name, (label, least, most) in NUMBERS.items()
        ],
        "modes": [(value, label) for value, label in Mode.choices if value not in {Mode.CLOSED, Mode.ACCOUNTS}],
        "typed": typed,
        "found": found,
        "moves": _moves(found) if found is not None else [],
        "shown": _fared(found) if found is not None else [],
        "most": MOST,
        "error": error,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "desk/rehearsal.html", context, status=status)


def _change(typed: Mapping[str, str]) -> Change:
    """What was typed.

    Raises:
        ValueError: it is no number, or nobody means it.
    """
    numbers: dict[str, int | None] = {}
    for name, (label, least, most) in NUMBERS.items():
        text = typed.get(name, "").strip()
        is_number = text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most
        if text and not is_number:
            words = {"label": label, "least": least, "most": most}
            raise ValueError(_("%(label)s: a number from %(least)d to %(most)d.") % words)
        numbers[name] = int(text) if text else None
    mode = typed.get("mode", "")
    return Change(
        mode=Mode(mode) if mode in Mode.values else None,
        most_links=numbers["links"],
        most_characters=numbers["characters"],
        trusted_after=numbers["trusted"],
        likeness=numbers["likeness"],
        held_words=_words(typed.get("held", "")),
        refused_words=_words(typed.get("refused", "")),
    )


def _words(text: str) -> list[str]:
    return [line for line in map(str.strip, text.splitlines()) if line][:MOST_WORDS]


def _today(name: str) -> str:
    if name == "trusted":
        return str(settings.STOPPRESS_COMMENTS_TRUSTED_AFTER)
    if name == "likeness":
        model = in_force()
        return str(round(model.threshold * 100)) if model is not None else "0"
    return str(TODAY[name])


def _moves(found: Rehearsal) -> list[tuple[str, str, str, int]]:
    """From where to where, where those stand today, and how many, the most first."""
    return [
        (_label(before), _label(after), _label(now), count) for (before, after, now), count in found.moves.most_common()
    ]


def _fared(found: Rehearsal) -> list[Fared]:
    comments = Comment.objects.select_related("thread").in_bulk([one.comment for one in found.differences])
    known = [(one, comments[one.comment]) for one in found.differences if one.comment in comments]
    subjects = about(comment.thread.subject for _one, comment in known)
    return [
        Fared(
            comment,
            subjects[comment.thread.subject],
            _label(one.before),
            _label(one.after),
            in_words(one.reason),
            _label(one.now),
        )
        for one, comment in known
    ]


def _label(state: str) -> str:
    return _("Not taken") if state == NOT_TAKEN else str(State(state).label)
