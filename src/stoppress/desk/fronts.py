"""The desk's screens for fronts. Each change is a form of its own, so all of it works without scripts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from stoppress.accounts.models import User
from stoppress.core.policy import PUBLIC_POLICY
from stoppress.desk.boards import board, pulse
from stoppress.newsroom import actions
from stoppress.newsroom.actions import fronts as acts
from stoppress.newsroom.actions.fronts import ChangedMeanwhileError, FrontPage, SlotHeldError, may_lay_out
from stoppress.newsroom.edition_words import changes, in_words, moment, names_of
from stoppress.newsroom.forecast import forecast
from stoppress.newsroom.front_draft import draft_of
from stoppress.newsroom.fronts import Plan, plan_of_edition, previewing, untouched
from stoppress.newsroom.models import Article, Edition, Front, Home, Section

EDITIONS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Notice:
    """Why something was not done, and what can be done about it.

    Attributes:
        again: the form that was sent, with what has changed meanwhile taken note of; empty when that can't help.
        place: the slot to ask for, when somebody else is at it.
    """

    text: str
    act: str = ""
    again: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


def index(request: HttpRequest) -> HttpResponse:
    """Every front that one may lay out.

    Raises:
        PermissionDenied: there is none.
    """
    user = _user(request)
    pages = [page for page in [*Home.objects.all(), *Section.objects.order_by("path")] if may_lay_out(page, user)]
    if not pages:
        raise PermissionDenied
    fronts = {one.page_id: one for one in Front.objects.select_related("live__by", "changed_by")}
    waiting: dict[int, list[Edition]] = {}
    for edition in actions.planned():
        waiting.setdefault(edition.front.page_id, []).append(edition)
    rows = [(page, fronts.get(page.pk), waiting.get(page.pk, [])) for page in pages]
    return render(request, "desk/fronts.html", {"rows": rows})


def front(request: HttpRequest, page_id: int) -> HttpResponse:
    """The board of a front; ``place`` says which slot is worked on, ``q`` what is looked for.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    return _board(request, _page(request, page_id), request.GET)


