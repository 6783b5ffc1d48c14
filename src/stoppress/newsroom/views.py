"""Pages that are not Wagtail's: feed, sitemap, robots and the error pages."""

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, pages
from stoppress.newsroom.models import ListEntry, Publication
from stoppress.newsroom.models.publication import SITEMAP_CHUNK

FEED_ITEMS = 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def feed(request: HttpRequest) -> HttpResponse:
    """The newest articles as RSS 2.0."""
    site = pages.SiteInfo()
    items = pages.newest_in_all(FEED_ITEMS)
    rss = _Feed(
        title=site.title,
        link=site.base_url + "/",
        description=site.strapline or site.title,
        language=site.language,
        feed_url=site.base_url + "/feed/",
    )
    for item in items:
        depends_on(keys.card(item.pk))
        rss.add_item(
            title=item.headline,
            link=site.base_url + item.path,
            description=item.standfirst,
            pubdate=item.published_at,
            unique_id=f"{site.base_url}/#{item.subject}",
            unique_id_is_permalink=False,
        )
    return HttpResponse(rss.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


class _Feed(Rss201rev2Feed):
    """RSS whose build date is its newest item's, so that the same content is the same file."""

    def latest_post_date(self) -> datetime:
        dates = [item["pubdate"] for item in self.items if item["pubdate"]]
        return max(dates, default=EPOCH)


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemap index (sitemaps.org 0.9)."""
    depends_on(keys.SITEMAP_INDEX)
    return render(
        request,
        "newsroom/sitemap_index.xml",
        {"addresses": [f"{settings.BASE_URL}/sitemap/{number}.xml" for number in _chunks()]},
        content_type="application/xml",
    )


def sitemap(request: HttpRequest, number: int) -> HttpResponse:
    """One sitemap file: the articles of a fixed range of places, the first with home and sections too.

    Raises:
        Http404: no article has a place there.
    """
    depends_on(keys.sitemap(number))
    entries = ListEntry.objects.of(keys.ALL).in_bucket(number, SITEMAP_CHUNK).select_related("publication")
    if number not in _chunks():
        raise Http404
    publications = [entry.publication for entry in entries.order_by("position")]
    if number == 0:
        depends_on(keys.NAV)
        fronts = Publication.objects.filter(is_live=True).exclude(noun=Publication.Noun.ARTICLE)
        publications = [*fronts.order_by("noun", "tree_path"), *publications]
    addresses = [(settings.BASE_URL + p.path, p.changed_at) for p in publications]
    return render(request, "newsroom/sitemap.xml", {"addresses": addresses}, content_type="application/xml")


def _chunks() -> range:
    last = ListEntry.objects.filter(list=keys.ALL).order_by("-position").values_list("position", flat=True).first()
    return range(0 if last is None else last // SITEMAP_CHUNK + 1)


def robots(request: HttpRequest) -> HttpResponse:
    """``robots.txt`` (RFC 9309)."""
    text = f"User-agent: *\nDisallow: /desk/\nDisallow: /-/\n\nSitemap: {settings.BASE_URL}/sitemap.xml\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def not_found_page(request: HttpRequest) -> HttpResponse:
    """The 404 page, baked as ``/404.html``; the front sends it with status 404."""
    context = {**pages.common("/404.html"), "heading": _("Page not found")}
    return render(request, "newsroom/404.html", context)


def gone_page(request: HttpRequest) -> HttpResponse:
    """The 410 page, baked as ``/410.html``; the front sends it with status 410."""
    context = {**pages.common("/410.html"), "heading": _("This page is gone")}
    return render(request, "newsroom/410.html", context)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own 404, for the addresses that the front passes on."""
    return render(
        request, "newsroom/404.html", {**pages.common(request.path), "heading": _("Page not found")}, status=404
    )
