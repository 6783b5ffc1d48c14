"""Everything out as WordPress writes it: our own importer reads it back, and nothing hidden is in it."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stoppress.exporters.actions import export_wordpress
from stoppress.exporters.errors import ExportRefused
from stoppress.importers.models import LedgerEntry
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.importers.wordpress.reader import Export
from stoppress.importers.wordpress.records import Item
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom import actions
from stoppress.newsroom.models import SHELVES, Article, Home, Publication, Section, StaticPage, Topic
from stoppress.newsroom.setup import create_publication
from stoppress.pagestore.models import Address, Mark
from tests.exporters.papers import SECRET, Paper, every_block, hidden, words
from tests.factories.newsroom import ArticleFactory, AuthorFactory
from tests.importers.outcome import outcome

pytestmark = pytest.mark.django_db
WP = "{http://wordpress.org/export/1.2/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


def emptied(originals: Path) -> None:
    """A new publication in the place of the old one."""
    Home.objects.get().delete()
    for model in (*SHELVES.values(), Picture, Attachment, LedgerEntry, Publication, Address, Mark):
        model._default_manager.all().delete()
    for folder in originals.iterdir():
        shutil.rmtree(folder)
    create_publication("The Test Gazette")


def imported(folder: Path) -> Receipt:
    return import_wordpress(folder / "export.xml", folder / "uploads")


def items(folder: Path) -> list[ElementTree.Element]:
    root = ElementTree.parse(folder / "export.xml").getroot()
    return root.findall("channel/item")


def item(folder: Path, slug: str) -> ElementTree.Element:
    (found,) = (one for one in items(folder) if one.findtext(f"{WP}post_name") == slug)
    return found


POST_IDS = (
    r"(?<=<wp:post_id>)\d+|(?<=attachment_id=)\d+|(?<=\?p=)\d+|(?<=wp-image-)\d+|(?<=attachment-)\d+"
    r"|(?<=<wp:meta_key><!\[CDATA\[_thumbnail_id\]\]></wp:meta_key>\n\t\t<wp:meta_value><!\[CDATA\[)\d+"
)


def without_ids(folder: Path) -> list[str]:
    """The export with its numbers counted afresh, and without the times that an import makes anew.

    Those are when the export was made, and when a picture or a static page came in.
    """
    text = (folder / "export.xml").read_text(encoding="utf-8")
    text = re.sub(r"\t<pubDate>[^<]*</pubDate>\n\t<language>", "\t<language>", text)
    parts = re.split(r"(?<=</item>\n)", text)
    for number, part in enumerate(parts):
        if "<![CDATA[attachment]]>" in part or "<![CDATA[page]]>" in part:
            parts[number] = re.sub(r"<(pubDate|wp:post_(?:date|modified)(?:_gmt)?)>.*</\1>\n", "", part)
    text = "".join(parts)
    for ids in (POST_IDS, r"(?<=<wp:term_id>)\d+", r"(?<=<wp:author_id>)\d+"):
        numbers: dict[str, str] = {}
        text = re.sub(ids, lambda found, numbers=numbers: numbers.setdefault(found[0], f"#{len(numbers)}"), text)
    return text.split("\n")


def test_it_reads_back_whole_and_a_second_export_is_the_same(paper: Paper, originals: Path, tmp_path: Path) -> None:
    report = export_wordpress(tmp_path / "one")
    assert report.counts == {
        "authors": 2,
        "categories": 2,
        "tags": 2,
        "posts": 2,
        "pages": 1,
        "comments": 0,
        "attachments": 3,
    }
    emptied(originals)
    receipt = imported(tmp_path / "one")
    assert {kind: outcome(receipt, kind) for kind in receipt.brought} == {
        "sections": {"new": 2},
        "authors": {"new": 2},
        "topics": {"new": 2},
        "pictures": {"new": 2},
        "articles": {"new": 2},
        "pages": {"new": 1},
    }
    assert receipt.repair_count == 0
    assert not receipt.not_yet.counts
    assert not receipt.simpler.counts
    harbour = Article.objects.get(slug="seen-at-the-harbour")
    assert harbour.title == "Seen at the harbour & <em>beyond</em>"
    assert harbour.standfirst == "Ferries < 3 & counting."
    assert harbour.public_path == "/sports/rowing/seen-at-the-harbour/"
    assert (harbour.lead_alt, harbour.lead_caption) == ("Boats at dawn", "The quay on Monday (Drawn for the tests)")
    assert [use.topic.name for use in harbour.topics.all()] == ["Storms <2024>", "Tides"]
    assert harbour.design == "gallery"
    assert harbour.body.raw_data[0]["value"].startswith("<p>One <b>bold</b> &amp; [sic] word.</p>")
    assert Section.objects.get(slug="sports").standfirst == "Who won."
    export_wordpress(tmp_path / "two")
    assert without_ids(tmp_path / "two") == without_ids(tmp_path / "one")
    uploads = [sorted(p.read_bytes() for p in (tmp_path / n / "uploads").rglob("*.jpg")) for n in ("one", "two")]
    assert uploads[0] == uploads[1]


def test_a_second_import_of_it_changes_nothing(paper: Paper, originals: Path, tmp_path: Path) -> None:
    every_block(paper)
    export_wordpress(tmp_path / "out")
    emptied(originals)
    assert imported(tmp_path / "out").has_changes
    assert not imported(tmp_path / "out").has_changes


def test_what_wordpress_has_no_block_for_comes_in_a_simpler_form_once(
    paper: Paper, originals: Path, tmp_path: Path
) -> None:
    every_block(paper)
    export_wordpress(tmp_path / "one")
    texts = []
    for before, after in (("one", "two"), ("two", "three")):
        emptied(originals)
        receipt = imported(tmp_path / before)
        assert outcome(receipt, "articles") == {"new": 3}
        export_wordpress(tmp_path / after)
        texts.append(without_ids(tmp_path / after))
    assert texts[0] == texts[1]


def test_the_file_is_xml_and_its_texts_are_whole(paper: Paper, tmp_path: Path) -> None:
    article = every_block(paper)
    export_wordpress(tmp_path / "out")
    post = item(tmp_path / "out", "every-block")
    title = post.findtext("title") or ""
    assert "End ]]&gt; of &lt;script&gt;" in title
    assert "🗞" in title
    content = post.findtext(CONTENT) or ""
    assert "[gallery" not in content
    assert "&#91;gallery ids=1]" in content
    assert "<script" not in content
    assert "<p><b>Port Amber</b></p>" in content
    assert "<p><i>Photography: Lens</i></p>" in content
    assert "<p><i>Updated (2024-05-02): The ferry is back.</i></p>" in content
    assert "<p><b>Correction (2024-05-02):</b> It was a Tuesday.</p>" in content
    assert "<caption>Ferries</caption>" in content
    assert "/wp-content/uploads/documents/tides.csv" in content
    tags = {one.get("nicename") for one in post.findall("category[@domain='post_tag']")}
    assert tags == {"long-storm", "seven-harbours"}
    (read,) = (one for one in Export(tmp_path / "out/export.xml") if isinstance(one, Item) and one.slug == article.slug)
    assert read.title == title
    assert [one.taxonomy for one in read.filings] == ["category", "post_tag", "post_tag"]


def test_its_elements_are_wordpress_s_own(paper: Paper, tmp_path: Path, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Stockholm"
    export_wordpress(tmp_path / "out", "https://new.example/wp-content/uploads/")
    channel = ElementTree.parse(tmp_path / "out/export.xml").getroot().find("channel")
    assert channel is not None
    assert channel.findtext(f"{WP}wxr_version") == "1.2"
    assert channel.findtext(f"{WP}base_blog_url") == "http://127.0.0.1:8000"
    categories = {
        one.findtext(f"{WP}category_nicename"): one.findtext(f"{WP}category_parent")
        for one in channel.findall(f"{WP}category")
    }
    assert categories == {"sports": "", "rowing": "sports"}
    assert [one.findtext(f"{WP}author_display_name") for one in channel.findall(f"{WP}author")] == [
        "Ada Okafor",
        "Tom O'Neil",
    ]
    post = item(tmp_path / "out", "seen-at-the-harbour")
    values = {name: post.findtext(f"{WP}{name}") for name in ("post_date", "post_date_gmt", "post_modified_gmt")}
    assert values == {
        "post_date": "2024-05-01 10:00:00",
        "post_date_gmt": "2024-05-01 08:00:00",
        "post_modified_gmt": "2024-05-02 09:30:00",
    }
    assert (post.findtext(f"{WP}status"), post.findtext(f"{WP}post_type")) == ("publish", "post")
    assert post.findtext("{http://purl.org/dc/elements/1.1/}creator") == "ada-okafor"
    assert [(one.get("domain"), one.get("nicename")) for one in post.findall("category")] == [
        ("category", "rowing"),
        ("post_tag", "storms-2024"),
        ("post_tag", "tides"),
        ("post_format", "post-format-gallery"),
    ]
    thumbnail = post.findtext(f"{WP}postmeta/{WP}meta_value")
    (picture,) = (one for one in items(tmp_path / "out") if one.findtext(f"{WP}post_id") == thumbnail)
    address = "https://new.example/wp-content/uploads/original_images/the-quay.jpg"
    assert picture.findtext(f"{WP}attachment_url") == address
    assert f'<img src="{address}" alt="A navy field" class="wp-image-' in (post.findtext(CONTENT) or "")
    assert (tmp_path / "out/uploads/original_images/the-quay.jpg").is_file()
    ids = Counter(one.findtext(f"{WP}post_id") for one in items(tmp_path / "out"))
    assert set(ids.values()) == {1}


def test_nothing_hidden_comes_without_drafts(paper: Paper, tmp_path: Path) -> None:
    hidden(paper)
    export_wordpress(tmp_path / "out")
    for path in (tmp_path / "out").rglob("*"):
        assert SECRET.lower() not in path.name.lower()
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_drafts_stay_hidden_there(paper: Paper, originals: Path, tmp_path: Path) -> None:
    hidden(paper)
    report = export_wordpress(tmp_path / "out", with_drafts=True)
    statuses = {one.findtext(f"{WP}post_name"): one.findtext(f"{WP}status") for one in items(tmp_path / "out")}
    assert {slug: status for slug, status in statuses.items() if slug and slug.startswith("secret")} == {
        "secret-1": "future",
        "secret-2": "future",
        "secret-3": "draft",
        "secret-4": "draft",
    }
    assert report.counts["posts"] == 6
    emptied(originals)
    imported(tmp_path / "out")
    assert Article.objects.count() == 2
    assert Article.objects.filter(title__contains=SECRET).count() == 0


def test_two_sections_of_one_name_stay_apart(paper: Paper, originals: Path, tmp_path: Path) -> None:
    world = actions.create_section(paper.home, "World", "world")
    rowing = actions.create_section(world, "Rowing", "rowing")
    ArticleFactory(section=rowing, slug="far-away")
    export_wordpress(tmp_path / "out")
    emptied(originals)
    imported(tmp_path / "out")
    paths = {article.slug: article.public_path for article in Article.objects.all()}
    assert paths["seen-at-the-harbour"] == "/sports/rowing/seen-at-the-harbour/"
    assert paths["far-away"] == "/world/world-rowing/far-away/"


def test_a_topic_and_a_story_of_one_address_are_one_tag(paper: Paper, tmp_path: Path) -> None:
    story = actions.create_shelf(SHELVES["story"], "The tides", "tides")
    ArticleFactory(
        section=Section.objects.get(slug="sports"),
        slug="both",
        topics=[Topic.objects.get(slug="tides")],
        fields={"story": story},
    )
    export_wordpress(tmp_path / "out")
    assert len(item(tmp_path / "out", "both").findall("category[@domain='post_tag']")) == 1


def test_a_picture_whose_right_ended_does_not_come(paper: Paper, tmp_path: Path) -> None:
    Picture.objects.update(rights_expire_at=paper.harbour.first_published_at)
    report = export_wordpress(tmp_path / "out")
    assert report.counts["attachments"] == 0
    assert not (tmp_path / "out/uploads").exists()
    assert "<img" not in (tmp_path / "out/export.xml").read_text(encoding="utf-8")


def test_authors_in_other_scripts_can_sign_in(paper: Paper, originals: Path, tmp_path: Path) -> None:
    ArticleFactory(
        section=Section.objects.get(slug="sports"),
        slug="samira",
        authors=[AuthorFactory(name="سميرة حداد", slug="سميرة")],
        body=words("x"),
    )
    export_wordpress(tmp_path / "out")
    login = item(tmp_path / "out", "samira").findtext("{http://purl.org/dc/elements/1.1/}creator") or ""
    assert re.fullmatch(r"[a-z0-9]+", login)
    emptied(originals)
    imported(tmp_path / "out")
    assert [one.author.name for one in Article.objects.get(slug="samira").bylines.all()] == ["سميرة حداد"]


@pytest.mark.parametrize("address", ["new.example/uploads", "ftp://x/", "https://", "https://x/?a=1"])
def test_an_address_that_can_be_none_is_refused(paper: Paper, tmp_path: Path, address: str) -> None:
    with pytest.raises(ExportRefused, match="is no address of a folder"):
        export_wordpress(tmp_path / "out", address)
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_what_it_is(paper: Paper, tmp_path: Path) -> None:
    export_wordpress(tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["format"], manifest["format_version"]) == ("wxr", "1.2")
    assert list(manifest["files"]) == ["export.xml"]
    assert StaticPage.objects.count() == manifest["counts"]["pages"]
