"""The publication as records, batch by batch: memory and the queries for one batch do not grow with the archive.

Everything is read as it was at one moment. What readers may not see is read only when drafts are asked for; what was
killed or withdrawn never is.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page, Revision

from stoppress.comments.models import Thread
from stoppress.exporters import records
from stoppress.exporters.bodies import Wanted, gather
from stoppress.exporters.folder import safe_name
from stoppress.exporters.replies import Batch as ReplyBatch
from stoppress.exporters.replies import Replies
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom.addresses import public_path
from stoppress.newsroom.models import (
    Article,
    ArticleTopic,
    Author,
    Byline,
    Correction,
    Edition,
    Section,
    Series,
    Shelf,
    StaticPage,
    Story,
    Topic,
)
from stoppress.newsroom.restricted import restricted_paths
from stoppress.pagestore.models import Address

if TYPE_CHECKING:
    from datetime import datetime

BATCH = 200
HOME_DEPTH = 2
"""Of the home page in the tree."""
LIVE, CHANGED, PLANNED, EMBARGOED, UNPUBLISHED, DRAFT = (
    "live",
    "changed",
    "planned",
    "embargoed",
    "unpublished",
    "draft",
)
"""What a page's record says of it: ``changed`` is the unpublished next version of a live one."""

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", Article, StaticPage)
SHELVES: dict[type[records.Shelf], tuple[type[Shelf], str]] = {
    records.Topic: (Topic, "uses__article"),
    records.Story: (Story, "articles"),
    records.Series: (Series, "articles"),
}
"""By record: the kind of shelf, and the way from it to its articles."""


@dataclass(slots=True)
class Batch:
    """Some articles or static pages, with what they point at."""

    articles: list[records.Article] = field(default_factory=list)
    pages: list[records.StaticPage] = field(default_factory=list)
    references: records.References = field(default_factory=records.References)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything in the block as it was when the first of it was read, while others write."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Not Django's transaction, which would keep writers out (transaction_mode).
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


