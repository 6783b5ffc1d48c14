"""Addresses that are not Wagtail pages."""

from django.urls import path

from stoppress.newsroom import views

urlpatterns = [
    path("feed/", views.feed, name="feed"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap/<int:number>.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("404.html", views.not_found_page, name="not_found"),
    path("410.html", views.gone_page, name="gone"),
]
