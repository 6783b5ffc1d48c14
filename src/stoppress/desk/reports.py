"""Reports for who answers for the paper: the audit log, and what was killed. Nothing can be changed there."""

import re
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from stoppress.accounts.actions import audit
from stoppress.accounts.models import AuditEntry, Event
from stoppress.desk.rights_in_words import right_in_words
from stoppress.newsroom.models import Kill

SEE_AUDIT = "accounts.view_auditentry"
RIGHTS = frozenset({"given", "taken"})
SHOWN = 8
"""So many rights are said of one entry."""
DIGESTS = "digests"
"""For comparing at the next start, not for reading."""
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]{5,15}\+\d{2}:\d{2}", re.ASCII)
"""A time as it is kept in details."""
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


class DetailsColumn(Column):
    """What else is known of an entry, as words."""

    def get_value(self, instance: AuditEntry) -> str:
        shown = {key: value for key, value in sorted(instance.details.items()) if key != DIGESTS}
        for key in RIGHTS & shown.keys():
            rights = [right_in_words(str(code)) for code in shown[key]]
            more = [_("%d more (all of them are in the file)") % (len(rights) - SHOWN)] if len(rights) > SHOWN else []
            shown[key] = [*rights[:SHOWN], *more]
        return "; ".join(f"{key.replace('_', ' ')}: {_said(value)}" for key, value in shown.items())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, str) and MOMENT.fullmatch(value) and (at := parse_datetime(value)) is not None:
        return str(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class AuditLog(Guarded, ReportView):
    """Who did what, when and from where."""

    right = SEE_AUDIT
    page_title = _("Audit log")
    header_icon = "history"
    index_url_name = "desk_audit_log"
    index_results_url_name = "desk_audit_log_results"
    filterset_class = AuditFilters
    is_searchable = False
    default_ordering = "-number"
    list_export = ("number", "at", "event", "actor", "about", "details", "origin", "digest")
    columns: ClassVar[list[Column]] = [
        DateColumn("at", label=_("When")),
        Column("get_event_display", label=_("What")),
        Column("actor", label=_("Who")),
        Column("about", label=_("About")),
        DetailsColumn("details", label=_("Details")),
        Column("origin", label=_("From")),
        Column("number", label=_("Number")),
    ]

    def get_base_queryset(self) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.order_by("-number")

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
    header_icon = "cross"
    index_url_name = "desk_kills"
    index_results_url_name = "desk_kills_results"
    filterset_class = KillFilters
    is_searchable = False
    default_ordering = "-at"
    list_export = ("at", "headline", "path", "by", "reason")
    columns: ClassVar[list[Column]] = [
        DateColumn("at", label=_("When")),
        Column("headline", label=_("Headline")),
        Column("path", label=_("Address")),
        Column("by", label=_("Who")),
        Column("reason", label=_("Why")),
    ]

    def get_base_queryset(self) -> QuerySet[Kill]:
        return Kill.objects.select_related("by").order_by("-at")
