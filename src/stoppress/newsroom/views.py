"""Pages that are not Wagtail's: feed, sitemap, robots and the error pages."""

import sys
from datetime import UTC, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.url_routing import RouteResult
from wagtail.views import serve

from stoppress.core.recorder import depends_on, valid_until
from stoppress.core.text import without_controls
from stoppress.core.trouble import trouble_of
from stoppress.newsroom import archives, corrections_page, feeds, keys, looks, pages, shelving, versions, versions_page
from stoppress.newsroom.models import Article, ListEntry, Publication
from stoppress.newsroom.models.publication import NEWS_AGE, SECURITY_PATH, SITEMAP_CHUNK
from stoppress.pagestore.actions import subject_at

NEWS_ITEMS = 1000
"""As many as search engines take in a news sitemap."""


def feed(request: HttpRequest, owner: str, kind: str | None = None) -> HttpResponse:
    """A feed of what lives at ``/owner``.

    Raises:
        Http404: nobody lives there, or nothing stands there.
    """
    found = feeds.owner_at(f"/{owner}")
    if found is None:
        raise Http404
    text, content_type = feeds.write(found, kind or "rss")
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8")


def shelf(request: HttpRequest, noun: str, slug: str, number: str | None = None) -> HttpResponse:
    """The articles of an author, a topic, a story or a series.

    Raises:
        Http404: there is no such shelf, or nothing stands on it.
    """
    found = shelving.shelf_at(noun, slug)
    if found is None:
        raise Http404
    return render(request, looks.shelf_templates(noun), pages.shelf(found, int(number) if number else None))


def replies_page(request: HttpRequest, owner: str, **parts: str | None) -> HttpResponse:
    """The replies to the article at ``/owner``.

    Raises:
        Http404: no article lives there, or it has no such page of replies.
    """
    found = pages.replies(f"/{owner}", pages.WhichReplies.of(parts))
    if found is None:
        raise Http404
    return render(request, "newsroom/replies.html", found)


def replies_as_json(request: HttpRequest, owner: str, **parts: str | None) -> HttpResponse:
    """A page of the replies to the article at ``/owner``, for programs.

    Raises:
        Http404: no article lives there, or it has no such page of replies.
    """
    found = pages.replies_as_json(f"/{owner}", pages.WhichReplies.of(parts))
    if found is None:
        raise Http404
    return JsonResponse(found, json_dumps_params={"ensure_ascii": False})


def replies_latest(request: HttpRequest, owner: str) -> HttpResponse:
    """How many replies there are now, for open pages; the same small file for every reader.

    Raises:
        Http404: no article lives there.
    """
    found = pages.replies_latest(f"/{owner}")
    if found is None:
        raise Http404
    return JsonResponse(found)


def archive(request: HttpRequest, year: str | None = None, **parts: str | None) -> HttpResponse:
    """The archive: its years, or what there is of a year, a month or a day.

    Raises:
        Http404: nothing was published then.
    """
    if year is None:
        return render(request, "newsroom/archive.html", archives.index())
    numbers = {name: int(part) for name, part in parts.items() if part is not None}
    template = "newsroom/archive_day.html" if "day" in numbers else "newsroom/archive.html"
    return render(request, template, archives.period(int(year), **numbers))


def corrections(request: HttpRequest, number: str | None = None) -> HttpResponse:
    """Everything that was corrected, or one older page of it.

    Raises:
        Http404: there is no such older page.
    """
    return render(request, "newsroom/corrections.html", corrections_page.listing(int(number) if number else None))


def history(request: HttpRequest, path: str) -> HttpResponseBase:
    """What an article said at other times, where the publication shows that.

    Raises:
        Http404: there is nothing to show.
    """
    noun, _colon, pk = (subject_at(f"/{path}") or "").partition(":")
    article = Article.objects.filter(pk=int(pk), live=True).first() if noun == Publication.Noun.ARTICLE else None
    if article is None or article.public_path != f"/{path}":
        return page(request, f"{path}{versions.PLACE}")  # a page from before the word was reserved
    return render(request, "newsroom/versions.html", versions_page.history(article))


