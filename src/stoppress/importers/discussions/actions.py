"""Bringing replies from a system that holds nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from urllib.parse import urlsplit

from django.utils import timezone

from stoppress.comments.actions import Incoming, bring, bring_breaking, bring_filter, bring_people, bring_settings
from stoppress.comments.actions.restore import LEFT_OUT
from stoppress.comments.models import SITE, State
from stoppress.importers.discussions.kept import (
    breaking_of,
    count_of,
    filter_of,
    number_of,
    past_of,
    person_of,
    settings_of,
    text_of,
    time_of,
)
from stoppress.importers.discussions.places import Place, place_of
from stoppress.importers.discussions.records import REMOVED, Discussion, Line, Reader, Remark
from stoppress.importers.discussions.spool import Spool, Spot
from stoppress.importers.receipt import Receipt
from stoppress.importers.rehearsal import rehearsal

_CAME_FROM = {
    State.APPROVED: "approved replies",
    State.HELD: "replies held for moderation",
    State.REFUSED: "refused replies",
    State.SPAM: "spam",
    State.REMOVED: "deleted replies",
}
LONGEST_NOTE, LONGEST_REASON = 300, 60
Progress = Callable[[int, int], None]


def import_replies(reader: Reader, progress: Progress | None = None, *, is_dry: bool = False) -> Receipt:
    """Bring the replies of another system to the articles that are here; a second run changes nothing.

    All of it is read before anything is written. What waited there waits here, what was refused or spam stays so, and
    of what was deleted nothing comes. Bake afterwards.

    Args:
        progress: called with the number of replies done and of all.
        is_dry: write nothing; the receipt says what would be.

    Raises:
        ExportUnreadable: it can't be used; nothing was changed.
    """
    receipt = Receipt(title=f"Replies from {reader.system}", is_forecast=is_dry)
    with Spool() as spool:
        for record in reader.records():
            spool.add(record)
        spool.close()
        discussions = spool.discussions()
        receipt.origin = _origin(discussions)
        bringing = _Bringing(reader, spool, receipt)
        with rehearsal() if is_dry else nullcontext():
            bringing.bring_people()
            bringing.bring_settings()
            bringing.bring_filters()
            bringing.bring_breaking()
            done = 0
            for discussion in discussions:
                done += bringing.bring(discussion)
                if progress is not None:
                    progress(done, spool.remarks)
    return receipt


class _Bringing:
    """One run. Every reply is counted once, wherever it ends up."""

    def __init__(self, reader: Reader, spool: Spool, receipt: Receipt) -> None:
        self._reader, self._spool, self._receipt = reader, spool, receipt
        self._now = timezone.now()
        self._people: dict[str, int] = {}

    def bring_people(self) -> None:
        """Bring those who wrote, where the export says who they are and what was told them."""
        people = (person_of(line.own) for line in self._spool.lines("writer"))
        self._people, counts = bring_people(people, lambda words, _id: self._receipt.notes.add(words))
        for outcome in ("new", "as before"):
            if counts[outcome]:
                self._receipt.brought.setdefault("people", Counter())[outcome] += counts[outcome]
        if counts["left out"]:
            self._receipt.kept_back.add("people who wanted to be forgotten", counts["left out"])

    def bring_filters(self) -> None:
        """Bring what moderators ask of the queues, to those of them who have an account here."""
        for line in self._spool.lines("filter"):
            writer = self._people.get(number_of(line.own.get("writer")))
            place = self._place(line)
            outcome = bring_filter(filter_of(line.own, place.subject if place is not None else "", writer))
            self._came("saved filters", outcome, "saved filter of somebody who has no account here, or on what is not")

    def bring_breaking(self) -> None:
        """Bring the times in which everything was read first."""
        for line in self._spool.lines("breaking"):
            past, place = breaking_of(line.own), self._place(line)
            is_everywhere = "article" in line.own and line.own["article"] is None
            scope = SITE if is_everywhere else place.subject if place is not None else ""
            outcome = bring_breaking(scope, past) if scope and past is not None else LEFT_OUT
            self._came("times of breaking-news mode", outcome, "time of breaking-news mode on no article that is here")

    def _place(self, line: Line) -> Place | None:
        discussion = self._spool.discussion(line.of)
        return place_of(discussion.address) if discussion is not None and discussion.address else None

    def _came(self, kind: str, outcome: str, left_out: str) -> None:
        if outcome == LEFT_OUT:
            self._receipt.not_yet.add(left_out)
        else:
            self._receipt.count(kind, outcome)

    def bring_settings(self) -> None:
        """Bring what was set for threads, where nothing is set here."""
        for line in self._spool.lines("thread"):
            place = self._place(line)
            settings = settings_of(line.own)
            if place is not None and bring_settings(
                place.subject, settings, lambda words, where: self._receipt.notes.add(words, where=where)
            ):
                self._receipt.count("settings of threads", "new")

    def bring(self, discussion: Discussion) -> int:
        """Bring the replies of one discussion, all or none; returns how many there were."""
        title = f"“{(discussion.title or discussion.address or discussion.id)[:100]}”"
        place = place_of(discussion.address) if discussion.address else None
        if place is None:
            return self._lost(discussion, title)
        spots = self._spool.spots(discussion.id)
        brought = bring(
            place.subject,
            self._incoming(discussion, place, spots, title),
            lambda words, name: self._receipt.notes.add(words, where=f"{name.rpartition(':')[2]} on {title}"),
            self._people,
        )
        for counts, outcome in ((brought.new, "new"), (brought.as_before, "as before")):
            for state, number in counts.items():
                self._receipt.brought.setdefault(f"{state} replies", Counter())[outcome] += number
        for state, number in brought.left_out.items():
            self._receipt.not_yet.add(f"{_CAME_FROM[state]} that could not be brought", number, where=title)
        return sum(1 for _ in self._spool.states(discussion.id))

    def _lost(self, discussion: Discussion, title: str) -> int:
        where = discussion.address[:200] or title
        why = (
            "on addresses where no article was ever found here"
            if discussion.address
            else "on nothing that has an address"
        )
        states = list(self._spool.states(discussion.id))
        for state in states:
            if state == REMOVED:
                self._receipt.kept_back.add("deleted replies", where=title)
            else:
                self._receipt.not_yet.add(f"{_CAME_FROM[State(state)]} {why}", where=where)
        return len(states)

    def _incoming(self, discussion: Discussion, place: Place, spots: dict[str, Spot], title: str) -> Iterator[Incoming]:
        for one in self._spool.of(discussion.id):
            if one.state == REMOVED and not one.is_shell:
                self._receipt.kept_back.add("deleted replies", where=title)
            else:
                yield self._reply(one, place, spots, title)

    def _reply(self, one: Remark, place: Place, spots: dict[str, Spot], title: str) -> Incoming:
        where = f"{one.id[:40]} on {title}"
        parent = nearest(one.parent, spots)
        if parent != one.parent:
            self._receipt.notes.add("reply to one that is gone, now below what that one answered", where=where)
        made_at = one.made_at
        if made_at is None:
            self._receipt.notes.add("reply without a date, dated by its article", where=where)
            made_at = place.published_at or self._now
        simpler: Counter[str] = Counter()
        text = self._reader.plain(one.text, simpler)
        for what, number in (+simpler).items():
            self._receipt.simpler.add(what, number, where=where)
        return Incoming(
            id=one.name_here,
            parent=spots[parent].name_here if parent else "",
            state=State(one.state),
            name=one.name,
            text=text,
            made_at=made_at,
            website=one.website,
            email=one.email,
            address=one.machine,
            edited_at=one.edited_at,
            is_staff=one.is_staff,
            is_author=one.own.get("is_author") is True,
            is_answerer=one.own.get("is_answerer") is True,
            is_followed=one.own.get("is_followed") is True,
            is_account=one.own.get("is_account") is True,
            is_proven=one.own.get("is_proven") is True,
            confirmed_at=time_of(one.own, "confirmed_at"),
            signal=text_of(one.own, "signal", LONGEST_REASON),
            decided_for=text_of(one.own, "decided_for", LONGEST_REASON),
            is_pick=one.is_pick,
            pick_note=text_of(one.own, "pick_note", LONGEST_NOTE),
            recommended=count_of(one.own.get("recommended")) or 0,
            public_id=one.public_id,
            writer=number_of(one.own.get("writer")),
            place=count_of(one.own.get("place")),
            past=past_of(one.own) if "decisions" in one.own else None,
        )


def nearest(parent: str, spots: dict[str, Spot]) -> str:
    """The first from ``parent`` upwards that comes along; empty for the story itself."""
    seen: set[str] = set()
    while parent and parent not in seen:
        spot = spots.get(parent)
        if spot is None:
            return ""
        if spot.comes:
            return parent
        seen.add(parent)
        parent = spot.parent
    return ""


def _origin(discussions: list[Discussion]) -> str:
    """The host that most of the discussions are on."""
    hosts: Counter[str] = Counter()
    for one in discussions:
        try:
            hosts[urlsplit(one.address).netloc.lower()[:200]] += 1
        except ValueError:
            continue
    named = [host for host, _count in hosts.most_common() if host]
    return named[0] if named else "addresses without a host"
