"""An article's own page, and a static page."""

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import corrected, keys, structured, versions
from stoppress.newsroom.figures import figure
from stoppress.newsroom.models import Article, Byline, Shelf, StaticPage
from stoppress.newsroom.pages.site import Label, common

PLAIN_BLOCKS = {"text", "subheading", "image", "quote"}
"""Blocks that the style sheet of every page knows; what else stands in an article brings a sheet of its own."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone's part in an article."""

    name: str
    path: str
    role: str
    role_name: str

    def __str__(self) -> str:
        return self.name


def article(page: Article, *, is_preview: bool = False) -> dict[str, Any]:
    """One article."""
    depends_on(keys.article(page.pk or 0))
    shared = common(page.public_path if page.path else "/", page.path or "", is_preview=is_preview)
    crumbs = shared["crumbs"]
    credits = [_credit(byline) for byline in _linked(page.bylines, "author")]
    writers = [credit for credit in credits if credit.role == Byline.Role.WRITER]
    topics = [use.topic for use in _linked(page.topics, "topic")]
    shelves = [_shelf_link(one) for one in [page.story, page.series, *topics] if one is not None]
    lead = None
    if page.lead_picture_id and page.display != Article.Display.PLAIN:
        lead = figure(page.lead_picture_id, page.lead_alt, page.lead_caption, is_decorative=page.lead_is_decorative)
    corrections = corrected.notices(page)
    kinds = {block.block_type for block in page.body}
    context = {
        **shared,
        "headline": page.title,
        "kicker": page.kicker,
        "design": page.design,
        "display": page.display,
        "standfirst": page.standfirst,
        "authors": writers,
        "credits": [credit for credit in credits if credit.role != Byline.Role.WRITER],
        "byline": get_text_list([credit.name for credit in writers], _("and")),
        "dateline_place": page.dateline_place,
        "dateline_at": page.dateline_at,
        "published_at": page.first_published_at,
        "updated_at": page.updated_at,
        "update_note": page.update_note,
        "section": crumbs[-1] if crumbs else None,
        "figure": lead,
        "story": _shelf_link(page.story) if page.story else None,
        "shelves": shelves,
        "corrections": corrections,
        "corrected_at": max((one.at for one in corrections), default=None),
        "modified_at": max((one for one in [page.updated_at, *(c.at for c in corrections)] if one), default=None),
        "versions_path": "" if is_preview else versions.path_of(page),
        "has_parts": bool(kinds - PLAIN_BLOCKS),
        "has_embeds": "embed" in kinds,
    }
    context["json_ld"] = [structured.article(context), structured.crumbs(context)]
    return context


def static_page(page: StaticPage, *, is_preview: bool = False) -> dict[str, Any]:
    """A page that the publication has about itself."""
    depends_on(keys.static(page.pk or 0))
    return {
        **common(page.public_path if page.path else "/", is_preview=is_preview),
        "headline": page.title,
        "current_path": page.public_path if page.path else "",
    }


def _linked(uses: Any, name: str) -> list[Any]:
    """An article's bylines or topics in order, each with what it links to; those that link to nothing are left out."""
    # Ordered here for the sake of a preview, whose rows stand in memory; so not in the database as well.
    found = sorted(uses.order_by().select_related(name), key=lambda use: (use.sort_order or 0, use.pk or 0))
    # There nothing is joined, and an author may be gone.
    prefetch_related_objects(found, name)
    return [use for use in found if getattr(use, name, None) is not None]


def _credit(byline: Byline) -> Credit:
    author = byline.author
    depends_on(author.key)
    return Credit(author.name, author.public_path, byline.role, byline.get_role_display())


def _shelf_link(one: Shelf) -> Label:
    depends_on(one.key)
    return Label(one.name, one.public_path)
