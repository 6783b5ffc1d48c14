"""What the paper answers for in its replies: how they were moderated, in figures, and what is kept of a person."""

import json
from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stoppress.accounts.models import User
from stoppress.comments import actions
from stoppress.comments.actions.rights import may_forget, may_moderate
from stoppress.comments.figures import as_csv
from stoppress.comments.figures import figures as counted
from stoppress.comments.models import Erasure
from stoppress.core.text import without_controls

DAYS = 30
LONGEST_DAYS = 3_660
LONGEST_MAIL = 254
WAITED_FOR_SECONDS = 1.0
"""Whoever asks waits so long for what takes longer."""


def figures(request: HttpRequest) -> HttpResponse:
    """How replies were moderated within some days, as a table or as CSV.

    Raises:
        PermissionDenied: the user neither moderates nor answers for what is kept of people.
    """
    if not may_moderate(request.user) and not may_forget(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    last = _day(request.GET.get("to", "")) or today
    first = _day(request.GET.get("from", "")) or last - timedelta(days=DAYS)
    is_wrong = first > last or last - first > timedelta(days=LONGEST_DAYS)
    if is_wrong:
        first, last = today - timedelta(days=DAYS), today
    found = counted(_midnight(first), _midnight(last) + timedelta(days=1))
    if request.GET.get("as") == "csv":
        response = HttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="replies-{first}-{last}.csv"'
        return response
    now = timezone.now()
    context = {
        "found": found,
        "reasons": list(found.reasons()),
        "grounds": list(found.grounds()),
        "decided_since": now - found.decision_time if found.decision_time is not None else None,
        "reported_since": now - found.report_time if found.report_time is not None else None,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "is_wrong": is_wrong,
    }
    return render(request, "desk/moderation_figures.html", context)


def person(request: HttpRequest) -> HttpResponse:
    """Give out or erase all that is kept of whoever has a mail address.

    Raises:
        PermissionDenied: the user may not.
    """
    user = request.user
    if not isinstance(user, User) or not may_forget(user):
        raise PermissionDenied
    email, error = "", ""
    if request.method == "POST":
        email = without_controls(request.POST.get("email", "")).strip()[:LONGEST_MAIL]
        act = request.POST.get("act", "")
        if "@" not in email:
            error = _("This is no mail address.")
        elif act == "export":
            return _given_out(email, user)
        elif act != "erase" or not request.POST.get("sure"):
            error = _("Say that you are sure: it can’t be undone. Nothing was erased.")
        else:
            with_words = bool(request.POST.get("with_words"))
            erased = actions.erase_person(email, user, with_words=with_words, seconds=WAITED_FOR_SECONDS)
            messages.success(request, _in_words(erased))
            return redirect("desk:replies_person")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    context = {"email": email, "error": error, "erasures": list(Erasure.objects.select_related("by").order_by("pk"))}
    return render(request, "desk/moderation_person.html", context, status=status)


def _in_words(erased: actions.Erased) -> str:
    done = ngettext("%d reply is nobody’s now.", "%d replies are nobody’s now.", erased.replies) % erased.replies
    if not erased.left:
        return done
    rest = ngettext(
        "%d still bears their name and follows in the background, as shown below.",
        "%d still bear their name and follow in the background, as shown below.",
        erased.left,
    )
    return " ".join((_("The mail address and the account are gone."), done, rest % erased.left))


def _given_out(email: str, user: User) -> HttpResponse:
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in actions.export_person(email, user))
    response = HttpResponse("".join(lines), content_type="application/jsonl; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="person.jsonl"'
    return response


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found is not None and date(2000, 1, 1) <= found <= date(9000, 1, 1) else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
