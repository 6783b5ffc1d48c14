"""Where many replies stand that came at once: under what, and in which places. Called inside a transaction."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from stoppress.comments import keys
from stoppress.comments.models import Comment, State, Thread
from stoppress.pagestore.actions import mark

AT_ONCE = 400
"""Rows in one statement."""
T = TypeVar("T")
SENT_AWAY = frozenset({State.REFUSED, State.SPAM, State.REMOVED})


@dataclass(slots=True)
class Spot:
    """A reply without its words: ten thousand of them are held at once.

    Attributes:
        parent: id of what it answers.
        number: how many stood before it in the file.
        rank: the place that it had where it comes from; ``None`` when it had none, or nobody knows. Whatever had one
            gets one here, shown or not: answers stand below it.
        above: primary key of its parent; ``root`` that of the reply to the subject that it stands under.
        order: no earlier than that of its parent, whatever the clocks said.
    """

    pk: int
    parent: str
    state: State
    made_at: datetime
    number: int = 0
    rank: int | None = None
    above: int | None = None
    root: int | None = None
    depth: int = 0
    place: int | None = None
    order: datetime | None = None


def settle(thread: Thread, spots: dict[str, Spot], tell: Callable[[str, str], None]) -> None:
    """Find out under what each stands: its parent, or what is nearest of those that may be shown."""
    known = _known_parents(thread, {one.parent for one in spots.values() if one.parent} - spots.keys())
    every = {**known, **spots}
    for key, spot in spots.items():
        nearest = _nearest(key, every)
        if nearest != spot.parent and spot.state not in SENT_AWAY:
            tell("reply to one that did not come or was refused, now below what that one answered", key)
        spot.parent = nearest
    settled = set(known)
    for key in spots:
        _stand(key, every, settled, tell)


def arrange(thread: Thread, spots: dict[str, Spot]) -> None:
    """Give places to approved ones in the order of their dates, or that which they had, keep the counts, and mark the
    pages that show them."""
    shown = [one for one in spots.values() if one.state == State.APPROVED or one.rank is not None]
    shown.sort(key=lambda one: (one.rank is None, one.rank or 0, one.order or one.made_at, one.depth, one.number))
    roots = _roots(sorted({one.root for one in shown if one.root is not None}))
    first_root = thread.roots
    places = _places_of_roots(thread, shown, roots, {one.pk: one for one in spots.values()})
    marked = {keys.look_again(thread.subject)} if shown else set()
    for one in shown:
        if one.root is None:
            one.place = places[one.pk]
            continue
        root = roots[one.root]
        one.place = root.replies
        root.replies += 1
        if number := one.place // keys.REPLIES_ON_A_PAGE:
            marked.add(keys.under(thread.subject, root.pk, number))
        places.setdefault(root.pk, root.place or 0)
    marked |= {keys.bucket(thread.subject, place // keys.ROOTS_ON_A_PAGE) for place in places.values()}
    if any(place % keys.ROOTS_ON_A_PAGE == 0 for place in range(first_root, thread.roots)):
        marked.add(keys.newest(thread.subject))
    rows = [
        Comment(pk=one.pk, parent_id=one.above, root_id=one.root, depth=one.depth, place=one.place)
        for one in spots.values()
        if one.above is not None or one.place is not None
    ]
    Comment.objects.bulk_update(rows, ["parent", "root", "depth", "place"], batch_size=AT_ONCE)
    Comment.objects.bulk_update(roots.values(), ["replies", "place"], batch_size=AT_ONCE)
    thread.count += sum(one.state == State.APPROVED for one in shown)
    thread.save(update_fields=["count", "roots"])
    mark(*sorted(marked))


def _roots(pks: Sequence[int]) -> dict[int, Comment]:
    found: dict[int, Comment] = {}
    for some in batched(pks):
        found |= {one.pk: one for one in Comment.objects.select_for_update().filter(pk__in=some)}
    return found


def _places_of_roots(
    thread: Thread, shown: Sequence[Spot], roots: dict[int, Comment], spots: dict[int, Spot]
) -> dict[int, int]:
    """Places for approved roots, and for those that are still held and hold the place of what is shown below them."""
    due = [
        (one.rank is None, one.rank or 0, one.order or one.made_at, one.number, one.pk)
        for one in shown
        if one.root is None
    ]
    new = {pk for *_order, pk in due}
    for root in roots.values():
        if root.place is None and root.pk not in new:
            number = spots[root.pk].number if root.pk in spots else -1
            due.append((True, 0, root.made_at, number, root.pk))
    places = {}
    for *_order, pk in sorted(due):
        places[pk] = thread.roots
        thread.roots += 1
        if pk in roots:
            roots[pk].place = places[pk]
        if pk in spots:
            spots[pk].place = places[pk]
    return places


def _known_parents(thread: Thread, ids: set[str]) -> dict[str, Spot]:
    """Those that came with an earlier import, and what they stand under."""
    found: dict[str, Spot] = {}
    for some in batched(sorted(ids)):
        rows = Comment.objects.filter(thread=thread, imported_id__in=some).select_related("parent")
        # Their words are not wanted.
        for row in rows.defer("text", "parent__text"):
            parent = row.parent.imported_id if row.parent is not None else ""
            found[row.imported_id] = Spot(
                row.pk,
                parent,
                State(row.state),
                row.made_at,
                above=row.parent_id,
                root=row.root_id,
                depth=row.depth,
                place=row.place,
                order=row.made_at,
            )
    return found


def _nearest(key: str, every: dict[str, Spot]) -> str:
    """Id of the first above ``key`` that readers see or may see; empty for the subject itself."""
    passed: list[Spot] = []
    seen: set[str] = set()
    at = every[key].parent
    while at:
        above = every.get(at)
        if above is None or at in seen:
            at = ""
        elif above.place is None and above.rank is None and above.state in SENT_AWAY:
            # So that a long row of them is not climbed again by each that stands on it.
            passed.append(above)
            seen.add(at)
            at = above.parent
        else:
            break
    for spot in passed:
        spot.parent = at
    return at


def _stand(key: str, every: dict[str, Spot], settled: set[str], tell: Callable[[str, str], None]) -> None:
    """Settle root, depth and order of ``key`` and of all above it; as a loop, since people argue deep."""
    path: dict[str, None] = {}
    at = key
    while at and at not in settled and at not in path:
        path[at] = None
        at = every[at].parent
    climbed = list(path)
    if at in path:
        tell("replies that answer one another in a circle, the circle cut", at)
        every[climbed[-1]].parent = ""
    for one in reversed(climbed):
        spot = every[one]
        above = every[spot.parent] if spot.parent else None
        spot.order = spot.made_at
        if above is not None:
            spot.above, spot.root, spot.depth = above.pk, above.root or above.pk, above.depth + 1
            spot.order = max(spot.made_at, above.order or above.made_at)
        settled.add(one)


def batched(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """``rows`` in runs that fit into one statement."""
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
