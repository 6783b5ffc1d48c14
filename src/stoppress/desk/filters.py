"""What moderators ask of a queue: on what, by whom, with which words, what a check found and what people decided; and
such questions that they keep under a name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from stoppress.accounts.models import User
from stoppress.comments import actions, queues
from stoppress.comments.models import ReportGround, SavedFilter
from stoppress.comments.queues import Asked
from stoppress.comments.reasons import REFUSALS, SIGNALS, in_words
from stoppress.core.text import without_controls
from stoppress.desk.replies import numbers, subject_at
from stoppress.desk.reply_rules import moderator

WAITING = frozenset({"held", "reported", "appeals"})
"""Queues of what somebody has to decide: who has waited longest comes first."""
PARAMETERS = {"signal": "found", "reason": "for", "ground": "reported"}
"""How the address calls them."""
LABELS = {
    "signal": gettext_lazy("What a check found"),
    "reason": gettext_lazy("What people decided it for"),
    "ground": gettext_lazy("What readers report it for"),
}
FACETS: dict[str, Sequence[str]] = {
    "held": ("signal",),
    "reported": ("ground", "signal"),
    "appeals": ("reason", "signal"),
    "new": ("signal",),
    "spam": ("signal",),
    "refused": ("reason", "signal"),
    "decided": ("reason", "signal"),
}
DECIDED_FOR: dict[str, Sequence[str]] = {
    "refused": tuple(REFUSALS),
    "appeals": (*REFUSALS, "spam"),
    "decided": ("approved", *REFUSALS, "spam", "appeal-granted"),
}
MOST_SHARED = 30
"""So many of other people's are shown."""
BY_DIGIT = 9
"""So many of them have a key."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that a queue can be asked for.

    Attributes:
        options: value, words, and how many of the first have it; empty where nobody counted.
    """

    parameter: str
    label: str
    options: Sequence[tuple[str, str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved filter as it is shown.

    Attributes:
        key: of the keyboard; empty for none.
        is_here: what is shown just now is what it asks for.
    """

    row: SavedFilter
    address: str
    key: str
    is_own: bool
    is_here: bool


def asked_in(sent: QueryDict, name: str) -> Asked:
    """What the query of an address asks of the queue of this name."""

    def one(field: str, most: int) -> str:
        return without_controls(sent.get(field, "")).strip()[:most]

    words, subject = one("q", 200), one("on", 100)
    path = urlsplit(words).path if words.startswith(("/", "https://", "http://")) and "[" not in words else ""
    if path and (key := subject_at(path)):
        words, subject = "", key
    order = sent.get("order", "old" if name in WAITING else "new")
    facets = {field: one(parameter, 60) for field, parameter in PARAMETERS.items()}
    return Asked(name, words, subject, one("by", 16), is_newest_first=order == "new", after=one("after", 40), **facets)


def address_of(asked: Asked, saved: int | None = None) -> str:
    """Where that stands.

    Args:
        saved: number of the saved filter that is looked at.
    """
    sent = _query(asked) | ({"filter": str(saved)} if saved else {})
    return reverse("desk:replies", args=[asked.queue]) + (f"?{urlencode(sent)}" if sent else "")


def in_queue(asked: Asked, name: str) -> Asked:
    """The same asked of another queue, without what that queue has not."""
    kept = {field: getattr(asked, field) if field in FACETS[name] else "" for field in PARAMETERS}
    return replace(asked, queue=name, after="", is_newest_first=name not in WAITING, **kept)


def facets(asked: Asked) -> list[Facet]:
    """What the queue can be asked for, with what is asked."""
    counted = queues.first_signals(asked)
    found = []
    for field in FACETS[asked.queue]:
        chosen = getattr(asked, field)
        known = {value: str(words) for value, words in _options(field, asked.queue)}
        if chosen:
            known.setdefault(chosen, in_words(chosen))
        numbers_of = counted if field == "signal" else {}
        options = [(value, words, str(numbers_of.get(value) or "")) for value, words in known.items()]
        found.append(Facet(PARAMETERS[field], str(LABELS[field]), options, chosen))
    return found


def kept_by(user: User, asked: Asked) -> list[Kept]:
    """The saved filters that ``user`` has: their own, then what others share."""
    shared = SavedFilter.objects.filter(is_shared=True).exclude(user=user).select_related("user").order_by("name", "pk")
    ordered = [*SavedFilter.objects.filter(user=user).order_by("name"), *shared[:MOST_SHARED]]
    here = query_of(asked)
    return [
        Kept(
            row=one,
            address=address_of(asked_in(QueryDict(one.query), one.queue), one.pk),
            key=str(place) if place <= BY_DIGIT else "",
            is_own=one.user_id == user.pk,
            is_here=(one.queue, one.query) == (asked.queue, here),
        )
        for place, one in enumerate(ordered, 1)
    ]


def query_of(asked: Asked) -> str:
    """What is kept of it in a saved filter."""
    return urlencode(_query(replace(asked, after="")))


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what is asked under a name, change what is kept, or forget it.

    Raises:
        Http404: there is no such queue, filter or thing to do.
        PermissionDenied: the user is no moderator, or it is somebody else's.
    """
    user = moderator(request)
    form = request.POST
    queue, act = form.get("queue", ""), form.get("act", "")
    if queue not in FACETS or act not in {"save", "change", "delete"}:
        raise Http404
    asked = asked_in(QueryDict(form.get("query", "")), queue)
    name, is_shared = without_controls(form.get("name", "")), bool(form.get("is_shared"))
    address = address_of(replace(asked, after=""))
    row = None if act == "save" else _row(form.get("filter", ""))
    try:
        if row is None:
            row = actions.save_filter(user, name, queue, query_of(asked), is_shared=is_shared)
        elif act == "change":
            row = actions.change_filter(row, user, name, queue, query_of(asked), is_shared=is_shared)
        else:
            actions.delete_filter(row, user)
            messages.success(request, _("The filter “%s” is deleted. No reply was changed.") % row.name)
            return redirect(address)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect(address)
    messages.success(request, _("The filter “%s” is saved.") % row.name)
    return redirect(address_of(asked_in(QueryDict(row.query), row.queue), row.pk))


def _row(text: str) -> SavedFilter:
    (number,) = numbers(text, 1) or [0]
    return get_object_or_404(SavedFilter, pk=number)


def _query(asked: Asked) -> dict[str, str]:
    facets = {parameter: getattr(asked, field) for field, parameter in PARAMETERS.items()}
    sent = {"q": asked.words, "on": asked.subject, "by": asked.writer, **facets, "after": asked.after}
    if asked.is_newest_first != (asked.queue not in WAITING):
        sent["order"] = "new" if asked.is_newest_first else "old"
    return {name: value for name, value in sent.items() if value}


def _options(field: str, queue: str) -> Sequence[tuple[str, str | Promise]]:
    if field == "ground":
        return [(str(value), label) for value, label in ReportGround.choices]
    if field == "signal":
        return list(SIGNALS.items())
    return [(value, in_words(value)) for value in DECIDED_FOR[queue]]
