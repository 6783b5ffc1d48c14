"""Importing: what is public comes over, nothing else does, and a second run writes nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html

from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.media.models import Picture
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Author, Section, StaticPage, Topic
from stoppress.pagestore import actions as pagestore
from stoppress.pagestore.models import Address
from tests.factories.media import picture_bytes
from tests.importers.outcome import outcome
from tests.importers.wxr import HOST, Post, attachment, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

QUAY = attachment(90, "2024/05/quay.jpg", alt="The quay", caption="At dawn")
SECRET = attachment(91, "2024/05/secret.jpg")


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


def test_a_script_in_every_field_stays_words_or_goes(tmp_path: Path, uploads: Path, store: Path) -> None:
    script = "\"><script>alert('x')</script>"
    photo = attachment(90, "2024/05/quay.jpg", alt=script, caption=script)
    markup = f"""{script}<img src="/wp-content/uploads/2024/05/quay.jpg" alt="{script}" onerror="alert('x')">
        <a href="javascript:alert('x')">there</a> [caption caption="{script}"]{script}[/caption] [gallery ids="90"]"""
    post = Post(
        1,
        script,
        markup,
        slug=script,
        link=f"{HOST}/{script}/",
        excerpt=script,
        creator=script,
        date=script,
        categories=("odd",),
        tags=("odd",),
        meta={"_thumbnail_id": "90", "footnotes": script},
    )
    page = Post(2, script, markup, kind="page", slug=script)
    file = write(tmp_path, photo, post, page, categories={"odd": (script, script)}, authors={script: script})
    receipt = import_wordpress(file, uploads)
    assert outcome(receipt, "articles") == outcome(receipt, "pages") == {"new": 1}
    assert pagestore.drain().failed == []
    for baked in store.rglob("*.html"):
        for element in lxml_html.document_fromstring(baked.read_bytes()).iter("*"):
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not element.get("href", "").startswith("javascript")
            assert element.tag != "script" or element.get("src") or element.get("type") == "application/ld+json"


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


def test_reusable_blocks_come_in_the_posts_that_use_them(tmp_path: Path) -> None:
    posts = [
        Post(1, body='<!-- wp:block {"ref":7} /--><!-- wp:block {"ref":8} /-->'),
        Post(7, kind="wp_block", body="<!-- wp:paragraph --><p>Subscribe.</p><!-- /wp:paragraph -->"),
        Post(8, kind="wp_block", body="Secret", status="draft"),
        Post(9, kind="wp_block", body="Unused"),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), None)
    assert [block["value"] for block in Article.objects.get().body.raw_data] == ["<p>Subscribe.</p>"]
    assert receipt.kept_back.counts == {"reusable blocks that are drafts or private": 1}
    assert receipt.not_yet.counts["reusable blocks that no public post uses"] == 1
    assert receipt.not_yet.counts["reusable block that the export does not show to everyone"] == 1
    posts[1] = Post(7, kind="wp_block", body="Subscribe now.")
    assert outcome(import_wordpress(write(tmp_path, *posts), None), "articles") == {"changed": 1}


def test_the_pages_of_a_post_redirect_to_it(tmp_path: Path) -> None:
    import_wordpress(write(tmp_path, Post(1, body="One<!--nextpage-->Two<!--nextpage-->Three", slug="long")), None)
    subjects = dict(Address.objects.values_list("path", "subject"))
    article = f"article:{Article.objects.get().pk}"
    assert subjects["/2024/05/long/2/"] == subjects["/2024/05/long/3/"] == article
    assert "/2024/05/long/4/" not in subjects


def test_galleries_keep_their_order_and_captions(tmp_path: Path, uploads: Path) -> None:
    for name, colour in (("a", "red"), ("b", "blue"), ("c", "green")):
        (uploads / f"2024/05/{name}.jpg").write_bytes(picture_bytes(colour=colour))
    files = [
        attachment(n, f"2024/05/{name}.jpg", parent=1, caption=f"Told of {name}") for n, name in enumerate("abc", 90)
    ]
    files[0].order = 3
    posts = [
        *files,
        attachment(99, "2024/05/missing.jpg", parent=1),
        Post(1, body="[gallery exclude='91,99']"),
        Post(2, body="[gallery ids='92,99,90']"),
        Post(3, body="[gallery include='92,90,91' order='DESC' orderby='ID']"),
        Post(4, body="[gallery id='1' orderby='title']"),
        Post(5, body="[gallery ids='99,99']"),
    ]
    receipt = import_wordpress(write(tmp_path, *posts), uploads)
    titles = dict(Picture.objects.values_list("pk", "title"))

    def shown(slug: str) -> list[str]:
        [block] = Article.objects.get(slug=slug).body.raw_data
        assert block["type"] == "gallery"
        assert all(one["caption"] == f"Told of {titles[one['image']][8]}" for one in block["value"]["pictures"])
        return [titles[one["image"]][8] for one in block["value"]["pictures"]]

    assert shown("post-1") == ["c", "a"]
    assert shown("post-2") == ["c", "a"]
    assert shown("post-3") == ["c", "b", "a"]
    assert shown("post-4") == ["a", "b", "c"]
    assert list(Article.objects.get(slug="post-5").body.raw_data) == []
    assert receipt.not_yet.counts["picture whose file is not in the media folder"] == 3
    pagestore.drain()
    assert not import_wordpress(write(tmp_path, *posts), uploads).has_changes
