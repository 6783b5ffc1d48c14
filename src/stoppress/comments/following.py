"""``/-/replies/unfollow/…/``: no more mails about replies, by a button or by the mail program's own (RFC 8058); and no
mail at all to an address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stoppress.comments import actions
from stoppress.comments.links import followed_comment
from stoppress.comments.views import on_a_page


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unfollow(request: HttpRequest, token: str) -> HttpResponse:
    """Stop mails about one reply, or all. Opening the address does nothing: programs open links by themselves.

    Raises:
        Http404: the link is none of ours.
    """
    comment = followed_comment(token)
    if comment is None or comment.writer is None:
        raise Http404
    done = ""
    if request.method == "POST":
        if request.POST.get("act") == "this":
            actions.unfollow(comment)
            done = "this"
        else:
            # A mail program sends List-Unsubscribe=One-Click and asks nobody which mails were meant.
            actions.unfollow_all(comment.writer)
            done = "all"
    return render(request, "comments/unfollow.html", on_a_page({"done": done}))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def no_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop every mail to an address, or let them come again. Opening the address does nothing, as above.

    Raises:
        Http404: the link is none of ours.
    """
    is_silenced = actions.is_silenced(token)
    if is_silenced is None:
        raise Http404
    if request.method == "POST":
        (actions.end_silence if request.POST.get("act") == "again" else actions.silence)(token)
        return redirect(request.path)
    return render(request, "comments/no_mail.html", on_a_page({"is_silenced": is_silenced}))
