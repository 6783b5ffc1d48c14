"""The queue of errors that readers reported, for the desks of their sections: correct, or dismiss with a reason."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permissions import policy_registry

from stoppress.accounts.models import User
from stoppress.newsroom import actions, passages
from stoppress.newsroom.actions.errors import LONGEST_REASON
from stoppress.newsroom.models import Article, ErrorReport
from stoppress.newsroom.prose import Selector

ON_A_PAGE = 25
MOST_COUNTED = 99
LONGEST_NUMBER = 18
State = ErrorReport.State
TABS = {"open": gettext_lazy("Open"), "decided": gettext_lazy("Decided")}


@dataclass(frozen=True, slots=True)
class Row:
    """A report as the desk sees it.

    Attributes:
        stands: whether the sentence still stands in what readers have.
        is_older: the story was published anew since the reader had it.
    """

    report: ErrorReport
    path: str
    stands: bool
    is_older: bool
    may_correct: bool


def reports_for(user: User) -> QuerySet[ErrorReport]:
    """Those on stories that ``user`` is at the desk of."""
    mine = policy_registry.get_by_type(Page).instances_user_has_permission_for(user, "publish")
    # Asked of each report, not of each page of the archive.
    found: QuerySet[ErrorReport] = ErrorReport.objects.filter(Exists(mine.filter(pk=OuterRef("article_id"))))
    return found


def open_count(user: User) -> int:
    """How many wait for ``user``; nobody counts beyond a hundred."""
    return reports_for(user).filter(state=State.OPEN).order_by()[: MOST_COUNTED + 1].count()


def is_at_a_desk(user: object) -> bool:
    """Whether ``user`` publishes anywhere."""
    return isinstance(user, User) and bool(policy_registry.get_by_type(Page).user_has_permission(user, "publish"))


def queue(request: HttpRequest, name: str = "open") -> HttpResponse:
    """Reports: the oldest open ones first, or what was decided lately.

    Raises:
        Http404: there is no such queue.
        PermissionDenied: the user publishes nothing.
    """
    if not isinstance(request.user, User) or not is_at_a_desk(request.user):
        raise PermissionDenied
    if name not in TABS:
        raise Http404
    user, after = request.user, _number(request.GET.get("after", ""))
    found = reports_for(user).select_related("article", "decided_by", "correction")
    if name == "open":
        found = found.filter(state=State.OPEN, pk__gt=after or 0).order_by("pk")
    else:
        found = found.exclude(state=State.OPEN).order_by("-pk")
        found = found.filter(pk__lt=after) if after else found
    rows = list(found[: ON_A_PAGE + 1])
    context = {
        "name": name,
        "label": TABS[name],
        "tabs": [(one, label, reverse("desk:errors", args=[one])) for one, label in TABS.items()],
        "rows": [_row(one, user) for one in rows[:ON_A_PAGE]],
        "after": rows[ON_A_PAGE - 1].pk if len(rows) > ON_A_PAGE else "",
        "longest": LONGEST_REASON,
    }
    return render(request, "desk/errors.html", context)


@require_POST
def dismiss(request: HttpRequest, report_id: int) -> HttpResponse:
    """Leave a story as it is, with a reason.

    Raises:
        PermissionDenied: the user is not at the desk of its section.
    """
    one = get_object_or_404(ErrorReport.objects.select_related("article"), pk=report_id)
    if not isinstance(request.user, User):
        raise PermissionDenied
    try:
        actions.dismiss_error(one, request.POST.get("reason", ""), request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(reverse("desk:errors", args=["open"]) + f"#report-{one.pk}")
    messages.success(request, _("Noted. The story stays as it is."))
    return redirect("desk:errors", "open")


def _row(one: ErrorReport, user: User) -> Row:
    article: Article = one.article
    wrong = Selector(one.quote, one.prefix, one.suffix)
    return Row(
        report=one,
        path=article.public_path if article.live else "",
        stands=not one.place or passages.find(article, one.place, wrong) is not None,
        is_older=one.revision is not None and one.revision != article.live_revision_id,
        may_correct=article.live and bool(article.permissions_for_user(user).can_publish()),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
