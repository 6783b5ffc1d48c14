"""How replies were moderated, counted: for the desk, and for the reports that the Digital Services Act wants (articles
15 and 24). Reads."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Min
from django.utils.translation import gettext as _

from stoppress.comments.models import Appeal, Ban, Comment, Decision, Report, ReportGround, ReportState, State
from stoppress.comments.reasons import OF_THE_LAW, in_words

LATELY = 500
"""So many of the newest decisions and appeals say how it goes at the moment."""
RESTRICTING = (State.REFUSED, State.SPAM)
OF_TASTE = ("picked", "unpicked")
"""Reasons of what decides nothing of whether a reply may be seen."""
OF_NOBODY = ("import", "own")
"""Phases that judge nothing: it stood so elsewhere, or its writer took it back."""


@dataclass(frozen=True, slots=True)
class Lately:
    """How it goes at the moment.

    Attributes:
        median_time: from a held reply to what a person decided of it; ``None`` before there was any.
        appeals: how many were decided, ``overturned`` of them for the writer.
    """

    median_time: timedelta | None
    appeals: int
    overturned: int

    @property
    def overturn_percent(self) -> int | None:
        """Of the appeals that were decided."""
        return _percent(self.overturned, self.appeals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened from ``start`` until before ``end``.

    Attributes:
        submitted: replies that were written here.
        by_people, by_programs: decisions by which a reply can't be seen, by reason.
        held: replies that a program held for somebody to read.
        reports: by ground; ``upheld`` and ``dismissed`` of those that came in this time, whenever it was decided.
        appeals: that came in this time; ``granted`` and ``dismissed_appeals`` that were decided in it.
        bans: of writers, for a time or for good.
        decision_time: median from a reply to what a person first decided of it.
        report_time: median from a report to what a person decided.
    """

    start: datetime
    end: datetime
    submitted: int
    by_people: Mapping[str, int]
    by_programs: Mapping[str, int]
    held: int
    reports: Mapping[str, int]
    upheld: int
    dismissed: int
    appeals: int
    granted: int
    dismissed_appeals: int
    bans: int
    decision_time: timedelta | None
    report_time: timedelta | None

    @property
    def automated_percent(self) -> int | None:
        """Of the decisions by which a reply can't be seen."""
        programs = sum(self.by_programs.values())
        return _percent(programs, programs + sum(self.by_people.values()))

    @property
    def on_the_law(self) -> int:
        """How many of them name the law."""
        return sum(self.by_people.get(reason, 0) + self.by_programs.get(reason, 0) for reason in OF_THE_LAW)

    @property
    def overturn_percent(self) -> int | None:
        """Of the appeals that were decided."""
        return _percent(self.granted, self.granted + self.dismissed_appeals)

    def reasons(self) -> Iterator[tuple[str, int, int]]:
        """Each reason in words, how often people and how often programs gave it; the most frequent first."""
        both = Counter(self.by_people) + Counter(self.by_programs)
        for reason, _count in sorted(both.items(), key=lambda one: (-one[1], one[0])):
            yield in_words(reason), self.by_people.get(reason, 0), self.by_programs.get(reason, 0)

    def grounds(self) -> Iterator[tuple[str, int]]:
        """Each ground of reports in words, and how often it was given."""
        for ground in ReportGround:
            if number := self.reports.get(ground, 0):
                yield str(ground.label), number


def lately() -> Lately:
    """How it goes, by the newest decisions; costs the same however many there were."""
    # By the index of what people decided, and no further: what is left out is left out here.
    newest = Decision.objects.filter(by__isnull=False).order_by("-pk")
    rows = newest.values_list("at", "comment__made_at", "comment__imported_id", "reason")[:LATELY]
    times = [at - made_at for at, made_at, imported, reason in rows if not imported and reason not in OF_TASTE]
    decided = Appeal.objects.filter(decided_at__isnull=False).order_by("-decided_at")
    outcomes = list(decided.values_list("is_granted", flat=True)[:LATELY])
    return Lately(_median(times), len(outcomes), sum(1 for one in outcomes if one))


