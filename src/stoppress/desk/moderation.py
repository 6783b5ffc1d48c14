"""The moderators' desk: queues of replies, and what is done with them. Every act is a form, so all of it works without
scripts; the script beside it sends the same forms and keeps the place."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from stoppress.accounts.models import User
from stoppress.comments import actions, queues
from stoppress.comments.actions.rights import may_forget, may_moderate
from stoppress.comments.figures import lately
from stoppress.comments.models import Appeal, BreakingNews, Comment, State, Writer
from stoppress.comments.queues import Asked
from stoppress.comments.reasons import REFUSALS
from stoppress.core.text import without_controls
from stoppress.desk.filters import WAITING, Kept, address_of, asked_in, facets, in_queue, kept_by, query_of
from stoppress.desk.replies import about, numbers, of_token, rows

LABELS = {
    "held": gettext_lazy("Held"),
    "reported": gettext_lazy("Reported"),
    "appeals": gettext_lazy("Appeals"),
    "new": gettext_lazy("New today"),
    "spam": gettext_lazy("Spam"),
    "refused": gettext_lazy("Refused"),
    "decided": gettext_lazy("Decided"),
}
COUNTS = {"held": queues.held_count, "reported": queues.reported_count, "appeals": queues.appeals_count}
SPANS = {
    "day": (gettext_lazy("For a day"), timedelta(days=1)),
    "week": (gettext_lazy("For a week"), timedelta(days=7)),
    "month": (gettext_lazy("For 30 days"), timedelta(days=30)),
    "until": (gettext_lazy("Until the time below"), None),
    "good": (gettext_lazy("For good"), None),
}
BAN_SPANS = [(name, label) for name, (label, _span) in SPANS.items() if name != "until"]
LONGEST_WORDS = 1_000
MOST_AT_ONCE = 100
"""Replies in one form: more than a page can show."""
FRAGMENT = "X-Stoppress-Fragment"
"""Sent by our script, which wants the reply alone instead of the page."""


def queue(request: HttpRequest, name: str = "held") -> HttpResponse:
    """A page of a queue.

    Raises:
        Http404: there is no such queue.
        PermissionDenied: the user is no moderator.
    """
    user = _moderator(request)
    if name not in LABELS:
        raise Http404
    asked = asked_in(request.GET, name)
    kept, shown_facets = kept_by(user, asked), facets(asked)
    found = queues.page(asked)
    just = queues.these(numbers(request.GET.get("done", ""), MOST_AT_ONCE))
    going = lately()
    counts = {name: _counted(count()) for name, count in COUNTS.items()}
    context = {
        "tabs": [(one, label, address_of(in_queue(asked, one)), counts.get(one, "")) for one, label in LABELS.items()],
        "lately": going,
        "median_since": timezone.now() - going.median_time if going.median_time is not None else None,
        "may_forget": may_forget(user),
        "name": name,
        "label": LABELS[name],
        "asked": asked,
        "on": about([asked.subject])[asked.subject] if asked.subject else None,
        "by": Writer.objects.filter(public_id=asked.writer).first() if asked.writer else None,
        "rows": rows(found, user),
        "facets": shown_facets,
        "is_counted": any(count for one in shown_facets for _value, _words, count in one.options),
        "is_turned": asked.is_newest_first != (name not in WAITING),
        "most_counted": queues.MOST_COUNTED,
        "kept": kept,
        "opened": _opened(request.GET.get("filter", ""), kept),
        "query": query_of(asked),
        "is_narrowed": asked.is_narrowed,
        "others": queues.at_work(user, timezone.now()) if name in WAITING else [],
        "undone": [row for row in rows(just, user) if row.may_undo],
        "has_ticks": True,
        "is_ticked": request.GET.get("tick") == "all",
        "ban_spans": BAN_SPANS,
        "older": address_of(replace(asked, after=found.after)) if found.after else "",
        "is_cut": found.is_cut,
        "turned": address_of(replace(asked, is_newest_first=not asked.is_newest_first, after="")),
        "unfiltered": address_of(Asked(queue=name, is_newest_first=name not in WAITING)),
        "here": address_of(asked),
        "refusals": REFUSALS,
        "is_breaking": BreakingNews.objects.filter(ended_at=None).exists(),
        "searched": queues.SEARCHED,
    }
    return render(request, "desk/moderation.html", context)


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do one thing to the replies that were ticked, or to one.

    Raises:
        Http404: there is no such thing to do, or no such reply.
        PermissionDenied: the user is no moderator.
    """
    user = _moderator(request)
    done: list[int] = []
    notices: dict[int, str] = {}
    form = request.POST
    name = form.get("act", "")
    if name not in DEEDS:
        raise Http404
    seen = dict(filter(None, map(of_token, form.getlist("reply")[:MOST_AT_ONCE])))
    comments = Comment.objects.select_related("thread", "writer").in_bulk(seen)
    for pk in [pk for pk in seen if pk in comments]:
        try:
            DEEDS[name](comments[pk], seen[pk], form, user)
        except (actions.DecidedMeanwhileError, actions.OwnDecisionError, ValueError) as error:
            notices[pk] = str(error)
        else:
            done.append(pk)
    if request.headers.get(FRAGMENT):
        found = rows(queues.these([*seen, *_changed_meanwhile(form, seen)]), user, notices)
        context = {
            "rows": found,
            "refusals": REFUSALS,
            "ban_spans": BAN_SPANS,
            "here": form.get("next", ""),
            "has_ticks": True,
        }
        status = HTTPStatus.CONFLICT if notices else HTTPStatus.OK
        return render(request, "desk/_moderation_rows.html", context, status=status)
    if done:
        messages.success(request, _said(name, len(done)))
    kept = _(" Your words: “%s”") % words if (words := without_controls(form.get("words", "")).strip()) else ""
    for pk, notice in notices.items():
        said = _("%(name)s’s reply: %(notice)s") % {"name": comments[pk].name, "notice": notice}
        messages.error(request, said + kept)
    if not done and not notices:
        messages.warning(request, _("Tick a reply first. Nothing was changed."))
    return redirect(_back(request, done if name not in {"undo", "ban", "lift"} else []))


