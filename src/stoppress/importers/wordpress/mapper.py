"""From an item of the export to the content of an article. Pure: no Django, nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from stoppress.importers.wordpress import galleries
from stoppress.importers.wordpress.body import files_in, pictures_in
from stoppress.importers.wordpress.context import MAX_ALT, MAX_CAPTION, Block, Context, FoundFile
from stoppress.importers.wordpress.delimiters import PAGE_BREAK
from stoppress.importers.wordpress.markup import compose
from stoppress.importers.wordpress.records import Category, Item
from stoppress.importers.wordpress.text import clip, plain
from stoppress.importers.wordpress.uploads import Uploads

PASSWORD = "password"  # noqa: S105 - a reason, not a secret
NOT_YET = "not yet"
UNCATEGORIZED = "uncategorized"
NO_SECTION = ""
"""Slug of the section for posts without a category."""
DESIGNS = {"gallery": "gallery", "image": "gallery", "video": "video"}
"""What a post format becomes."""
MAX_PAGES = 100
"""Pages of one post whose addresses redirect."""
MAX_HEADLINE, MAX_STANDFIRST = 255, 500


@dataclass(slots=True)
class Mapped:
    """An article as it is to be. Sections, authors and pictures are still the old system's.

    Attributes:
        slug: as it was, decoded; perhaps not ASCII.
        pictures: paths of all pictures, lead first, each once.
        files: paths of all other files, each once.
        old_paths: addresses that should lead here.
        tags: slugs, in the order of the export.
        reused: numbers of the reusable blocks that are part of it.
        design: value of ``Article.Design``; empty for an ordinary report.
    """

    source_id: str
    headline: str
    slug: str
    standfirst: str
    body: list[Block]
    section: str
    creator: str
    lead: str
    lead_alt: str
    lead_caption: str
    published_at: datetime
    changed_at: datetime
    pictures: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    old_paths: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    design: str = ""
    reused: set[str] = field(default_factory=set)
    lost: Counter[str] = field(default_factory=Counter)
    simpler: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)


def kept_back(item: Item, now: datetime) -> str:
    """Why a post is not public on the old site; empty when it is."""
    if item.status != "publish":
        return item.status or "unknown"
    if item.password:
        return PASSWORD
    published_at = moment(item.date_gmt) or moment(item.date)
    return NOT_YET if published_at and published_at > now else ""


def behind_gmt(item: Item) -> timedelta | None:
    """How far GMT is behind the clock of the site in this post; ``None`` when it doesn't say both times."""
    here, gmt = moment(item.date), moment(item.date_gmt)
    return here - gmt if here and gmt and abs(here - gmt) <= timedelta(hours=15) else None


def source_id(item: Item) -> str:
    """What tells this item from others of its site."""
    return (item.id or item.guid or item.link)[:500]


def lineage(slug: str, categories: Mapping[str, Category]) -> Iterator[str]:
    """``slug`` and its ancestors, nearest first; a circle ends where it closes."""
    seen: set[str] = set()
    while slug and slug not in seen:
        seen.add(slug)
        yield slug
        category = categories.get(slug)
        slug = category.parent if category else ""


def section_of(item: Item, categories: Mapping[str, Category], slug_of_term: Mapping[str, str]) -> str:
    """The one section of a post: the one its editors marked as primary, or the most specific, or the first."""
    slugs = [filing.slug for filing in item.filings if filing.taxonomy == "category" and filing.slug]
    for key in ("_yoast_wpseo_primary_category", "rank_math_primary_category"):
        primary = slug_of_term.get(item.meta.get(key, ""))
        if primary in slugs:
            return primary
    named = [slug for slug in slugs if slug != UNCATEGORIZED] or slugs
    return max(named, key=lambda slug: len(list(lineage(slug, categories))), default=NO_SECTION)


def tags_of(item: Item) -> list[str]:
    """Slugs of the tags of a post, each once."""
    return list(dict.fromkeys(f.slug for f in item.filings if f.taxonomy == "post_tag" and f.slug))


def _design(item: Item, mapped: Mapped) -> str:
    for filing in item.filings:
        if filing.taxonomy == "post_format":
            name = filing.slug.removeprefix("post-format-")
            if name in DESIGNS:
                return DESIGNS[name]
            mapped.simpler["post of another format, as an ordinary report: " + name[:40]] += 1
    return ""


def old_path(address: str) -> str:
    """The path of an old address, decoded; empty when it was a query (``/?p=212``), which no page can answer."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = unquote(parts.path)
    return "" if parts.query or path in {"", "/"} else path


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What posts refer to.

    Attributes:
        slug_of_term: a category's slug by its number.
        reusable: the content of a reusable block that the old site shows to everyone.
        file: the file of an attachment id or an address that is no picture's, with what speaks against it.
        hosts: names of the old site.
        exported: when, as the export says.
        behind: how far GMT is behind the site's own clock.
    """

    categories: Mapping[str, Category]
    slug_of_term: Mapping[str, str]
    uploads: Uploads
    files: Uploads
    file: Callable[[str, str], FoundFile | None]
    reusable: Callable[[str], str | None]
    hosts: frozenset[str]
    exported: str
    behind: timedelta = timedelta()


