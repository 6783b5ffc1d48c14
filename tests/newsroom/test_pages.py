"""What pages say, and what they never do."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from stoppress.media.actions import withdraw
from stoppress.media.models import Picture, Rendition
from stoppress.media.tasks import make_late_renditions
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import pages
from stoppress.newsroom.models import BUCKET, Article
from stoppress.pagestore import actions
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Mark
from tests.conftest import SmallPublication
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory

pytestmark = pytest.mark.django_db


def page(store: Path, path: str) -> str:
    actions.drain()
    return Path(Layout(store).stem(path) + ".html").read_text(encoding="utf-8")


def test_no_story_stands_twice_on_the_home_page(publication: SmallPublication, store: Path) -> None:
    for i in range(40):
        ArticleFactory(section=(publication.world, publication.local)[i % 2])
    links = re.findall(r'<h[34][^>]*><a href="([^"]+)"', page(store, "/"))
    assert len(links) > 15
    assert len(links) == len(set(links))


def assert_runs_nothing(html: str) -> None:
    """Only blocks that machines read (JSON-LD) and our own islands, and nothing that ends one early."""
    ours = html.count('<script type="application/ld+json">')
    ours += len(
        re.findall(r'<script type="module" fetchpriority="low" src="/static/design/\w+\.island\.js"></script>', html)
    )
    assert html.count("<script") == ours == html.count("</script>")


def test_hostile_words_are_words(publication: SmallPublication, store: Path) -> None:
    bad = "<script>alert(1)</script>\"'&amp;{{ 7 }}"
    author = AuthorFactory(name=bad)
    article = ArticleFactory(section=publication.world, headline=bad, standfirst=bad, authors=[author], lead_alt=bad)
    for path in (article.public_path, "/world/", "/"):
        assert_runs_nothing(page(store, path))
    assert "<script" not in (store / "pages/feed/index.xml").read_text(encoding="utf-8")


def test_a_link_in_text_follows_the_page_and_dies_with_it(publication: SmallPublication, store: Path) -> None:
    target = ArticleFactory(section=publication.world, slug="target")
    body = [{"type": "text", "value": f'<p>As <a linktype="page" id="{target.pk}">reported</a>.</p>'}]
    article = ArticleFactory(section=publication.local, body=body)
    assert '<a href="/world/target/">reported</a>' in page(store, article.public_path)
    newsroom.move_page(target, publication.sports)
    assert '<a href="/sports/target/">reported</a>' in page(store, article.public_path)
    newsroom.unpublish_page(Article.objects.get(pk=target.pk))
    html = page(store, article.public_path)
    assert "reported" in html
    assert "/sports/target/" not in html


def test_a_section_that_was_taken_off_is_named_nowhere(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world)
    assert '<a href="/world/"' in page(store, "/")
    newsroom.unpublish_page(publication.world)
    for path in ("/", article.public_path):
        assert '<a href="/world/"' not in page(store, path)


def test_what_search_engines_are_told_of_a_section_follows_the_desk(publication: SmallPublication, store: Path) -> None:
    for _ in range(2 * BUCKET):
        ArticleFactory(section=publication.world)
    actions.drain()
    publication.world.search_description = "All the ferries."
    publication.world.save_revision().publish()
    assert "All the ferries." in page(store, "/world/")
    assert "All the ferries." in page(store, "/world/page/1/")


def test_a_new_publication_has_whole_machine_files(publication: SmallPublication, store: Path) -> None:
    actions.drain()
    assert "/sitemap/0.xml" in (store / "pages/sitemap.xml").read_text()
    assert "/world/" in (store / "pages/sitemap/0.xml").read_text()


def test_a_renamed_author_is_renamed_everywhere(publication: SmallPublication, store: Path) -> None:
    author = AuthorFactory(name="A. Smith")
    article = ArticleFactory(section=publication.world, authors=[author])
    assert "A. Smith" in page(store, article.public_path)
    author.name = "Ada Smith-Jones"
    author.save()
    for path in (article.public_path, "/world/", "/"):
        assert "Ada Smith-Jones" in page(store, path)


def test_a_replaced_picture_has_a_new_address(publication: SmallPublication, store: Path) -> None:
    picture = PictureFactory(colour="red")
    article = ArticleFactory(section=publication.world, lead_picture=picture)
    before = re.findall(r'src="(/media/images/[^"]+)"', page(store, article.public_path))
    other = PictureFactory(colour="blue")
    newsroom.update_article(article, DraftFactory(slug=article.slug, lead_picture=other))
    after = re.findall(r'src="(/media/images/[^"]+)"', page(store, article.public_path))
    assert before
    assert after
    assert not set(before) & set(after)


def test_dates_are_readable_by_people_and_machines(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world)
    html = page(store, article.public_path)
    assert "Published on" in html
    assert article.first_published_at is not None
    assert f'datetime="{article.first_published_at:%Y-%m-%dT%H:%M}' in html


def test_pages_need_no_script_and_no_third_party(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, lead_picture=PictureFactory())
    for path in (article.public_path, "/world/", "/", "/404.html", "/410.html"):
        html = page(store, path) if path.endswith("/") else (store / f"pages{path}").read_text(encoding="utf-8")
        assert_runs_nothing(html)
        assert "style=" not in html
        assert not re.findall(r'(?:src|srcset)="(?:https?:)?//', html)
        assert len(html.encode()) < 25_000


def test_a_preview_leaves_out_an_author_who_is_gone(publication: SmallPublication) -> None:
    stays, goes = AuthorFactory(name="Who Stays"), AuthorFactory(name="Who Goes")
    article = ArticleFactory(section=publication.world, authors=[stays, goes])
    draft = article.get_latest_revision_as_object()
    assert [credit.name for credit in pages.article(draft, is_preview=True)["authors"]] == ["Who Stays", "Who Goes"]
    draft = article.get_latest_revision_as_object()
    goes.delete()
    assert [credit.name for credit in pages.article(draft, is_preview=True)["authors"]] == ["Who Stays"]


@pytest.fixture
def picture(publication: SmallPublication) -> Picture:
    """A picture without sizes yet: Wagtail remembers them by a primary key that an earlier test may have had."""
    cache.clear()
    return PictureFactory(width=1000)


def test_a_picture_that_lost_a_size_gets_it_again(picture: Picture) -> None:
    before = pages.figure(picture.pk)
    assert before is not None
    (webp,) = before.sources
    assert webp.type == "image/webp"
    assert [size.split()[1] for size in webp.srcset.split(", ")] == ["320w", "640w", "960w", "1000w"]
    assert [size.split()[1] for size in before.srcset.split(", ")] == ["640w", "1000w"]
    assert before.src.endswith(".jpg")
    assert (before.width, before.alt, before.credit) == (640, "A teal field", "Drawn for the tests")
    picture.renditions.filter(width=960).delete()
    assert pages.figure(picture.pk) == before
    assert picture.renditions.filter(width=960).exists()


def test_the_format_that_takes_long_comes_later(picture: Picture) -> None:
    before = pages.figure(picture.pk)
    assert before is not None
    assert [source.type for source in before.sources] == ["image/webp"]
    Mark.objects.all().delete()
    make_late_renditions.call(picture.pk)
    assert [mark.key for mark in Mark.objects.all()] == [f"image:{picture.pk}"]
    shown = pages.figure(picture.pk)
    assert shown is not None
    assert [source.type for source in shown.sources] == ["image/avif", "image/webp"]
    assert shown.sources[0].srcset.split(" ")[0].endswith("/320.avif")


def test_a_picture_that_is_withdrawn_gets_no_late_format(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    withdraw([picture])
    make_late_renditions.call(picture.pk)
    assert not picture.renditions.exists()

    other = PictureFactory(colour="red")
    made = Picture.get_renditions

    def withdrawn_meanwhile(self: Picture, *specs: str) -> dict[str, Rendition]:
        sizes: dict[str, Rendition] = made(self, *specs)
        Picture.objects.filter(pk=self.pk).update(withdrawn_at=timezone.now())
        return sizes

    monkeypatch.setattr(Picture, "get_renditions", withdrawn_meanwhile)
    make_late_renditions.call(other.pk)
    assert not other.renditions.filter(filter_spec__contains="avif").exists()


def test_a_withdrawn_picture_is_not_shown(picture: Picture) -> None:
    assert pages.figure(picture.pk) is not None
    Picture.objects.filter(pk=picture.pk).update(withdrawn_at=timezone.now())
    assert picture.renditions.exists()
    assert pages.figure(picture.pk) is None
