"""The first pass over an export: what is in it, and whether all of it can be read, before anything is written."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress import mapper
from stoppress.importers.wordpress.markup import MAX_CONTENT
from stoppress.importers.wordpress.reader import Export
from stoppress.importers.wordpress.records import Author, Category, Item, Site, Term
from stoppress.importers.wordpress.text import plain
from stoppress.importers.wordpress.uploads import MediaFolder, Uploads

_STATUSES = {
    "draft": "drafts",
    "auto-draft": "drafts that WordPress made by itself",
    "pending": "posts waiting for review",
    "private": "private posts",
    "future": "scheduled posts",
    "trash": "posts in the trash",
    mapper.PASSWORD: "password-protected posts",
    mapper.NOT_YET: "posts with a date in the future",
}
_KINDS = {
    "nav_menu_item": "menu entries",
    "custom_css": "style sheets",
    "revision": "revisions",
}
MAX_REUSABLE = 8 * 2**20
"""Characters of all reusable blocks together, which are kept in memory."""
MAX_DIFFERENCES = 100
"""There are fewer zones than that, summer times among them."""
_TAXONOMIES = {"nav_menu": "menus", "post_format": "post formats", "author": "guest authors"}


class Survey:
    """What the second pass needs of the whole file, and the counts that the receipt begins with.

    Raises:
        ExportUnreadable: the file can't be used.
    """

    def __init__(self, export: Export, folder: MediaFolder, now: datetime) -> None:
        self.authors: dict[str, str] = {}
        self.categories: dict[str, Category] = {}
        self.slug_of_term: dict[str, str] = {}
        self.tags: dict[str, Term] = {}
        self.tag_slugs: dict[str, None] = {}
        self.uploads = Uploads(folder, has_pictures=True)
        self.files = Uploads(folder, has_pictures=False)
        self.reusable: dict[str, str] = {}
        self.behind = timedelta()
        self._reusable_length = 0
        self.section_slugs: dict[str, None] = {}
        self.items = self.discussed = 0
        self.receipt = Receipt()
        self._logins: set[str] = set()
        self._terms: dict[str, set[str]] = {}
        self._now = now
        self._differences: Counter[timedelta] = Counter()
        named: dict[str, str] = {}
        for record in export:
            match record:
                case Item():
                    self.items += 1
                    self._item(record)
                case Author():
                    self.authors[record.login] = record.name
                case Category():
                    # Older versions give a parent's name, and parents come first.
                    is_name = record.parent not in self.categories and record.parent in named
                    category = replace(record, parent=named[record.parent]) if is_name else record
                    named.setdefault(record.name, record.slug)
                    self.categories.setdefault(record.slug, category)
                    self.slug_of_term[record.term_id] = record.slug
                case Term(taxonomy="post_tag"):
                    self.tags[record.slug] = record
                case Term():
                    self._term(record.taxonomy, record.slug)
        self.site: Site = export.site
        self.behind = self._usual_difference()
        self._finish(export)

    def _term(self, taxonomy: str, slug: str) -> None:
        if taxonomy not in {"category", "post_tag", "post_format"}:
            self._terms.setdefault(taxonomy, set()).add(slug)

    def _item(self, item: Item) -> None:
        for filing in item.filings:
            self._term(filing.taxonomy, filing.slug)
            if filing.taxonomy == "post_tag":
                self.tags.setdefault(filing.slug, Term("post_tag", filing.slug, filing.name))
        self.discussed += bool(item.comments)
        if item.kind == "attachment":
            if not self.uploads.add(item) and not self.files.add(item):
                self.receipt.not_yet.add("attachments without a file")
        elif item.kind in {"post", "page"}:
            reason = mapper.kept_back(item, self._now)
            if reason:
                what = _STATUSES.get(reason, f"posts with the status “{reason[:40]}”")
                self.receipt.kept_back.add(what if item.kind == "post" else what.replace("posts", "pages"))
            elif item.kind == "post":
                self._public(item)
        elif item.kind == "wp_block":
            self._reusable(item)
        else:
            self.receipt.not_yet.add(_KINDS.get(item.kind, f"“{item.kind[:40]}” entries"))

    def _reusable(self, item: Item) -> None:
        reason = mapper.kept_back(item, self._now)
        if reason:
            self.receipt.kept_back.add("reusable blocks that are drafts or private")
            return
        self._reusable_length += len(item.body)
        if len(item.body) > MAX_CONTENT or self._reusable_length > MAX_REUSABLE:
            self.receipt.not_yet.add("reusable blocks beyond all measure", where=f"“{item.title[:100]}”")
        else:
            self.reusable[item.id] = item.body

    def _usual_difference(self) -> timedelta:
        """How far GMT is behind the site's own clock, most of the time."""
        return self._differences.most_common(1)[0][0] if self._differences else timedelta()

    def _public(self, item: Item) -> None:
        difference = mapper.behind_gmt(item)
        if difference is not None and (difference in self._differences or len(self._differences) < MAX_DIFFERENCES):
            self._differences[difference] += 1
        self._logins.add(item.creator)
        chosen = mapper.section_of(item, self.categories, self.slug_of_term)
        self.section_slugs[chosen] = None
        self.tag_slugs |= dict.fromkeys(mapper.tags_of(item))
        for filing in item.filings:
            if filing.taxonomy == "category":
                if filing.slug not in self.categories:
                    self.categories[filing.slug] = Category("", filing.slug, "", filing.name)
                if filing.slug != mapper.UNCATEGORIZED:
                    self.section_slugs[filing.slug] = None

    def _finish(self, export: Export) -> None:
        receipt = self.receipt
        receipt.title, receipt.origin = plain(export.site.title), export.site.link
        for taxonomy, slugs in self._terms.items():
            receipt.not_yet.add(_TAXONOMIES.get(taxonomy, f"terms of “{taxonomy[:40]}”"), len(slugs))
        shown = {ancestor for slug in self.section_slugs for ancestor in mapper.lineage(slug, self.categories)}
        if empty := len(self.categories.keys() - shown - {mapper.UNCATEGORIZED}):
            receipt.not_yet.add("categories without a public post", empty)
        if unused := len(self.tags.keys() - self.tag_slugs.keys()):
            receipt.not_yet.add("tags without a public post", unused)
        if silent := len(self.authors.keys() - self._logins):
            receipt.not_yet.add("people without a public post", silent)
        for repair, title in export.repairs:
            where = f" in “{title}”" if title else ""
            near = f": {repair.near}" if repair.near else ""
            receipt.repairs.append(f"line {repair.line}, column {repair.column}: {repair.what}{where}{near}")
        receipt.repair_count = export.repair_count
