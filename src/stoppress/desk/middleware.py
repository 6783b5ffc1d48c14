"""What the desk does about requests of one editor that meet, lost files, damaged forms, and choosers of nobody's."""

import logging
from collections.abc import Callable
from traceback import walk_tb

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_denied
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.images.models import SourceImageIOError
from wagtail.permission_policies.pages import PagePermissionPolicy

from stoppress.accounts.models import User
from stoppress.newsroom.actions import discard_autosaved_twin
from stoppress.newsroom.preflight import IncompleteError

log = logging.getLogger("stoppress.desk")

ADD = "wagtailadmin_pages:add"
CHOOSERS = ("desk/choose-", "desk/snippets/choose/")


class AutosaveRace:
    """Lets what an editor sends on purpose win over the autosave that their browser sent just before.

    A new page's first autosave creates a draft. While the browser has not heard of it, it still sends the form of a new
    page, and the draft has the slug: it is refused in the form when the draft is there already, and can't be written
    when both found the slug free. Either way it is looked at again: the draft of the same words gives way, and anything
    else that is wrong stands in the form, with all that was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = self._first_look(request)
        if match is not None and lacks_only_a_slug(response) and self._discard_twin(request, match):
            return self._look_again(request, match)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised; ``None`` leaves the exception as it is."""
        if not isinstance(exception, ValidationError) or (match := self._first_look(request)) is None:
            return None
        self._discard_twin(request, match)
        return self._look_again(request, match)

    @staticmethod
    def _first_look(request: HttpRequest) -> ResolverMatch | None:
        """Where a new page was sent to, unless it was looked at again already."""
        match = request.resolver_match
        if request.method != "POST" or match is None or match.view_name != ADD:
            return None
        return None if getattr(request, "_is_second_look", False) else match

    @staticmethod
    def _discard_twin(request: HttpRequest, match: ResolverMatch) -> bool:
        """Whether there was a draft of the same words; an autosave itself puts none away."""
        if not request.accepts("text/html") or not isinstance(request.user, User):
            return False
        return discard_autosaved_twin(match.kwargs["parent_page_id"], request.POST.get("slug", ""), request.user)

    @staticmethod
    def _look_again(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
        request._is_second_look = True  # type: ignore[attr-defined]
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response.render() if isinstance(response, SimpleTemplateResponse) else response


def lacks_only_a_slug(response: HttpResponseBase) -> bool:
    """Whether this is the form of a page that would be right if its slug were free."""
    if not isinstance(response, SimpleTemplateResponse):
        return False
    form = (response.context_data or {}).get("form")
    return (
        isinstance(form, WagtailAdminPageForm)
        and set(form.errors) == {"slug"}
        and all(formset.is_valid() for formset in form.formsets.values())
    )


class LostPictures:
    """Answers 404 where Wagtail's choosers need a picture's file and there is none: it was withdrawn, or got lost."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised; ``None`` leaves the exception as it is."""
        if not isinstance(exception, SourceImageIOError):
            return None
        words = _("The file of this picture is not there: it was withdrawn, or it is lost. Choose another.")
        return HttpResponseNotFound(words, content_type="text/plain; charset=utf-8")


class WritersChoosers:
    """Keeps the choosers of pages, authors and topics to who has a page to choose them for.

    Wagtail opens them to whoever may enter the desk, and they name what is not for readers yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, arguments: object, parameters: object
    ) -> HttpResponseBase | None:
        """Called by Django before a view; ``None`` goes on to it."""
        match = request.resolver_match
        if match is None or not match.route.startswith(CHOOSERS) or not request.user.is_authenticated:
            return None
        if PagePermissionPolicy().explorable_root_instance(request.user) is not None:
            return None
        refusal: HttpResponseBase = permission_denied(request)
        return refusal


class RefusedPublication:
    """Says why an article was not published where Wagtail has no form to say it in: bulk actions, workflow, history."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised; ``None`` leaves the exception as it is."""
        if not isinstance(exception, IncompleteError) or not request.path_info.startswith("/desk/"):
            return None
        texts = " ".join(exception.messages)
        if not request.accepts("text/html"):
            return JsonResponse({"success": False, "error_message": texts}, status=400)
        messages.error(request, _("It was not published. %(texts)s") % {"texts": texts})
        if exception.page_id is None:
            return redirect("wagtailadmin_home")
        return redirect("wagtailadmin_pages:edit", exception.page_id)


class DamagedForms:
    """Answers 400 where a form of the desk arrived in pieces: cut short on the way, or not made by the desk at all.

    Wagtail's forms read what a browser's scripts wrote, JSON among it, and trust that all of it is there.
    """

    READS = frozenset({"value_from_datadict", "get_value_data", "value_from_form"})
    """Where Django and Wagtail read what was posted; nothing is written there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised; ``None`` leaves the exception as it is."""
        if request.method != "POST" or not request.path_info.startswith("/desk/"):
            return None
        if isinstance(exception, DatabaseError) or not any(
            frame.f_code.co_name in self.READS for frame, _line in walk_tb(exception.__traceback__)
        ):
            return None
        log.warning("A form came damaged to %s: %r", request.path_info, exception)
        words = _("Part of the form got lost on its way, so nothing was saved. Go back and save it once more.")
        if not request.accepts("text/html"):
            return JsonResponse({"success": False, "error_message": words}, status=400)
        return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")
