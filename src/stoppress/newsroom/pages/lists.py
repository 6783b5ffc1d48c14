"""Lists of articles as cards, read from the derived tables alone, in a number of queries that does not grow."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils.formats import date_format, get_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, looks
from stoppress.newsroom.figures import Figure, figures_of
from stoppress.newsroom.models import BUCKET, ListEntry, Publication


@dataclass(frozen=True, slots=True)
class Card:
    """An article as lists show it.

    Attributes:
        size: how large its card is in the slot of a front where it stands: ``lead``, ``standard`` or ``compact``.
    """

    key: str
    path: str
    headline: str
    standfirst: str
    byline: str
    published_at: datetime | None
    section_title: str
    section_path: str
    figure: Figure | None
    kicker: str = ""
    design: str = ""
    updated_at: datetime | None = None
    size: str = "standard"

    @property
    def label(self) -> str:
        """What is said of it above the headline besides the section: the kicker, or what kind of piece it is."""
        return self.kicker or str(looks.look_of(self.design).label)


def listing_of(name: str, front: str, number: int | None) -> dict[str, Any]:
    """The cards of a list's front, or of its older page ``number``, and the ways to its neighbours.

    Raises:
        Http404: there is no such older page.
    """
    newest = _newest_bucket(name)
    if number is None:
        depends_on(keys.front(name), keys.newest(name))
        publications, reached = _front(name, newest)
        older = reached  # the page of the bucket before the oldest one shown has this number
        newer_path = None
        path = front
    else:
        if not 1 <= number <= newest:
            raise Http404
        publications = _bucket(name, number - 1)
        older = number - 1
        depends_on(keys.closed(name, number))
        newer_path = f"{front}page/{number + 1}/" if number < newest else front
        path = f"{front}page/{number}/"
    return {
        "path": path,
        "section_path": front,
        "cards": (cards := cards_of(publications)),
        "number": number,
        "span": "" if number is None else _span([card.published_at for card in cards if card.published_at]),
        "older_path": f"{front}page/{older}/" if older >= 1 else None,
        "newer_path": newer_path,
    }


def _span(days: Sequence[datetime]) -> str:
    """From when until when: what readers know an older page by, whose number counts from an end they never saw."""
    if not days:
        return ""
    first, last = localtime(min(days)), localtime(max(days))
    until = date_format(last, "DATE_FORMAT")
    if first.date() == last.date():
        return until
    day = get_format("DATE_FORMAT").partition(" ")[0]
    if first.replace(day=1).date() == last.replace(day=1).date() and day in ("j", "j."):
        return f"{date_format(first, day)}–{until}"
    return f"{date_format(first, 'MONTH_DAY_FORMAT' if first.year == last.year else 'DATE_FORMAT')} – {until}"


def newest_in(name: str, count: int) -> list[Publication]:
    """The newest articles of a list, for feeds."""
    publications = newest_of(name, count)
    depends_on(*(key for p in publications for key in (keys.card(p.pk), keys.corrections(p.pk))))
    return publications


def _newest_bucket(name: str) -> int:
    """Number of the newest bucket; a front that shows it depends on ``keys.newest``, an older page does not."""
    last = ListEntry.objects.filter(list=name).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) // BUCKET


def _bucket(name: str, number: int) -> list[Publication]:
    depends_on(keys.bucket(name, number))
    entries = ListEntry.objects.of(name).in_bucket(number, BUCKET).select_related("publication")
    return newest_first(entry.publication for entry in entries)


def _front(name: str, newest: int, wanted: int = BUCKET) -> tuple[list[Publication], int]:
    """Whole buckets from the newest back until ``wanted`` articles are there; also the oldest bucket reached."""
    publications: list[Publication] = []
    number = newest
    while True:
        publications += _bucket(name, number)
        if len(publications) >= wanted or number == 0:
            return newest_first(publications), number
        number -= 1


def newest_of(name: str, count: int) -> list[Publication]:
    """The newest articles of a list; what shows them depends on their cards as well."""
    depends_on(keys.newest(name))
    return _front(name, _newest_bucket(name), count)[0][:count]


def newest_first(publications: Iterable[Publication]) -> list[Publication]:
    """The newest first; the page number breaks ties, so that a bake is the same each time."""
    return sorted(
        publications, key=lambda p: (p.published_at.timestamp() if p.published_at else 0.0, p.pk), reverse=True
    )


def cards_of(publications: Sequence[Publication], *, has_labels: bool = True) -> list[Card]:
    """Their cards, in this order; none twice.

    Args:
        has_labels: whether they name their sections.
    """
    section_ids = {p.section_id for p in publications if p.section_id and has_labels}
    # One that was taken off leads nowhere; its articles stay where they are.
    sections = {pk: one for pk, one in _sections(section_ids).items() if one.is_live}
    figures = figures_of([p.picture_id for p in publications if p.picture_id])
    cards: dict[int, Card] = {}
    for p in publications:
        if p.pk in cards:
            continue
        depends_on(keys.card(p.pk))
        label = sections.get(p.section_id) if p.section_id else None
        if p.section_id and has_labels:
            depends_on(keys.section(p.section_id))
        make = figures.get(p.picture_id) if p.picture_id else None
        cards[p.pk] = Card(
            key=p.subject,
            path=p.path,
            headline=p.short_headline or p.headline,
            standfirst=p.standfirst,
            byline=get_text_list([isolated(name) for name in json.loads(p.byline or "[]")], _("and")),
            published_at=p.published_at,
            section_title=label.headline if label else "",
            section_path=label.path if label else "",
            figure=make(p.picture_alt, "", p.picture_is_decorative) if make else None,
            kicker=p.kicker,
            design=p.design,
            updated_at=p.updated_at,
        )
    return list(cards.values())


def _sections(ids: Collection[int]) -> dict[int, Publication]:
    return Publication.objects.in_bulk(ids) if ids else {}


def isolated(name: str) -> str:
    """A name between Unicode's isolates, so that neighbours in other scripts keep their order (UAX 9)."""
    return f"\u2068{name}\u2069"
