"""An archive of any size in minutes: rows written in bulk, then derived as after every change.

Only for the bench, past the actions: publishing 100,000 articles one by one takes longer than all measurements. What
readers' addresses and lists follow from (publications, entries, addresses) is not written here but derived from these
rows by the product itself. Imported with Django set up.
"""

import errno
import itertools
import json
import random
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.search.models import IndexEntry

from stoppress.newsroom import keys
from stoppress.newsroom.models import Article, Byline, Publication, Section
from stoppress.pagestore import outbox
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import BakeTask, Mark, Priority
from stoppress.search.models import Entry, Pending
from stoppress.search.words import form

AT_ONCE = 1000
TASKS_KEPT = 2000
INDEXED_CHARACTERS = 400
"""How much of a body goes into the search index: the index itself is measured elsewhere."""


@dataclass(frozen=True, slots=True)
class Model:
    """An article that was published in the ordinary way, of which many are made."""

    article: Article
    content: dict[str, Any]
    body: str
    references: list[ReferenceIndex]

    @classmethod
    def of(cls, article: Article) -> "Model":
        """Read what belongs to ``article``."""
        revision = article.latest_revision
        references = list(ReferenceIndex.objects.filter(object_id=str(article.pk)))
        return cls(article, revision.content, json.dumps(article.body.get_prep_value()), references)


def fill(models: Sequence[Article], sections: Sequence[Section], count: int, seed: int) -> None:
    """Write ``count`` articles like ``models`` into ``sections``, and mark them for derivation.

    Sections fill in proportion to 8 : 4 : 2 : 1 …, as those of papers do.
    """
    chance = random.Random(seed)
    drawn = [Model.of(article) for article in models]
    weights = [2.0**-n for n in range(len(sections))]
    start = datetime.now(UTC) - timedelta(minutes=45) * count - timedelta(days=400)
    numbers = {section.pk: itertools.count(section.numchild + 1) for section in sections}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    for first in range(0, count, AT_ONCE):
        with transaction.atomic():
            rows = [
                _row(chance.choice(drawn), chance.choices(sections, weights)[0], numbers, n, start)
                for n in range(first, min(first + AT_ONCE, count))
            ]
            _write(rows)
    for section in sections:
        Section.objects.filter(pk=section.pk).update(numchild=next(numbers[section.pk]) - 1)


def derive_all() -> None:
    """Derive every mark; bake nothing."""
    while outbox.derive() is not None:
        # Nothing waits for a bake here; else what follows from marks would wait for it in turn.
        if BakeTask.objects.count() > TASKS_KEPT:
            BakeTask.objects.all()._raw_delete(connection.alias)
    outbox.enqueue_everything()


def stand_in(store: Path, model: str, bake_every: int) -> int:
    """Give most pages that wait to be baked copies of one that is, and its dependencies; returns how many still wait.

    Fronts and feeds are baked in any case, and of the rest every ``bake_every``th.

    Args:
        model: address of a baked article.
    """
    waiting = BakeTask.objects.filter(address__baked_at=None)
    waiting = waiting.exclude(address__priority__in=(Priority.FRONT, Priority.FEED))
    layout = Layout(store)
    body = Path(layout.stem(model) + ".html")
    forms = [(form, Path(f"{body}{form}")) for form in ("", ".gz", ".br")]
    ids = []
    for number, (pk, path) in enumerate(waiting.order_by("address_id").values_list("address_id", "address__path")):
        if number % bake_every:
            ids.append(pk)
            stem = Path(layout.stem(path) + ".html")
            stem.parent.mkdir(parents=True, exist_ok=True)
            for at, (form, file) in enumerate(forms):
                twin = stem.with_name(stem.name + form)
                try:
                    twin.hardlink_to(file)
                except OSError as error:
                    if error.errno != errno.EMLINK:
                        raise
                    shutil.copyfile(file, twin)  # ext4 gives a file 65,000 names at most
                    forms[at] = form, twin
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE stand_ins (id bigint PRIMARY KEY)")
        cursor.executemany("INSERT INTO stand_ins VALUES (%s)", [(pk,) for pk in ids])
        chosen = "pagestore_address a JOIN stand_ins s ON s.id = a.id"
        article = f"{chosen} JOIN newsroom_publication p ON a.subject = 'article:' || p.page_id"
        for key, source in (
            ("'nav:tabs'", chosen),
            ("'nav:footer'", chosen),
            ("a.subject", article),
            ("'section:' || p.section_id", article),
            ("'image:' || p.picture_id", article),
            ("'author:' || b.author_id", f"{article} JOIN newsroom_byline b ON b.article_id = p.page_id"),
        ):
            cursor.execute(f"INSERT INTO pagestore_dependency (address_id, key) SELECT a.id, {key} FROM {source}")
        cursor.execute("DELETE FROM pagestore_baketask WHERE address_id IN (SELECT id FROM stand_ins)")
        cursor.execute(
            "UPDATE pagestore_address SET baked_at = %s, digest = 'stand-in' WHERE id IN (SELECT id FROM stand_ins)",
            [datetime.now(UTC)],
        )
        cursor.execute("DROP TABLE stand_ins")
    return BakeTask.objects.count()


