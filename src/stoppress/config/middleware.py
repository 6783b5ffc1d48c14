"""Response headers that depend on who the page is for, and addresses that no page can have."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from stoppress.core.policy import FRAME_SOURCES, PUBLIC_POLICY

# Wagtail's admin has inline styles and scripts of its own, and previews pages in a frame.
DESK_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; form-action 'self'; base-uri 'self'; object-src 'none'; "
    "frame-ancestors 'self'; "
    f"frame-src 'self' {' '.join(FRAME_SOURCES)}"
)


class ContentSecurityPolicy:
    """Adds the strict policy to public pages and the desk's own to ``/desk/`` (W3C CSP level 3)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = DESK_POLICY if request.path_info.startswith("/desk/") else PUBLIC_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


class SoundAddresses:
    """Answers 404 when part of an address holds a NUL: nothing is called that, and PostgreSQL refuses to look."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, parts: tuple[Any, ...], named: Mapping[str, Any]
    ) -> None:
        """Look at what the view is to get.

        Raises:
            Http404: it can't be anybody's.
        """
        if any(isinstance(part, str) and "\0" in part for part in (*parts, *named.values())):
            raise Http404
