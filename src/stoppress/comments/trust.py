"""The addresses at which readers report a reply, and at which its writer appeals against a decision."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stoppress.comments import actions
from stoppress.comments.actions.appeals import may_appeal
from stoppress.comments.links import appealed_decision, own_path
from stoppress.comments.models import Appeal, Comment, ReportGround, State, Statement
from stoppress.comments.reasons import in_words
from stoppress.comments.text import shown
from stoppress.comments.views import on_a_page
from stoppress.core import hooks
from stoppress.core.network import client_address, is_from_elsewhere
from stoppress.core.text import without_controls

FIELDS = ("ground", "text", "name", "email", "is_sincere")
ELSEWHERE = gettext_lazy("This came from another site. If it was you, send it once more from here.")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Report a reply that readers see.

    Raises:
        Http404: there is no such reply.
    """
    comment = get_object_or_404(Comment.objects.select_related("thread"), public_id=without_controls(public_id))
    subject = hooks.call().subject_of_key(key=comment.thread.subject)
    # What was withdrawn is not read here either, by whoever has kept the address.
    is_shown = comment.state == State.APPROVED and subject is not None
    if not is_shown and request.method != "POST":
        raise Http404
    typed = {name: without_controls(str(request.POST.get(name, ""))) for name in FIELDS}
    error, field, status = "", "", HTTPStatus.OK
    if request.method == "POST":
        if is_from_elsewhere(request):
            error, status = str(ELSEWHERE), HTTPStatus.FORBIDDEN
        else:
            notice = actions.Complaint(
                ground=typed["ground"],
                text=typed["text"],
                name=typed["name"],
                email=typed["email"],
                is_sincere=bool(typed["is_sincere"]),
                address=client_address(request),
            )
            try:
                actions.report(comment, notice)
            except actions.NotTakenError as refused:
                error, field = str(refused), refused.field
                is_rate = refused.reason == "rate"
                status = HTTPStatus.TOO_MANY_REQUESTS if is_rate else HTTPStatus.UNPROCESSABLE_ENTITY
            else:
                return redirect("comments:reported")
    context = {
        "name": comment.name if is_shown else "",
        "text": shown(comment.text) if is_shown else "",
        "subject": subject,
        "grounds": ReportGround.choices,
        "typed": typed,
        "error": error,
        "field": field,
    }
    return render(request, "comments/report.html", on_a_page(context), status=status)


@never_cache
@require_http_methods(["GET", "HEAD"])
def reported(request: HttpRequest) -> HttpResponse:
    """What is said when a report came. Not the reply itself, which may be held by now."""
    return render(request, "comments/reported.html", on_a_page({}))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, token: str) -> HttpResponse:
    """Say something against a decision, once; and see what became of it.

    Raises:
        Http404: the link is none of ours.
    """
    decision = appealed_decision(token)
    if decision is None:
        raise Http404
    typed = without_controls(str(request.POST.get("text", "")))
    error, status = "", HTTPStatus.OK
    if request.method == "POST":
        if is_from_elsewhere(request):
            error, status = str(ELSEWHERE), HTTPStatus.FORBIDDEN
        else:
            try:
                actions.appeal(decision, typed)
            except actions.NotTakenError as refused:
                error, status = str(refused), HTTPStatus.UNPROCESSABLE_ENTITY
            else:
                return redirect(request.path)
    context = {
        "subject": hooks.call().subject_of_key(key=decision.comment.thread.subject),
        "decision": decision,
        "why": in_words(decision.reason),
        "statement": Statement.objects.filter(decision=decision).first(),
        "appeal": Appeal.objects.filter(decision=decision).first(),
        "may_appeal": may_appeal(decision),
        "text": shown(decision.comment.text),
        "own_path": own_path(decision.comment),
        "typed": typed,
        "error": error,
    }
    response = render(request, "comments/appeal.html", on_a_page(context), status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
