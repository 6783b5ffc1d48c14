"""An article's own page, and a static page."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.core.subject import Subject, SubjectState
from stoppress.newsroom import corrected, keys, looks, reading, replies, structured, versions
from stoppress.newsroom.figures import Figure, figures_of
from stoppress.newsroom.models import Article, Author, Byline, Shelf, StaticPage
from stoppress.newsroom.pages.related import part_of, related_to, size_of
from stoppress.newsroom.pages.site import Label, about, common

BESIDE_THE_TEXT = {"pull_quote", "fact_box"}
"""Blocks that stand where the rail would."""
RAIL_MINUTES = 2
"""A shorter text would end before what stands beside it."""
PLAIN_BLOCKS = {"text", "subheading", "image", "quote"}
"""Blocks that the style sheet of every page knows; what else stands in an article brings a sheet of its own."""


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone's part in an article."""

    name: str
    path: str
    role: str
    role_name: str
    job: str = ""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Piece:
    """A block of the body.

    Attributes:
        anchor: where an address can lead to it; empty for most.
    """

    block: Any
    anchor: str = ""


def article(page: Article, *, is_preview: bool = False) -> dict[str, Any]:
    """One article."""
    depends_on(keys.article(page.pk or 0))
    shared = common(page.public_path if page.path else "/", page.path or "", is_preview=is_preview)
    crumbs = shared["crumbs"]
    bylines = _linked(page.bylines, "author")
    credits = [_credit(byline) for byline in bylines]
    writers = [credit for credit in credits if credit.role == Byline.Role.WRITER]
    topics = [use.topic for use in _linked(page.topics, "topic")]
    shelves = [_shelf_link(one) for one in [page.story, page.series, *topics] if one is not None]
    look = looks.look_of(page.design)
    lead, portrait = _figures(page, [one.author for one in bylines if one.role == Byline.Role.WRITER], look)
    corrections = corrected.notices(page)
    kinds = {block.block_type for block in page.body}
    on_top, pieces = _arranged(page.body, look)
    section = crumbs[-1] if crumbs else None
    context = {
        **shared,
        "headline": page.title,
        "search_headline": page.seo_title or page.title,
        "share_headline": page.share_headline or page.title,
        "kicker": page.kicker or look.label,
        "design": page.design,
        "display": page.display,
        "look": look,
        "standfirst": page.standfirst,
        "authors": writers,
        "credits": [credit for credit in credits if credit.role != Byline.Role.WRITER],
        "byline": get_text_list([credit.name for credit in writers], _("and")),
        "portrait": portrait,
        "dateline_place": page.dateline_place,
        "dateline_at": page.dateline_at,
        "published_at": page.first_published_at,
        "updated_at": page.updated_at,
        "update_note": page.update_note,
        "minutes": reading.minutes(page.body.raw_data),
        "section": section,
        "figure": lead,
        "lead_sizes": looks.PAGE if page.display == Article.Display.SHOWCASE else look.lead_sizes,
        "on_top": on_top,
        "pieces": pieces,
        "contents": [piece for piece in pieces if piece.anchor],
        "story": _shelf_link(page.story) if page.story else None,
        "shelves": shelves,
        "corrections": corrections,
        "corrected_at": max((one.at for one in corrections), default=None),
        "modified_at": max((one for one in [page.updated_at, *(c.at for c in corrections)] if one), default=None),
        "versions_path": "" if is_preview else versions.path_of(page),
        "has_parts": bool(kinds - PLAIN_BLOCKS),
        "has_embeds": "embed" in kinds,
        "has_gallery": "gallery" in kinds,
    }
    context["about"] = about(context["share_headline"], page.search_description or page.standfirst or page.title, lead)
    if not is_preview:
        lists = [*(shelf.key for shelf in shelves), *([section.key] if section else [])]
        context |= {
            "part": part_of(page),
            "related": (related := related_to(page, lists)),
            "related_size": size_of(related),
            "has_rail": bool(related) and look.has_rail and _has_room(context["minutes"], kinds),
            "subject": (subject := _subject(page, topics, context)),
            "replies": replies.link_of(subject),
            "error_path": reverse("report_error", args=[page.pk]),
        }
    context["json_ld"] = [structured.article(context), structured.crumbs(context)]
    return context


def _figures(page: Article, writers: Sequence[Author], look: looks.Look) -> tuple[Figure | None, Figure | None]:
    """The picture at the top, and a portrait of who wrote it where the design shows one."""
    lead_id = page.lead_picture_id if page.display != Article.Display.PLAIN else None
    portrait_id = writers[0].portrait_id if writers and look.has_portrait else None
    makers = figures_of([pk for pk in (lead_id, portrait_id) if pk])
    make, make_portrait = makers.get(lead_id or 0), makers.get(portrait_id or 0)
    return (
        make(page.lead_alt, page.lead_caption, page.lead_is_decorative) if make else None,
        make_portrait("", "", True) if make_portrait else None,  # the name stands beside it
    )


def _has_room(minutes: int, kinds: Set[str]) -> bool:
    """Whether a rail can stand beside the text, from how long that is and what it holds."""
    return minutes >= RAIL_MINUTES and not kinds & BESIDE_THE_TEXT


def _arranged(body: Any, look: looks.Look) -> tuple[Any, list[Piece]]:
    """What the design lifts to the top of the page, and the rest, with anchors where its contents lead to."""
    on_top = next((block for block in body if block.block_type in look.on_top), None)
    pieces = []
    for number, block in enumerate(body, 1):
        if block is not on_top:
            has_anchor = look.has_contents and block.block_type == "subheading"
            pieces.append(Piece(block, f"part-{number}" if has_anchor else ""))
    return on_top, pieces


def _subject(page: Article, topics: Sequence[Shelf], context: Mapping[str, Any]) -> Subject:
    section = context["section"]
    return Subject(
        key=keys.article(page.pk),
        url=page.public_path,
        title=page.title,
        section_path=section.path if section else "/",
        tags=tuple(topic.slug for topic in topics),
        published_at=page.first_published_at,
        state=SubjectState.LIVE,
        language=context["site"].language,
        sections=tuple(crumb.key for crumb in reversed(context["crumbs"])),
    )


def static_page(page: StaticPage, *, is_preview: bool = False) -> dict[str, Any]:
    """A page that the publication has about itself."""
    depends_on(keys.static(page.pk or 0))
    return {
        **common(page.public_path if page.path else "/", is_preview=is_preview),
        "headline": page.title,
        "about": about(page.title, page.search_description or page.title),
        "pieces": [Piece(block) for block in page.body],
        "has_parts": bool({block.block_type for block in page.body} - PLAIN_BLOCKS),
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
    return Credit(author.name, author.public_path, byline.role, byline.get_role_display(), author.job)


def _shelf_link(one: Shelf) -> Label:
    depends_on(one.key)
    return Label(one.name, one.public_path, key=one.key)
