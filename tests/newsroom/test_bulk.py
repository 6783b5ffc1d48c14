"""Many articles at once are the articles that they would be one by one, and cost a fraction of the queries."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions import Draft, NewArticle, publish_articles
from stoppress.newsroom.models import Article, Author, Section, Story, Topic
from stoppress.newsroom.tasks import index_articles
from stoppress.pagestore.models import Mark
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import form
from tests.factories.accounts import SuperuserFactory, UserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2004, 2, 29, 12, 30, tzinfo=UTC)


def new(section: Section, *, numbers_slug: bool = False, **values: Any) -> NewArticle:
    return NewArticle(section=section, draft=DraftFactory(**values), numbers_slug=numbers_slug)


def rich_drafts() -> list[Draft]:
    """What an article may have, and one that has nothing."""
    picture = PictureFactory()
    ann, bob = AuthorFactory(), AuthorFactory()
    rich = DraftFactory(
        headline="A ferry\x07 runs aground",
        body=[
            {"type": "text", "value": "<p>It <b>happened</b>.</p>"},
            {"type": "image", "value": {"image": picture.pk, "alt": "A ferry", "caption": ""}},
        ],
        authors=[ann],
        credits=[(bob, "photography")],
        topics=[Topic.objects.create(name="Ferries", slug="ferries")],
        corrections=[("It ran aground on Monday.", LONG_AGO + timedelta(days=3))],
        lead_picture=picture,
        lead_alt="A ferry",
        published_at=LONG_AGO,
        changed_at=LONG_AGO + timedelta(days=1),
        fields={"kicker": "Sea", "design": "feature", "story": Story.objects.create(name="Aground", slug="aground")},
    )
    plain = DraftFactory(body=(), standfirst="")
    planned = DraftFactory(published_at=timezone.now() + timedelta(days=1))
    return [rich, plain, planned]


def as_rows(section: Section) -> list[dict[str, Any]]:
    """All that the database holds of the articles of a section, numbers, places and moments of writing aside."""
    found = []
    for article in Article.objects.child_of(section).order_by("path"):
        row = {f.attname: getattr(article, f.attname) for f in Article._meta.concrete_fields}
        row["body"] = [{"type": block["type"], "value": block["value"]} for block in article.body.raw_data]
        row["url_path"] = row["url_path"].removeprefix(section.url_path)
        for name in ("id", "page_ptr_id", "path", "translation_key", "latest_revision_created_at"):
            row.pop(name)
        for name in ("live_revision", "latest_revision", "scheduled_revision"):
            revision: Revision | None = getattr(article, name)
            row.pop(f"{name}_id", None)
            row[name] = revision and [revision.object_str, revision.user_id, as_content(revision.content)]
        for name in ("bylines", "topics", "corrections"):
            row[name] = [model_to_dict(one, exclude=["id", "article"]) for one in getattr(article, name).all()]
        if abs(row["first_published_at"] - timezone.now()) < timedelta(minutes=5) if article.live else False:
            row["first_published_at"] = row["last_published_at"] = "now"
        found.append(row)
    return found


def as_content(content: dict[str, Any]) -> dict[str, Any]:
    own = {
        "pk",
        "path",
        "url_path",
        "translation_key",
        "live_revision",
        "latest_revision",
        "latest_revision_created_at",
    }
    kept = {key: value for key, value in content.items() if key not in own}
    kept["body"] = re.sub(r', "id": "[0-9a-f-]{36}"', "", kept["body"])
    for name in ("bylines", "topics"):
        kept[name] = [{k: v for k, v in one.items() if k not in {"pk", "article"}} for one in kept[name]]
    for name in ("first_published_at", "last_published_at"):
        kept[name] = kept[name] and kept[name][:16]
    return kept


def test_they_are_what_they_would_be_one_by_one(publication: SmallPublication) -> None:
    drafts = rich_drafts()
    for draft in drafts:
        newsroom.publish_article(publication.world, draft)
    outcomes = publish_articles([NewArticle(section=publication.local, draft=draft) for draft in drafts])
    assert [outcome.problem for outcome in outcomes] == [None, None, None]
    one_by_one, at_once = (
        {row["title"]: row for row in as_rows(section)} for section in (publication.world, publication.local)
    )
    assert one_by_one == at_once
    assert len(at_once) == 3


def test_the_tree_is_sound_and_grows_on(publication: SmallPublication) -> None:
    ArticleFactory(section=publication.world)
    planned = new(publication.world, published_at=timezone.now() + timedelta(days=1))
    batch = [new(publication.world), new(publication.local), planned, new(publication.world)]
    publish_articles(batch)
    publish_articles([new(publication.world)])
    ArticleFactory(section=publication.world)
    assert Page.find_problems() == ([], [], [], [], [])
    assert Section.objects.get(slug="world").numchild == 6
    assert [article.get_parent().slug for article in Article.objects.order_by("path")] == ["world"] * 6 + ["local"]


def test_what_is_refused_keeps_nothing_else_out(publication: SmallPublication) -> None:
    gone = AuthorFactory()
    batch = [
        new(publication.world, slug="one"),
        new(publication.world, slug="one"),
        new(publication.world, slug="page"),
        new(publication.world, slug="long", headline="x" * 300),
        new(publication.world, slug="nobody", authors=[gone]),
        new(publication.world, slug="not a slug"),
        new(publication.world, slug="two", standfirst="Is\x00 in"),
    ]
    Author.objects.get(pk=gone.pk).delete()
    outcomes = publish_articles(batch)
    assert [sorted(o.problem.message_dict) if o.problem else "" for o in outcomes] == [
        "",
        ["slug"],
        ["slug"],
        ["title"],
        ["__all__"],
        ["slug"],
        "",
    ]
    assert [o.article.slug if o.article else "" for o in outcomes] == ["one", "", "", "", "", "", "two"]
    assert set(Article.objects.values_list("slug", "standfirst")) == {
        ("one", "What happened, in a sentence."),
        ("two", "Is in"),
    }
    assert Page.find_problems() == ([], [], [], [], [])


def test_what_the_database_refuses_keeps_nothing_else_out(
    publication: SmallPublication, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = [new(publication.world, slug=f"story-{i}", fields={"display": "x" * 15}) for i in range(7)]
    clean = Article.clean_fields
    # As a field of a theme or a version whose check is laxer than its column.
    monkeypatch.setattr(Article, "clean_fields", lambda self, exclude=None: clean(self, [*(exclude or ()), "display"]))
    batch[4] = new(publication.world, slug="wrong", fields={"dateline_place": None})
    monkeypatch.setattr(Article._meta.get_field("dateline_place"), "null", True)
    outcomes = publish_articles(batch)
    assert [outcome.problem is None for outcome in outcomes] == [True] * 4 + [False] + [True] * 2
    assert Article.objects.count() == 6
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_slug_that_is_taken_gets_the_next_free_number(publication: SmallPublication) -> None:
    for slug in ("storm", "storm-2"):
        ArticleFactory(section=publication.world, slug=slug)
    outcomes = publish_articles([new(publication.world, slug="storm", numbers_slug=True) for _ in range(30)])
    outcomes += publish_articles([new(publication.world, slug="storm", numbers_slug=True) for _ in range(3)])
    slugs = [outcome.article.slug for outcome in outcomes if outcome.article]
    assert slugs == [f"storm-{number}" for number in range(3, 36)]


def test_a_batch_costs_a_row_each_and_little_else(publication: SmallPublication) -> None:
    authors = [AuthorFactory()]

    def queries(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            publish_articles([new(publication.world, authors=authors) for _ in range(count)])
        return len(captured)

    queries(1)
    few, many = queries(5), queries(45)
    # One for the row that has columns of its own, and a share in those that the database's limits divide.
    assert (many - few) / 40 < 1.5
    assert few < 30


def test_the_desk_goes_on_with_them(publication: SmallPublication, client: Client) -> None:
    outcome = publish_articles([new(publication.world, headline="From elsewhere", slug="elsewhere")])[0]
    assert outcome.article is not None
    client.force_login(SuperuserFactory())
    edit = reverse("wagtailadmin_pages:edit", args=[outcome.article.pk])
    assert "From elsewhere" in client.get(edit).content.decode()
    assert "Published" in client.get(reverse("wagtailadmin_pages:history", args=[outcome.article.pk])).content.decode()
    draft = form("A draft of it", "elsewhere")
    del draft["action-publish"]
    assert client.post(edit, draft).status_code == 302
    article = Article.objects.get()
    assert (article.live, article.title, article.has_unpublished_changes) == (True, "From elsewhere", True)
    client.post(edit, form("Published again", "elsewhere-2", **{"go_live_at": ""}))
    article = Article.objects.get()
    assert (article.live, article.title, article.url_path) == (True, "Published again", "/home/world/elsewhere-2/")
    assert article.revisions.count() == 3
    assert PageLogEntry.objects.filter(page_id=article.pk, action="wagtail.publish").count() == 2


def test_a_change_that_is_planned_leaves_it_online(publication: SmallPublication) -> None:
    article = publish_articles([new(publication.world)])[0].article
    assert article is not None
    article = Article.objects.get()
    article.title, article.go_live_at = "Later", timezone.now() + timedelta(days=1)
    article.save_revision().publish()
    assert Article.objects.get().live


def test_readers_get_them_as_if_one_by_one(publication: SmallPublication, tmp_path: Path) -> None:
    publish_articles([NewArticle(section=publication.world, draft=draft) for draft in rich_drafts()])
    article = Article.objects.live().first()
    assert article is not None
    assert Mark.objects.filter(key=f"page:{article.pk}").exists()
    oracle.assert_true(tmp_path)


def test_the_desk_finds_them_and_knows_what_they_use(publication: SmallPublication) -> None:
    picture = PictureFactory()
    publish_articles([new(publication.world, headline="Zeppelin sighted", lead_picture=picture)])
    index_articles.func([*Article.objects.values_list("pk", flat=True), 10_000])
    assert [page.title for page in Page.objects.search("zeppelin")] == ["Zeppelin sighted"]
    assert ReferenceIndex.get_references_to(picture).count() == 1


def test_a_stranger_publishes_none(publication: SmallPublication) -> None:
    with pytest.raises(PermissionDenied):
        publish_articles([new(publication.world)], UserFactory())
    assert not Article.objects.exists()
