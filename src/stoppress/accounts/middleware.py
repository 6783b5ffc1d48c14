"""What accounts need to know of each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stoppress.accounts.actions import audit
from stoppress.accounts.actions.sessions import note_session
from stoppress.accounts.models import User
from stoppress.core.network import client_address, origin_of


class Asking:
    """Lets the audit log know whose request it is, and where it came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.asked_by(request):
            response = self.get_response(request)
        # Only who was asked for in this request is looked at: a public page asks nobody who they are.
        user = getattr(request, "_cached_user", None)
        if isinstance(user, User) and request.session.session_key:
            agent = request.META.get("HTTP_USER_AGENT", "")
            note_session(user, request.session.session_key, agent, origin_of(client_address(request)))
        return response
