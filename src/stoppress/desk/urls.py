"""Addresses of the desk's own screens, below Wagtail's admin."""

from django.urls import path

from stoppress.desk import views

app_name = "desk"
urlpatterns = [
    path("stories/<int:article_id>/kill/", views.kill, name="kill"),
    path("stories/<int:article_id>/out/", views.whereabouts, name="whereabouts"),
    path("people/invite/", views.invite, name="invite"),
    path("times/<int:missed_id>/seen/", views.take_note, name="take_note"),
]