class Publication:
    """Reads one publication.

    Args:
        with_drafts: also what readers may not see yet, or any more.

    Attributes:
        now: the moment as of which something is public or not.
    """

    def __init__(self, *, with_drafts: bool) -> None:
        self._with_drafts = with_drafts
        self.now = timezone.now()
        self._restricted = restricted_paths()
        self._sections: dict[str, int] = dict(Section.objects.values_list("path", "pk"))
        self._used = Wanted(set(), set(), set())

    def count(self) -> int:
        """How many articles, pages, pictures and files there are at most; for a progress bar."""
        kinds: tuple[Any, ...] = (Article.objects, StaticPage.objects, Picture.objects, Attachment.objects)
        return sum(int(kind.count()) for kind in kinds)

    def sections(self) -> Iterator[records.Section]:
        """Parents before what is inside of them. One that was taken off comes where public articles stand in it."""
        for section in Section.objects.filter(alias_of=None).order_by("path").iterator(BATCH):
            is_live = bool(section.live) and not any(section.path.startswith(path) for path in self._restricted)
            inside = self._public(Article).filter(path__startswith=section.path)
            if not (is_live or self._with_drafts or inside.exists()):
                continue
            status = LIVE if is_live else UNPUBLISHED if section.first_published_at else DRAFT
            yield records.Section(
                id=section.pk,
                status=status,
                path=section.public_path,
                slug=section.slug,
                title=section.title,
                standfirst=section.standfirst,
                search_description=section.search_description,
                parent=self._section_above(section.path),
            )

    def authors(self) -> Iterator[records.Author]:
        """Those whose names readers have seen, by address."""
        for batch in _batches(self._seen(Author, "bylines__article"), "slug"):
            for one in batch:
                yield records.Author(one.pk, one.public_path, one.slug, one.name, one.job, one.bio)

    def shelves(self, record: type[records.Shelf]) -> Iterator[records.Shelf]:
        """Topics, stories or series on which something public stands, by address."""
        model, way = SHELVES[record]
        for batch in _batches(self._seen(model, way), "slug"):
            for one in batch:
                yield record(one.pk, one.public_path, one.slug, one.name, one.summary)

    def articles(self) -> Iterator[Batch]:
        """Public articles, oldest number first."""
        for found in _batches(self._public(Article)):
            yield self._article_batch([(article, article, LIVE) for article in found], children=self._children(found))

    def static_pages(self) -> Iterator[Batch]:
        """Public static pages."""
        for found in _batches(self._public(StaticPage)):
            yield self._page_batch([(page, page, LIVE) for page in found])

    def drafts(self) -> Iterator[Batch]:
        """Articles and static pages as they may become: what is not public, and the next version of what is."""
        for articles in _batches(Article.objects.filter(alias_of=None, killed_at=None)):
            versions = self._versions(articles)
            if versions:
                children = self._children([row for row, _version, _status in versions])
                yield self._article_batch(versions, children=children)
        for pages in _batches(StaticPage.objects.filter(alias_of=None)):
            if page_versions := self._versions(pages):
                yield self._page_batch(page_versions)

    def discussions(self, replies: Replies) -> Iterator[ReplyBatch]:
        """Replies to public articles; with drafts, to all that were not killed."""
        for threads in self._discussed():
            yield from replies.of(threads)

    def threads(self) -> Iterator[tuple[Thread, records.Thread]]:
        """The threads of these; all of them, also those that nobody has replied to yet."""
        for threads in self._discussed():
            for article, one in threads.items():
                yield (
                    one,
                    records.Thread(
                        article,
                        one.frozen_at,
                        one.frozen_note,
                        one.questions_from,
                        one.questions_until,
                        one.answered_by,
                    ),
                )

    def articles_among(self, numbers: Collection[int]) -> set[int]:
        """Which of these are articles whose replies come."""
        wanted = Article.objects.filter(killed_at=None) if self._with_drafts else self._public(Article)
        return set(wanted.filter(pk__in=numbers).values_list("pk", flat=True))

    def _discussed(self) -> Iterator[dict[int, Thread]]:
        for threads in _batches(Thread.objects.filter(subject__startswith="article:")):
            numbers = [int(thread.subject.partition(":")[2]) for thread in threads]
            here = self.articles_among(numbers)
            yield dict(pair for pair in zip(numbers, threads, strict=True) if pair[0] in here)

    def pictures(self) -> Iterator[list[tuple[Picture, records.Picture]]]:
        """Pictures by the names of their files; without drafts, those that something read before shows."""
        for batch in _batches(Picture.objects.filter(withdrawn_at=None).prefetch_related("tags"), "file", "pk"):
            found = [one for one in batch if self._with_drafts or one.pk in self._used.pictures]
            yield [(one, _picture(one)) for one in found]

    def attachments(self) -> Iterator[list[tuple[Attachment, records.Attachment]]]:
        """Files by their names; without drafts, those that something read before links to."""
        for batch in _batches(Attachment.objects.filter(withdrawn_at=None).prefetch_related("tags"), "file", "pk"):
            found = [one for one in batch if self._with_drafts or one.pk in self._used.files]
            yield [(one, _attachment(one)) for one in found]

    def editions(self) -> Iterator[records.Edition]:
        """Fronts as readers had them; with drafts also those that they never had."""
        found = Edition.objects.select_related("front__page")
        for batch in _batches(found if self._with_drafts else found.exclude(went_live_at=None)):
            yield from map(_edition, batch)

    def addresses(self) -> Iterator[records.Address]:
        """Old addresses, and where they lead now."""
        for batch in _batches(Address.objects.exclude(state=Address.State.LIVE)):
            subjects = [one.subject for one in batch if one.state == Address.State.MOVED]
            live = dict(
                Address.objects.filter(subject__in=subjects, state=Address.State.LIVE).values_list("subject", "path")
            )
            for one in batch:
                to = live.get(one.subject) if one.state == Address.State.MOVED else None
                yield records.Address(one.path, 301 if to else 410, to)

    def _public(self, model: type[P]) -> "models.QuerySet[P]":
        """What readers see, as the page store decides it."""
        found: models.QuerySet[P] = model._default_manager.filter(live=True, alias_of=None)
        found = found.exclude(first_published_at=None)
        if model is Article:
            found = found.filter(killed_at=None).exclude(embargo_until__gt=self.now)
        for path in self._restricted:
            found = found.exclude(path__startswith=path)
        return found

    def _seen(self, model: type[M], way: str) -> "models.QuerySet[M]":
        found = model._default_manager.all()
        return found if self._with_drafts else found.filter(**{f"{way}__in": self._public(Article)}).distinct()

    def _section_above(self, path: str) -> int | None:
        return self._sections.get(path[: -Page.steplen])

    def _versions(self, pages: Sequence[P]) -> list[tuple[P, P, str]]:
        """For each page that has something which is not public: its row, the version, and what that is."""
        seen = self._public(type(pages[0])).filter(pk__in=[page.pk for page in pages])
        public = set(seen.values_list("pk", flat=True))
        wanted = [page for page in pages if page.pk not in public or page.has_unpublished_changes]
        latest = Revision.objects.in_bulk([page.latest_revision_id for page in wanted if page.latest_revision_id])
        planned = {
            int(number)
            for number in Revision.page_revisions.filter(object_id__in=[str(page.pk) for page in wanted])
            .exclude(approved_go_live_at=None)
            .values_list("object_id", flat=True)
        }
        found = []
        for page in wanted:
            revision = latest.get(page.latest_revision_id)
            has_next = revision is not None and (page.has_unpublished_changes or not page.live)
            version = type(page).from_serializable_data(revision.content, check_fks=False) if has_next else page
            found.append((page, version or page, self._status(page, page.pk in public, page.pk in planned)))
        return found

    def _status(self, page: Article | StaticPage, is_public: bool, is_planned: bool) -> str:
        embargo: datetime | None = getattr(page, "embargo_until", None)
        if is_public:
            return CHANGED
        if embargo is not None and embargo > self.now:
            return EMBARGOED
        if is_planned:
            return PLANNED
        return UNPUBLISHED if page.first_published_at else DRAFT

    def _children(self, articles: Sequence[Article]) -> dict[int, "_Children"]:
        found = {article.pk: _Children([], [], []) for article in articles}
        order = ("sort_order", "pk")
        for byline in Byline.objects.filter(article__in=found).order_by(*order):
            found[byline.article_id].bylines.append(byline)
        for use in ArticleTopic.objects.filter(article__in=found).order_by(*order):
            found[use.article_id].topics.append(use)
        for correction in Correction.objects.filter(article__in=found, withdrawn_at=None).order_by("at", "pk"):
            found[correction.article_id].corrections.append(correction)
        return found

    def _article_batch(
        self, versions: Sequence[tuple[Article, Article, str]], children: dict[int, "_Children"]
    ) -> Batch:
        own = [
            children[row.pk] if version is row else children[row.pk].of_version(version)
            for row, version, _status in versions
        ]
        authors = Author.objects.in_bulk({one.author_id for children in own for one in children.bylines})
        wanted = Wanted(set(), set(), set())
        batch = Batch()
        for (row, version, status), mine in zip(versions, own, strict=True):
            record = _article(row, version, status, mine, authors, self._section_above(row.path))
            gather(record.body, wanted)
            if record.lead:
                wanted.pictures.add(record.lead.picture)
            batch.articles.append(record)
        batch.references = self._references(wanted)
        return batch

    def _page_batch(self, versions: Sequence[tuple[StaticPage, StaticPage, str]]) -> Batch:
        wanted = Wanted(set(), set(), set())
        batch = Batch(pages=[_static_page(*version) for version in versions])
        for record in batch.pages:
            gather(record.body, wanted)
        batch.references = self._references(wanted)
        return batch

    def _references(self, wanted: Wanted) -> records.References:
        self._used.pictures |= wanted.pictures
        self._used.files |= wanted.files
        pages = Page.objects.filter(pk__in=wanted.pages, live=True).exclude(article__embargo_until__gt=self.now)
        for path in self._restricted:
            pages = pages.exclude(path__startswith=path)
        pictures = Picture.objects.filter(pk__in=wanted.pictures, withdrawn_at=None)
        files = Attachment.objects.filter(pk__in=wanted.files, withdrawn_at=None)
        return records.References(
            pages={
                pk: records.Place(public_path(url_path), title)
                for pk, url_path, title in pages.values_list("pk", "url_path", "title")
            },
            pictures={one.pk: self._asset(one) for one in pictures},
            files={one.pk: records.Asset(file_name(one), one.title) for one in files},
        )

    def _asset(self, picture: Picture) -> records.Asset:
        is_expired = picture.rights_expire_at is not None and picture.rights_expire_at <= self.now
        return records.Asset(
            file_name(picture), picture.title, alt=picture.description, credit=picture.credit, is_expired=is_expired
        )


