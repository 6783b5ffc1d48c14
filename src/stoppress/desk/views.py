"""The desk's own screens; each calls an action, which checks the permission."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stoppress.accounts.models import User
from stoppress.desk.forms import KillForm
from stoppress.newsroom import actions
from stoppress.newsroom.models import Article, MissedTime


def kill(request: HttpRequest, article_id: int) -> HttpResponse:
    """Ask for a reason, then kill the story.

    Raises:
        PermissionDenied: the user may not kill it, or it is killed already.
    """
    article = get_object_or_404(Article, pk=article_id)
    user = request.user
    if not isinstance(user, User) or not article.permissions_for_user(user).can_kill():
        raise PermissionDenied
    form = KillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.kill_article(article, form.cleaned_data["reason"], user)
        messages.success(request, _("“%s” is killed: its address answers 410.") % article.title)
        return redirect("wagtailadmin_explore", article.get_parent().pk)
    return render(request, "desk/kill.html", {"form": form, "article": article})


@require_POST
def take_note(request: HttpRequest, missed_id: int) -> HttpResponse:
    """Somebody has seen that a time was not kept.

    Raises:
        PermissionDenied: the user may not enter the desk.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    actions.take_note(get_object_or_404(MissedTime, pk=missed_id), request.user)
    return redirect("wagtailadmin_home")
