"""What every page says: the publication, where in it the page stands, and the way elsewhere."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.text import Truncator
from wagtail.models import Page

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys
from stoppress.newsroom.figures import Figure
from stoppress.newsroom.models import Publication
from stoppress.newsroom.models.publication import FEEDS

FEED_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
FEED_NAMES = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


LONGEST_DESCRIPTION = 300
TOP = 3
"""Depth of the sections below the home page in Wagtail's tree."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A section in the navigation."""

    title: str
    path: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A section's or shelf's title and address.

    Attributes:
        key: its surrogate key, which is also the name of its list.
    """

    title: str
    path: str
    standfirst: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed as a page names it."""

    type: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class About:
    """What search engines and those who show a link are told of a page."""

    title: str
    description: str
    figure: Figure | None = None


def about(title: str, description: str, figure: Figure | None = None) -> About:
    """The same, with a description that is one line of bearable length."""
    return About(title, Truncator(" ".join(description.split())).chars(LONGEST_DESCRIPTION), figure)


class SiteInfo:
    """What every page says of the publication; the fingerprint covers it."""

    @cached_property
    def title(self) -> str:
        return str(settings.STOPPRESS_TITLE)

    @cached_property
    def strapline(self) -> str:
        return str(settings.STOPPRESS_STRAPLINE)

    @cached_property
    def language(self) -> str:
        return str(settings.STOPPRESS_LANGUAGE)

    @cached_property
    def base_url(self) -> str:
        return str(settings.BASE_URL)


def common(path: str, tree_path: str = "", *, is_preview: bool = False) -> dict[str, Any]:
    """Site, tabs, crumbs and canonical address; ``tree_path`` says where in the sections the page stands."""
    depends_on(keys.NAV, keys.FOOTER)
    # Every page shows all three, and a query costs more than the rows: the tabs, the sections above, the footer.
    places = [tree_path[:end] for end in range(Page.steplen, len(tree_path), Page.steplen)]
    top = tree_path[: TOP * Page.steplen]
    is_near = Q(section_id=None)
    if len(top) == TOP * Page.steplen:
        is_near |= Q(tree_path__startswith=top)
    is_section = Q(noun=Publication.Noun.SECTION) & is_near
    found = in_order(is_section | Q(noun=Publication.Noun.STATIC, is_in_footer=True))
    sections = [one for one in found if one.noun == Publication.Noun.SECTION]
    above = [section for section in sections if section.tree_path in places]
    depends_on(*(keys.section(section.pk) for section in above))
    tabs: dict[int, list[Tab]] = {TOP: [], TOP + 1: []}
    for section in sections:
        is_current = bool(tree_path) and tree_path.startswith(section.tree_path)
        if (level := len(section.tree_path) // Page.steplen) in tabs:
            tabs[level].append(Tab(section.headline, section.path, is_current))
        if is_current and level == TOP:
            depends_on(keys.below(section.pk))
    return {
        "site": SiteInfo(),
        "tabs": tabs[TOP],
        "subtabs": tabs[TOP + 1] if any(tab.is_current for tab in tabs[TOP]) else [],
        "crumbs": [Label(section.headline, section.path, key=keys.section(section.pk)) for section in above],
        "footer": [Label(one.headline, one.path) for one in found if one.noun == Publication.Noun.STATIC],
        "canonical": settings.BASE_URL + path,
        "is_preview": is_preview,
        "feeds": feeds_of("/"),
    }


def feeds_of(front: str) -> list[FeedLink]:
    """The feeds of what lives at ``front``."""
    return [FeedLink(FEED_TYPES[kind], FEED_NAMES[kind], front + place) for kind, place in FEEDS.items()]


def in_order(which: Q) -> list[Publication]:
    """Live pages as derived, in the order of the tree."""
    return sorted(Publication.objects.filter(which, is_live=True), key=lambda one: one.tree_path)
