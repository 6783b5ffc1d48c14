"""The addresses below ``/-/replies/my/``: a reader's own replies, by a link that goes to their mail address."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stoppress.comments import actions
from stoppress.comments.belongings import as_lines, as_text, places_of, replies_of
from stoppress.comments.links import confirm_path, drawer_of, own_path
from stoppress.comments.models import Comment, State, Writer
from stoppress.comments.signing_in import let_in, let_out, signed_in
from stoppress.comments.standing import ban_in_force, ban_in_words
from stoppress.comments.text import shown
from stoppress.comments.views import on_a_page, take_back
from stoppress.core import hooks
from stoppress.core.network import client_address, is_from_elsewhere
from stoppress.core.text import without_controls

UNPROCESSABLE = 422
LONGEST_NUMBER = 18
CAUTIONS_SHOWN = 5
OPEN = (State.HELD, State.APPROVED)
"""Where it changes something to say that a reply is one's own."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my(request: HttpRequest) -> HttpResponse:
    """One's own replies, for who is signed in; for others, where to ask for the link."""
    writer = signed_in(request)
    if request.method == "POST":
        if is_from_elsewhere(request):
            words = _("This came from another site. If it was you, send it once more from here.")
            return _asked(request, error=words, status=HTTPStatus.FORBIDDEN)
        return _ask(request) if writer is None else _act(request, writer)
    if writer is None:
        return _asked(request, is_sent="sent" in request.GET)
    return _shown(request, writer)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link in the mail leads: a button, since programs open links by themselves."""
    if request.method == "POST" and not is_from_elsewhere(request):
        opened = actions.open_drawer(token)
        if opened is None:
            return _asked(
                request, error=_("This link has lapsed or was used. Ask for another."), status=HTTPStatus.GONE
            )
        writer, onward = opened
        is_there = bool(onward) and hooks.call().subject_of_key(key=onward) is not None
        # Without a name of their own they are asked for one first.
        goes_on = is_there and writer.has_account
        response = redirect("comments:write", onward) if goes_on else redirect(_address(onward if is_there else ""))
        let_in(response, writer)
        return response
    if drawer_of(token) is None:
        return _asked(request, error=_("This link has lapsed or was used. Ask for another."), status=HTTPStatus.GONE)
    return _private(render(request, "comments/enter.html", on_a_page({})))


@never_cache
@require_safe
def export(request: HttpRequest, form: str) -> HttpResponse:
    """All of it as a file.

    Raises:
        Http404: there is no such form, or nobody is signed in.
    """
    writer = signed_in(request)
    if writer is None or form not in {"jsonl", "txt"}:
        raise Http404
    lines, kind = (as_lines(writer), "application/jsonl") if form == "jsonl" else (as_text(writer), "text/plain")
    response = HttpResponse("".join(lines), content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="replies.{form}"'
    return response


def _ask(request: HttpRequest) -> HttpResponse:
    email = without_controls(request.POST.get("email", ""))
    onward = _onward(request.POST.get("on", ""))
    try:
        actions.ask_for_drawer(email, client_address(request), onward)
    except actions.NotTakenError as error:
        status = HTTPStatus.TOO_MANY_REQUESTS if error.reason == "rate" else UNPROCESSABLE
        return _asked(request, error=str(error), email=email, status=status)
    return redirect(f"{_address('')}?sent=1")


def _act(request: HttpRequest, writer: Writer) -> HttpResponse:
    onward = _onward(request.POST.get("on", ""))
    response = redirect(_address(onward))
    match request.POST.get("act", ""):
        case "out":
            let_out(response)
        case "out-everywhere":
            actions.sign_out_everywhere(writer)
            let_out(response)
        case "mute" | "hear" as act:
            actions.mute(writer, is_muted=act == "mute")
            response = redirect(f"{_address(onward)}#rest")
        case "remove":
            wanted = Comment.objects.filter(
                writer=writer, public_id=without_controls(request.POST.get("reply", ""))[:16]
            ).first()
            if wanted is None:
                raise Http404
            if "sure" not in request.POST:
                return _private(take_back(request, wanted, _address(onward)))
            actions.remove_own(wanted)
            response = redirect(f"{_address(onward)}#on-{wanted.public_id}")
        case "name":
            name = without_controls(request.POST.get("name", ""))
            try:
                actions.name_account(writer, name)
            except actions.NotTakenError as error:
                return _shown(request, writer, error=str(error), name=name, status=UNPROCESSABLE)
            if onward and hooks.call().subject_of_key(key=onward) is not None:
                return redirect("comments:write", onward)
            response = redirect(f"{_address(onward)}#account")
        case _:
            raise Http404
    return response


def _asked(
    request: HttpRequest, *, is_sent: bool = False, error: str = "", email: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    onward = _onward(request.POST.get("on", "") or request.GET.get("on", ""))
    context = {"is_sent": is_sent, "error": error, "email": email, "onward": onward}
    return _private(render(request, "comments/ask.html", on_a_page(context), status=status))


def _shown(
    request: HttpRequest, writer: Writer, *, error: str = "", name: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    before = request.GET.get("before", "")
    is_number = before.isascii() and before.isdigit() and len(before) <= LONGEST_NUMBER
    found, older = replies_of(writer, int(before) if is_number else None)
    places = places_of(found)
    ban = ban_in_force(writer, timezone.now())
    onward = _onward(request.GET.get("on", "") or request.POST.get("on", ""))
    context = {
        "writer": writer,
        "rows": [
            {
                "comment": one,
                "text": shown(one.text),
                "label": _fate(one.state),
                "place": places.get(one.thread.subject),
                "own_path": own_path(one),
                "confirm_path": confirm_path(one)
                if one.confirmed_at is None and not one.imported_id and one.state in OPEN
                else "",
                "is_refused": one.state == State.REFUSED,
                "is_removed": one.state == State.REMOVED,
            }
            for one in found
        ],
        "older": older,
        "is_first": not is_number,
        "kept_out": ban_in_words(ban) if ban is not None else "",
        "cautions": list(writer.cautions.order_by("-pk")[:CAUTIONS_SHOWN]),
        "error": error,
        "name": name or writer.display_name,
        "onward": onward,
        # What they wrote is what they came for, unless they came to reply, or something was wrong with the name.
        "wants_name": bool(error) or (bool(onward) and not writer.has_account),
    }
    return _private(render(request, "comments/drawer.html", on_a_page(context), status=status))


def _fate(state: str) -> str:
    """What became of a reply, as its writer puts it; moderators have words of their own."""
    match state:
        case State.APPROVED:
            return _("Published")
        case State.HELD:
            return _("An editor has yet to read it")
        case State.REMOVED:
            return _("You took it back")
        case _:
            return _("Not published")


def _address(onward: str) -> str:
    address = reverse("comments:my")
    return f"{address}?{urlencode({'on': onward})}" if onward else address


def _onward(text: str) -> str:
    return without_controls(text)[:100]


def _private(response: HttpResponse) -> HttpResponse:
    """Its address may be a key, and is told to no other site."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