def beat(request: HttpRequest, page_id: int) -> HttpResponse:
    """Whether the board has changed by somebody's hand: a text to compare with the one before.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    response = HttpResponse(pulse(_page(request, page_id)), content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def change(request: HttpRequest, page_id: int, act: str) -> HttpResponse:
    """Do one thing to a front, and show its board again.

    Raises:
        Http404: there is no such thing to do.
        PermissionDenied: one may not lay it out.
    """
    page, user = _page(request, page_id), _user(request)
    if act not in ACTS:
        raise Http404
    try:
        said = ACTS[act](page, request.POST, user)
    except SlotHeldError as error:
        until = _("It is free at %s at the latest.") % moment(error.until)
        notice = Notice(f"{error} {_('Nothing was changed.')} {until}", act, _again(request.POST, page), error.name)
        return _board(request, page, request.POST, notice, HTTPStatus.CONFLICT)
    except ChangedMeanwhileError as error:
        notice = Notice(f"{error} {_kept(error, page)}", act, _again(request.POST, page))
        return _board(request, page, request.POST, notice, HTTPStatus.CONFLICT)
    except ValidationError as error:
        notice = Notice(" ".join(error.messages))
        return _board(request, page, request.POST, notice, HTTPStatus.UNPROCESSABLE_ENTITY)
    if said:
        messages.success(request, said)
    if request.POST.get("next") == "history":
        return redirect("desk:front_history", page.pk)
    stays = {"place": request.POST.get("stay") or _place(request.POST.get("place", ""))[0], "q": request.POST.get("q")}
    query = urlencode({name: value for name, value in stays.items() if value})
    return redirect(f"{reverse('desk:front', args=[page.pk])}?{query}")


def look(request: HttpRequest, page_id: int) -> HttpResponse:
    """A front as readers will see it, in two widths; ``edition`` shows one of its editions.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    page = _page(request, page_id)
    edition = _edition(page, request.GET["edition"]) if request.GET.get("edition") else None
    at, trouble = None, ""
    try:
        at = _preview_time(request.GET, edition)
    except ValidationError as error:
        trouble = " ".join(error.messages)
    asked = {"edition": edition.number if edition else "", "at": at.isoformat() if at else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    address = reverse("desk:front_preview", args=[page.pk]) + (f"?{query}" if query else "")
    context = {"page": page, "edition": edition, "address": address, "at": at, "trouble": trouble}
    return render(request, "desk/front_look.html", context)


def preview(request: HttpRequest, page_id: int) -> HttpResponse:
    """The page itself, rendered as for readers, from what is being laid out or from an edition.

    It is filled for the time ``at``, or for when a planned edition appears, as far as the clock is known; else for now.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    page, user = _page(request, page_id), _user(request)
    number = request.GET.get("edition")
    edition = _edition(page, number) if number else None
    plan = _plan(edition) if edition else draft_of(page.pk, is_home=isinstance(page, Home)).plan
    try:
        at = _preview_time(request.GET, edition)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=HTTPStatus.UNPROCESSABLE_ENTITY, content_type="text/plain")
    with previewing(page.pk, plan, forecast(at, user) if at else None):
        response: HttpResponse = page.serve(request).render()
    response.headers["Content-Security-Policy"] = PUBLIC_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _preview_time(asked: QueryDict, edition: Edition | None) -> datetime | None:
    """For when a front is shown; ``None`` for now, also when that time is past.

    Raises:
        ValidationError: what was given is no time.
    """
    at = _when(asked.get("at", ""), "at")
    if at is None and edition is not None and edition.is_planned:
        at = edition.due_at
    return at if at is not None and at > timezone.now() else None


def history(request: HttpRequest, page_id: int) -> HttpResponse:
    """The editions of a front, the newest first.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    page = _page(request, page_id)
    editions = Edition.objects.filter(front__page_id=page.pk).select_related("by", "cancelled_by").order_by("-number")
    before = _number(request.GET.get("before", ""))
    if before >= 0:
        editions = editions.filter(number__lt=before)
    found = list(editions[: EDITIONS_SHOWN + 1])
    row = Front.objects.filter(page_id=page.pk).first()
    shown = found[:EDITIONS_SHOWN]
    older = shown[-1].number if len(found) > EDITIONS_SHOWN else None
    context = {"page": page, "editions": shown, "older": older, "live_id": row.live_id if row else None}
    return render(request, "desk/front_history.html", context)


def edition(request: HttpRequest, page_id: int, number: int) -> HttpResponse:
    """One edition: what it holds, and what it changes against another, ``against``, or the one before.

    Raises:
        PermissionDenied: one may not lay it out.
    """
    page = _page(request, page_id)
    one = _edition(page, str(number))
    others = Edition.objects.filter(front__page_id=page.pk).exclude(pk=one.pk).order_by("-number")[:EDITIONS_SHOWN]
    asked = request.GET.get("against", "")
    other = _edition(page, asked) if asked else next((old for old in others if old.number < number), None)
    before = _plan(other) if other is not None else untouched(is_home=isinstance(page, Home))
    after = _plan(one)
    names = names_of(choice.rule for choice in (*before.choices, *after.choices))
    context = {
        "page": page,
        "edition": one,
        "other": other,
        "others": others,
        "changes": changes(before, after, names),
        "slots": [(choice.slot.label, in_words(choice, names)) for choice in after.choices],
        "live_id": Front.objects.filter(page_id=page.pk).values_list("live_id", flat=True).first(),
    }
    return render(request, "desk/front_edition.html", context)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _page(request: HttpRequest, page_id: int) -> FrontPage:
    page = get_object_or_404(Page, pk=page_id).specific
    if not isinstance(page, Home | Section):
        raise Http404
    if not may_lay_out(page, _user(request)):
        raise PermissionDenied
    return page


def _edition(page: FrontPage, number: str) -> Edition:
    return get_object_or_404(Edition, front__page_id=page.pk, number=_number(number))


def _plan(one: Edition) -> Plan:
    return plan_of_edition(one, is_home=isinstance(one.front.page.specific, Home))


def _board(
    request: HttpRequest,
    page: FrontPage,
    asked: QueryDict,
    notice: Notice | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    place = asked.get("stay") or _place(asked.get("place", ""))[0]
    query = asked.get("q", "").replace("\0", "").strip()[:200]
    shown = board(page, _user(request), chosen=place, query=query)
    context = {"board": shown, "page": page, "notice": notice, "sent": asked if notice else {}, "now": timezone.now()}
    return render(request, "desk/front.html", context, status=status)


def _place(token: str) -> tuple[str, int]:
    """A slot's name and the version of it that was seen, from ``lead:3``."""
    name, _colon, version = token.partition(":")
    return name[:40], _number(version)


def _again(sent: QueryDict, page: FrontPage) -> dict[str, str]:
    """The same form against what is there now."""
    draft = draft_of(page.pk, is_home=isinstance(page, Home))
    form = {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken" and isinstance(value, str)}
    for name in {"place", "other"} & form.keys():
        slot = _place(form[name])[0]
        form[name] = f"{slot}:{draft.rows[slot].version if slot in draft.rows else 0}"
    if "seen" in form:
        form["seen"] = str(draft.version)
    return form


def _kept(error: ChangedMeanwhileError, page: FrontPage) -> str:
    draft = draft_of(page.pk, is_home=isinstance(page, Home))
    if not error.name:
        return _("Nothing was published or changed. Look at it as it is now, then say it again.")
    there = in_words(draft.plan.choice(error.name), names_of([]))
    return _("There is now: %s. That was kept, and yours was not put in. Look, then say it again if you want.") % there


def _when(text: str, name: str) -> datetime | None:
    """A time from a form, in the newsroom's time zone.

    Raises:
        ValidationError: it is none.
    """
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
        if found is not None:
            aware = found if timezone.is_aware(found) else timezone.make_aware(found)
            aware.astimezone(timezone.get_default_timezone())
            return aware
    except (ValueError, OverflowError):
        pass
    raise ValidationError({name: _("“%s” is no time. Write it as 2027-03-01 18:00:00.") % text[:40]})


def _number(text: str) -> int:
    """What a form sent as a number; -1, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1


def _seen(form: QueryDict) -> int:
    return _number(form.get("seen", ""))


def _put(page: FrontPage, form: QueryDict, user: User) -> str:
    name, seen = _place(form.get("place", ""))
    article = Article.objects.filter(pk=_number(form.get("article", ""))).first()
    if article is None:
        raise ValidationError({"article": _("There is no such story. Nothing was changed.")})
    acts.pin(page, name, article, seen=seen, until=_when(form.get("until", ""), "until"), user=user)
    return ""


def _take_out(page: FrontPage, form: QueryDict, user: User) -> str:
    name, seen = _place(form.get("place", ""))
    acts.unpin(page, name, seen=seen, user=user)
    return ""


def _set_up(page: FrontPage, form: QueryDict, user: User) -> str:
    name, seen = _place(form.get("place", ""))
    until = _when(form.get("until", ""), "until")
    acts.set_up(page, name, rule=form.get("rule", ""), until=until, seen=seen, user=user)
    return _("Noted.")


def _swap(page: FrontPage, form: QueryDict, user: User) -> str:
    (one, seen), (two, seen_two) = _place(form.get("place", "")), _place(form.get("other", ""))
    acts.swap(page, one, two, seen={one: seen, two: seen_two}, user=user)
    return ""


def _layout(page: FrontPage, form: QueryDict, user: User) -> str:
    acts.choose_layout(page, form.get("layout", ""), seen=_seen(form), user=user)
    return ""


def _begin_again(page: FrontPage, form: QueryDict, user: User) -> str:
    acts.begin_again(page, seen=_seen(form), from_live=form.get("with") == "live", user=user)
    return _("Begun again.")


def _publish(page: FrontPage, form: QueryDict, user: User) -> str:
    at = _when(form.get("at", ""), "at") if form.get("how") == "later" else None
    if form.get("how") == "later" and at is None:
        raise ValidationError({"at": _("Say when the edition shall appear. Nothing was published.")})
    made = actions.publish_edition(page, seen=_seen(form), note=form.get("note", ""), at=at, user=user)
    if at is not None:
        return _("Edition %(number)d appears at %(time)s.") % {"number": made.number, "time": moment(at)}
    return _("Edition %d is live.") % made.number


def _roll_back(page: FrontPage, form: QueryDict, user: User) -> str:
    again = actions.roll_back(_edition(page, form.get("edition", "")), user=user)
    words = _("Edition %(new)d is live. It repeats edition %(old)d; what is being laid out stays as it is.")
    return words % {"new": again.number, "old": again.copy_of}


def _cancel(page: FrontPage, form: QueryDict, user: User) -> str:
    one = _edition(page, form.get("edition", ""))
    actions.cancel_edition(one, user=user)
    return _("Edition %d will not appear.") % one.number


def _hand(act: Callable[[FrontPage, str, User], None]) -> Callable[[FrontPage, QueryDict, User], str]:
    def one(page: FrontPage, form: QueryDict, user: User) -> str:
        act(page, _place(form.get("place", ""))[0], user)
        return ""

    return one


ACTS: dict[str, Callable[[FrontPage, QueryDict, User], str]] = {
    "put": _put,
    "take-out": _take_out,
    "set-up": _set_up,
    "swap": _swap,
    "layout": _layout,
    "begin-again": _begin_again,
    "publish": _publish,
    "roll-back": _roll_back,
    "cancel": _cancel,
    "hold": _hand(acts.claim_slot),
    "ask": _hand(acts.ask_for_slot),
    "stay": _hand(acts.keep_slot),
    "take-over": _hand(acts.take_over_slot),
    "let-go": _hand(lambda page, slot, user: acts.release_slots(page, user, slot)),
}
