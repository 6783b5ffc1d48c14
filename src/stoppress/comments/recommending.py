"""``/-/replies/recommend/…/``: recommending a reply, by a button on its page or by our script."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stoppress.comments import actions
from stoppress.comments.models import Comment, State
from stoppress.comments.modes import standing_of
from stoppress.comments.text import shown
from stoppress.comments.views import on_a_page, subject_or_404
from stoppress.core.network import client_address, is_from_elsewhere


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Recommend a reply.

    Raises:
        Http404: readers see no such reply.
    """
    found = Comment.objects.select_related("thread").filter(public_id=public_id[:16], state=State.APPROVED).first()
    if found is None:
        raise Http404
    subject = subject_or_404(found.thread.subject)
    said, status = "", 200
    if request.method == "POST" and is_from_elsewhere(request):
        status = 403
    elif request.method == "POST" and not standing_of(subject, found.thread).is_open(timezone.now()):
        said, status = _("Replies are closed here."), 403
    elif request.method == "POST":
        actions.recommend(found, client_address(request), request.headers.get("user-agent", ""))
        # The same to everybody: whoever shares a network with others need not hear that they were faster.
        said = _("Thank you. It is counted within a minute.")
    if request.headers.get("accept", "") == "application/json":
        return JsonResponse({"said": _("Recommended") if status == 200 and said else ""}, status=status)
    context = {"comment": found, "subject": subject, "said": said, "text": shown(found.text)}
    return render(request, "comments/recommended.html", on_a_page(context), status=status)