def writer(request: HttpRequest, public_id: str) -> HttpResponse:
    """What is known of a writer, and whether they may write.

    Raises:
        PermissionDenied: the user is no moderator.
    """
    user = _moderator(request)
    one = get_object_or_404(Writer, public_id=without_controls(public_id))
    typed, error = {"reason": "", "span": "week", "until": ""}, ""
    if request.method == "POST":
        typed = {name: without_controls(request.POST.get(name, "")).strip() for name in typed}
        try:
            messages.success(request, _of_writer(one, typed, request.POST.get("act", ""), user))
            return redirect("desk:replies_writer", one.public_id)
        except ValueError as wrong:
            error = str(wrong)
    newest = queues.these(_newest_of(one))
    context = {
        "writer": one,
        "names": list(dict.fromkeys(filter(None, [one.display_name, *(reply.name for reply in newest.comments)]))),
        "record": queues.record_of(one),
        "bans": one.bans.select_related("by", "lifted_by").order_by("-pk")[:20],
        "rows": rows(newest, user),
        "cautions": one.cautions.select_related("by").order_by("-pk")[:20],
        "spans": [(name, label) for name, (label, _span) in SPANS.items()],
        "typed": typed,
        "error": error,
        "here": reverse("desk:replies_writer", args=[one.public_id]),
        "refusals": REFUSALS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "desk/moderation_writer.html", context, status=status)


def _opened(text: str, kept: Sequence[Kept]) -> Kept | None:
    """The saved filter that is looked at: what is shown is what it asks for, or it was opened and then changed."""
    numbered = numbers(text, 1)
    mine = [one for one in kept if one.is_own]
    return next((one for one in mine if one.is_here), None) or next(
        (one for one in mine if [one.row.pk] == numbered), None
    )


def _changed_meanwhile(form: QueryDict, acted_on: Collection[int]) -> list[int]:
    """Of what else stands on the moderator's page, what is not as it was: others were at work on it."""
    shown = dict(filter(None, map(of_token, form.getlist("shown")[:MOST_AT_ONCE])))
    comments = Comment.objects.in_bulk(shown.keys() - set(acted_on))
    return [pk for pk, seen in shown.items() if pk in comments and actions.Seen.of(comments[pk]) != seen]


