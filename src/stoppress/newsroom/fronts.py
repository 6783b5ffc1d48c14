"""Which story stands in which slot of a front: pins first, then rules, none twice. Reads only.

The number of queries depends neither on the archive nor on how many slots or rules there are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

from django.db.models import BooleanField, CharField, IntegerField, QuerySet, Value
from django.utils import timezone

from stoppress.core.recorder import depends_on, valid_until
from stoppress.newsroom import keys
from stoppress.newsroom.layouts import STRIP, Layout, Slot, layout_named, layouts_for, strip_slot
from stoppress.newsroom.models import BUCKET, Edition, Front, ListEntry, Publication

STRIP_CARDS = 7
DEPTH = 2 * BUCKET
"""Candidates looked at in each list: more than there are slots and a strip, so that leaving out doubles suffices."""
DESIGNS = "design:"
MORE = 3
"""Headlines on the same below a lead."""
TELLING = ("story", "series", "topic")
"""Kinds of lists that say what a story is about, the closest first."""
MORE_LISTS = 6
"""Of these as many are looked at: each is a part of one query."""

Row = tuple[str, int, bool, int, datetime | None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What editors want in a slot.

    Attributes:
        article: the pinned story, if any; ``headline`` is what it was called when it was pinned.
        until: when the pin ends, aware.
        rule: the name of a list, ``design:<name>``, or empty for the front's own list.
    """

    slot: Slot
    article: int | None = None
    headline: str = ""
    until: datetime | None = None
    rule: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether it leaves everything to the front's own list."""
        return self.article is None and not self.rule

    def as_data(self) -> dict[str, Any]:
        """For an edition's ``slots``."""
        return {
            **({"title": str(self.slot.row)} if self.slot.is_strip else {}),
            "slot": self.slot.name,
            "article": self.article,
            "headline": self.headline,
            "until": self.until.isoformat() if self.until else None,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A layout and what is wanted in each of its slots, in reading order; then in the strips that somebody touched."""

    layout: Layout
    choices: tuple[Choice, ...]

    def choice(self, name: str) -> Choice:
        """What is wanted in the slot of this name.

        Raises:
            KeyError: the layout has no such slot.
        """
        for one in self.choices:
            if one.slot.name == name:
                return one
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Filled:
    """A slot and what stands there.

    Attributes:
        publication: ``None`` when there is nothing left to show.
        is_pinned: whether that is what editors pinned here; if not, a rule chose it.
    """

    choice: Choice
    publication: Publication | None
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Arranged:
    """A front: its slots, those of strips last, and the whole strips by the name of their list.

    Attributes:
        more: what else there is on the lead, the newest first.
        more_in: name of the list that this comes from: a running story's, a series' or a topic's.
    """

    slots: list[Filled]
    strips: dict[str, list[Publication]] = field(default_factory=dict)
    more: list[Publication] = field(default_factory=list)
    more_in: str = ""

    @property
    def shown(self) -> list[Filled]:
        """The slots of the layout that hold something, in reading order."""
        return [one for one in self.slots if one.publication is not None and not one.choice.slot.is_strip]

    @property
    def led(self) -> set[str]:
        """Names of the strips' lists whose first story editors pinned."""
        return {_list_of(one.choice.slot) for one in self.slots if one.is_pinned and one.choice.slot.is_strip}

    @property
    def ids(self) -> set[int]:
        """Every story on the front."""
        below = {p.pk for some in (*self.strips.values(), self.more) for p in some}
        return below | {one.publication.pk for one in self.slots if one.publication is not None}


def plan_of(layout: Layout, slots: Iterable[Mapping[str, Any]]) -> Plan:
    """A plan from an edition's ``slots``; what names neither a slot of the layout nor a strip is left out."""
    wanted = {one.get("slot"): one for one in slots}
    strips = [strip_of(str(name), one.get("title", "")) for name, one in wanted.items()]
    choices = []
    for slot in (*layout.slots, *(one for one in strips if one is not None)):
        one = wanted.get(slot.name, {})
        until = datetime.fromisoformat(one["until"]) if one.get("until") else None
        choices.append(Choice(slot, one.get("article"), one.get("headline", ""), until, one.get("rule", "")))
    return Plan(layout, tuple(choices))


def strip_of(name: str, title: str) -> Slot | None:
    """The slot of a strip from its name; ``None`` for another name."""
    rest = name.removeprefix(STRIP)
    is_one = name.startswith(STRIP) and rest.isascii() and rest.isdigit() and len(rest) < 19
    return strip_slot(int(rest), title) if is_one else None


def _list_of(slot: Slot) -> str:
    """The name of the list behind a strip."""
    return keys.section_list(int(slot.name.removeprefix(STRIP)))


def plan_of_edition(edition: Edition, *, is_home: bool) -> Plan:
    """What an edition holds."""
    return plan_of(layout_named(edition.layout, is_home=is_home), edition.slots)


def untouched(*, is_home: bool) -> Plan:
    """The plan of a front that nobody has laid out: the first layout, all of it by rule."""
    return plan_of(layouts_for(is_home=is_home)[0], ())


@dataclass(frozen=True, slots=True)
class Forecast:
    """A later time as it looks from now; :mod:`stoppress.newsroom.forecast` makes them.

    Attributes:
        at: that time, aware; ``None`` for now.
        coming: what lists will show of stories that go live by then, new ones or planned changes, by page.
        lists: pages of ``coming`` by the name of each list that they stand in.
        gone: pages that are off again by then.
    """

    at: datetime | None = None
    coming: Mapping[int, Publication] = field(default_factory=dict)
    lists: Mapping[str, Sequence[int]] = field(default_factory=dict)
    gone: Collection[int] = ()

    def rows(self, ids: Iterable[int]) -> dict[int, Publication]:
        """These publications as they will be."""
        wanted = set(ids) - set(self.gone)
        return {**Publication.objects.in_bulk(wanted), **{pk: one for pk, one in self.coming.items() if pk in wanted}}

    def newest(self, name: str, found: Iterable[tuple[float, int]]) -> list[int]:
        """The pages of a list, the newest first, from times and pages as they are now."""
        coming = ((pk, self.coming[pk].published_at) for pk in self.lists.get(name, ()))
        times = {pk: at for at, pk in found} | {pk: at.timestamp() if at else 0.0 for pk, at in coming}
        left = ((at, pk) for pk, at in times.items() if pk not in self.gone)
        return [pk for _at, pk in sorted(left, reverse=True)]


_previewed: ContextVar[tuple[int, Plan] | None] = ContextVar("stoppress_previewed_front", default=None)
_forecast: ContextVar[Forecast] = ContextVar("stoppress_forecast", default=Forecast())  # noqa: B039 - it is frozen


@contextmanager
def previewing(page_id: int, plan: Plan, forecast: Forecast | None = None) -> Iterator[None]:
    """Let ``plan`` stand for the live edition of a front until the block ends, in this thread.

    Args:
        forecast: of the time for which fronts are filled.
    """
    token = _previewed.set((page_id, plan))
    time = _forecast.set(forecast or Forecast())
    try:
        yield
    finally:
        _forecast.reset(time)
        _previewed.reset(token)


def foreseen(name: str) -> list[Publication]:
    """What a forecast adds to a list, the newest first; nothing on pages for readers."""
    known = _forecast.get()
    return [known.coming[pk] for pk in known.newest(name, ())]


def is_foreseen_gone(page_id: int) -> bool:
    """Whether a forecast has this page off again; no page for readers."""
    return page_id in _forecast.get().gone


def live_plan(page_id: int, *, is_home: bool) -> Plan | None:
    """What readers get of a front; ``None`` when nobody laid it out."""
    depends_on(keys.edition(page_id))
    previewed = _previewed.get()
    if previewed is not None and previewed[0] == page_id:
        return previewed[1]
    front = Front.objects.select_related("live").filter(page_id=page_id).first()
    return plan_of_edition(front.live, is_home=is_home) if front is not None and front.live is not None else None


def arrange(own: str, plan: Plan, strips: Sequence[str] = (), *, has_more: bool = False) -> Arranged:
    """Fill the slots of ``plan``, then a strip for each list of ``strips``; no story stands anywhere twice.

    Args:
        own: the list that fills what neither pin nor rule fills.
        has_more: whether below the lead stands what else there is on it, which strips then leave out.
    """
    forecast = _forecast.get()
    # A strip that is not shown keeps no story from the others.
    shown = [one for one in plan.choices if not one.slot.is_strip or _list_of(one.slot) in strips]
    plan = Plan(plan.layout, tuple(shown))
    pins = _pins(plan, forecast.at or timezone.now(), forecast)
    rules = [choice.rule for choice in plan.choices if choice.rule and choice.slot.name not in pins]
    candidates = _candidates(dict.fromkeys([own, *rules, *strips]), forecast)
    used = {publication.pk for publication in pins.values()}
    chosen: dict[str, int] = {}
    for choice in plan.choices:
        if choice.slot.name not in pins and not choice.slot.is_strip:
            found = next((pk for pk in [*candidates.get(choice.rule, ()), *candidates[own]] if pk not in used), None)
            if found is not None:
                used.add(found)
                chosen[choice.slot.name] = found
    lead = plan.choices[0].slot.name
    lead_pk = pins[lead].pk if lead in pins else chosen.get(lead)
    more_in, more = _more_on(lead_pk, used, forecast) if has_more and lead_pk is not None else ("", [])
    used |= set(more)
    below: dict[str, list[int]] = {}
    first = {_list_of(one.slot): pins[one.slot.name].pk for one in shown if one.slot.is_strip and one.slot.name in pins}
    for name in strips:
        led = [first[name]] if name in first else []
        below[name] = [*led, *(pk for pk in candidates[name] if pk not in used)][:STRIP_CARDS]
        used |= set(below[name])
        chosen |= {f"{STRIP}{name.partition(':')[2]}": pk for pk in below[name][:1]}
    found_by_rule = forecast.rows([*chosen.values(), *more, *(pk for some in below.values() for pk in some)])
    slots = [
        Filled(choice, pins.get(choice.slot.name) or found_by_rule.get(chosen.get(choice.slot.name, 0)), is_pinned)
        for choice in plan.choices
        for is_pinned in [choice.slot.name in pins]
    ]
    filled = {name: [found_by_rule[pk] for pk in some] for name, some in below.items()}
    return Arranged(slots, filled, [found_by_rule[pk] for pk in more], more_in)


def without_pin(plan: Plan, name: str) -> Plan:
    """``plan`` with nothing pinned in the slot of this name."""
    choices = [
        replace(one, article=None, headline="", until=None) if one.slot.name == name else one for one in plan.choices
    ]
    return Plan(plan.layout, tuple(choices))


def _pins(plan: Plan, now: datetime, forecast: Forecast) -> dict[str, Publication]:
    """The pins that hold: their story is live, their time has not come, and it is not pinned further up."""
    pinned = [choice for choice in plan.choices if choice.article is not None]
    # Also those that are not live: they come in when they are.
    depends_on(*(keys.card(choice.article) for choice in pinned if choice.article is not None))
    known = forecast.rows(choice.article for choice in pinned if choice.article is not None)
    holding: dict[str, Publication] = {}
    for choice in pinned:
        publication = known.get(choice.article or 0)
        if choice.until is not None:
            if choice.until <= now:
                continue
            valid_until(choice.until)
        is_article = publication is not None and publication.noun == Publication.Noun.ARTICLE
        if publication is not None and is_article and publication.is_live and publication not in holding.values():
            holding[choice.slot.name] = publication
    return holding


def _more_on(lead: int, used: Collection[int], forecast: Forecast) -> tuple[str, list[int]]:
    """The newest that is not ``used`` of the first list that has any: the lead's running story, series, topics."""
    depends_on(keys.shelved(lead))
    if lead in forecast.coming:
        names = [name for name, some in forecast.lists.items() if lead in some]
    else:
        names = list(ListEntry.objects.filter(publication_id=lead, is_present=True).values_list("list", flat=True))
    ranked = (
        (TELLING.index(noun), int(pk), name)
        for name in names
        for noun, _, pk in [name.partition(":")]
        if noun in TELLING
    )
    telling = [name for _rank, _pk, name in sorted(ranked)][:MORE_LISTS]
    candidates = _candidates(telling, forecast) if telling else {}
    for name in telling:
        if found := [pk for pk in candidates[name] if pk not in used][:MORE]:
            return name, found
    return "", []


def _candidates(names: Collection[str], forecast: Forecast) -> dict[str, list[int]]:
    """The newest stories of each list, newest first; what is no list has none."""
    depends_on(*(keys.newest(name) for name in names if not name.startswith(DESIGNS)))
    found: dict[str, set[tuple[float, int]]] = {name: set() for name in names}
    newest: dict[str, int] = {}
    lowest: dict[str, int] = {}
    for name, position, is_present, pk, at in _rows(names):
        newest[name] = max(newest.get(name, 0), position // BUCKET)
        if is_present:
            lowest[name] = min(lowest.get(name, position), position)
            found[name].add((at.timestamp() if at else 0.0, pk))
    for name in names:
        if name.startswith(DESIGNS):
            depends_on(name)
        else:
            # Whatever comes, goes or is dated anew in these may be one of the newest.
            deepest = 0 if len(found[name]) < DEPTH else lowest[name] // BUCKET
            depends_on(*(keys.bucket(name, number) for number in range(deepest, newest.get(name, 0) + 1)))
    return {name: forecast.newest(name, some) for name, some in found.items()}


def _rows(names: Collection[str]) -> Iterator[Row]:
    """Of each list its last entry, present or not, and its newest ones; of each design its newest stories."""
    arms: list[QuerySet[Any, Any]] = []
    for name in sorted(names):
        if name.startswith(DESIGNS):
            live = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
            some = live.filter(design=name.removeprefix(DESIGNS)).order_by("-published_at", "-pk").values("pk")[:DEPTH]
            arms.append(
                Publication.objects.filter(pk__in=some)
                .annotate(
                    in_list=Value(name, CharField()),
                    place=Value(0, IntegerField()),
                    there=Value(value=True, output_field=BooleanField()),
                )
                .order_by()
                .values_list("in_list", "place", "there", "pk", "published_at")
            )
            continue
        entries = ListEntry.objects.filter(list=name).order_by("-position").values("pk")
        arms += [
            # A list that is cut is no part of a union on SQLite; one inside a condition is.
            ListEntry.objects.filter(pk__in=some)
            .order_by()
            .values_list("list", "position", "is_present", "publication_id", "publication__published_at")
            for some in (entries[:1], entries.filter(is_present=True)[:DEPTH])
        ]
    if arms:
        yield from cast("Iterable[Row]", arms[0].union(*arms[1:], all=True))