def forget_search() -> None:
    """Say that all articles are in the readers' index, without their words: it is measured elsewhere."""
    Pending.objects.all()._raw_delete(connection.alias)
    there = set(Entry.objects.values_list("page_id", flat=True))
    public = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True).values_list("pk", "content_hash")
    last = Entry.objects.order_by("-place").values_list("place", flat=True).first() or 0
    missing = (row for row in public.iterator() if row[0] not in there)
    Entry.objects.bulk_create(
        (
            Entry(page_id=pk, place=place, content_hash=digest, form=form())
            for place, (pk, digest) in enumerate(missing, last + 1)
        ),
        1000,
    )


@dataclass(slots=True)
class _Row:
    model: Model
    page: Page


def _row(model: Model, section: Section, numbers: Any, n: int, start: datetime) -> _Row:
    slug, moment = f"old-{n}", start + timedelta(minutes=45) * n
    page = Page(
        title=f"{model.article.title} {n}",
        draft_title=f"{model.article.title} {n}",
        slug=slug,
        path=Page._get_path(section.path, section.depth + 1, next(numbers[section.pk])),
        depth=section.depth + 1,
        url_path=f"{section.url_path}{slug}/",
        content_type=ContentType.objects.get_for_model(Article),
        locale_id=section.locale_id,
        translation_key=uuid.uuid4(),
        live=True,
        first_published_at=moment,
        last_published_at=moment,
        latest_revision_created_at=moment,
    )
    return _Row(model, page)


def _write(rows: list[_Row]) -> None:
    Page.objects.bulk_create([row.page for row in rows])
    articles = []
    for row in rows:
        article = Article(page_ptr_id=row.page.pk)
        for field in Article._meta.local_concrete_fields:
            if not field.primary_key:
                setattr(article, field.attname, getattr(row.model.article, field.attname))
        articles.append(article)
    Article._base_manager._insert(articles, fields=Article._meta.local_concrete_fields)
    Byline.objects.bulk_create(
        Byline(article_id=row.page.pk, author_id=byline.author_id, role=byline.role, sort_order=byline.sort_order)
        for row in rows
        for byline in row.model.article.bylines.all()
    )
    _write_revisions(rows)
    ReferenceIndex.objects.bulk_create(_references(rows))
    kind = ContentType.objects.get_for_model(Article)
    IndexEntry.objects.bulk_create(
        IndexEntry(
            content_type=kind,
            object_id=str(row.page.pk),
            title=row.page.title,
            autocomplete=row.page.title,
            body=row.model.body[:INDEXED_CHARACTERS],
            **({"title_norm": 0.9} if connection.vendor == "sqlite" else {}),
        )
        for row in rows
    )
    Mark.objects.bulk_create([Mark(key=keys.look_again(row.page.pk)) for row in rows])


def _write_revisions(rows: list[_Row]) -> None:
    kinds = ContentType.objects.get_for_models(Article, Page)
    revisions = []
    for row in rows:
        page = row.page
        content = row.model.content | {
            "pk": page.pk,
            "title": page.title,
            "draft_title": page.title,
            "slug": page.slug,
            "path": page.path,
            "url_path": page.url_path,
            "translation_key": str(page.translation_key),
        }
        content["bylines"] = [one | {"pk": None, "article": page.pk} for one in content["bylines"]]
        revisions.append(
            Revision(
                content_type=kinds[Article],
                base_content_type=kinds[Page],
                object_id=str(page.pk),
                object_str=page.title,
                created_at=page.latest_revision_created_at,
                content=content,
            )
        )
    Revision.objects.bulk_create(revisions)
    for row, revision in zip(rows, revisions, strict=True):
        row.page.latest_revision_id = row.page.live_revision_id = revision.pk
    Page.objects.bulk_update([row.page for row in rows], ["latest_revision", "live_revision"], batch_size=200)


def _references(rows: list[_Row]) -> Iterator[ReferenceIndex]:
    for row in rows:
        for one in row.model.references:
            yield ReferenceIndex(
                base_content_type_id=one.base_content_type_id,
                content_type_id=one.content_type_id,
                object_id=str(row.page.pk),
                to_content_type_id=one.to_content_type_id,
                to_object_id=one.to_object_id,
                model_path=one.model_path,
                model_path_hash=one.model_path_hash,
                content_path=one.content_path,
                content_path_hash=one.content_path_hash,
            )
