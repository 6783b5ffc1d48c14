"""The addresses below ``/-/replies/``: writing a reply, one's own reply, and confirming a mail address.

Guests have no cookie, so there is no token against forged requests either; a browser says by itself where a form was
sent from, and one that says *elsewhere* is not listened to.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stoppress.accounts.models import User
from stoppress.comments import actions, proofs
from stoppress.comments.actions.appeals import may_appeal
from stoppress.comments.actions.own import may_change
from stoppress.comments.forms import ReplyForm, new_once, opened_now, seconds_since
from stoppress.comments.links import appeal_path, confirmed_comment, own_comment, own_path
from stoppress.comments.models import Appeal, Comment, Mode, State, Statement, Writer
from stoppress.comments.modes import breaking_on, standing_of
from stoppress.comments.pages import newest_run, path_to, thread_of
from stoppress.comments.questions import question_time
from stoppress.comments.reasons import in_words
from stoppress.comments.signing_in import let_in, signed_in
from stoppress.comments.standing import ban_in_force, ban_in_words, refusal_in_force
from stoppress.comments.text import shown
from stoppress.core import hooks
from stoppress.core.network import client_address, is_from_elsewhere
from stoppress.core.subject import Subject
from stoppress.core.text import without_controls

UNPROCESSABLE = 422


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, subject: str) -> HttpResponse:
    """Write a reply: the form, a preview of it, or storing it.

    Raises:
        Http404: there is nothing behind this key that readers could see.
    """
    found = subject_or_404(subject)
    user = request.user if isinstance(request.user, User) else None
    reader = signed_in(request) if user is None else None
    is_known, has_name = user is not None or reader is not None, reader is not None and reader.has_account
    if request.method != "POST":
        to = without_controls(str(request.GET.get("to", "")))[:16]
        initial = {"to": to, "opened": opened_now(), "once": new_once(), "name": str(user) if user else ""}
        form = ReplyForm(initial=initial, is_known=is_known, has_name=has_name)
        return _form(request, found, form, to)
    typed = {name: without_controls(str(request.POST.get(name, ""))) for name in ReplyForm.base_fields}

    def again() -> ReplyForm:
        """The form with what was typed; not made for a reply that is taken."""
        form = ReplyForm({**typed, "once": typed["once"] or new_once()}, is_known=is_known, has_name=has_name)
        form.is_valid()
        return form

    if is_from_elsewhere(request):
        form = again()
        form.add_error(None, _("This came from another site. If it was you, send it once more from here."))
        return _form(request, found, form, typed["to"], status=403)
    if "preview" in request.POST:
        return _form(request, found, again(), typed["to"], preview=shown(typed["text"][:20_000]))
    reply = actions.Reply(
        name=typed["name"],
        email=typed["email"],
        website=typed["website"],
        text=typed["text"],
        to=typed["to"],
        follow=bool(typed["follow"]),
        address=client_address(request),
        trap=typed["surname"],
        seconds=seconds_since(typed["opened"]),
        proof=typed["proof"],
        once=typed["once"],
    )
    try:
        comment = actions.submit(found, reply, user, reader)
    except actions.NotTakenError as error:
        if error.shown is not None:
            return redirect(path_to(error.shown, f"{found.url}comments/", newest_run(error.shown.thread)))
        form = again()
        for one in (error, *error.others):
            form.add_error(one.field if one.field in form.fields else None, str(one))
        status = 429 if error.reason in {"rate", "slow"} else UNPROCESSABLE
        return _form(request, found, form, typed["to"], status=status)
    return redirect(own_path(comment))


@never_cache
@require_safe
def proof(request: HttpRequest, subject: str) -> JsonResponse:
    """A sum to do for a reply, while everything is read first.

    Raises:
        Http404: nothing is asked here now.
    """
    if breaking_on(subject_or_404(subject).key) is None:
        raise Http404
    return JsonResponse(proofs.challenge_for(subject))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """One's own reply: where it stands; change it for a while, or take it back.

    Raises:
        Http404: the link is none of ours.
    """
    comment = own_comment(token)
    if comment is None:
        raise Http404
    error, typed = "", comment.text
    if request.method == "POST" and not is_from_elsewhere(request):
        if "remove" in request.POST:
            if "sure" not in request.POST:
                return take_back(request, comment, request.path)
            actions.remove_own(comment)
            return redirect(request.path)
        typed = str(request.POST.get("text", ""))
        try:
            actions.change_own(comment, typed)
        except actions.NotTakenError as refused:
            error = str(refused)
        else:
            return redirect(request.path)
    context = {
        "comment": comment,
        "text": shown(comment.text),
        "typed": typed,
        "error": error,
        "may_change": may_change(comment),
        "is_removed": comment.state == State.REMOVED,
        "is_unconfirmed": comment.confirmed_at is None and comment.state in {State.HELD, State.APPROVED},
        "subject": hooks.call().subject_of_key(key=comment.thread.subject),
        "state": State(comment.state),
        "refusal": _refusal(comment),
    }
    return render(request, "comments/own.html", on_a_page(context), status=UNPROCESSABLE if error else 200)


def take_back(request: HttpRequest, comment: Comment, back: str) -> HttpResponse:
    """Ask once more before the words of a reply go for good.

    Args:
        back: where nothing is done.
    """
    context = {
        "comment": comment,
        "text": shown(comment.text),
        "subject": hooks.call().subject_of_key(key=comment.thread.subject),
        "back": back,
    }
    return render(request, "comments/take_back.html", on_a_page(context))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say that a reply is one's own, by a button: programs open links by themselves.

    Raises:
        Http404: the link is none of ours, or has lapsed.
    """
    comment = confirmed_comment(token)
    if comment is None or comment.writer is None:
        raise Http404
    if request.method == "POST" and not is_from_elsewhere(request):
        is_new = actions.confirm(comment)
        response: HttpResponse = redirect(request.path)
        # A link that lasts for days lets nobody in a second time: it may have been passed on.
        if is_new and "remember" in request.POST:
            let_in(response, comment.writer)
    else:
        context = {
            "is_done": comment.confirmed_at is not None,
            "name": comment.name,
            "text": shown(comment.text),
            "own_path": own_path(comment),
        }
        response = render(request, "comments/confirm.html", on_a_page(context))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _refusal(comment: Comment) -> dict[str, object] | None:
    """What its writer is told of a refusal by a person, and whether they can appeal."""
    decision = refusal_in_force(comment)
    if decision is None:
        return None
    return {
        "why": in_words(decision.reason),
        "words": decision.note,
        "statement": Statement.objects.filter(decision=decision).first(),
        "appeal": Appeal.objects.filter(decision=decision).first(),
        "appeal_path": appeal_path(decision) if may_appeal(decision) else "",
    }