def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The articles of the last 48 hours, for news search (Google's sitemap-news 0.9); true until the oldest leaves."""
    depends_on(keys.NEWS_SITEMAP)
    items = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
    items = items.filter(published_at__gt=timezone.now() - NEWS_AGE).order_by("-published_at", "-pk")[:NEWS_ITEMS]
    for item in items:
        if item.published_at is not None:
            valid_until(item.published_at + NEWS_AGE)
    return _xml(request, "newsroom/sitemap_news.xml", {"site": pages.SiteInfo(), "items": items})


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemap index (sitemaps.org 0.9)."""
    depends_on(keys.SITEMAP_INDEX)
    addresses = [f"{settings.BASE_URL}/sitemap/{number}.xml" for number in _chunks()]
    return _xml(request, "newsroom/sitemap_index.xml", {"addresses": addresses})


def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """One sitemap file: the articles of a fixed range of places, the first with home and sections too.

    Raises:
        Http404: no article has a place there, and it is not the first.
    """
    depends_on(keys.sitemap(number))
    entries = ListEntry.objects.of(keys.ALL).in_bucket(number, SITEMAP_CHUNK).select_related("publication")
    if number not in _chunks():
        raise Http404
    publications = [entry.publication for entry in entries.order_by("position")]
    if number == 0:
        depends_on(keys.NAV)
        nouns = [noun for noun in Publication.Noun if noun != Publication.Noun.ARTICLE]
        fronts = Publication.objects.filter(is_live=True, noun__in=nouns)
        publications = [*fronts.order_by("noun", "tree_path"), *publications]
    addresses = [(settings.BASE_URL + p.path, p.modified_at) for p in publications]
    return _xml(request, "newsroom/sitemap.xml", {"addresses": addresses})


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    text = render_to_string(template, context, request)
    return HttpResponse(without_controls(text), content_type="application/xml")


def _chunks() -> range:
    last = ListEntry.objects.filter(list=keys.ALL).order_by("-position").values_list("position", flat=True).first()
    return range(1 if last is None else last // SITEMAP_CHUNK + 1)


def robots(request: HttpRequest) -> HttpResponse:
    """``robots.txt`` (RFC 9309)."""
    refused = "".join(f"User-agent: {name}\n" for name in settings.STOPPRESS_REFUSED_CRAWLERS)
    text = "User-agent: *\nDisallow: /desk/\nDisallow: /-/\n\n"
    text += f"{refused}Disallow: /\n\n" if refused else ""
    text += f"Sitemap: {settings.BASE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def security_txt(request: HttpRequest) -> HttpResponse:
    """``security.txt`` (RFC 9116): whom to tell of a hole. It expires, so it is made anew each month.

    Raises:
        Http404: the settings name nobody.
    """
    contact = settings.STOPPRESS_SECURITY_CONTACT
    if not contact:
        raise Http404
    first = timezone.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    valid_until((first + timedelta(days=31)).replace(day=1))
    expires = (first + timedelta(days=200)).replace(day=1)  # less than a year, as the standard recommends
    lines = [f"Contact: {contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    lines.append(f"Canonical: {settings.BASE_URL}{SECURITY_PATH}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def page(request: HttpRequest, path: str) -> HttpResponseBase:
    """Wagtail's pages. An article is found by its address in one query instead of level by level down the tree.

    Raises:
        Http404: no page lives there.
    """
    address = f"/{path}"
    noun, _colon, pk = (subject_at(address) or "").partition(":")
    if noun == Publication.Noun.ARTICLE:
        article = Article.objects.select_related("story", "series").filter(pk=int(pk), live=True).first()
        # What was derived may be older than a move.
        if article is not None and article.public_path == address and not article.is_embargoed:
            request._wagtail_route_for_request = RouteResult(article)  # type: ignore[attr-defined]
    response: HttpResponseBase = serve(request, path)
    return response


def not_found_page(request: HttpRequest) -> HttpResponse:
    """The 404 page, baked as ``/404.html``; the front sends it with status 404."""
    context = {**pages.common("/404.html"), "canonical": "", "heading": _("Page not found")}
    return render(request, "newsroom/404.html", context)


def gone_page(request: HttpRequest) -> HttpResponse:
    """The 410 page, baked as ``/410.html``; the front sends it with status 410."""
    context = {**pages.common("/410.html"), "canonical": "", "heading": _("This page is gone")}
    return render(request, "newsroom/410.html", context)


def trouble_page(request: HttpRequest, name: str) -> HttpResponse:
    """What the front says when it can't pass a request on, baked as ``/503.html`` and its like: one of
    :data:`stoppress.newsroom.keys.TROUBLES`."""
    heading, words = {
        "408": (
            _("This did not arrive in time"),
            _("Nothing was done. Go back in your browser: your words are still there. Try again."),
        ),
        "413": (
            _("This is too large"),
            _("It is more than fits into any form here, and nothing was done. Go back, and send less at once."),
        ),
        "503": (
            _("This does not work just now"),
            _(
                "Many people are here at once, or this part of the site is starting again. The pages of the paper are "
                "there as ever. Try again in a moment."
            ),
        ),
        "503-sent": (
            _("This does not work just now"),
            _(
                "What you sent may not have arrived. Go back in your browser: your words are still there. Copy them, "
                "and try again in a moment."
            ),
        ),
    }[name]
    context = {**pages.common(f"/{name}.html"), "canonical": "", "heading": heading, "words": words, "code": name[:3]}
    return render(request, "newsroom/refused.html", context)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404, for the addresses that the front passes on."""
    context = {**pages.common(request.path), "canonical": "", "heading": _("Page not found")}
    return render(request, "newsroom/404.html", context, status=404)


def unsigned_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without the mark that only our own pages give: Django's 403, in words that help."""
    context = {
        **pages.common(""),
        "canonical": "",
        "feeds": [],
        "code": 403,
        "heading": _("This form was not taken"),
        "words": _(
            "It came from another site, it was open for very long, or your browser keeps no cookies of this site."
        ),
        "is_sent": True,
    }
    return render(request, "newsroom/refused.html", context, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 400: what was sent is broken, or larger than anything that is asked for here."""
    words = _("What was sent is damaged, or more than fits. Nothing was done. Go back, and send less at once.")
    return HttpResponse(f"{words}\n", status=400, content_type="text/plain; charset=utf-8")


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's 500 for the addresses that the front passes on, without a look at the database.

    When the disk is full or the database away it is a 503 (RFC 9110, 15.6.4) and says so, since that is nobody's fault
    at the desk and passes.
    """
    trouble = trouble_of(sys.exc_info()[1])
    context = {"site": pages.SiteInfo(), "trouble": trouble, "is_sent": request.method not in {"GET", "HEAD"}}
    response = HttpResponse(render_to_string("newsroom/500.html", context), status=503 if trouble else 500)
    if trouble:
        response.headers["Retry-After"] = "10"
    return response
