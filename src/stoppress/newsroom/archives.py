"""Archives by date: ``/archive/``, and below it a page of each year, month and day that has stories.

A day is a list like a section's; days are those of the publication's time zone. Years and months name what is below
them, so they change only when a day or month gets its first story or loses its last. So does the page above them all,
where the newest month's days and the newest years' months stand in their place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, pages, structured
from stoppress.newsroom.models import Publication
from stoppress.pagestore.actions import paths_of

FRONT = "/archive/"
YEARS_OPENED = 2
"""Years whose months stand on ``/archive/``: what it costs must not grow with a paper's age."""


@dataclass(frozen=True, slots=True)
class Period:
    """A year, a month or a day.

    Attributes:
        start: its first day.
        unit: ``year``, ``month`` or ``day``.
    """

    start: date
    unit: str

    @property
    def path(self) -> str:
        """Where its page lives."""
        form = {"year": "%Y/", "month": "%Y/%m/", "day": "%Y/%m/%d/"}[self.unit]
        return FRONT + self.start.strftime(form)

    @property
    def subject(self) -> str:
        """What lives there; for a day also the name of its list, and for the others what their page depends on."""
        spell = {"year": keys.year, "month": keys.month, "day": keys.day}[self.unit]
        return spell(self.start)

    @property
    def end(self) -> date:
        """The first day after it."""
        if self.unit == "day":
            return self.start + timedelta(days=1)
        if self.unit == "month":
            return (self.start + timedelta(days=31)).replace(day=1)
        return self.start.replace(year=self.start.year + 1)

    @property
    def parent(self) -> "Period | None":
        """The month of a day, the year of a month."""
        if self.unit == "day":
            return Period(self.start.replace(day=1), "month")
        return Period(self.start.replace(month=1), "year") if self.unit == "month" else None

    @property
    def children(self) -> list["Period"]:
        """The months of a year, the days of a month."""
        if self.unit == "year":
            return [Period(self.start.replace(month=month), "month") for month in range(1, 13)]
        days = (self.end - self.start).days if self.unit == "month" else 0
        return [Period(self.start + timedelta(days=number), "day") for number in range(days)]

    @property
    def title(self) -> str:
        """Its name in full: *23 November 2026*, *November 2026*, *2026*."""
        form = {"year": "Y", "month": "YEAR_MONTH_FORMAT", "day": "DATE_FORMAT"}[self.unit]
        return capfirst(date_format(self.start, form))

    @property
    def name(self) -> str:
        """Its name below its parent's: *Monday 23*, *November*, *2026*."""
        return capfirst(date_format(self.start, {"year": "Y", "month": "F", "day": "l j"}[self.unit]))

    def has_stories(self) -> bool:
        """Whether a public article is of this time."""
        zone = timezone.get_current_timezone()
        begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (self.start, self.end))
        found = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
        return found.filter(published_at__gte=begin, published_at__lt=end).exists()


def day_of(moment: datetime) -> Period:
    """The day that holds ``moment`` (aware), where the publication is."""
    return Period(timezone.localtime(moment).date(), "day")


def day_named(name: str) -> Period | None:
    """The day whose list has this name; ``None`` for any other list."""
    if not name.startswith(keys.DAYS):
        return None
    digits = name.removeprefix(keys.DAYS)
    return Period(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])), "day")


def index() -> dict[str, Any]:
    """What stands on ``/archive/``: the days of the newest month, the months of the newest years, and older years."""
    depends_on(keys.ARCHIVE)
    years = _with_pages(_years())
    opened = years[:YEARS_OPENED]
    months = _with_pages([month for year in opened for month in year.children])
    newest = sorted(months, key=lambda month: month.start)[-1:]
    depends_on(*(one.subject for one in [*newest, *opened]))
    groups = [(month, _with_pages(month.children)) for month in newest]
    groups += [(year, [month for month in months if month.parent == year]) for year in opened]
    context = {**pages.common(FRONT), "heading": _("Archive"), "groups": groups, "crumbs": []}
    return _headed({**context, "periods": years[YEARS_OPENED:]})


def _years() -> list[Period]:
    """From the newest story's to the oldest's."""
    dated = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True).exclude(published_at=None)
    # Each end of the index by itself: asked for both at once, the database reads all that is between.
    ends = [
        dated.order_by(order).values_list("published_at", flat=True).first()
        for order in ("published_at", "-published_at")
    ]
    if ends[0] is None or ends[1] is None:
        return []
    first, last = (day_of(end).start.year for end in ends if end is not None)
    return [Period(date(year, 1, 1), "year") for year in range(last, first - 1, -1)]


def period(year: int, month: int | None = None, day: int | None = None, number: int | None = None) -> dict[str, Any]:
    """What stands on the page of a year, a month or a day; of a day also on its older page ``number``.

    Raises:
        Http404: there is no such date, no story of it, or no such older page.
    """
    try:
        start = date(year, month or 1, day or 1)
        one = Period(start, "day" if day else "month" if month else "year")
        context = _day(one, number) if day else _names(one)
    except (ValueError, OverflowError) as error:  # the calendar ends with the year 9999
        raise Http404 from error
    above = [one.parent, one.parent and one.parent.parent]
    crumbs = [pages.Label(upper.name, upper.path) for upper in reversed(above) if upper is not None]
    return _headed({**context, "heading": one.title, "crumbs": [pages.Label(_("Archive"), FRONT), *crumbs]})


def _headed(context: dict[str, Any]) -> dict[str, Any]:
    heading = context["heading"]
    context = {"section": pages.Label(heading, context.get("section_path", "")), **context}
    said = _("What %(title)s published: %(when)s") % {"title": context["site"].title, "when": heading}
    context["about"] = pages.about(heading, said)
    return {**context, "json_ld": [structured.crumbs(context)]}


def _names(one: Period) -> dict[str, Any]:
    depends_on(one.subject)
    below = _with_pages(one.children)
    if not below:
        raise Http404
    return {**pages.common(one.path), "periods": below}


def _day(one: Period, number: int | None) -> dict[str, Any]:
    listing = pages.listing_of(one.subject, one.path, number)
    if not listing["cards"] and number is None:
        raise Http404
    return {**pages.common(listing["path"]), **listing, "section": pages.Label(one.title, one.path)}


def _with_pages(periods: Sequence[Period]) -> list[Period]:
    there = paths_of([one.subject for one in periods])
    return [one for one in periods if one.subject in there]