def subject_or_404(key: str) -> Subject:
    """What stands behind a surrogate key.

    Raises:
        Http404: readers can't see it now.
    """
    found: Subject | None = hooks.call().subject_of_key(key=key)
    if found is None:
        raise Http404
    return found


def _form(
    request: HttpRequest, subject: Subject, form: ReplyForm, to: str, *, preview: str = "", status: int = 200
) -> HttpResponse:
    shown_ones = Comment.objects.filter(thread__subject=subject.key, state=State.APPROVED)
    parent = shown_ones.filter(public_id=to).first() if to else None
    thread, now = thread_of(subject.key), timezone.now()
    time = question_time(thread)
    standing = standing_of(subject, thread)
    is_open = standing.is_open(now)
    user = request.user if isinstance(request.user, User) else None
    reader = signed_in(request) if user is None else None
    writer = reader if user is None else Writer.objects.filter(user=user).first()
    ban = ban_in_force(writer, now) if writer is not None else None
    has_account = user is not None or (reader is not None and reader.has_account)
    context = {
        "subject": subject,
        "form": form,
        "reader": reader,
        "parent": parent,
        "parent_text": shown(parent.text) if parent else "",
        "preview": preview,
        "notice": time.notice(now) if time else "",
        "is_open": is_open,
        "needs_account": standing.mode is Mode.ACCOUNTS and not has_account,
        "kept_out": ban_in_words(ban) if ban is not None else "",
        "frozen_note": standing.frozen_note,
        "breaking": breaking_on(subject.key) if is_open else None,
    }
    return render(request, "comments/write.html", on_a_page(context), status=status)


def on_a_page(context: dict[str, Any]) -> dict[str, Any]:
    """What a page of ours needs besides."""
    frame = hooks.call().frame_of_page(subject=context.get("subject")) or {
        "site": {"title": settings.STOPPRESS_TITLE, "strapline": settings.STOPPRESS_STRAPLINE},
    }
    return {**frame, **context}