@dataclass(frozen=True, slots=True)
class _Children:
    """What hangs on an article."""

    bylines: list[Byline]
    topics: list[ArticleTopic]
    corrections: list[Correction]

    def of_version(self, version: Article) -> "_Children":
        """Those of a revision, which stand in memory; corrections belong to no revision."""
        return _Children(_sorted(version.bylines), _sorted(version.topics), self.corrections)


def _sorted(manager: Any) -> list[Any]:
    return sorted(manager.get_object_list(), key=lambda one: one.sort_order or 0)


def file_name(stored: Picture | Attachment) -> str:
    """Where its file is below the folder of files; empty when it has none."""
    return safe_name(stored.file.name or "")


def _batches(found: "models.QuerySet[M]", key: str = "pk", second: str = "") -> Iterator[list[M]]:
    """Rows by ``key`` and ``second``, which together are unique; each batch is one query that skips nothing."""
    order = [key, second] if second else [key]
    rows = found.order_by(*order)
    while batch := list(rows[:BATCH]):
        yield batch
        last = [getattr(batch[-1], name) for name in order]
        last[0] = getattr(last[0], "name", last[0])  # of a file, its name
        after = Q(**{f"{key}__gt": last[0]})
        if second:
            after |= Q(**{key: last[0], f"{second}__gt": last[1]})
        rows = found.filter(after).order_by(*order)


