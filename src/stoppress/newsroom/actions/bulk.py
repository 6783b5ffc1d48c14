"""Many articles at once, for importers: one transaction and a fixed number of queries a batch, besides a row each.

What comes out is what :func:`~stoppress.newsroom.actions.articles.publish_article` makes of the same drafts, for a
twentieth of the queries: the places in the tree are counted once for each section, and rows are written as rows.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from treebeard.exceptions import PathOverflow
from wagtail.models import Page, PageLogEntry, Revision

from stoppress.accounts.models import User
from stoppress.media.models import Picture
from stoppress.newsroom import keys
from stoppress.newsroom.actions.articles import Draft, fill, is_planned, publish_article
from stoppress.newsroom.addresses import slug_problem
from stoppress.newsroom.models import Article, Author, Correction, Section, Series, Story, Topic
from stoppress.newsroom.models.shelves import drop_controls
from stoppress.newsroom.tasks import index_articles
from stoppress.pagestore.actions import mark

AT_ONCE = 500
"""Articles that are written in one transaction at most; a larger batch is divided. Others wait for it meanwhile."""
_MAX_NUMBER = 2**24
_OURS = frozenset({"path", "depth", "draft_title"})
"""Columns whose values are not the caller's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article that is to be created and published.

    Attributes:
        numbers_slug: a slug that is taken in the section gets the next free number instead of being refused.
    """

    section: Section
    draft: Draft
    numbers_slug: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of a batch: an ``article``, or a ``problem`` and nothing was written of it."""

    article: Article | None = None
    problem: ValidationError | None = None


def publish_articles(batch: Sequence[NewArticle], user: User | None = None) -> list[Outcome]:
    """Create and publish articles; returns an outcome for each, in order. One that is refused keeps no other out.

    Raises:
        PermissionDenied: ``user`` may not publish in one of the sections; nothing was written.
    """
    if user is not None:
        for section in {new.section.pk: new.section for new in batch}.values():
            if not section.permissions_for_user(user).can_publish_subpage():
                raise PermissionDenied(_("You may not publish in this section."))
    outcomes: list[Outcome] = []
    for start in range(0, len(batch), AT_ONCE):
        outcomes += _publish(batch[start : start + AT_ONCE], user)
    return outcomes


def _publish(batch: Sequence[NewArticle], user: User | None) -> list[Outcome]:
    """As a whole, or what the database refuses apart from the rest."""
    try:
        with transaction.atomic():
            return _Batch(batch, user).publish()
    except (DataError, IntegrityError, PathOverflow) as error:
        if len(batch) == 1:
            return [Outcome(problem=_refusal(_("The database refused it: %s") % error))]
        middle = len(batch) // 2
        with transaction.atomic():
            return [*_publish(batch[:middle], user), *_publish(batch[middle:], user)]


@dataclass(slots=True)
class _Place:
    """A section and what is taken in it.

    Attributes:
        taken: slugs of those of the batch that stand in it already, and of others that were looked up.
        numbers: the last number that a slug got.
        articles: what is to be written in it.
        corrections: of those articles.
    """

    section: Section
    articles: list[Article] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    corrections: list[Correction] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def look_up(self, slugs: Iterable[str]) -> None:
        """Find out which of ``slugs`` are taken, in one query."""
        self.taken |= _known(self.section.get_children(), "slug", set(slugs))

    def is_taken(self, slug: str) -> bool:
        if slug not in self.taken:
            self.look_up([slug])
        return slug in self.taken

    def numbered(self, slug: str) -> str:
        """``slug`` with a free number. A thousand posts of one name don't ask for each of a thousand numbers."""
        known = self.numbers.get(slug, 0)
        if not known or self.is_taken(f"{slug}-{known + 1}"):
            low, high = 1, 2
            while self.is_taken(f"{slug}-{high}") and high < _MAX_NUMBER:
                low, high = high, 2 * high
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if self.is_taken(f"{slug}-{middle}") else (low, middle)
            known = high - 1
        self.numbers[slug] = known + 1
        return f"{slug}-{known + 1}"

    def settle(self) -> None:
        """Give each of the articles its place in the tree.

        Raises:
            PathOverflow: the section can't hold more.
        """
        self.section.refresh_from_db(fields=["numchild"])  # what was planned has its place already
        last = self.section.get_last_child()
        number = Page._str2int(last.path[-Page.steplen :]) if last else 0
        if number + len(self.articles) >= len(Page.alphabet) ** Page.steplen:
            raise PathOverflow(f"The section {self.section.title} is full.")
        for i, article in enumerate(self.articles, number + 1):
            article.path = Page._get_path(self.section.path, self.section.depth + 1, i)
        Page.objects.filter(pk=self.section.pk).update(numchild=F("numchild") + len(self.articles))


