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
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_denied
from wagtail.images.models import SourceImageIOError
from wagtail.permission_policies.pages import PagePermissionPolicy

from stoppress.newsroom.preflight import IncompleteError

log = logging.getLogger("stoppress.desk")

ADD = "wagtailadmin_pages:add"
CHOOSERS = ("desk/choose-", "desk/snippets/choose/")


class AutosaveRace:
    """Says in the form that a slug is taken where two requests found it free at the same moment.

    A new page's first autosave creates a draft. The desk's form waits for it before it publishes (``desk/writing.js``);
    whoever comes too late all the same is looked at again, and keeps all that was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Called by Django when a view raised; ``None`` leaves the exception as it is."""
        match = request.resolver_match
        if not isinstance(exception, ValidationError) or match is None or match.view_name != ADD:
            return None
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response


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
