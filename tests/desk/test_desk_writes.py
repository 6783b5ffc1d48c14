"""What editors do at the desk by its own screens, hostile words and bulk actions included: never a 500, never stale."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.pages.create import CreateView
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from stoppress.accounts.models import User
from stoppress.media.models import Attachment
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Section, Topic
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("chief", password="x"))
    return client


def form(headline: str, slug: str, text: str = "<p>Text</p>", **more: Any) -> dict[str, Any]:
    """What the browser sends for an article."""
    values = {
        "title": headline,
        "slug": slug,
        "standfirst": headline[:100],
        "body": streamfield([("text", rich_text(text))]),
        "bylines": inline_formset([]),
        "topics": inline_formset([]),
        "comments": inline_formset([]),
        "design": "standard",
        "display": "standard",
        "action-publish": "1",
        **more,
    }
    return dict(nested_form_data(values))


def section_form(title: str, slug: str) -> dict[str, Any]:
    """What the browser sends for a section."""
    comments = inline_formset([])
    values = {"title": title, "slug": slug, "standfirst": "", "comments": comments, "action-publish": "1"}
    return dict(nested_form_data(values))


def add(client: Client, section: Section, **values: Any) -> Any:
    return client.post(reverse("wagtailadmin_pages:add", args=["newsroom", "article", section.pk]), form(**values))


def text_of(store: Path, path: str) -> str:
    return (store / f"pages{path}index.html").read_text(encoding="utf-8")


HOSTILE = [
    "<script>alert(1)</script>",
    "\u202eevil\u202c right to left",
    "{{ 7|add:7 }} {% load x %}",
    "'; DROP TABLE newsroom_article; --",
    "👩‍👩‍👧‍👦 " * 20,
    "A" * 255,
    "\ufeff\u200b\u200d",
    "مرحبا <b>&amp;</b> שלום",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_published_as_words(
    chief: Client, publication: SmallPublication, store: Path, tmp_path: Path, words: str
) -> None:
    text = f'<p>{words}</p><p><a href="javascript:alert(1)" onclick="x()">{words}</a></p><iframe src="/x"></iframe>'
    answer = add(chief, publication.world, headline=words, slug="hostile", text=text)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    oracle.assert_true(tmp_path / "fresh")
    html = text_of(store, "/world/hostile/")
    assert "<script>alert" not in html
    assert "javascript:" not in html
    assert "onclick" not in html
    assert "<iframe" not in html
    assert chief.get(reverse("wagtailadmin_explore", args=[publication.world.pk])).status_code == 200


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("", "x"),
        ("A" * 1000, "x"),
        ("null\x00byte", "x"),
        ("x", "page"),
        ("x", "a b/../c"),
        ("x", "x" * 240),
        ("x", "x" * 400),
    ],
)
def test_what_cannot_be_is_said_and_kept_in_the_form(
    chief: Client, publication: SmallPublication, headline: str, slug: str
) -> None:
    answer = add(chief, publication.world, headline=headline, slug=slug)
    assert answer.status_code == 200
    assert not Article.objects.exists()
    assert headline[:200].replace("\x00", "") in answer.content.decode().replace("\x00", "")


def test_what_finds_its_slug_taken_at_the_last_moment_stays_in_the_form(
    chief: Client, publication: SmallPublication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both found it free, an autosave of one's own among them. Which words are the newer ones only people know."""
    publish = CreateView.publish_action

    def autosave_then_publish(view: CreateView) -> Any:
        draft = Article(title="Storm", slug="storm", live=False, owner=User.objects.get(username="chief"))
        Section.objects.get(pk=publication.world.pk).add_child(instance=draft)
        draft.save_revision()
        return publish(view)

    monkeypatch.setattr(CreateView, "publish_action", autosave_then_publish)
    answer = add(chief, publication.world, headline="Storm warning", slug="storm")
    assert answer.status_code == 200
    assert "already in use" in answer.content.decode()
    assert "Storm warning" in answer.content.decode()
    assert Article.objects.get().title == "Storm"


def test_below_a_section_most_words_are_free(chief: Client, publication: SmallPublication) -> None:
    answer = add(chief, publication.world, headline="Story", slug="story")
    assert answer.status_code == 302
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "section", publication.world.pk])
    assert chief.post(address, section_form("Media", "media")).status_code == 302
    assert set(Page.objects.child_of(publication.world).values_list("slug", flat=True)) == {"story", "media"}


