"""Below ``/-/search/``, which Django answers; none of it is baked."""

from django.urls import path, re_path

from stoppress.search import views

urlpatterns = [
    path("", views.search, name="search"),
    re_path(r"^page/(?P<number>[1-9][0-9]{0,3})/$", views.search, name="search_page"),
    path("suggest/", views.suggestions, name="search_suggestions"),
]
