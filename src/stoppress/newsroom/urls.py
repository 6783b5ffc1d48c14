"""Addresses that are not Wagtail pages."""

from django.urls import path, re_path

from stoppress.newsroom import error_reports, keys, views
from stoppress.newsroom.models import SHELVES
from stoppress.newsroom.models.publication import SECURITY_PATH

SHELF = rf"^(?P<noun>{'|'.join(SHELVES)})/(?P<slug>[^/]+)/"

ARCHIVE = (
    r"^archive/(?:(?P<year>[0-9]{4})/(?:(?P<month>[0-9]{2})/(?:(?P<day>[0-9]{2})/"
    r"(?:page/(?P<number>[1-9][0-9]{0,5})/)?)?)?)?$"
)

IN_PLACE = (
    r"^(?P<owner>(?:[^/]+/)+)comments/(?:page/(?P<number>[1-9][0-9]{0,5})/"
    r"|under/(?P<root>[\w-]{1,16})/(?P<part>[1-9][0-9]{0,5})/"
)
REPLIES = IN_PLACE + r"|(?P<order>recommended|oldest)/(?:page/(?P<run>[1-9][0-9]{0,5})/)?)?$"
REPLIES_AS_JSON = IN_PLACE + r")?thread\.json$"

urlpatterns = [
    re_path(r"^(?P<owner>(?:[^/]+/)*)feed/(?:(?P<kind>atom|json)/)?$", views.feed, name="feed"),
    re_path(r"^-/errors/(?P<article_id>[0-9]{1,18})/$", error_reports.report, name="report_error"),
    re_path(REPLIES, views.replies_page, name="replies"),
    re_path(REPLIES_AS_JSON, views.replies_as_json, name="replies_as_json"),
    re_path(r"^(?P<owner>(?:[^/]+/)+)comments/latest\.json$", views.replies_latest, name="replies_latest"),
    re_path(SHELF + r"(?:page/(?P<number>[1-9][0-9]{0,5})/)?$", views.shelf, name="shelf"),
    re_path(r"^corrections/(?:page/(?P<number>[1-9][0-9]{0,5})/)?$", views.corrections, name="corrections"),
    re_path(ARCHIVE, views.archive, name="archive"),
    re_path(r"^(?P<path>(?:[\w-]+/)+)versions/$", views.history, name="history"),
    path("sitemap/news.xml", views.news_sitemap, name="news_sitemap"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap/<int:number>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(SECURITY_PATH[1:], views.security_txt, name="security"),
    path("404.html", views.not_found_page, name="not_found"),
    path("410.html", views.gone_page, name="gone"),
    re_path(rf"^(?P<name>{'|'.join(keys.TROUBLES)})\.html$", views.trouble_page, name="trouble"),
    re_path(r"^(?P<path>(?:[\w-]+/)*)$", views.page, name="page"),
]
