"""What may be done to articles, by whom, and what readers get afterwards."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.models import GroupPagePermission

from stoppress.accounts.models import User
from stoppress.media.models import Picture
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.addresses import RESERVED_TOP_SLUGS
from stoppress.newsroom.models import SHELVES, Article, Kill, Section
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, UserFactory
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(publication: SmallPublication) -> User:
    """May add, edit and publish everywhere, and is no superuser."""
    user = UserFactory()
    group = Group.objects.create(name="Desk")
    for codename in ("add_page", "change_page", "publish_page", "bulk_delete_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.create(group=group, page=publication.home.page_ptr, permission=permission)
    user.groups.add(group)
    return user


def state(path: str) -> tuple[str, str | None]:
    from stoppress.pagestore.bake.worker import target_of  # noqa: PLC0415 - needs Django set up

    address = Address.objects.get(path=path)
    return address.state, target_of(address)


def test_a_stranger_publishes_nothing(publication: SmallPublication) -> None:
    with pytest.raises(PermissionDenied):
        newsroom.publish_article(publication.world, DraftFactory(), UserFactory())
    assert not Article.objects.exists()


@pytest.mark.parametrize("act", ["unpublish", "kill", "move", "update", "delete"])
def test_a_stranger_changes_nothing(publication: SmallPublication, act: str) -> None:
    article, stranger = ArticleFactory(section=publication.world), UserFactory()
    acts: dict[str, Any] = {
        "unpublish": lambda: newsroom.unpublish_page(article, stranger),
        "kill": lambda: newsroom.kill_article(article, "spite", stranger),
        "move": lambda: newsroom.move_page(article, publication.local, stranger),
        "update": lambda: newsroom.update_article(article, DraftFactory(), stranger),
        "delete": lambda: newsroom.delete_page(article, stranger),
    }
    with pytest.raises(PermissionDenied):
        acts[act]()
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.live, fresh.killed_at, fresh.title) == (True, None, article.title)


def test_an_editor_kills_but_does_not_delete(publication: SmallPublication, editor: User) -> None:
    article = ArticleFactory(section=publication.world)
    with pytest.raises(PermissionDenied):
        newsroom.delete_page(article, editor)
    kill = newsroom.kill_article(article, "A court order", editor)
    assert (kill.by, kill.reason, kill.path) == (editor, "A court order", article.public_path)


def test_a_superuser_deletes_and_readers_get_410(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    actions.drain()
    newsroom.delete_page(article, SuperuserFactory())
    actions.drain()
    assert state(article.public_path) == ("gone", None)


def test_a_kill_needs_a_reason(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    with pytest.raises(ValidationError):
        newsroom.kill_article(article, "  ")
    assert Article.objects.get().live


def test_a_killed_article_is_sealed_even_for_superusers(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    newsroom.kill_article(article, "Libel")
    sealed = Article.objects.get(pk=article.pk)
    permissions = sealed.permissions_for_user(SuperuserFactory())
    for name in ("can_edit", "can_publish", "can_unpublish", "can_view_revisions", "can_copy", "can_kill", "can_move"):
        assert not getattr(permissions, name)(), name
    with pytest.raises(PermissionDenied):
        newsroom.update_article(sealed, DraftFactory())


def test_a_kill_purges_the_pictures_that_only_it_uses(
    publication: SmallPublication, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        own, shared, inner = (PictureFactory(colour=colour) for colour in ("red", "blue", "green"))
        body = [{"type": "image", "value": {"image": inner.pk, "alt": "", "caption": ""}}]
        article = ArticleFactory(section=publication.world, lead_picture=own, body=body)
        also = [{"type": "image", "value": {"image": shared.pk, "alt": "", "caption": ""}}]
        ArticleFactory(section=publication.world, lead_picture=shared)
        newsroom.update_article(article, DraftFactory(slug=article.slug, lead_picture=own, body=[*body, *also]))
    media = Path(settings.MEDIA_ROOT)
    files = {p.pk: [media / name for name in p.renditions.values_list("file", flat=True)] for p in (own, shared, inner)}
    assert all(file.exists() for some in files.values() for file in some)
    with django_capture_on_commit_callbacks(execute=True):
        newsroom.kill_article(article, "Privacy")
    assert not any(file.exists() for file in files[own.pk] + files[inner.pk])
    assert all(file.exists() for file in files[shared.pk])
    assert set(Picture.objects.exclude(withdrawn_at=None)) == {own, inner}


def test_the_record_of_a_kill_outlives_the_article(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world, headline="Never true")
    newsroom.kill_article(article, "Invented")
    newsroom.delete_page(Article.objects.get(pk=article.pk))
    assert Kill.objects.get().headline == "Never true"


def test_a_move_redirects_and_chains_are_flat(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world, slug="ferry")
    actions.drain()
    newsroom.move_page(article, publication.local)
    actions.drain()
    newsroom.move_page(Article.objects.get(), publication.sports)
    actions.drain()
    assert state("/world/ferry/") == ("moved", "/sports/ferry/")
    assert state("/local/ferry/") == ("moved", "/sports/ferry/")
    newsroom.move_page(Article.objects.get(), publication.world)
    actions.drain()
    assert state("/world/ferry/") == ("live", None)
    assert state("/sports/ferry/") == ("moved", "/world/ferry/")


def test_a_move_onto_a_taken_slug_is_refused_and_changes_nothing(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world, slug="ferry")
    ArticleFactory(section=publication.local, slug="ferry")
    with pytest.raises(ValidationError):
        newsroom.move_page(article, publication.local)
    assert Article.objects.get(pk=article.pk).public_path == "/world/ferry/"


def test_a_new_story_may_take_an_old_address(publication: SmallPublication) -> None:
    old = ArticleFactory(section=publication.world, slug="storm")
    actions.drain()
    newsroom.move_page(old, publication.local)
    new = ArticleFactory(section=publication.world, slug="storm")
    actions.drain()
    assert state("/world/storm/") == ("live", None)
    assert Address.objects.get(path="/world/storm/").subject == f"article:{new.pk}"
    assert state("/local/storm/") == ("live", None)


@pytest.mark.parametrize("slug", ["page", "feed", "comments", "lite"])
def test_reserved_slugs_are_refused_with_another_to_try(publication: SmallPublication, slug: str) -> None:
    with pytest.raises(ValidationError, match=f"{slug}-news"):
        ArticleFactory(section=publication.world, slug=slug)
    assert not Article.objects.exists()


def test_no_slug_is_longer_than_a_file_name_can_be(publication: SmallPublication) -> None:
    with pytest.raises(ValidationError, match="too long"):
        ArticleFactory(section=publication.world, slug="a" * 240)
    section = publication.world
    for _ in range(9):
        section = newsroom.create_section(section, "Deep", "d" * 200)
    with pytest.raises(ValidationError, match="too long"):
        newsroom.create_section(section, "Deep", "d" * 200)
    assert actions.drain().failed == []


def test_every_noun_with_pages_of_its_own_is_reserved_at_the_top() -> None:
    assert set(SHELVES) <= RESERVED_TOP_SLUGS


def test_a_move_to_an_address_of_the_machine_is_refused(publication: SmallPublication) -> None:
    section = newsroom.create_section(publication.world, "Media", "media")
    with pytest.raises(ValidationError, match="media-news"):
        newsroom.move_page(section, publication.home)
    assert Section.objects.get(pk=section.pk).public_path == "/world/media/"


def test_blocks_of_a_newer_version_survive_a_save(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    raw = [
        {"type": "text", "value": "<p>One</p>", "id": "a"},
        {"type": "hologram", "value": {"depth": 3}, "id": "b"},
        {"type": "text", "value": "<p>Two</p>", "id": "c"},
    ]
    Article.objects.filter(pk=article.pk).update(body=raw)
    fresh = Article.objects.get(pk=article.pk)
    assert [block.block_type for block in fresh.body] == ["text", "text"]
    fresh.save_revision().publish()
    for stored in (Article.objects.get(pk=article.pk), fresh.get_latest_revision_as_object()):
        body = Article._meta.get_field("body").get_prep_value(stored.body)
        assert [block["type"] for block in body] == ["text", "hologram", "text"]