class _Batch:
    """One batch in one transaction."""

    def __init__(self, batch: Sequence[NewArticle], user: User | None) -> None:
        self._batch = batch
        self._user = user
        self._now = timezone.now()
        self._relations = [relation.get_accessor_name() for relation in get_all_child_relations(Article)]
        self._type = ContentType.objects.get_for_model(Article)
        self._page_type = ContentType.objects.get_for_model(Page)
        wanted = sorted({new.section.pk for new in batch})
        # Locked as treebeard locks a parent: nobody else may count its children meanwhile.
        sections = Section.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        self._places = {section.pk: _Place(section) for section in sections}
        self._missing = _missing(batch)

    def publish(self) -> list[Outcome]:
        for pk, place in self._places.items():
            place.look_up(_slug_of(new.draft) for new in self._batch if new.section.pk == pk)
        outcomes = [self._prepared(new) for new in self._batch]
        for place in self._places.values():
            if place.articles:
                place.settle()
        new = {id(article) for place in self._places.values() for article in place.articles}
        # In the order of the batch, whatever their sections: numbers tell which came first.
        if articles := [one.article for one in outcomes if one.article is not None and id(one.article) in new]:
            self._write(articles)
        return outcomes

    def _prepared(self, new: NewArticle) -> Outcome:
        """An article that only needs to be written; or one that is planned for a time, which is written already."""
        try:
            place = self._places.get(new.section.pk)
            if place is None:
                raise ValidationError({"section": _("The section is not here any more.")})
            draft = replace(new.draft, slug=self._slug(new, place))
            if is_planned(draft):
                with transaction.atomic():
                    return Outcome(publish_article(place.section, draft, self._user))
            return Outcome(self._article(place, draft))
        except ValidationError as error:
            return Outcome(problem=error)

    def _slug(self, new: NewArticle, place: _Place) -> str:
        slug = _slug_of(new.draft)
        if slug in place.taken:
            if not new.numbers_slug and new.draft.slug:
                raise ValidationError({"slug": _("Another page there has the slug “%s”.") % slug})
            slug = place.numbered(slug)
        return slug

    def _article(self, place: _Place, draft: Draft) -> Article:
        section = place.section
        article = Article(title=draft.headline, slug=draft.slug, owner=self._user, content_type=self._type)
        fill(article, draft)
        for name in self._relations:
            if name not in article._cluster_related_objects:
                setattr(article, name, [])  # or each is looked for in the database
        article.draft_title, article.locale_id = article.title, section.locale_id
        article.depth, article.url_path = section.depth + 1, f"{section.url_path}{draft.slug}/"
        article.first_published_at = draft.published_at or self._now
        article.last_published_at = draft.changed_at or article.first_published_at
        article.latest_revision_created_at = self._now
        self._check(article, draft, section)
        place.taken.add(draft.slug)
        place.articles.append(article)
        place.corrections += [Correction(article=article, text=text, at=at) for text, at in draft.corrections]
        return article

    def _check(self, article: Article, draft: Draft, section: Section) -> None:
        """What Wagtail and :meth:`Article.clean` check when one article is saved, without their queries.

        Raises:
            ValidationError: names the fields that are wrong.
        """
        others = [f.name for f in Article._meta.concrete_fields if f.is_relation or f.name in _OURS]
        article.clean_fields(exclude=others)
        drop_controls(article)
        if problem := slug_problem(draft.slug, section):
            raise ValidationError({"slug": problem})
        gone = [f"{model._meta.verbose_name} {pk}" for model, pk in _references(draft) if pk in self._missing[model]]
        if gone:
            raise _refusal(_("It names what is not here any more: %s.") % ", ".join(gone))

    def _write(self, articles: Sequence[Article]) -> None:
        pages = [_page_row(article) for article in articles]
        Page.objects.bulk_create(pages)
        for page, article in zip(pages, articles, strict=True):
            article.id = article.page_ptr_id = page.pk
            article.save_base(raw=True, force_insert=True)  # the article's own row only
        self._write_children(articles)
        corrections = [one for place in self._places.values() for one in place.corrections]
        for one in corrections:
            one.article_id = one.article.pk
        Correction.objects.bulk_create(corrections)
        revisions = [self._revision(article) for article in articles]
        Revision.objects.bulk_create(revisions)
        _point_to_newest(articles, self._now)
        for article, revision in zip(articles, revisions, strict=True):
            article.live_revision = article.latest_revision = revision
        self._log(revisions)
        mark(*(keys.look_again(article.pk) for article in articles))
        index_articles.enqueue([article.pk for article in articles])

    def _write_children(self, articles: Sequence[Article]) -> None:
        for relation in get_all_child_relations(Article):
            rows = []
            for article in articles:
                for row in getattr(article, relation.get_accessor_name()).all():
                    setattr(row, relation.field.attname, article.pk)
                    rows.append(row)
            relation.related_model._default_manager.bulk_create(rows)

    def _revision(self, article: Article) -> Revision:
        return Revision(
            content_type=self._type,
            base_content_type=self._page_type,
            object_id=str(article.pk),
            created_at=self._now,
            user=self._user,
            content=article.serializable_data(),
            object_str=str(article),
        )

    def _log(self, revisions: Sequence[Revision]) -> None:
        uuid = uuid4()
        PageLogEntry.objects.bulk_create(
            PageLogEntry(
                content_type=self._type,
                page_id=int(revision.object_id),
                label=revision.object_str,
                action="wagtail.publish",
                timestamp=self._now,
                uuid=uuid,
                user=self._user,
                revision=revision,
                content_changed=True,
            )
            for revision in revisions
        )


