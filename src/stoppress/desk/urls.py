"""Addresses of the desk's own screens, below Wagtail's admin."""

from django.urls import path

from stoppress.desk import correcting, versions, views

app_name = "desk"
urlpatterns = [
    path("stories/<int:article_id>/kill/", views.kill, name="kill"),
    path("stories/<int:article_id>/out/", views.whereabouts, name="whereabouts"),
    path("stories/<int:article_id>/correct/", correcting.correct, name="correct"),
    path("corrections/<int:correction_id>/withdraw/", correcting.withdraw, name="withdraw"),
    path("stories/<int:article_id>/versions/", versions.public_versions, name="public_versions"),
    path("people/invite/", views.invite, name="invite"),
    path("times/<int:missed_id>/seen/", views.take_note, name="take_note"),
]
