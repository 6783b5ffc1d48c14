"""Response headers that depend on who the page is for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
