"""Addresses of the desk's own screens, below Wagtail's admin."""

from django.urls import path

from stoppress.desk import components, correcting, fronts, moderation, versions, views

app_name = "desk"
urlpatterns = [
    path("stories/<int:article_id>/kill/", views.kill, name="kill"),
    path("stories/<int:article_id>/out/", views.whereabouts, name="whereabouts"),
    path("stories/<int:article_id>/take-over/", views.take_over, name="take_over"),
    path("stories/<int:article_id>/checks/", views.checks, name="checks"),
    path("stories/<int:article_id>/correct/", correcting.correct, name="correct"),
    path("corrections/<int:correction_id>/withdraw/", correcting.withdraw, name="withdraw"),
    path("stories/<int:article_id>/versions/", versions.public_versions, name="public_versions"),
    path("stories/<int:article_id>/publish-in-emergency/", views.publish_in_emergency, name="publish_in_emergency"),
    path("components/", components.components, name="components"),
    path("people/invite/", views.invite, name="invite"),
    path("fronts/", fronts.index, name="fronts"),
    path("fronts/<int:page_id>/", fronts.front, name="front"),
    path("fronts/<int:page_id>/beat/", fronts.beat, name="front_beat"),
    path("fronts/<int:page_id>/look/", fronts.look, name="front_look"),
    path("fronts/<int:page_id>/preview/", fronts.preview, name="front_preview"),
    path("fronts/<int:page_id>/editions/", fronts.history, name="front_history"),
    path("fronts/<int:page_id>/editions/<int:number>/", fronts.edition, name="front_edition"),
    path("fronts/<int:page_id>/do/<slug:act>/", fronts.change, name="front_change"),
    path("replies/do/", moderation.act, name="replies_do"),
    path("replies/writers/<str:public_id>/", moderation.writer, name="replies_writer"),
    path("replies/on/<str:subject>/", moderation.thread, name="replies_thread"),
    path("replies/<slug:name>/", moderation.queue, name="replies"),
    path("times/<int:missed_id>/seen/", views.take_note, name="take_note"),
]
