"""``/-/replies/api/``: sending a reply as a program; it is judged like any other. Errors are problems (RFC 9457).

What is sent and taken here is listed field by field in ``docs/reference/replies-api.md``, and a test holds it to that.
"""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from stoppress.accounts.models import User
from stoppress.comments import actions, proofs
from stoppress.comments.links import own_path
from stoppress.comments.modes import breaking_on
from stoppress.comments.signing_in import signed_in
from stoppress.comments.views import subject_or_404
from stoppress.core.network import client_address, is_from_elsewhere
from stoppress.core.text import without_controls

LARGEST = 100_000
"""Bytes of a request: a reply has at most 5,000 characters."""
TEXTS = ("name", "email", "website", "text", "to", "proof", "once")
FIELDS = frozenset({*TEXTS, "follow"})


class NotUnderstoodError(Exception):
    """A request that is no reply; the text says why."""

    def __init__(self, words: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(words)
        self.status = status


@never_cache
def proof(request: HttpRequest, subject: str) -> HttpResponse:
    """Whether a proof of work is asked for there now, and the sum to do. Who brings none is held, not turned away."""
    try:
        key = subject_or_404(subject).key
    except Http404:
        return problem(HTTPStatus.NOT_FOUND, _("Readers can see nothing of this key now."), "no-subject")
    if request.method not in {"GET", "HEAD"}:
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("Ask with GET."), "method")
        refused.headers["Allow"] = "GET, HEAD"
        return refused
    is_asked = breaking_on(key) is not None
    return JsonResponse({"is_asked": is_asked, "challenge": proofs.challenge_for(key) if is_asked else None})


@csrf_exempt
@never_cache
def send(request: HttpRequest, subject: str) -> HttpResponse:
    """Store a reply to what stands behind ``subject``: 201 with where it stands now, or a problem."""
    try:
        found = subject_or_404(subject)
    except Http404:
        return problem(HTTPStatus.NOT_FOUND, _("Readers can see nothing of this key now."), "no-subject")
    if request.method != "POST":
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, _("Send a reply with POST."), "method")
        refused.headers["Allow"] = "POST"
        return refused
    if is_from_elsewhere(request):
        return problem(HTTPStatus.FORBIDDEN, _("This came from a page of another site."), "elsewhere")
    try:
        sent = _read(request)
    except NotUnderstoodError as error:
        return problem(error.status, str(error), "not-understood")
    user = request.user if isinstance(request.user, User) else None
    reply = actions.Reply(
        **{name: sent.get(name, "") for name in TEXTS},
        follow=bool(sent.get("follow")),
        address=client_address(request),
    )
    try:
        comment = actions.submit(found, reply, user, signed_in(request) if user is None else None)
    except actions.NotTakenError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS if error.reason in {"rate", "slow"} else HTTPStatus.UNPROCESSABLE_ENTITY
        return problem(status, str(error), error.reason, error.field)
    own = settings.BASE_URL + own_path(comment)
    # A machine learns nothing of a check: what is taken for spam is held like the rest.
    state = "approved" if comment.state == "approved" else "held"
    answer = JsonResponse({"id": comment.public_id, "state": state, "own": own}, status=HTTPStatus.CREATED)
    answer.headers["Location"] = own
    return answer


def problem(status: HTTPStatus, detail: str, reason: str, field: str = "") -> HttpResponse:
    """What went wrong (RFC 9457, without types of our own), with a short word for programs and the field it is in."""
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail, "reason": reason}
    if field:
        body["field"] = field
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _read(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise NotUnderstoodError(_("Send JSON, as application/json."), HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    length = request.headers.get("content-length", "")
    if (length.isdigit() and int(length[:18]) > LARGEST) or len(request.body) > LARGEST:
        raise NotUnderstoodError(_("This is too long."), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise NotUnderstoodError(_("This is no JSON.")) from None
    if not isinstance(sent, dict):
        raise NotUnderstoodError(_("Send an object."))
    if unknown := sorted(set(sent) - FIELDS):
        raise NotUnderstoodError(_("There is no field “%s”.") % without_controls(unknown[0])[:40])
    for name, value in sent.items():
        if not isinstance(value, bool if name == "follow" else str):
            raise NotUnderstoodError(_("The field “%s” is of the wrong kind.") % name)
    return {name: without_controls(value) if isinstance(value, str) else value for name, value in sent.items()}
