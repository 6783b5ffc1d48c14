"""Reports for who answers for the paper: the audit log, and what was killed. Nothing can be changed there."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView

from stoppress.accounts.actions import audit
from stoppress.accounts.models import AuditEntry, Event
from stoppress.desk.audit_in_words import details_in_words, places_in_words
from stoppress.newsroom.models import Kill

SEE_AUDIT = "accounts.view_auditentry"
SEE_KILLS = "newsroom.view_kill"


class Guarded:
    """A report for who holds a right.

    Raises:
        PermissionDenied: whoever asks does not.
    """

    right: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.right):
            raise PermissionDenied
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class AuditFilters(WagtailFilterSet):
    """By when, what and who."""

    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    event = django_filters.MultipleChoiceFilter(
        label=_("What"), choices=Event.choices, widget=forms.CheckboxSelectMultiple
    )
    actor = django_filters.CharFilter(label=_("Who"), lookup_expr="iexact", widget=forms.TextInput)
    about = django_filters.CharFilter(label=_("About"), lookup_expr="icontains", widget=forms.TextInput)

    class Meta:
        model = AuditEntry
        fields: ClassVar[list[str]] = []


class Told(Column):
    """A column whose cells carry its name: on a telephone a line of the report becomes a few."""

    cell_template_name = "desk/_told_cell.html"


class When(Told):
    """The same, of a time."""

    is_time = True


class DetailsColumn(Told):
    """What else is known of an entry, as words."""

    def get_value(self, instance: AuditEntry) -> str:
        return details_in_words(instance)


class AboutColumn(Told):
    """Whom or what an entry is about, by the name that it has now."""

    def get_value(self, instance: AuditEntry) -> str:
        return str(getattr(instance, "place", instance.about))


class AuditLog(Guarded, ReportView):
    """Who did what, when and from where."""

    right = SEE_AUDIT
    page_title = _("Audit log")
    header_icon = "history"
    index_url_name = "desk_audit_log"
    index_results_url_name = "desk_audit_log_results"
    filterset_class = AuditFilters
    is_searchable = False
    verbose_name, verbose_name_plural = _("entry"), _("entries")
    default_ordering = "-number"
    list_export = ("number", "at", "event", "actor", "about", "details", "origin", "digest")
    columns: ClassVar[list[Column]] = [
        When("at", label=_("When")),
        Told("get_event_display", label=_("What")),
        Told("actor", label=_("Who")),
        AboutColumn("about", label=_("About")),
        DetailsColumn("details", label=_("Details")),
        Told("origin", label=_("From")),
        Told("number", label=_("Number")),
    ]

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.order_by("-number")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The rows with the names of what they are about."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        shown = list(context["object_list"])
        places = places_in_words(shown)
        for entry in shown:
            if entry.number in places:
                entry.place = places[entry.number]
        return context

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The report, or as a file, which is written down too."""
        answer: HttpResponseBase = super().get(request, *args, **kwargs)
        if request.GET.get("export") in self.FORMATS:
            audit.record(Event.EXPORTED, str(self.page_title))
        return answer


class KillFilters(WagtailFilterSet):
    """By when and who."""

    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    headline = django_filters.CharFilter(label=_("Headline"), lookup_expr="icontains", widget=forms.TextInput)

    class Meta:
        model = Kill
        fields: ClassVar[list[str]] = []


class Kills(Guarded, ReportView):
    """What was killed, by whom and why."""

    right = SEE_KILLS
    page_title = _("Kills")
    header_icon = "no-view"
    index_url_name = "desk_kills"
    index_results_url_name = "desk_kills_results"
    filterset_class = KillFilters
    is_searchable = False
    verbose_name, verbose_name_plural = _("killed story"), _("killed stories")
    default_ordering = "-at"
    list_export = ("at", "headline", "path", "by", "reason")
    columns: ClassVar[list[Column]] = [
        When("at", label=_("When")),
        Told("headline", label=_("Headline")),
        Told("path", label=_("Address")),
        Told("by", label=_("Who")),
        Told("reason", label=_("Why")),
    ]

    def get_base_queryset(self) -> QuerySet[Kill]:
        return Kill.objects.select_related("by").order_by("-at")
