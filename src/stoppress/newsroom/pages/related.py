"""What stands beside an article: older stories about the same, and its neighbours in a series.

Related stories are looked for backwards only, among those that came to the same lists before it. So what an old page
shows stays what it was while the lists grow, and a new story makes no old page stale.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys
from stoppress.newsroom.models import BUCKET, Article, ListEntry, Publication
from stoppress.newsroom.pages.lists import Card, cards_of, newest_first
from stoppress.newsroom.pages.site import Label

RELATED_CARDS = 4
REACH = 12
"""How far back in each list is looked."""


@dataclass(frozen=True, slots=True)
class Part:
    """An article's place in its series.

    Attributes:
        number: from 1, the oldest.
        count: how many parts there are.
    """

    series: Label
    number: int
    count: int
    before: Label | None
    after: Label | None


def related_to(page: Article, lists: Sequence[str]) -> list[Card]:
    """Older stories that share a list with ``page``: more of them first, then earlier lists, then the newest.

    Args:
        lists: names, those that say most first.
    """
    mine = dict(ListEntry.objects.filter(publication_id=page.pk, list__in=lists).values_list("list", "position"))
    wanted = Q()
    for name, position in mine.items():
        first = max(0, position - REACH)
        depends_on(*(keys.kept(name, number) for number in range(first // BUCKET, position // BUCKET + 1)))
        wanted |= Q(list=name, position__gte=first, position__lt=position)
    if not mine:
        return []
    weight: Counter[int] = Counter()
    found: dict[int, Publication] = {}
    for entry in ListEntry.objects.filter(wanted, is_present=True).select_related("publication"):
        found[entry.publication_id] = entry.publication
        weight[entry.publication_id] += 1 << (len(lists) - lists.index(entry.list))
    best = sorted(newest_first(found.values()), key=lambda one: -weight[one.pk])
    return cards_of(best[:RELATED_CARDS], has_labels=False)


def size_of(cards: Sequence[Card]) -> str:
    """Of all of their cards, below an article: unless each has a picture none shows one, and all are alike."""
    return "standard" if all(card.figure for card in cards) else "plain"


def part_of(page: Article) -> Part | None:
    """Where ``page`` stands in its series; ``None`` when it is in none, or alone there."""
    if page.series is None:
        return None
    name = page.series.key
    depends_on(keys.order(name), name)
    columns = ("publication_id", "publication__published_at", "publication__headline", "publication__path")
    parts = sorted(ListEntry.objects.of(name).values_list(*columns), key=_by_time)
    numbers = [pk for pk, *_rest in parts]
    if page.pk not in numbers or len(parts) < 2:
        return None
    place = numbers.index(page.pk)

    def neighbour(at: int) -> Label | None:
        if not 0 <= at < len(parts):
            return None
        pk, _published_at, headline, path = parts[at]
        depends_on(keys.card(pk))
        return Label(headline, path)

    series = Label(page.series.name, page.series.public_path)
    return Part(series, place + 1, len(parts), neighbour(place - 1), neighbour(place + 1))


def _by_time(row: Sequence[Any]) -> tuple[float, int]:
    """Of a part's number and time; the number breaks ties, as in lists."""
    return (row[1].timestamp() if row[1] else 0.0, row[0])