def figures(start: datetime, end: datetime) -> Figures:
    """What happened from ``start`` until before ``end``."""
    decisions = Decision.objects.filter(at__gte=start, at__lt=end)
    restricting = decisions.filter(state__in=RESTRICTING).exclude(reason="undo").exclude(phase__in=OF_NOBODY)
    reports = Report.objects.filter(made_at__gte=start, made_at__lt=end)
    ended = Report.objects.filter(decision__at__gte=start, decision__at__lt=end).exclude(state=ReportState.GONE)
    decided = Appeal.objects.filter(decided_at__gte=start, decided_at__lt=end)
    of_people = decisions.filter(phase="", comment__imported_id="").exclude(reason__in=OF_TASTE)
    first = of_people.values("comment").annotate(first=Min("at"))
    return Figures(
        start=start,
        end=end,
        submitted=Comment.objects.filter(made_at__gte=start, made_at__lt=end, imported_id="").count(),
        by_people=_counted(restricting.filter(phase="").values_list("reason", flat=True)),
        by_programs=_counted(restricting.exclude(phase="").values_list("reason", flat=True)),
        held=decisions.filter(state=State.HELD).exclude(phase="").exclude(phase__in=OF_NOBODY).count(),
        reports=_counted(reports.values_list("ground", flat=True)),
        upheld=reports.filter(state=ReportState.UPHELD).count(),
        dismissed=reports.filter(state=ReportState.DISMISSED).count(),
        appeals=Appeal.objects.filter(made_at__gte=start, made_at__lt=end).count(),
        granted=decided.filter(is_granted=True).count(),
        dismissed_appeals=decided.filter(is_granted=False).count(),
        bans=Ban.objects.filter(at__gte=start, at__lt=end).count(),
        decision_time=_median(at - made for at, made in first.values_list("first", "comment__made_at")),
        report_time=_median(at - made for at, made in ended.values_list("decision__at", "made_at")),
    )


def as_rows(found: Figures) -> Iterator[tuple[str, str, str]]:
    """The figures as lines of a table: what kind, what, and how much."""
    days = _("Time")
    yield days, _("From"), found.start.date().isoformat()
    yield days, _("Until before"), found.end.date().isoformat()
    yield _("Replies"), _("Written"), str(found.submitted)
    yield _("Replies"), _("Held by a program until somebody has read them"), str(found.held)
    for words, people, programs in found.reasons():
        yield _("Decided by people"), words, str(people)
        yield _("Decided by programs"), words, str(programs)
    yield _("Decisions"), _("On the ground of the law"), str(found.on_the_law)
    yield _("Decisions"), _("By programs, in percent"), _said(found.automated_percent)
    yield _("Decisions"), _("Median hours until a person decided"), _hours(found.decision_time)
    for words, number in found.grounds():
        yield _("Reports"), words, str(number)
    yield _("Reports"), _("Upheld"), str(found.upheld)
    yield _("Reports"), _("Dismissed"), str(found.dismissed)
    yield _("Reports"), _("Median hours until a person decided"), _hours(found.report_time)
    yield _("Appeals"), _("Came"), str(found.appeals)
    yield _("Appeals"), _("Granted"), str(found.granted)
    yield _("Appeals"), _("Dismissed"), str(found.dismissed_appeals)
    yield _("Appeals"), _("Overturned, in percent"), _said(found.overturn_percent)
    yield _("Writers"), _("Kept out"), str(found.bans)


def as_csv(found: Figures) -> str:
    """The figures as CSV (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Kind"), _("What"), _("Number")])
    writer.writerows(as_rows(found))
    return out.getvalue()


def _counted(values: Iterable[str]) -> Counter[str]:
    return Counter(values)


def _median(times: Iterable[timedelta]) -> timedelta | None:
    seconds = [one.total_seconds() for one in times]
    return timedelta(seconds=median(seconds)) if seconds else None


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def _said(percent: int | None) -> str:
    return "" if percent is None else str(percent)


def _hours(span: timedelta | None) -> str:
    return "" if span is None else f"{span.total_seconds() / 3600:.1f}"
