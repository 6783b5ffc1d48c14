"""Who may reply where, and until when: for one story, for the sections, and in breaking news. All of it is forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from wagtail.models import Page

from stoppress.accounts.models import User
from stoppress.comments import actions, likeness
from stoppress.comments.actions.breaking import LONGEST_NOTICE, MOST_HOURS, prepared_notice
from stoppress.comments.actions.rights import may_moderate
from stoppress.comments.actions.rules import LONGEST_NOTE, MOST_DAYS
from stoppress.comments.models import SITE, BreakingNews, Mode, SectionRules, Thread
from stoppress.comments.modes import breaking_on, standing_of
from stoppress.core import hooks
from stoppress.core.subject import Subject
from stoppress.core.text import without_controls
from stoppress.desk.replies import About, about, numbers
from stoppress.newsroom.models import Publication

HOURS = 6
"""How long breaking-news mode lasts unless somebody says otherwise."""
PAST_SHOWN = 10
LONGEST_NUMBER = 6

Deed = Callable[[str, QueryDict, User], str]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section and what it says of replies.

    Attributes:
        depth: 0 for one below the home page.
        days: as typed, or as they are; empty leaves it to what stands above.
    """

    key: str
    title: str
    depth: int
    mode: str
    days: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time of breaking-news mode, with what it is on."""

    row: BreakingNews
    on: About | None


def overview(request: HttpRequest) -> HttpResponse:
    """What holds in each section, and breaking-news mode for the whole site.

    Raises:
        Http404: there is no such thing to do.
        PermissionDenied: the user is no moderator.
    """
    user = moderator(request)
    error = ""
    if request.method == "POST":
        error = _done(request, SITE, user, {"sections": _sections, "begin": _begin, "end": _end})
        if not error:
            return redirect("desk:replies_rules")
    running = BreakingNews.objects.filter(ended_at=None).select_related("by").order_by("began_at")
    past = BreakingNews.objects.exclude(ended_at=None).select_related("by", "ended_by").order_by("-ended_at")
    stretches = _stretches([*running, *past[:PAST_SHOWN]])
    context = {
        "sections": _section_rows(request.POST if error else {}),
        "modes": Mode.choices,
        "default": Mode(settings.STOPPRESS_COMMENTS).label,
        "default_days": settings.STOPPRESS_COMMENTS_CLOSE_DAYS,
        "surge": settings.STOPPRESS_COMMENTS_SURGE,
        "running": [one for one in stretches if one.row.ended_at is None],
        "past": [one for one in stretches if one.row.ended_at is not None],
        "is_on_site": any(one.row.scope == SITE and one.row.ended_at is None for one in stretches),
        **_breaking_form(request.POST if error else {}),
        **_model(),
        "error": error,
    }
    return render(request, "desk/reply_rules.html", context, status=_status(error))


def thread(request: HttpRequest, subject: str) -> HttpResponse:
    """Who may reply on one subject.

    Raises:
        Http404: there is no such subject, or no such thing to do.
        PermissionDenied: the user is no moderator.
    """
    user = moderator(request)
    subject = without_controls(subject)
    row = Thread.objects.filter(subject=subject).first()
    on = about([subject])[subject]
    if row is None and not on.path:
        raise Http404
    error = ""
    if request.method == "POST":
        deeds = {"": _rules, "freeze": _freeze, "thaw": _thaw, "begin": _begin, "end": _end}
        error = _done(request, subject, user, deeds)
        if not error:
            return redirect("desk:replies_thread", subject)
    found: Subject | None = hooks.call().subject_of_key(key=subject)
    typed: Mapping[str, str] = request.POST.dict() if error else {}
    context = {
        "about": on,
        "row": row,
        "mode": typed.get("mode", row.mode if row else ""),
        "days": typed.get("days", _shown(row.close_days if row else None)),
        "note": typed.get("note", row.frozen_note if row else ""),
        "longest_note": LONGEST_NOTE,
        "count": row.count if row else 0,
        "modes": Mode.choices,
        "above": _above(found),
        "standing": standing_of(found, row) if found is not None else None,
        "breaking": breaking_on(subject),
        **_breaking_form(typed),
        "error": error,
    }
    return render(request, "desk/moderation_thread.html", context, status=_status(error))


def moderator(request: HttpRequest) -> User:
    """Who asks.

    Raises:
        PermissionDenied: they are no moderator.
    """
    if not isinstance(request.user, User) or not may_moderate(request.user):
        raise PermissionDenied
    return request.user


def _done(request: HttpRequest, subject: str, user: User, deeds: Mapping[str, Deed]) -> str:
    """Do what the form asks for; returns why it was not done, empty when it was."""
    name = request.POST.get("act", "")
    if name not in deeds:
        raise Http404
    try:
        messages.success(request, deeds[name](subject, request.POST, user))
    except ValueError as wrong:
        return str(wrong)
    return ""


def _rules(subject: str, form: QueryDict, user: User) -> str:
    mode, days = _mode(form.get("mode", "")), _days(form.get("days", ""))
    actions.set_mode(subject, mode, user)
    actions.set_close_days(subject, days, user)
    return _("Noted. The story’s page follows.")


def _freeze(subject: str, form: QueryDict, user: User) -> str:
    actions.freeze(subject, without_controls(form.get("note", "")), user)
    return _("Nobody replies here any more. What is there stays to be read.")


def _thaw(subject: str, form: QueryDict, user: User) -> str:
    actions.thaw(subject, user)
    return _("Replies are taken again, as mode and time allow.")


def _begin(subject: str, form: QueryDict, user: User) -> str:
    hours = _number(form.get("hours", ""), _("Hours are a number from 1 to %d.") % MOST_HOURS)
    actions.begin_breaking(subject, hours, without_controls(form.get("notice", "")), user)
    return _("Everything is read first now.")


def _end(subject: str, form: QueryDict, user: User) -> str:
    row = get_object_or_404(BreakingNews, pk=next(iter(numbers(form.get("row", ""), 1)), 0))
    actions.end_breaking(row, user)
    return _("Breaking-news mode is over. What was held waits in the queue.")


def _sections(subject: str, form: QueryDict, user: User) -> str:
    wanted = []
    for row in _section_rows({}):
        if f"mode-{row.key}" in form:
            wanted.append((row.key, _mode(form.get(f"mode-{row.key}", "")), _days(form.get(f"days-{row.key}", ""))))
    for key, mode, days in wanted:
        actions.set_section_rules(key, mode, days, user)
    return _("Noted. The pages follow.")


def _mode(text: str) -> Mode | None:
    if text not in {"", *Mode.values}:
        raise Http404
    return Mode(text) if text else None


def _days(text: str) -> int | None:
    return _number(text, _("Days are a number from 0 to %d.") % MOST_DAYS) if text.strip() else None


def _number(text: str, words: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_NUMBER:
        raise ValueError(words)
    return int(text)


def _section_rows(typed: Mapping[str, str]) -> list[SectionRow]:
    """The sections in the order of the tree."""
    found = Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True).order_by("tree_path")
    rules = {one.section: one for one in SectionRules.objects.all()}
    rows = []
    for one in found:
        rule = rules.get(one.subject)
        mode, days = (rule.mode, _shown(rule.close_days)) if rule is not None else ("", "")
        mode, days = typed.get(f"mode-{one.subject}", mode), typed.get(f"days-{one.subject}", days)
        depth = max(0, len(one.tree_path) // Page.steplen - 3)
        rows.append(SectionRow(one.subject, one.headline, depth, mode, days))
    return rows


def _stretches(rows: Sequence[BreakingNews]) -> list[Stretch]:
    titles = about({row.scope for row in rows if row.scope != SITE})
    return [Stretch(row, titles.get(row.scope)) for row in rows]


def _above(subject: Subject | None) -> str:
    """What would hold on a subject that says nothing itself."""
    if subject is None:
        return str(Mode(settings.STOPPRESS_COMMENTS).label)
    return str(standing_of(subject, None).mode.label)


def _breaking_form(typed: Mapping[str, str]) -> dict[str, object]:
    return {
        "hours": typed.get("hours", str(HOURS)),
        "most_hours": MOST_HOURS,
        "notice": typed.get("notice", prepared_notice()),
        "longest_notice": LONGEST_NOTICE,
        "most_days": MOST_DAYS,
    }


def _model() -> dict[str, object]:
    """The spam model and its figures, as people read them."""
    found = likeness.record()
    score = found.score if found is not None else None
    return {
        "model": found,
        "precision": _share(score.precision) if score is not None else "",
        "recall": _share(score.recall) if score is not None else "",
        "proven": _share(found.proven) if found is not None else "",
    }


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _shown(days: int | None) -> str:
    return "" if days is None else str(days)


def _status(error: str) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
