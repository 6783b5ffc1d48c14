"""What the desk does about two requests of one editor that meet."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from stoppress.accounts.models import User
from stoppress.newsroom.actions import discard_autosaved_twin

ADD = "wagtailadmin_pages:add"


class AutosaveRace:
    """Lets *Publish* win over the autosave that the browser sent just before.

    A new page's first autosave creates a draft. When it is still under way while its editor publishes, both found the
    slug free, and the later one can't be written. It is looked at again: the draft of the same words gives way to what
    was sent on purpose, and anything else that is wrong stands in the form, with all that was typed.
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
        if getattr(request, "_is_second_look", False) or not isinstance(request.user, User):
            return None
        request._is_second_look = True  # type: ignore[attr-defined]
        is_autosave = not request.accepts("text/html")
        if not is_autosave:
            discard_autosaved_twin(match.kwargs["parent_page_id"], request.POST.get("slug", ""), request.user)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response
