"""Every address: the desk, the machine paths, the newsroom's own, and Wagtail's pages for the rest."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

handler400 = "stoppress.newsroom.views.bad_request"
handler500 = "stoppress.newsroom.views.server_error"
handler404 = "stoppress.newsroom.views.page_not_found"

urlpatterns = [
    path("desk/login/", include("stoppress.desk.sign_in_urls")),
    path("desk/", include(wagtailadmin_urls)),
    path("-/documents/", include(wagtaildocs_urls)),
    path("-/search/", include("stoppress.search.urls")),
    path("-/replies/", include("stoppress.comments.urls")),
    path("", include("stoppress.newsroom.urls")),
    path("", include(wagtail_urls)),
]
