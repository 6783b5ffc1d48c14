"""What the desk shows of a front that is being laid out. Reads only, in a number of queries that does not grow."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _

from stoppress.accounts.models import User
from stoppress.newsroom import keys
from stoppress.newsroom.actions import planned, upcoming
from stoppress.newsroom.actions.fronts import PATIENCE, FrontPage
from stoppress.newsroom.edition_words import changes, in_words, moment, names_of
from stoppress.newsroom.front_draft import FrontDraft, draft_of
from stoppress.newsroom.fronts import DESIGNS, Choice, Filled, Plan, arrange, live_plan, untouched
from stoppress.newsroom.layouts import STRIP, Layout, layouts_for, strip_slot
from stoppress.newsroom.models import Article, Edition, FrontSlot, Home, Publication, Story, Topic

FOUND = 12
LOOKED_AT = 5000
"""So many of the newest stories are searched for words; an older one is found by its address."""
SHELVES_OFFERED = 60
Options = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Place:
    """A slot at the desk.

    Attributes:
        version: to be sent with every change of it.
        headline: what stands there now; empty for nothing.
        state: why that stands there, in words.
        is_out: something is pinned that does not hold.
        holder: who else is at it, until ``held_until``.
        asker: who would like to have it from the one who looks.
        may_take: whether the one who looks has asked long enough.
        above, below: tokens of the neighbours.
    """

    name: str
    label: str
    size: str
    version: int
    headline: str
    section: str
    article: int | None
    state: str
    is_pinned: bool
    is_out: bool
    until: datetime | None
    rule: str
    holder: str
    held_until: datetime | None
    is_mine: bool
    asker: str
    has_asked: bool
    may_take: bool
    above: str = ""
    below: str = ""

    @property
    def token(self) -> str:
        """Its name and its version, as forms send them."""
        return f"{self.name}:{self.version}"

    @property
    def is_strip(self) -> bool:
        """Whether it leads a strip, which has no rule of its own."""
        return self.name.startswith(STRIP)

    @property
    def is_movable(self) -> bool:
        """Whether something is pinned here, whether or not it holds."""
        return self.is_pinned or self.is_out


@dataclass(frozen=True, slots=True)
class Hit:
    """A story that can be put somewhere."""

    article: int
    headline: str
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """A front at the desk."""

    page: FrontPage
    draft: FrontDraft
    places: Sequence[Place]
    chosen: Place
    query: str
    hits: Sequence[Hit]
    rules: Options
    layouts: Sequence[Layout]
    changes: Sequence[str]
    planned: Sequence[Edition]
    aside: Sequence[str]

    @property
    def live(self) -> Edition | None:
        """What readers have; ``None`` while the front fills itself."""
        return self.draft.front.live if self.draft.front is not None else None

    @property
    def pulse(self) -> str:
        """Something that changes when the board does by somebody's hand."""
        return _pulse(self.draft, len(self.planned))


def board(page: FrontPage, user: User, *, chosen: str = "", query: str = "") -> Board:
    """The front of ``page`` for ``user``, with one place chosen to work on and stories that may go there."""
    is_home = isinstance(page, Home)
    draft = draft_of(page.pk, is_home=is_home)
    sections = list(Publication.objects.filter(noun=Publication.Noun.SECTION, is_live=True).order_by("tree_path"))
    strips = [keys.section_list(one.pk) for one in sections if one.section_id is None] if is_home else []
    plan = _with_strips(draft.plan, sections) if is_home else draft.plan
    arranged = arrange(own_list(page), plan, strips, has_more=is_home)
    live = live_plan(page.pk, is_home=is_home) or untouched(is_home=is_home)
    names = names_of(choice.rule for choice in (*draft.plan.choices, *live.choices))
    titles = {one.pk: one.headline for one in sections}
    waiting = _waiting(arranged.slots)
    places = [_place(one, draft.rows.get(one.choice.slot.name), user, names, titles, waiting) for one in arranged.slots]
    tokens = ["", *(one.token for one in places), ""]
    places = [replace(one, above=tokens[at], below=tokens[at + 2]) for at, one in enumerate(places)]
    return Board(
        page=page,
        draft=draft,
        places=places,
        chosen=next((one for one in places if one.name == chosen), places[0]),
        query=query,
        hits=find(query, user, titles, {one.article for one in places if one.is_pinned}),
        rules=_rules(sections, names),
        layouts=layouts_for(is_home=is_home),
        changes=changes(live, draft.plan, names),
        planned=list(planned().filter(front__page_id=page.pk)),
        aside=[row.headline for row in draft.aside],
    )


def _with_strips(plan: Plan, sections: Sequence[Publication]) -> Plan:
    """``plan`` with the first place of each strip, touched or not, in the order of the page."""
    known = {one.slot.name: one for one in plan.choices if one.slot.is_strip}
    slots = [strip_slot(one.pk, one.headline) for one in sections if one.section_id is None]
    strips = [replace(known[slot.name], slot=slot) if slot.name in known else Choice(slot) for slot in slots]
    return Plan(plan.layout, (*(one for one in plan.choices if not one.slot.is_strip), *strips))


def own_list(page: FrontPage) -> str:
    """The list that fills what nobody filled."""
    return keys.ALL if isinstance(page, Home) else keys.section_list(page.pk)


def pulse(page: FrontPage) -> str:
    """The :attr:`Board.pulse` of a front, for less than its board costs."""
    draft = draft_of(page.pk, is_home=isinstance(page, Home))
    return _pulse(draft, planned().filter(front__page_id=page.pk).count())


