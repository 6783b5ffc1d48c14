"""Importing: what is public comes over, nothing else does, and a second run writes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.models import LedgerEntry
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress import writer
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.media.models import Picture
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Author, Home, Section, StaticPage, Topic
from stoppress.pagestore import actions as pagestore
from stoppress.pagestore.models import Address, Mark
from tests.factories.media import picture_bytes
from tests.factories.newsroom import DraftFactory
from tests.importers.wxr import HOST, REAL, Post, attachment, needs_real_export, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

QUAY = attachment(90, "2024/05/quay.jpg", alt="The quay", caption="At dawn")
SECRET = attachment(91, "2024/05/secret.jpg")


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """A copy of the uploads folder with the quay and a secret."""
    folder = tmp_path / "uploads"
    (folder / "2024/05").mkdir(parents=True)
    (folder / "2024/05/quay.jpg").write_bytes(picture_bytes())
    (folder / "2024/05/secret.jpg").write_bytes(picture_bytes(colour="red"))
    return folder


def outcome(receipt: Receipt, kind: str) -> dict[str, int]:
    return dict(receipt.brought.get(kind, {}))


def written() -> tuple[Any, ...]:
    """What a second run may not add to."""
    tables = (Article, Section, Author, Topic, Picture, Revision, LedgerEntry, Mark, Address)
    return tuple(model.objects.count() for model in tables)


def test_a_post_becomes_an_article(tmp_path: Path, uploads: Path) -> None:
    post = Post(
        1,
        "Ferries &amp; <em>trains</em>",
        'One.\n\n<img src="/wp-content/uploads/2024/05/quay-300x200.jpg" alt="Boats">',
        excerpt="In <b>short</b>",
        slug="ferries",
        categories=("rowing",),
        meta={"_thumbnail_id": "90"},
    )
    receipt = import_wordpress(write(tmp_path, QUAY, post), uploads)
    article = Article.objects.get()
    picture = Picture.objects.get()
    assert article.title == "Ferries & trains"
    assert article.standfirst == "In short"
    assert article.public_path == "/sports/rowing/ferries/"
    assert article.live
    assert [byline.author.name for byline in article.bylines.all()] == ["Anna Lindqvist"]
    assert article.first_published_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert article.last_published_at == datetime(2024, 5, 2, 8, tzinfo=UTC)
    assert [(block["type"], block["value"]) for block in article.body.raw_data] == [
        ("text", "<p>One.</p>"),
        ("image", {"image": picture.pk, "alt": "Boats", "caption": ""}),
    ]
    assert (article.lead_picture, article.lead_alt, article.lead_caption) == (picture, "The quay", "At dawn")
    assert outcome(receipt, "articles") == outcome(receipt, "pictures") == {"new": 1}


def test_a_second_run_writes_nothing(tmp_path: Path, uploads: Path) -> None:
    posts = [Post(n, meta={"_thumbnail_id": "90"}, categories=("rowing",)) for n in range(1, 4)]
    broken = attachment(92, "2024/05/broken.jpg")
    (uploads / "2024/05/broken.jpg").write_bytes(b"no picture")
    file = write(tmp_path, QUAY, broken, *posts, Post(5, meta={"_thumbnail_id": "92"}))
    first = import_wordpress(file, uploads)
    before = written()
    for media in (uploads, None):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            second = import_wordpress(file, media)
        assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
        assert written() == before
        assert not second.has_changes
        assert outcome(second, "articles") == {"as before": 4}
        assert second.not_yet == first.not_yet
        assert "Nothing had to be changed" in second.render()


CANARY = "CANARY-1187"
HIDDEN = [
    Post(10, status="draft", date_gmt="0000-00-00 00:00:00"),
    Post(11, status="pending"),
    Post(12, status="private"),
    Post(13, status="future", date_gmt="2099-01-01 00:00:00"),
    Post(14, status="publish", date_gmt="2099-01-01 00:00:00"),
    Post(15, status="publish", password="letmein"),
    Post(16, status="trash"),
    Post(17, status="auto-draft"),
    Post(18, status="inherit"),
    Post(19, status=""),
    Post(20, status="Publish "),
    Post(21, status="acme-reviewed"),
]


@pytest.mark.parametrize("post", HIDDEN, ids=lambda post: f"{post.status or 'none'}-{post.id}")
def test_nothing_hidden_becomes_public(tmp_path: Path, uploads: Path, store: Path, post: Post) -> None:
    post = Post(**{
        **vars(post),
        "title": f"Title {CANARY}",
        "body": f'{CANARY} <img src="/wp-content/uploads/2024/05/secret.jpg">',
        "slug": CANARY.lower(),
        "creator": "ghost",
        "categories": ("hushed",),
        "meta": {"_thumbnail_id": "91"},
    })  # fmt: skip
    hushed = {"world": ("", "World"), "hushed": ("", f"Section {CANARY}")}
    authors = {"anna": "Anna", "ghost": f"Ghost {CANARY}"}
    file = write(tmp_path, SECRET, Post(1), post, categories=hushed, authors=authors)
    receipt = import_wordpress(file, uploads)
    assert Article.objects.count() == 1
    assert Picture.objects.count() == 0
    assert sum(receipt.kept_back.counts.values()) == 1
    pagestore.drain()
    for path in store.rglob("*"):
        assert CANARY.lower() not in path.name
        assert path.is_dir() or CANARY.lower().encode() not in path.read_bytes().lower()


def test_a_post_brought_while_public_is_named_when_the_old_site_hides_it(tmp_path: Path) -> None:
    import_wordpress(write(tmp_path, Post(1)), None)
    receipt = import_wordpress(write(tmp_path, Post(1, status="private")), None)
    assert Article.objects.get().live
    assert any("no longer shows" in note for note in receipt.notes.counts)


def test_old_addresses_redirect(tmp_path: Path) -> None:
    photo = Post(**{**vars(attachment(90, "2024/05/quay.jpg", parent=1)), "link": f"{HOST}/2024/05/ferries/quay/"})
    posts = [
        photo,
        Post(1, slug="ferries", categories=("rowing",)),
        Post(2, slug="%d9%85%d8%af", link=f"{HOST}/2024/05/%d9%85%d8%af/"),
        Post(3, link=f"{HOST}/?p=3"),
        Post(4, link=f"{HOST}/a/../b/"),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), None)
    pagestore.drain()
    paths = dict(Address.objects.filter(subject__startswith="article:").values_list("path", "subject"))
    rowing = Article.objects.get(slug="ferries")
    assert paths["/2024/05/ferries/"] == paths["/2024/05/ferries/quay/"] == f"article:{rowing.pk}"
    assert "/2024/05/مد/" in paths
    section = Section.objects.get(slug="rowing")
    archives = Address.objects.filter(subject=f"section:{section.pk}").values_list("path", flat=True)
    assert {"/category/sports/rowing/", "/category/rowing/", "/sports/rowing/"} <= set(archives)
    notes = receipt.notes.counts
    assert notes["post whose old address was a query (?p=…), which can't redirect"] == 1
    assert notes["old address that can't redirect"] == 1


def test_a_section_for_every_category_in_use(tmp_path: Path) -> None:
    categories = {
        "world": ("", "World &amp; Wide"),
        "empty": ("", "Empty"),
        "uncategorized": ("", "Uncategorized"),
        "desk": ("", "Desk"),
        "a": ("b", "A"),
        "b": ("a", "B"),
    }
    posts = [
        Post(1, categories=("world", "uncategorized")),
        Post(2, categories=("desk",)),
        Post(3, categories=("a",)),
        Post(4, categories=()),
        Post(5, categories=("unlisted",)),
    ]
    receipt = import_wordpress(write(tmp_path, *posts, categories=categories), None)
    sections = {section.title: section.public_path for section in Section.objects.all()}
    assert sections == {
        "World & Wide": "/world/",
        "Desk": "/desk-news/",
        "B": "/b/",
        "A": "/b/a/",
        "News": "/news/",
        "Unlisted": "/unlisted/",
    }
    assert receipt.not_yet.counts["categories without a public post"] == 1
    assert receipt.notes.counts["post filed in several categories, now in one section"] == 1


def test_the_primary_or_most_specific_category_wins(tmp_path: Path) -> None:
    posts = [
        Post(1, "Deepest", categories=("sports", "rowing", "world")),
        Post(2, "Primary", categories=("rowing", "world"), meta={"_yoast_wpseo_primary_category": "1"}),
        Post(3, "First", categories=("sports", "world")),
    ]
    import_wordpress(write(tmp_path, *posts), None)
    assert {article.title: article.get_parent().slug for article in Article.objects.all()} == {
        "Deepest": "rowing",
        "Primary": "world",
        "First": "sports",
    }


def test_a_section_that_is_here_is_used(tmp_path: Path, publication: Any) -> None:
    receipt = import_wordpress(write(tmp_path, Post(1)), None)
    assert Article.objects.get().get_parent().pk == publication.world.pk
    assert receipt.notes.counts["section that was here already, used for the category"] == 1


def test_authors_keep_their_names_and_stay_apart(tmp_path: Path) -> None:
    authors = {"a": "João Nunes-Ørsted", "b": "سميرة حداد", "c": "Tom", "d": "Tom", "e": "—", "unused": "Nobody"}
    posts = [Post(n, creator=login) for n, login in enumerate([*"abcde", "gone", ""], 1)]
    existing = newsroom.create_author("Tom", "tom", "Here since 1990.")
    import_wordpress(write(tmp_path, *posts, authors=authors), None)
    assert set(Author.objects.values_list("name", "slug")) == {
        ("João Nunes-Ørsted", "joao-nunes-orsted"),
        ("سميرة حداد", "smyrh-hdd"),
        ("Tom", "tom"),
        ("Tom", "tom-2"),
        ("—", "e"),
        ("gone", "gone"),
    }
    existing.refresh_from_db()
    assert existing.bio == "Here since 1990."


def test_slugs_that_clash_or_are_reserved_get_another(tmp_path: Path) -> None:
    posts = [
        Post(1, slug="é"),
        Post(2, slug="e"),
        Post(3, slug="feed"),
        Post(4, "Words", slug="—"),
        Post(5, "—", slug="—"),
    ]
    import_wordpress(write(tmp_path, *posts), None)
    assert set(Article.objects.values_list("slug", flat=True)) == {"e", "e-2", "feed-news", "words", "post-5"}


@pytest.mark.parametrize(
    ("post", "headline"),
    [
        (Post(1, "", "<p>It rained on</p><p>Monday.</p>"), "It rained on Monday."),
        (Post(1, "", "<h2>Rain</h2>"), "Rain"),
        (Post(1, "", ""), "Untitled"),
        (Post(1, "word " * 80), "word " * 49 + "word…"),
    ],
)
def test_every_article_has_a_headline(tmp_path: Path, post: Post, headline: str) -> None:
    receipt = import_wordpress(write(tmp_path, post), None)
    assert Article.objects.get().title == headline
    assert any("headline" in note for note in receipt.notes.counts)


def test_dates_of_zeros_fall_back(tmp_path: Path) -> None:
    zero = "0000-00-00 00:00:00"
    posts = [
        Post(1, "Local", date_gmt=zero, modified_gmt=zero),
        Post(2, "None", date=zero, date_gmt=zero, modified_gmt=zero),
    ]
    import_wordpress(write(tmp_path, *posts), None)
    dates = dict(Article.objects.values_list("title", "first_published_at"))
    assert dates == {"Local": datetime(2024, 5, 1, 10, tzinfo=UTC), "None": datetime(2024, 5, 6, 4, 24, 55, tzinfo=UTC)}


def test_pictures_that_are_missing_or_broken_are_named_and_the_article_comes(tmp_path: Path, uploads: Path) -> None:
    (uploads / "2024/05/broken.jpg").write_bytes(b"no picture")
    (tmp_path / "outside.jpg").write_bytes(picture_bytes())
    body = '<img src="/wp-content/uploads/2024/05/broken.jpg">Words'
    posts = [
        attachment(92, "2024/05/broken.jpg"),
        attachment(93, "2024/05/missing.jpg"),
        attachment(94, "../outside.jpg"),
        Post(1, "One", body, meta={"_thumbnail_id": "93"}),
        Post(2, "Two", meta={"_thumbnail_id": "94"}),
        Post(3, "Three", meta={"_thumbnail_id": "999"}),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), uploads)
    assert Article.objects.count() == 3
    assert [block["type"] for block in Article.objects.get(title="One").body.raw_data] == ["text"]
    assert Picture.objects.count() == 0
    lost = receipt.not_yet
    assert lost.counts["picture whose file is not in the media folder"] == 2
    assert lost.counts["featured picture that is not in the export"] == 1
    assert lost.examples["picture whose file can't be read"] == ["2024/05/broken.jpg in “One”"]


def test_pictures_come_when_the_folder_does(tmp_path: Path, uploads: Path) -> None:
    file = write(tmp_path, QUAY, Post(1, meta={"_thumbnail_id": "90"}))
    import_wordpress(file, None)
    assert Article.objects.get().lead_picture is None
    receipt = import_wordpress(file, uploads)
    assert outcome(receipt, "articles") == {"changed": 1}
    assert Article.objects.get().lead_picture == Picture.objects.get()


def test_a_picture_that_the_list_leaves_out_is_found_in_the_folder(tmp_path: Path, uploads: Path) -> None:
    body = f'<img src="{HOST}/wp-content/uploads/2024/05/quay-1024x640.jpg">'
    import_wordpress(write(tmp_path, Post(1, body=body)), uploads)
    assert Picture.objects.count() == 1


def test_what_changed_there_changes_here(tmp_path: Path) -> None:
    import_wordpress(write(tmp_path, Post(1, "Before")), None)
    receipt = import_wordpress(write(tmp_path, Post(1, "After", categories=("sports",))), None)
    article = Article.objects.get()
    assert (article.title, article.public_path) == ("After", "/sports/post-1/")
    assert outcome(receipt, "articles") == {"changed": 1}
    assert outcome(import_wordpress(write(tmp_path, Post(1, "After", categories=("sports",))), None), "articles") == {
        "as before": 1
    }


def edit(article: Article) -> None:
    newsroom.update_article(article, DraftFactory(headline="Edited here", slug="mine"))


def move(article: Article) -> None:
    newsroom.move_page(article, newsroom.create_section(Home.objects.get(), "Elsewhere", "elsewhere"))


def kill(article: Article) -> None:
    newsroom.kill_article(article, "A reason")


@pytest.mark.parametrize("touch", [edit, move, kill, newsroom.unpublish_page, newsroom.delete_page])
def test_what_someone_changed_here_is_left(tmp_path: Path, touch: Callable[[Article], None]) -> None:
    import_wordpress(write(tmp_path, Post(1, "Before")), None)
    touch(Article.objects.get())
    state = list(Article.objects.values("title", "path", "live", "latest_revision_id"))
    for headline in ("Before", "After"):
        receipt = import_wordpress(write(tmp_path, Post(1, headline)), None)
        assert list(Article.objects.values("title", "path", "live", "latest_revision_id")) == state
    assert outcome(receipt, "articles") == {"left as it is here": 1}


def test_a_post_that_is_there_twice_comes_once(tmp_path: Path) -> None:
    file = write(tmp_path, Post(1, "First"), Post(1, "Again"))
    receipt = import_wordpress(file, None)
    assert Article.objects.get().title == "First"
    assert receipt.notes.counts["post that is in the file twice, the first one taken"] == 1
    assert not import_wordpress(file, None).has_changes


def test_an_article_that_is_refused_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_wordpress(write(tmp_path, Post(1)), None)
    before = written()
    monkeypatch.setattr(writer, "free", lambda *_: "feed")  # a slug that the newsroom keeps for itself
    receipt = import_wordpress(write(tmp_path, Post(1), Post(2)), None)
    assert outcome(receipt, "articles") == {"as before": 1, "could not be brought": 1}
    assert written() == before


def test_an_import_that_was_interrupted_goes_on(tmp_path: Path) -> None:
    file = write(tmp_path, *(Post(n) for n in range(1, 6)))

    def stop(done: int, total: int) -> None:
        assert total == 5
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_wordpress(file, None, stop)
    receipt = import_wordpress(file, None)
    assert outcome(receipt, "articles") == {"as before": 3, "new": 2}
    assert Article.objects.count() == 5


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-40], lambda text: text.replace("</item>", "", 1), lambda _: "{}"]
)
def test_a_file_that_cannot_be_used_changes_nothing(tmp_path: Path, damage: Callable[[str], str]) -> None:
    file = write(tmp_path, Post(1), Post(2))
    file.write_text(damage(file.read_text(encoding="utf-8")), encoding="utf-8")
    with CaptureQueriesContext(connection) as queries, pytest.raises(ExportUnreadable, match=r"Nothing was changed\."):
        import_wordpress(file, None)
    assert len(queries) == 0


def test_a_media_folder_that_is_not_there_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportUnreadable, match="no such folder"):
        import_wordpress(write(tmp_path, Post(1)), tmp_path / "nowhere")
    assert not Home.objects.exists()


def test_the_receipt_accounts_for_the_rest(tmp_path: Path) -> None:
    posts = [
        Post(
            1, tags=("a", "b"), is_sticky=True, body="[form id=1]", comments=[("1", "comment"), ("0", ""), ("spam", "")]
        ),
        Post(2, kind="page", comments=[("trash", "comment"), ("1", "pingback")]),
        Post(3, kind="nav_menu_item"),
        Post(4, kind="acme_event"),
        Post(**{**vars(attachment(5, "2024/05/report.pdf"))}),
        QUAY,
    ]
    receipt = import_wordpress(write(tmp_path, *posts), None)
    assert dict(receipt.not_yet.counts) == {
        "approved comments": 1,
        "comments held for moderation": 1,
        "spam comments": 1,
        "comments in the trash": 1,
        "pingbacks": 1,
        "menu entries": 1,
        "“acme_event” entries": 1,
        "files that are not pictures": 1,
        "pictures that no public post uses": 1,
        "categories without a public post": 2,
        "shortcode [form]": 1,
    }
    assert outcome(receipt, "topics") == {"new": 2}
    assert "sticky post, not pinned here yet: 1 – “A headline”" in receipt.render()


def test_a_dry_run_foresees_and_writes_nothing(tmp_path: Path, uploads: Path) -> None:
    broken = attachment(92, "2024/05/broken.jpg")
    (uploads / "2024/05/broken.jpg").write_bytes(b"no picture")
    posts = [
        QUAY,
        broken,
        Post(1, tags=("harbour",), meta={"_thumbnail_id": "90"}),
        Post(2, body='<img src="/wp-content/uploads/2024/05/broken.jpg">'),
    ]
    before = written()
    foreseen = import_wordpress(write(tmp_path, *posts), uploads, is_dry=True)
    assert written() == before
    assert not Home.objects.exists()
    assert "nothing was written" in foreseen.render()
    assert foreseen.brought == import_wordpress(write(tmp_path, *posts), uploads).brought
    article = Article.objects.get(slug="post-1")
    article.title = "Changed here"
    article.save_revision().publish()
    changed = [QUAY, broken, Post(1, title="Changed there"), Post(2, title="Also changed"), Post(3)]
    foreseen = import_wordpress(write(tmp_path, *changed), uploads, is_dry=True)
    assert outcome(foreseen, "articles") == {"left as it is here": 1, "changed": 1, "new": 1}
    assert foreseen.brought == import_wordpress(write(tmp_path, *changed), uploads).brought


def test_tags_become_topics_and_formats_designs(tmp_path: Path) -> None:
    posts = [
        Post(1, tags=("harbour", "storms"), formats=("post-format-video",)),
        Post(2, tags=("harbour", "feed"), formats=("post-format-aside",)),
        Post(3, status="draft", tags=("plans",)),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), None)
    assert outcome(receipt, "topics") == {"new": 3}
    assert receipt.not_yet.counts["tags without a public post"] == 1
    assert receipt.simpler.counts["post of another format, as an ordinary report"] == 1
    first, second = Article.objects.order_by("pk")
    assert [use.topic.name for use in first.topics.all()] == ["Harbour", "Storms"]
    assert (first.design, second.design) == ("video", "standard")
    assert set(Topic.objects.values_list("slug", flat=True)) == {"harbour", "storms", "feed-news"}
    pagestore.drain()
    assert Address.objects.get(path="/tag/harbour/").subject == Address.objects.get(path="/topic/harbour/").subject
    Topic.objects.get(slug="storms").delete()
    second_run = import_wordpress(write(tmp_path, *posts), None)
    assert not second_run.has_changes
    assert outcome(second_run, "topics") == {"as before": 2, "left as it is here": 1}


def test_pages_become_static_pages(tmp_path: Path, uploads: Path) -> None:
    posts = [
        QUAY,
        Post(1),
        Post(
            2,
            "About us",
            "Who we are.",
            kind="page",
            slug="about",
            link=f"{HOST}/us/about/",
            meta={"_thumbnail_id": "90"},
        ),
        Post(3, "World", kind="page", slug="world", link=f"{HOST}/world-page/"),
        Post(4, "Plans", kind="page", status="draft"),
        Post(5, "Members", kind="page", password="x"),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), uploads)
    assert outcome(receipt, "pages") == {"new": 2}
    assert sum(receipt.kept_back.counts.values()) == 2
    about, world = StaticPage.objects.order_by("pk")
    assert (about.title, about.public_path, about.show_in_menus) == ("About us", "/about/", False)
    assert [block["type"] for block in about.body.raw_data] == ["image", "text"]
    assert world.public_path == "/world-2/"  # the section has that address
    pagestore.drain()
    assert Address.objects.get(path="/us/about/").subject == f"static:{about.pk}"
    assert not import_wordpress(write(tmp_path, *posts), uploads).has_changes
    posts[2] = Post(2, "About us", "Who we were.", kind="page", slug="about")
    assert outcome(import_wordpress(write(tmp_path, *posts), uploads, is_dry=True), "pages") == {
        "changed": 1,
        "as before": 1,
    }
    assert outcome(import_wordpress(write(tmp_path, *posts), uploads), "pages") == {"changed": 1, "as before": 1}
    about.refresh_from_db()
    assert "Who we were." in str(about.body.raw_data[0])
    about.title = "Us"
    about.save_revision().publish()
    posts[2] = Post(2, "About us all", "Who?", kind="page", slug="about")
    assert outcome(import_wordpress(write(tmp_path, *posts), uploads), "pages")["left as it is here"] == 1


@needs_real_export
def test_the_real_export(store: Path, django_capture_on_commit_callbacks: Any) -> None:
    assert timezone.now() > datetime(2026, 11, 23, 5, tzinfo=UTC), "this machine's clock is behind the export"
    foreseen = import_wordpress(REAL / "export-bare-ampersand.xml", REAL / "media", is_dry=True)
    assert not Home.objects.exists()
    receipt = import_wordpress(REAL / "export-bare-ampersand.xml", REAL / "media")
    assert foreseen.brought == receipt.brought
    assert foreseen.not_yet == receipt.not_yet
    assert {kind: dict(counts) for kind, counts in receipt.brought.items()} == {
        "sections": {"new": 5},
        "authors": {"new": 4},
        "articles": {"new": 205},
        "pictures": {"new": 4},
        "topics": {"new": 5},
        "pages": {"new": 2},
    }
    assert receipt.redirects == 220
    assert sum(receipt.kept_back.counts.values()) == 5
    assert receipt.repair_count == 1
    assert receipt.repairs[0].startswith("line 801, column 51: a bare “&” in “Ferry to end winter sailings")
    assert {section.public_path for section in Section.objects.all()} == {
        "/world-news/",
        "/local-news/",
        "/local-news/schools-learning/",
        "/sports/",
        "/sports/rowing/",
    }
    everything = "".join(str(list(Article.objects.values_list("title", "slug", "standfirst", "body"))))
    assert "CANARY" not in everything
    before = written()
    second = import_wordpress(REAL / "export.xml", REAL / "media")
    assert not second.has_changes
    assert written() == before
