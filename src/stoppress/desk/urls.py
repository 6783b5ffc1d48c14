"""Addresses of the desk's own screens, below Wagtail's admin."""

from django.urls import path, register_converter, reverse_lazy
from django.urls.converters import IntConverter
from django.views.generic import RedirectView

from stoppress.desk import (
    accounting,
    components,
    correcting,
    errors,
    filters,
    fronts,
    moderation,
    questions,
    rehearsing,
    reply_rules,
    versions,
    views,
)


class RowConverter(IntConverter):
    """The number of a row, as large as a database has them; a longer one is no address, not a fault in a query."""

    regex = "[0-9]{1,18}"


register_converter(RowConverter, "row")

app_name = "desk"
urlpatterns = [
    path("stories/<row:article_id>/kill/", views.kill, name="kill"),
    path("stories/<row:article_id>/out/", views.whereabouts, name="whereabouts"),
    path("stories/<row:article_id>/take-over/", views.take_over, name="take_over"),
    path("stories/<row:article_id>/checks/", views.checks, name="checks"),
    path("stories/<row:article_id>/correct/", correcting.correct, name="correct"),
    path("corrections/<row:correction_id>/withdraw/", correcting.withdraw, name="withdraw"),
    path("errors/<row:report_id>/dismiss/", errors.dismiss, name="dismiss_error"),
    path("errors/<slug:name>/", errors.queue, name="errors"),
    path("stories/<row:article_id>/versions/", versions.public_versions, name="public_versions"),
    path("stories/<row:article_id>/publish-in-emergency/", views.publish_in_emergency, name="publish_in_emergency"),
    path("components/", components.components, name="components"),
    path("people/invite/", views.invite, name="invite"),
    path("fronts/", fronts.index, name="fronts"),
    path("fronts/<row:page_id>/", fronts.front, name="front"),
    path("fronts/<row:page_id>/beat/", fronts.beat, name="front_beat"),
    path("fronts/<row:page_id>/look/", fronts.look, name="front_look"),
    path("fronts/<row:page_id>/preview/", fronts.preview, name="front_preview"),
    path("fronts/<row:page_id>/editions/", fronts.history, name="front_history"),
    path("fronts/<row:page_id>/editions/<row:number>/", fronts.edition, name="front_edition"),
    path("fronts/<row:page_id>/do/<slug:act>/", fronts.change, name="front_change"),
    path("replies/do/filter/", filters.keep, name="replies_filters"),
    path("replies/do/", moderation.act, name="replies_do"),
    path("replies/writers/<str:public_id>/", moderation.writer, name="replies_writer"),
    path("replies/on/<str:subject>/", reply_rules.thread, name="replies_thread"),
    path("replies/on/<str:subject>/questions/", questions.questions, name="replies_questions"),
    path("replies/rules/", reply_rules.overview, name="replies_rules"),
    path("replies/rules/try/", rehearsing.rehearsal, name="replies_rehearsal"),
    path("replies/figures/", accounting.figures, name="replies_figures"),
    path("replies/person/", accounting.person, name="replies_person"),
    path("replies/", RedirectView.as_view(url=reverse_lazy("desk:replies", args=["held"])), name="replies_all"),
    path("replies/<slug:name>/", moderation.queue, name="replies"),
    path("times/<row:missed_id>/seen/", views.take_note, name="take_note"),
]
