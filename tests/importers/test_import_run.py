"""How a run of an import behaves: again, interrupted, dry, refused, and what its receipt says."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.wordpress import actions, writer
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Home, Section
from stoppress.newsroom.setup import create_publication
from stoppress.pagestore import actions as pagestore
from stoppress.pagestore.models import Address
from tests.factories.newsroom import DraftFactory
from tests.importers.outcome import outcome, written
from tests.importers.wxr import HOST, REAL, Post, attachment, needs_real_export, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

QUAY = attachment(90, "2024/05/quay.jpg", alt="The quay", caption="At dawn")


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
    monkeypatch.setattr(writer, "page_slug", lambda *_: "feed")  # a slug that the newsroom keeps for itself
    receipt = import_wordpress(write(tmp_path, Post(1), Post(2)), None)
    assert outcome(receipt, "articles") == {"as before": 1, "could not be brought": 1}
    assert written() == before


def test_an_import_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    file = write(tmp_path, *(Post(n) for n in range(1, 6)))

    def stop(done: int, total: int) -> None:
        assert total == 5
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_wordpress(file, None, stop)
    receipt = import_wordpress(file, None)
    assert outcome(receipt, "articles") == {"as before": 2, "new": 3}
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
        "comments in the trash on pages, which take no replies here": 1,
        "pingbacks on pages, which take no replies here": 1,
        "menu entries": 1,
        "“acme_event” entries": 1,
        "files that no public post shows": 1,
        "pictures that no public post uses": 1,
        "categories without a public post": 2,
        "shortcode [form]": 1,
    }
    assert [outcome(receipt, f"{state} replies") for state in ("approved", "held", "spam")] == [{"new": 1}] * 3
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
    assert foreseen == replace(import_wordpress(write(tmp_path, *posts), uploads), is_forecast=True)
    article = Article.objects.get(slug="post-1")
    article.title = "Changed here"
    article.save_revision().publish()
    changed = [QUAY, broken, Post(1, title="Changed there"), Post(2, title="Also changed"), Post(3)]
    foreseen = import_wordpress(write(tmp_path, *changed), uploads, is_dry=True)
    assert outcome(foreseen, "articles") == {"left as it is here": 1, "changed": 1, "new": 1}
    assert foreseen == replace(import_wordpress(write(tmp_path, *changed), uploads), is_forecast=True)


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_foresees_what_only_the_writing_finds(tmp_path: Path, store: Path) -> None:
    home = create_publication("The Test Gazette")
    newsroom.create_section(home, "Sports", "sports")
    deep = {f"c{n}": (f"c{n - 1}" if n else "", "x" * 80) for n in range(25)}
    posts = [
        Post(1, categories=("sports",), slug="same"),
        Post(2, categories=("sports",), slug="same"),
        Post(3, categories=("c24",)),
        Post(4, link=f"{HOST}/sports/same/", tags=("ferries",)),
        Post(5, link=f"{HOST}/a/../b/"),
    ]
    file = write(tmp_path, *posts, categories={"sports": ("", "Sports"), "world": ("", "World")} | deep)
    before = written()
    foreseen = import_wordpress(file, None, is_dry=True)
    assert written() == before
    assert list(store.rglob("*.html")) == []
    assert foreseen == replace(import_wordpress(file, None), is_forecast=True)
    assert foreseen.notes.counts["section that was here already, used for the category"] == 1
    assert foreseen.redirects > 0
    again = import_wordpress(file, None, is_dry=True)
    assert again == replace(import_wordpress(file, None), is_forecast=True)
    assert not again.has_changes


def test_an_address_that_stays_is_no_redirect(tmp_path: Path) -> None:
    receipt = import_wordpress(write(tmp_path, Post(1, slug="ferry", link=f"{HOST}/world/ferry/")), None)
    assert receipt.redirects == len(("/category/world/",))
    pagestore.drain()
    assert Address.objects.get(path="/world/ferry/").state == Address.State.LIVE


@needs_real_export
def test_the_real_export(store: Path, django_capture_on_commit_callbacks: Any) -> None:
    assert timezone.now() > datetime(2026, 11, 23, 5, tzinfo=UTC), "this machine's clock is behind the export"
    foreseen = import_wordpress(REAL / "export-bare-ampersand.xml", REAL / "media", is_dry=True)
    assert not Home.objects.exists()
    receipt = import_wordpress(REAL / "export-bare-ampersand.xml", REAL / "media")
    assert foreseen == replace(receipt, is_forecast=True)
    assert {kind: dict(counts) for kind, counts in receipt.brought.items()} == {
        "sections": {"new": 5},
        "authors": {"new": 4},
        "articles": {"new": 205},
        "pictures": {"new": 4},
        "topics": {"new": 5},
        "pages": {"new": 2},
        "approved replies": {"new": 14},
        "held replies": {"new": 1},
        "refused replies": {"new": 1},
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
