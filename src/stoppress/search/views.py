"""The search page and what it suggests as one types. Both only read, and both give way when too much is asked."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from stoppress.core.network import client_address, subscriber
from stoppress.newsroom import pages
from stoppress.search import limits, results
from stoppress.search.engines import TooSlowError
from stoppress.search.limits import BusyError
from stoppress.search.queries import parse

BRIEFLY = "private, max-age=10"
"""How long a reader's own browser may keep it; a shared cache would show what was killed meanwhile."""


@csrf_exempt
def search(request: HttpRequest, number: str = "1") -> HttpResponse:
    """The form, what was found, and what it can be narrowed down by.

    Raises:
        Http404: there is no such page of results.
    """
    if request.method not in {"GET", "HEAD"}:
        return _not_posted(request)
    asked = results.Asked.of(request.GET.dict(), int(number))
    context = {**pages.common(results.FRONT), "canonical": "", "feeds": [], "asked": asked, "is_search": True}
    if seconds := limits.ALLOWANCE.take(subscriber(client_address(request))):
        return _refused(request, context, 429, seconds)
    try:
        with limits.GATE.entered():
            found = results.find(asked)
    except (BusyError, TooSlowError):
        return _refused(request, context, 503, limits.BUSY_RETRY_SECONDS)
    if asked.number > found.pages:
        raise Http404
    if asked.number < found.pages:
        context["older_path"] = asked.address(asked.number + 1)
    if asked.number > 1:
        context["newer_path"] = asked.address(asked.number - 1)
    context |= {
        "found": found,
        "everywhere": results.Asked(asked.query).address(),
        "meant": results.Asked(parse(found.meant)).address(),
        "first": (asked.number - 1) * results.PAGE + 1,
        "orders": [
            (_("Best match"), results.Asked(asked.query, asked.facets).address(), not asked.order),
            (_("Newest"), results.Asked(asked.query, asked.facets, results.NEWEST).address(), bool(asked.order)),
        ],
    }
    return _kept_briefly(render(request, "search/search.html", context))


@csrf_exempt
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Headlines for what was typed so far, as JSON."""
    if seconds := limits.ALLOWANCE.take(subscriber(client_address(request)), limits.SUGGESTION):
        return _later(JsonResponse({"suggestions": []}, status=429), seconds)
    try:
        with limits.GATE.entered():
            found = results.suggest(request.GET.get("q", ""))
    except (BusyError, TooSlowError):
        return _later(JsonResponse({"suggestions": []}, status=503), limits.BUSY_RETRY_SECONDS)
    return _kept_briefly(JsonResponse({"suggestions": found}))


def _not_posted(request: HttpRequest) -> HttpResponse:
    """Nothing can be sent here; whoever tries came from a page that is not ours, or is none of a browser."""
    context = {
        **pages.common(""),
        "canonical": "",
        "feeds": [],
        "code": 405,
        "heading": _("Nothing can be sent here"),
        "words": _("A search is an address that can be kept and shared. Type your words on the search page."),
        "onward": results.FRONT,
    }
    response = render(request, "newsroom/refused.html", context, status=405)
    response.headers["Allow"] = "GET, HEAD"
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, context: dict[str, Any], status: int, seconds: float) -> HttpResponse:
    context["is_refused"] = True
    return _later(render(request, "search/search.html", context, status=status), seconds)


def _later(response: HttpResponse, seconds: float) -> HttpResponse:
    response.headers["Retry-After"] = str(max(1, -int(-seconds // 1)))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _kept_briefly(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = BRIEFLY
    response.headers["X-Robots-Tag"] = "noindex"
    return response
