"""The desk's own screens; each calls an action, which checks the permission."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.models import Page
from wagtail.permissions import policy_registry

from stoppress.accounts import actions as accounts
from stoppress.accounts.models import Role, User
from stoppress.accounts.permissions import ADD
from stoppress.desk import whereabouts as places
from stoppress.desk.forms import EmergencyForm, InviteForm, KillForm
from stoppress.newsroom import actions, preflight
from stoppress.newsroom.actions import workflow
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


def whereabouts(request: HttpRequest, article_id: int) -> HttpResponse:
    """Every address that shows the story, and when it was last made.

    Raises:
        PermissionDenied: the user may not see the story at the desk.
    """
    article = get_object_or_404(Article, pk=article_id)
    policy = policy_registry.get_by_type(Page)
    if not policy.explorable_instances(request.user).filter(pk=article.pk).exists():
        raise PermissionDenied
    context = {"article": article, "whereabouts": places.whereabouts(article)}
    return render(request, "desk/whereabouts.html", context)


def publish_in_emergency(request: HttpRequest, article_id: int) -> HttpResponse:
    """Ask for a reason, then publish what nobody else has looked at.

    Raises:
        PermissionDenied: the user is no publisher, or it needs no second pair of eyes.
    """
    article = get_object_or_404(Article, pk=article_id)
    user = request.user
    if not isinstance(user, User) or not article.permissions_for_user(user).can_publish_in_emergency():
        raise PermissionDenied
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workflow.publish_in_emergency(article, form.cleaned_data["reason"], user)
        messages.success(request, _("“%s” is published. The audit log says by whom and why.") % article.title)
        return redirect("wagtailadmin_explore", article.get_parent().pk)
    return render(request, "desk/emergency.html", {"form": form, "article": article})


def invite(request: HttpRequest) -> HttpResponse:
    """Ask whom, as what and where; then make the account and have its owner sent an invitation.

    Raises:
        PermissionDenied: the user may not make accounts.
    """
    by = request.user
    if not isinstance(by, User) or not by.has_perm(ADD):
        raise PermissionDenied
    form = InviteForm(request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            made = accounts.invite(chosen["username"], chosen["email"], Role(chosen["role"]), chosen["section"], by)
        except ValidationError as error:
            form.take(error)
        else:
            messages.success(request, _sent(made))
            return redirect("wagtailusers_users:index")
    return render(request, "desk/invite.html", {"form": form})


def _sent(user: User) -> str:
    if settings.EMAIL_HOST:
        return _("An invitation is on its way to %s.") % user.email
    return _("The account is made. No mail server is set, so whoever runs this finds the invitation in data/mail.")


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


def checks(request: HttpRequest, article_id: int) -> HttpResponse:
    """What an editor should look at in the newest draft, for the form that shows it.

    Raises:
        PermissionDenied: the user may not edit it.
    """
    article = get_object_or_404(Article, pk=article_id)
    if not article.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    draft = article.get_latest_revision_as_object()
    return render(request, "newsroom/_preflight.html", {"findings": preflight.look(draft)})


def take_over(request: HttpRequest, article_id: int) -> HttpResponse:
    """Ask why, then take an article over from whoever has it locked.

    Raises:
        PermissionDenied: the user may not.
    """
    article = get_object_or_404(Article, pk=article_id)
    if not isinstance(request.user, User):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.take_over(article, request.POST.get("note", ""), request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The article is yours now. Whoever had it is told."))
            return redirect("wagtailadmin_pages:edit", article.pk)
    elif not article.permissions_for_user(request.user).can_unlock():
        raise PermissionDenied
    return render(request, "desk/take_over.html", {"article": article})