def _body(stream: Any) -> records.RawBody:
    """The raw body, blocks that this version does not know in their places."""
    raw = [dict(block) for block in stream.raw_data if block]
    for place, block in getattr(stream, "set_aside", ()):
        raw.insert(place, block)
    return raw


def _article(
    row: Article,
    version: Article,
    status: str,
    children: _Children,
    authors: dict[int, Author],
    section: int | None,
) -> records.Article:
    lead = None
    if version.lead_picture_id is not None:
        lead = records.Lead(version.lead_picture_id, version.lead_alt, version.lead_is_decorative, version.lead_caption)
    credits = [
        records.Credit(one.author_id, authors[one.author_id].name, authors[one.author_id].slug, one.role)
        for one in children.bylines
        if one.author_id in authors
    ]
    return records.Article(
        id=row.pk,
        status=status,
        path=row.public_path,
        slug=version.slug,
        section=section,
        headline=version.title,
        kicker=version.kicker,
        standfirst=version.standfirst,
        design=version.design,
        display=version.display,
        dateline_place=version.dateline_place,
        dateline_at=version.dateline_at,
        published_at=row.first_published_at,
        changed_at=row.last_published_at,
        updated_at=version.updated_at,
        update_note=version.update_note,
        embargo_until=version.embargo_until,
        planned_for=version.go_live_at,
        expires_at=version.expire_at,
        seo_title=version.seo_title,
        short_headline=version.short_headline,
        share_headline=version.share_headline,
        search_description=version.search_description,
        lead=lead,
        credits=credits,
        topics=[use.topic_id for use in children.topics],
        story=version.story_id,
        series=version.series_id,
        corrections=[records.Correction(one.text, one.at) for one in children.corrections],
        body=_body(version.body),
    )


def _static_page(row: StaticPage, version: StaticPage, status: str) -> records.StaticPage:
    return records.StaticPage(
        id=row.pk,
        status=status,
        path=row.public_path,
        slug=version.slug,
        title=version.title,
        seo_title=version.seo_title,
        search_description=version.search_description,
        is_in_footer=version.show_in_menus,
        published_at=row.first_published_at,
        changed_at=row.last_published_at,
        planned_for=version.go_live_at,
        expires_at=version.expire_at,
        body=_body(version.body),
    )


def _edition(one: Edition) -> records.Edition:
    # Not what the stories were called: one that was killed since has no name here.
    slots = [{name: value for name, value in slot.items() if name != "headline"} for slot in one.slots]
    return records.Edition(
        section=one.front.page_id if one.front.page.depth > HOME_DEPTH else None,
        number=one.number,
        layout=one.layout,
        slots=slots,
        note=one.note,
        copy_of=one.copy_of,
        made_at=one.made_at,
        due_at=one.due_at,
        went_live_at=one.went_live_at,
        cancelled_at=one.cancelled_at,
    )


def _picture(one: Picture) -> records.Picture:
    focus = [one.focal_point_x, one.focal_point_y, one.focal_point_width, one.focal_point_height]
    return records.Picture(
        id=one.pk,
        file=file_name(one),
        title=one.title,
        description=one.description,
        credit=one.credit,
        rights=one.rights,
        rights_expire_at=one.rights_expire_at,
        width=one.width,
        height=one.height,
        focus=[int(number or 0) for number in focus] if focus[0] is not None else None,
        tags=sorted(tag.name for tag in one.tags.all()),
        added_at=one.created_at,
    )


def _attachment(one: Attachment) -> records.Attachment:
    return records.Attachment(
        one.pk, file_name(one), one.title, sorted(tag.name for tag in one.tags.all()), one.created_at
    )
