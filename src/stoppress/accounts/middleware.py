"""What accounts need to know of each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stoppress.accounts.actions import audit


class Asking:
    """Lets the audit log know whose request it is, and where it came from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.asked_by(request):
            return self.get_response(request)
