"""The screen on which a version is left out of the public history, or taken in again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.newsroom import actions
from stoppress.newsroom.models import Article, Version


def public_versions(request: HttpRequest, article_id: int) -> HttpResponse:
    """What readers may see of an article's past, and the form to withhold one.

    Raises:
        PermissionDenied: the user may not publish it.
    """
    article = get_object_or_404(Article, pk=article_id)
    user = request.user
    if not isinstance(user, User) or not article.permissions_for_user(user).can_publish():
        raise PermissionDenied
    if request.method == "POST":
        number = request.POST.get("version", "")
        number = number if number.isascii() and number.isdigit() and len(number) < 19 else "0"
        version = get_object_or_404(Version, pk=int(number), article=article)
        is_withheld = not version.is_withheld
        try:
            actions.withhold_version(version, request.POST.get("reason", ""), user, is_withheld=is_withheld)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("It is left out now.") if is_withheld else _("It is shown again."))
        return redirect("desk:public_versions", article.pk)
    found = Version.objects.filter(article=article).order_by("-pk")
    return render(request, "desk/public_versions.html", {"article": article, "versions": found})