def _moderator(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not may_moderate(request.user):
        raise PermissionDenied
    return request.user


def _counted(found: tuple[int, bool]) -> str:
    count, is_more = found
    return f"{count}+" if is_more else str(count)


def _back(request: HttpRequest, done: Sequence[int]) -> str:
    """Where the form was, with what was done, so that it can be undone from there."""
    asked = request.POST.get("next", "")
    base = reverse("desk:replies", args=["held"]).removesuffix("held/")
    is_ours = url_has_allowed_host_and_scheme(asked, None) and asked.startswith(base)
    address = asked if is_ours else f"{base}held/"
    if not done:
        return address
    return f"{address}{'&' if '?' in address else '?'}done={'.'.join(map(str, done))}"


def _newest_of(one: Writer) -> list[int]:
    theirs = Comment.objects.filter(writer=one).order_by("-made_at")
    return list(theirs.values_list("pk", flat=True)[: queues.ON_A_PAGE])


def _of_writer(one: Writer, typed: dict[str, str], name: str, user: User) -> str:
    """Keep a writer out, or let them in again; returns what was done.

    Raises:
        ValueError: why it was not.
    """
    if name == "lift":
        for ban in one.bans.filter(lifted_at=None):
            actions.lift_ban(ban, user)
        return _("They can reply again.")
    if name == "caution":
        actions.caution(one, typed["reason"][:LONGEST_WORDS], user)
        return _("They are told.")
    if name != "ban" or typed["span"] not in SPANS:
        raise ValueError(_("Say for how long."))
    span = SPANS[typed["span"]][1]
    until = timezone.now() + span if span is not None else None
    if typed["span"] == "until":
        until = _time(typed["until"])
    actions.ban(one, typed["reason"][:LONGEST_WORDS], user, until)
    return _("They can’t reply for now, and read why when they try.")


def _time(text: str) -> datetime:
    try:
        found = parse_datetime(text)
        if found is not None:
            aware = found if timezone.is_aware(found) else timezone.make_aware(found)
            aware.astimezone(timezone.get_default_timezone())
            return aware
    except (ValueError, OverflowError):
        pass
    raise ValueError(_("“%s” is no time. Write it as 2027-03-01 18:00.") % text[:40])


def _approve(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.decide(comment, State.APPROVED, "approved", user, seen=seen)


def _ban(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    span = form.get("span", "")
    if comment.writer is None or span not in dict(BAN_SPANS):
        raise ValueError(_("Say for how long. Nothing was changed."))
    words = without_controls(form.get("words", ""))[:LONGEST_WORDS]
    length = SPANS[span][1]
    actions.ban(comment.writer, words, user, timezone.now() + length if length is not None else None)


def _lift(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    if comment.writer is not None:
        for ban in comment.writer.bans.filter(lifted_at=None):
            actions.lift_ban(ban, user)


def _spam(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.decide(comment, State.SPAM, "spam", user, seen=seen)


def _refuse(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    reason = form.get("reason", "")
    if reason not in REFUSALS:
        raise ValueError(_("Say why; its writer will read it. Nothing was changed."))
    words = without_controls(form.get("words", ""))
    if len(words) > LONGEST_WORDS:
        raise ValueError(_("At most %d characters for its writer. Nothing was changed.") % LONGEST_WORDS)
    actions.decide(comment, State.REFUSED, reason, user, words, seen)


def _undo(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.undo(comment, user, seen)


def _pick(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.pick(comment, form.get("words", ""), user, seen)


def _unpick(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.unpick(comment, user, seen)


def _keep(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    actions.keep(comment, user, seen)


def _answer(comment: Comment, form: QueryDict, user: User, *, is_granted: bool) -> None:
    appeal = Appeal.objects.filter(decision__comment=comment, is_granted=None).first()
    if appeal is None:
        raise ValueError(_("No appeal waits here."))
    words = without_controls(form.get("words", ""))
    if len(words) > LONGEST_WORDS:
        raise ValueError(_("At most %d characters for its writer. Nothing was changed.") % LONGEST_WORDS)
    actions.decide_appeal(appeal, user, is_granted=is_granted, answer=words)


def _grant(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    _answer(comment, form, user, is_granted=True)


def _dismiss(comment: Comment, seen: actions.Seen, form: QueryDict, user: User) -> None:
    _answer(comment, form, user, is_granted=False)


DEEDS: dict[str, Callable[[Comment, actions.Seen, QueryDict, User], None]] = {
    "approve": _approve,
    "refuse": _refuse,
    "spam": _spam,
    "ban": _ban,
    "lift": _lift,
    "undo": _undo,
    "pick": _pick,
    "unpick": _unpick,
    "keep": _keep,
    "grant": _grant,
    "dismiss": _dismiss,
}


def _said(name: str, count: int) -> str:
    words = {
        "approve": ngettext("%d reply is approved.", "%d replies are approved.", count),
        "refuse": ngettext("%d reply is refused.", "%d replies are refused.", count),
        "spam": ngettext("%d reply is taken for spam.", "%d replies are taken for spam.", count),
        "ban": ngettext("%d writer can’t reply for now.", "%d writers can’t reply for now.", count),
        "lift": ngettext("%d writer can reply again.", "%d writers can reply again.", count),
        "keep": ngettext("%d reply stays as it is.", "%d replies stay as they are.", count),
        "grant": ngettext("%d reply is restored.", "%d replies are restored.", count),
        "dismiss": ngettext("%d decision stands.", "%d decisions stand.", count),
        "undo": ngettext("%d decision is undone.", "%d decisions are undone.", count),
        "pick": ngettext("%d reply is picked.", "%d replies are picked.", count),
        "unpick": ngettext("%d reply is picked no more.", "%d replies are picked no more.", count),
    }
    return words[name] % count