def article(item: Item, around: Surroundings) -> Mapped:
    """Map a public post, or a page, which has no section."""
    uploads, hosts = around.uploads, around.hosts
    own, own_files = uploads.of_post(item.id), around.files.of_post(item.id)
    context = Context(
        find=lambda src, number: uploads.find(src, number, hosts),
        gallery=lambda wish: galleries.chosen(wish, item.id, uploads.by_id, uploads.of_post),
        file=around.file,
        own_files=lambda kind: [
            found for upload in own_files if (found := around.file("", upload.id)) and found.kind == kind
        ],
        reusable=around.reusable,
        footnotes=item.meta.get("footnotes", ""),
        hosts=hosts,
        headline=plain(item.title),
    )
    composed = compose(item.body, context)
    notes = composed.notes
    published_at = moment(item.date_gmt)
    if published_at is None and (own_time := moment(item.date)):
        published_at = own_time - around.behind
        notes["post without its time in GMT, reckoned by the site's usual difference"] += 1
    if published_at is None:
        published_at = _mail_time(around.exported)
        notes["post without a date, dated by the export"] += 1
    lead = uploads.by_id(item.meta.get("_thumbnail_id", ""))
    if lead is None and item.meta.get("_thumbnail_id", "0") not in {"", "0", "-1"}:
        composed.lost["featured picture that is not in the export"] += 1
    mapped = Mapped(
        source_id=source_id(item),
        headline=_headline(item, composed.blocks, notes),
        slug=unquote(item.slug),
        standfirst=clip(plain(item.excerpt), MAX_STANDFIRST),
        body=composed.blocks,
        section=section_of(item, around.categories, around.slug_of_term),
        creator=item.creator,
        lead=lead.path if lead else "",
        lead_alt=clip(lead.alt, MAX_ALT) if lead else "",
        lead_caption=clip(lead.caption, MAX_CAPTION) if lead else "",
        published_at=published_at,
        changed_at=max(moment(item.modified_gmt) or published_at, published_at),
        lost=composed.lost,
        simpler=composed.simpler,
        notes=notes,
    )
    inline = [found["image"] for found in pictures_in(composed.blocks)]
    mapped.pictures = list(dict.fromkeys([mapped.lead, *inline] if lead else inline))
    mapped.files = files_in(composed.blocks)
    pages = (item.link, *(upload.page for upload in (*own, *own_files)))
    mapped.old_paths = [path for page in pages if (path := old_path(page))]
    mapped.old_paths += _further_pages(old_path(item.link), composed.simpler.get(PAGE_BREAK, 0))
    mapped.reused = composed.reused
    if not old_path(item.link):
        notes["post whose old address was a query (?p=…), which can't redirect"] += 1
    mapped.tags = tags_of(item)
    mapped.design = _design(item, mapped)
    if item.kind == "post":
        _note_filing(item, mapped)
    pictures = [(mapped.lead, mapped.lead_alt)] if lead else []
    pictures += [(found["image"], found["alt"]) for found in pictures_in(mapped.body) if "alt" in found]
    if silent := sum(not alt for _path, alt in pictures):
        notes["picture without alternative text"] += silent
    return mapped


def _further_pages(path: str, breaks: int) -> list[str]:
    """Where the second and further pages of a post were."""
    return [f"{path.rstrip('/')}/{number}/" for number in range(2, min(breaks, MAX_PAGES) + 2)] if path else []


def _note_filing(item: Item, mapped: Mapped) -> None:
    slugs = {filing.slug for filing in item.filings if filing.taxonomy == "category"}
    if len(slugs) > 1:
        mapped.notes["post filed in several categories, now in one section"] += 1
    if not slugs:
        mapped.notes["post without a category"] += 1
    if item.is_sticky:
        mapped.notes["sticky post, not pinned here yet"] += 1


def _headline(item: Item, blocks: list[Block], notes: Counter[str]) -> str:
    headline = plain(item.title)
    if len(headline) > MAX_HEADLINE:
        notes["headline longer than 255 characters, cut"] += 1
    if headline:
        return clip(headline, MAX_HEADLINE)
    notes["post without a headline, named after its first words"] += 1
    for block in blocks:
        words = ""
        if block["type"] == "text":
            # A space where an element ends, or the words of two paragraphs run together.
            words = plain(block["value"].replace("<", " <"))
        elif block["type"] == "subheading":
            words = block["value"]
        if words:
            return clip(words, 60)
    return "Untitled"


def moment(text: str) -> datetime | None:
    """``2025-10-06 18:30:00`` as UTC; ``None`` for zeros and nonsense."""
    try:
        time = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return time if time.year > 1 else None


def _mail_time(text: str) -> datetime:
    """``Mon, 23 Nov 2026 04:24:55 +0000``, or the epoch."""
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (TypeError, ValueError):
        return datetime.fromtimestamp(0, UTC)