def _refusal(why: str) -> ValidationError:
    return ValidationError({NON_FIELD_ERRORS: why})


def _slug_of(draft: Draft) -> str:
    return draft.slug or slugify(draft.headline)


def _page_row(article: Article) -> Page:
    """The row that Wagtail keeps of every page, whatever its kind."""
    return Page(**{f.attname: getattr(article, f.attname) for f in Page._meta.concrete_fields if not f.primary_key})


def _point_to_newest(articles: Sequence[Article], now: Any) -> None:
    """Without a live revision, scheduling a change would later take an article offline (FINDINGS)."""
    newest = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id=Cast(OuterRef("pk"), models.CharField()),
    )
    newest_pk = Subquery(newest.order_by("-pk").values("pk")[:1])
    Page.objects.filter(pk__in=[article.pk for article in articles]).update(
        live_revision=newest_pk, latest_revision=newest_pk, latest_revision_created_at=now
    )


def _references(draft: Draft) -> list[tuple[type[models.Model], int]]:
    """What else an article names, which may have been deleted since it was looked up."""
    found: list[tuple[type[models.Model], Any]] = [(Author, author.pk) for author in draft.authors]
    found += [(Author, author.pk) for author, _role in draft.credits]
    found += [(Topic, topic.pk) for topic in draft.topics]
    found += [(Story, getattr(draft.fields.get("story"), "pk", None))]
    found += [(Series, getattr(draft.fields.get("series"), "pk", None))]
    found += [(Picture, draft.lead_picture.pk if draft.lead_picture else None)]
    return [(model, pk) for model, pk in found if pk is not None]


def _missing(batch: Sequence[NewArticle]) -> Mapping[type[models.Model], Collection[int]]:
    wanted: dict[type[models.Model], set[int]] = {model: set() for model in (Author, Topic, Story, Series, Picture)}
    for new in batch:
        for model, pk in _references(new.draft):
            wanted[model].add(pk)
    return {model: pks - _known(model._default_manager.all(), "pk", pks) for model, pks in wanted.items()}


def _known(queryset: Any, name: str, values: Collection[Any]) -> set[Any]:
    """Which of ``values`` one of ``queryset`` has as its ``name``."""
    found: set[Any] = set()
    listed = list(values)
    for start in range(0, len(listed), AT_ONCE):
        some = listed[start : start + AT_ONCE]
        found.update(queryset.filter(**{f"{name}__in": some}).order_by().values_list(name, flat=True))
    return found
