"""Where one story is out: each address that shows it, since when, what waits, what fails. Reads; never writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from stoppress.newsroom.keys import article, card
from stoppress.newsroom.models import Article
from stoppress.pagestore.models import Address, Priority

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Place:
    """One address.

    Attributes:
        baked_at: when readers last got a new version; ``None`` while the first is being made.
        is_waiting: a newer version is on its way.
        error: why the newest one could not be made; readers have the one before.
        leads_to: for a former address, what it answers.
    """

    path: str
    baked_at: datetime | None
    is_waiting: bool
    error: str
    leads_to: str = ""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """All of them by kind.

    Attributes:
        is_cut: there are more than are listed.
    """

    groups: Sequence[tuple[str, Sequence[Place]]]
    is_cut: bool


def whereabouts(page: Article) -> Whereabouts:
    """Where ``page`` is to be found now, as far as was derived."""
    own = article(page.pk)
    labels = {
        "page": _("The story itself"),
        "front": _("Fronts and lists"),
        "feed": _("Feeds and site maps"),
        "other": _("Other pages that name it"),
        "former": _("Former addresses"),
    }
    found: dict[str, list[Place]] = {name: [] for name in labels}
    shows_it = Address.objects.filter(dependencies__key__in=[own, card(page.pk)], state=Address.State.LIVE)
    addresses = shows_it.exclude(subject=own).distinct().select_related("task").order_by("priority", "path")
    listed = list(addresses[: MOST_SHOWN + 1])
    itself = Address.objects.filter(subject=own).select_related("task").order_by("-state", "path")
    for address in [*itself[:MOST_SHOWN], *listed[:MOST_SHOWN]]:
        found[_group(address, own)].append(_place(address))
    groups = [(label, found[name]) for name, label in labels.items() if found[name]]
    return Whereabouts(groups, len(listed) > MOST_SHOWN)


def _group(address: Address, own: str) -> str:
    if address.subject == own:
        return "page" if address.state == Address.State.LIVE else "former"
    groups = {Priority.FRONT.value: "front", Priority.OLDER.value: "front", Priority.FEED.value: "feed"}
    return groups.get(address.priority, "other")


def _place(address: Address) -> Place:
    leads_to = {Address.State.MOVED: _("redirects to the story"), Address.State.GONE: _("answers “gone”")}
    return Place(
        path=address.path,
        baked_at=address.baked_at,
        is_waiting=hasattr(address, "task"),
        error=address.error if address.failed_at else "",
        leads_to=leads_to.get(Address.State(address.state), ""),
    )