def _pulse(draft: FrontDraft, planned_count: int) -> str:
    hands = sorted((row.slot, row.claimed_by_id or 0, row.asked_by_id or 0) for row in draft.rows.values())
    live = draft.front.live_id if draft.front is not None else None
    seen = f"{draft.version} {live} {planned_count} {hands}"
    return hashlib.blake2b(seen.encode(), digest_size=8).hexdigest()


def find(query: str, user: User, titles: dict[int, str], there: set[int | None]) -> list[Hit]:
    """Stories by words of their headline or by their address, planned ones first; without either the newest."""
    articles = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True)
    path = _path_in(query)
    words = [] if path else query.split()[:6]
    if path:
        found = articles.filter(path=f"/{path.strip('/')}/")
    else:
        recent = articles.order_by("-published_at", "-pk").values("pk")[: LOOKED_AT if words else FOUND + len(there)]
        found = articles.filter(pk__in=recent)
        for word in words:
            found = found.filter(headline__icontains=word)
    coming = [] if path else _coming(user, words)
    hits = [Hit(pk, headline, _("goes live at %s") % moment(at)) for at, pk, headline in coming if pk not in there]
    for one in found.order_by("-published_at", "-pk")[: FOUND + len(there)]:
        if one.pk not in there:
            at = f", {moment(one.published_at)}" if one.published_at else ""
            hits.append(Hit(one.pk, one.headline, f"{titles.get(one.section_id or 0, '')}{at}"))
    return hits[:FOUND]


def _path_in(query: str) -> str:
    """The path of an address; empty for words."""
    if not query.startswith(("/", "http://", "https://")):
        return ""
    try:
        return urlsplit(query).path
    except ValueError:
        return ""


def _coming(user: User, words: Sequence[str]) -> list[tuple[datetime, int, str]]:
    coming = upcoming(LOOKED_AT, user)
    return [one for one in coming if all(word.casefold() in one[2].casefold() for word in words)][:FOUND]


def _waiting(slots: Sequence[Filled]) -> dict[int, datetime | None]:
    """Pinned stories that are not live, with the time at which they go live if there is one."""
    out = [one.choice.article for one in slots if one.choice.article is not None and not one.is_pinned]
    found = Article.objects.filter(pk__in=out, live=False).values_list("pk", "go_live_at") if out else ()
    return dict(found)


def _place(
    one: Filled,
    row: FrontSlot | None,
    user: User,
    names: dict[str, str],
    titles: dict[int, str],
    waiting: dict[int, datetime | None],
) -> Place:
    choice, shown, now = one.choice, one.publication, timezone.now()
    is_held = row is not None and row.claimed_until is not None and row.claimed_until > now
    holder = row.claimed_by if row is not None and is_held else None
    is_mine = holder is not None and holder.pk == user.pk
    asker = row.asked_by if row is not None and is_held else None
    has_asked = asker is not None and asker.pk == user.pk
    return Place(
        name=choice.slot.name,
        label=choice.slot.label,
        size=choice.slot.size,
        version=row.version if row is not None else 0,
        headline=shown.headline if shown is not None else "",
        section=titles.get(shown.section_id or 0, "") if shown is not None else "",
        article=shown.pk if shown is not None else None,
        state=_state(one, names, waiting, now),
        is_pinned=one.is_pinned,
        is_out=choice.article is not None and not one.is_pinned,
        until=choice.until,
        rule=choice.rule,
        holder=str(holder) if holder is not None and not is_mine else "",
        held_until=row.claimed_until if row is not None and is_held else None,
        is_mine=is_mine,
        asker=str(asker) if asker is not None and is_mine and not has_asked else "",
        has_asked=has_asked,
        may_take=has_asked and row is not None and row.asked_at is not None and row.asked_at + PATIENCE <= now,
    )


def _state(one: Filled, names: dict[str, str], waiting: dict[int, datetime | None], now: datetime) -> str:
    choice = one.choice
    rule = names.get(choice.rule, "")
    if one.is_pinned:
        return _("Pinned until %s") % moment(choice.until) if choice.until else _("Pinned")
    if choice.article is None:
        return _("By rule: %s") % rule
    what = {"pin": in_words(choice, names), "rule": rule}
    if choice.until is not None and choice.until <= now:
        return _("%(pin)s has ended. By rule: %(rule)s") % what
    goes_live_at = waiting.get(choice.article)
    if goes_live_at is not None and goes_live_at > now:
        what |= {"time": moment(goes_live_at)}
        return _("%(pin)s goes live at %(time)s. Until then by rule: %(rule)s") % what
    return _("%(pin)s is not out. By rule: %(rule)s") % what


def _rules(sections: Sequence[Publication], names: dict[str, str]) -> Options:
    stories = [(one.key, one.name) for one in Story.objects.order_by("-pk")[:SHELVES_OFFERED]]
    topics = [(one.key, one.name) for one in Topic.objects.order_by("name")[:SHELVES_OFFERED]]
    designs = [(f"{DESIGNS}{name}", str(label)) for name, label in Article.Design.choices]
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        (_("The newest"), [("", _("The newest of this front")), (keys.ALL, _("The newest of everything"))]),
        (_("The newest of a section"), [(keys.section_list(one.pk), one.headline) for one in sections]),
        (_("The newest of a running story"), stories),
        (_("The newest on a topic"), topics),
        (_("The newest in a form"), designs),
    ]
    offered = {value for _label, options in groups for value, _text in options}
    more: list[tuple[str, Any]] = [(rule, name) for rule, name in names.items() if rule not in offered]
    return [(label, options) for label, options in [*groups, (_("Others in use"), more)] if options]
