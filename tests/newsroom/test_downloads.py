"""Files of live pages: public under a name that follows their content, private before, gone after a kill."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import User
from stoppress.media import actions as media
from stoppress.media.models import Attachment
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.factories.media import AttachmentFactory, PictureFactory
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db


def showing(*attachments: Attachment) -> list[dict[str, Any]]:
    return [{"type": "data", "value": {"document": one.pk, "title": "", "note": ""}} for one in attachments]


def linked(html: str) -> list[str]:
    return re.findall(r'href="/media/(files/[^"]+)"', html)


@pytest.fixture
def public(settings: Any) -> Path:
    return Path(settings.MEDIA_ROOT)


def test_a_file_is_public_with_the_page_that_shows_it_and_not_before(
    publication: SmallPublication, store: Path, public: Path
) -> None:
    attachment = AttachmentFactory(content=b"a,b\n", filename="data.CSV", title="Haven & Sø: 12/13")
    article = ArticleFactory(section=publication.world)
    draft = Article.objects.get(pk=article.pk)
    draft.body = showing(attachment)
    draft.save_revision()
    page(store, article.public_path)
    assert not (public / "files").exists()
    chief = Client()
    chief.force_login(User.objects.create_superuser("chief", password="x"))
    preview = chief.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])).content.decode()
    assert f'href="{attachment.url}"' in preview
    assert not (public / "files").exists()

    newsroom.update_article(article, DraftFactory(slug=article.slug, body=showing(attachment)))
    (name,) = linked(page(store, article.public_path))
    assert re.fullmatch(rf"files/{attachment.pk}/[0-9a-f]{{20}}/haven-s-1213\.csv", name)
    assert (public / name).read_bytes() == b"a,b\n"


def test_a_replaced_file_has_a_new_address(publication: SmallPublication, store: Path, public: Path) -> None:
    attachment = AttachmentFactory(content=b"old\n")
    article = ArticleFactory(section=publication.world, body=showing(attachment))
    (before,) = linked(page(store, article.public_path))
    chief = Client()
    chief.force_login(User.objects.create_superuser("chief", password="x"))
    data = {"title": attachment.title, "tags": "", "file": ContentFile(b"new and longer\n", "ferries.csv")}
    assert chief.post(reverse("wagtaildocs:edit", args=[attachment.pk]), data).status_code == 302
    html = page(store, article.public_path)
    (after,) = linked(html)
    assert before != after
    assert "15\xa0bytes" in html
    assert (public / after).read_bytes() == b"new and longer\n"
    # Readers of the old page may still ask for it; it goes later.
    assert (public / before).exists()
    assert media.remove_orphans(older_than=-1) == 1
    assert not (public / before).exists()
    assert (public / after).exists()


def test_a_kill_withdraws_the_files_that_only_it_uses(
    publication: SmallPublication, store: Path, public: Path, django_capture_on_commit_callbacks: Any
) -> None:
    own, shared, former = (AttachmentFactory(content=text) for text in (b"own\n", b"shared\n", b"former\n"))
    film, words = AttachmentFactory(filename="a.mp4"), AttachmentFactory(filename="a.vtt")
    poster = PictureFactory()
    video = {"document": film.pk, "captions": words.pk, "image": poster.pk, "title": "A film"}
    article = ArticleFactory(section=publication.world, body=showing(former))
    page(store, article.public_path)
    body = [*showing(own, shared), {"type": "video", "value": video}]
    newsroom.update_article(article, DraftFactory(slug=article.slug, body=body))
    other = ArticleFactory(section=publication.local, body=showing(shared))
    page(store, article.public_path)
    assert len(list(public.glob("files/*/*/*"))) == 5
    with django_capture_on_commit_callbacks(execute=True):
        newsroom.kill_article(article, "A court says so.")
    assert {path.read_bytes() for path in public.glob("files/*/*/*")} == {b"shared\n"}
    withdrawn = Attachment.objects.exclude(withdrawn_at=None)
    assert set(withdrawn) == {own, former, film, words}
    poster.refresh_from_db()
    assert poster.withdrawn_at is not None
    assert linked(page(store, other.public_path))
    # Whoever links to it again gets nothing.
    again = ArticleFactory(section=publication.local, body=showing(own))
    assert linked(page(store, again.public_path)) == []
    assert len(list(public.glob("files/*/*/*"))) == 1


def test_a_bake_that_began_before_a_kill_leaves_no_copy_behind(publication: SmallPublication, public: Path) -> None:
    attachment = AttachmentFactory()
    Attachment.objects.filter(pk=attachment.pk).update(withdrawn_at=timezone.now())
    assert attachment.withdrawn_at is None
    assert media.publish_copy(attachment) is None
    assert not [path for path in public.rglob("*") if path.is_file()]


def test_a_deleted_file_is_gone_from_pages_and_disk(
    publication: SmallPublication, store: Path, public: Path, django_capture_on_commit_callbacks: Any
) -> None:
    attachment = AttachmentFactory()
    article = ArticleFactory(section=publication.world, body=showing(attachment))
    assert linked(page(store, article.public_path))
    with django_capture_on_commit_callbacks(execute=True):
        attachment.delete()
    assert not list(public.glob("files/*/*/*"))
    assert linked(page(store, article.public_path)) == []
    assert actions.drain().failed == []


def test_a_file_whose_original_is_lost_is_left_out(publication: SmallPublication, store: Path) -> None:
    attachment = AttachmentFactory()
    Path(attachment.file.path).unlink()
    article = ArticleFactory(section=publication.world, body=showing(attachment))
    assert linked(page(store, article.public_path)) == []
    assert actions.drain().failed == []