@pytest.mark.parametrize("is_bulk", [False, True])
def test_no_move_gives_a_section_an_address_of_the_machine(
    chief: Client, publication: SmallPublication, is_bulk: bool
) -> None:
    section = newsroom.create_section(publication.world, "Media", "media")
    if is_bulk:
        address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
        answer = chief.post(f"{address}?id={section.pk}", {"chooser": publication.home.pk})
    else:
        address = reverse("wagtailadmin_pages:move_confirm", args=[section.pk, publication.home.pk])
        answer = chief.post(address, follow=True)
        assert "is reserved" in answer.content.decode()
    assert answer.status_code == 200
    section.refresh_from_db()
    assert section.public_path == "/world/media/"


def test_the_home_page_cannot_be_taken_off(chief: Client, publication: SmallPublication) -> None:
    answer = chief.post(reverse("wagtailadmin_pages:unpublish", args=[publication.home.pk]))
    assert answer.status_code in {302, 403}
    publication.home.refresh_from_db()
    assert publication.home.live


@pytest.mark.parametrize("name", ["wagtailimages:delete", "wagtaildocs:delete"])
def test_a_file_deleted_at_the_desk_is_gone_from_the_disk(
    chief: Client, publication: SmallPublication, settings: Any, django_capture_on_commit_callbacks: Any, name: str
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        thing = PictureFactory() if "images" in name else Attachment(title="Budget")
        if isinstance(thing, Attachment):
            thing.file.save("budget.txt", ContentFile(b"12 ferries"))
    stored = thing.file.storage.path(thing.file.name)
    assert Path(stored).exists()
    with django_capture_on_commit_callbacks(execute=True):
        answer = chief.post(reverse(name, args=[thing.pk]))
    assert answer.status_code == 302
    assert not Path(stored).exists()


def test_a_very_long_text_is_published(chief: Client, publication: SmallPublication, store: Path) -> None:
    answer = add(chief, publication.world, headline="Long", slug="long", text="<p>" + "word " * 200_000 + "</p>")
    assert answer.status_code == 302
    assert actions.drain().failed == []
    assert len(text_of(store, "/world/long/")) > 1_000_000


@pytest.mark.parametrize("slug", ["author", "topic", "story", "series", "desk", "media", "static", "-", "archive"])
def test_a_section_cannot_take_an_address_of_the_machine(
    chief: Client, publication: SmallPublication, slug: str
) -> None:
    data = dict(
        nested_form_data(
            {"title": "X", "slug": slug, "standfirst": "", "comments": inline_formset([]), "action-publish": "1"}
        )
    )
    answer = chief.post(reverse("wagtailadmin_pages:add", args=["newsroom", "section", publication.home.pk]), data)
    assert answer.status_code == 200
    assert Section.objects.count() == 3


@pytest.mark.parametrize("action", ["unpublish", "publish", "delete"])
def test_bulk_actions_reach_readers(chief: Client, publication: SmallPublication, tmp_path: Path, action: str) -> None:
    articles = [ArticleFactory(section=publication.world, authors=[AuthorFactory()]) for _ in range(3)]
    if action == "publish":
        for article in articles:
            newsroom.unpublish_page(article)
    actions.drain()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    ids = "&".join(f"id={article.pk}" for article in articles)
    answer = chief.post(f"{address}?{ids}&next=/desk/", {"include_descendants": "on"})
    assert answer.status_code == 302
    oracle.assert_true(tmp_path / "fresh")
    states = set(Address.objects.filter(path__startswith="/world/story-").values_list("state", flat=True))
    assert states == {Address.State.LIVE if action == "publish" else Address.State.GONE}


def test_a_bulk_move_redirects(chief: Client, publication: SmallPublication, tmp_path: Path) -> None:
    articles = [ArticleFactory(section=publication.world) for _ in range(3)]
    actions.drain()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    ids = "&".join(f"id={article.pk}" for article in articles)
    answer = chief.post(f"{address}?{ids}&next=/desk/", {"chooser": publication.local.pk})
    assert answer.status_code == 302
    oracle.assert_true(tmp_path / "fresh")
    assert Address.objects.filter(path__startswith="/world/story-", state=Address.State.MOVED).count() == 3


def test_a_section_unpublished_with_what_is_in_it_and_given_another_slug(
    chief: Client, publication: SmallPublication, tmp_path: Path
) -> None:
    for _ in range(3):
        ArticleFactory(section=publication.world)
    actions.drain()
    data = section_form("Earth", "earth")
    assert chief.post(reverse("wagtailadmin_pages:edit", args=[publication.world.pk]), data).status_code == 302
    oracle.assert_true(tmp_path / "one")
    assert Address.objects.filter(path__startswith="/earth/story-", state=Address.State.LIVE).count() == 3
    unpublish = reverse("wagtailadmin_pages:unpublish", args=[publication.world.pk])
    assert chief.post(unpublish, {"include_descendants": "on"}).status_code == 302
    oracle.assert_true(tmp_path / "two")
    assert not Address.objects.filter(path__startswith="/earth/", state=Address.State.LIVE).exists()


def test_a_section_copied_with_its_articles_is_a_section_of_its_own(
    chief: Client, publication: SmallPublication, tmp_path: Path
) -> None:
    topic = Topic.objects.create(name="Tides", slug="tides")
    ArticleFactory(section=publication.world, slug="copied", topics=[topic])
    data = {
        "new_title": "World again",
        "new_slug": "world-again",
        "new_parent_page": publication.home.pk,
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    assert chief.post(reverse("wagtailadmin_pages:copy", args=[publication.world.pk]), data).status_code == 302
    oracle.assert_true(tmp_path / "fresh")
    assert Address.objects.filter(path="/world-again/copied/", state=Address.State.LIVE).exists()


def test_an_older_revision_comes_back_whole(
    chief: Client, publication: SmallPublication, store: Path, tmp_path: Path
) -> None:
    article = ArticleFactory(section=publication.world, headline="First words", slug="revised")
    first = Article.objects.get(pk=article.pk).latest_revision
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert chief.post(edit, form(headline="Other words", slug="revised")).status_code == 302
    assert first is not None
    revert = form(headline="First words", slug="revised", revision=first.pk)
    assert chief.post(edit, revert).status_code == 302
    oracle.assert_true(tmp_path / "fresh")
    assert "First words" in text_of(store, "/world/revised/")


def test_nothing_leads_back_to_a_killed_story(
    chief: Client, publication: SmallPublication, store: Path, tmp_path: Path
) -> None:
    article = ArticleFactory(section=publication.world, headline="Unspeakable", slug="unspeakable")
    actions.drain()
    revision = Article.objects.get(pk=article.pk).latest_revision
    newsroom.kill_article(article, "A court says so.")
    assert revision is not None
    for name, arguments in {
        "edit": [article.pk],
        "history": [article.pk],
        "copy": [article.pk],
        "move": [article.pk],
        "revisions_revert": [article.pk, revision.pk],
        "revisions_view": [article.pk, revision.pk],
        "revisions_compare": [article.pk, revision.pk, "latest"],
        "view_draft": [article.pk],
    }.items():
        answer = chief.get(reverse(f"wagtailadmin_pages:{name}", args=arguments))
        assert answer.status_code in {302, 403, 404}, name
        assert b"It happened." not in answer.content
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert chief.post(edit, form(headline="Unspeakable", slug="unspeakable")).status_code == 302
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    chief.post(f"{bulk}?id={article.pk}&next=/desk/", {})
    oracle.assert_true(tmp_path / "fresh")
    assert not Page.objects.get(pk=article.pk).live
    files = [file for file in store.rglob("*") if file.is_file() and file.suffix in {".html", ".xml", ".json", ".txt"}]
    assert not [file for file in files if b"Unspeakable" in file.read_bytes()]


def test_publishing_a_lead_picture_needs_words_or_the_tick(chief: Client, publication: SmallPublication) -> None:
    picture = PictureFactory(alt="")
    untold = form(headline="Seen", slug="seen", lead_picture=picture.pk)
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", publication.world.pk])
    answer = chief.post(address, untold)
    assert answer.status_code == 200
    assert "tick that it is only for looks" in answer.content.decode()
    assert (
        chief.post(address, {name: value for name, value in untold.items() if name != "action-publish"}).status_code
        == 302
    )
    article = Article.objects.get()
    assert not article.live
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert chief.post(edit, {**untold, "lead_is_decorative": "on"}).status_code == 302
    article.refresh_from_db()
    assert article.live


def test_a_picture_in_the_text_needs_words_at_the_desk_alone(chief: Client, publication: SmallPublication) -> None:
    picture = PictureFactory(alt="")
    block = {"image": picture.pk, "alt": "", "caption": ""}
    ArticleFactory(section=publication.world, slug="imported", body=[{"type": "image", "value": block}])
    article = Article.objects.get(slug="imported")
    article.save_revision().publish()
    article.refresh_from_db()
    assert article.live
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert chief.get(edit).status_code == 200
    answer = chief.post(edit, form(headline="Seen", slug="imported", body=streamfield([("image", block)])))
    assert answer.status_code == 200
    assert "tick that it is only for looks" in answer.content.decode()
