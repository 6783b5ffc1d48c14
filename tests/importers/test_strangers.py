"""Other people's exports come in whole, with a receipt that says what did not, and go out and in again unchanged.

They are papers that never were, as the WordPress of their years wrote them: ``village-2009`` (1.0, classic markup; an
editor on Windows has saved it), ``town-2013`` (1.2 with plug-ins: Jetpack's proxy, nested shortcodes, a prefix that
nobody declared) and ``island-2025`` (blocks, no list of authors, prefixes of its own).
"""

import codecs
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stoppress.exporters.actions import export_wordpress
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom.models import Article, Section
from tests.exporters.test_wordpress import emptied
from tests.factories.media import picture_bytes
from tests.importers.outcome import outcome, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

EXPORTS = Path(__file__).parent / "exports"
PICTURES = {
    "village": ("2009/08/marrow.jpg",),
    "town": ("2013/05/hall.jpg", "2013/05/mayor.jpg"),
    "island": ("2025/01/kai.jpg", "2025/01/ferge.jpg"),
}
FILES = {
    "village": "village-2009.xml",
    "town": "town-2013.xml",
    "island": "island-2025.xml",
}


def put(folder: Path, name: str) -> tuple[Path, Path]:
    """The export of that name, and its uploads folder."""
    file, uploads = folder / f"{name}.xml", folder / "wp-content" / "uploads"
    content = (EXPORTS / FILES[name]).read_bytes()
    is_from_windows = name == "village"
    file.write_bytes(codecs.BOM_UTF8 + content.replace(b"\n", b"\r\n") if is_from_windows else content)
    for number, path in enumerate(PICTURES[name]):
        (uploads / path).parent.mkdir(parents=True, exist_ok=True)
        (uploads / path).write_bytes(picture_bytes(width=60 + number))
    return file, uploads


def brought(folder: Path, name: str) -> Receipt:
    return import_wordpress(*put(folder, name))


def body(article: Article) -> list[str]:
    return [block["type"] for block in article.body.raw_data]


def test_a_paper_of_2009(tmp_path: Path) -> None:
    receipt = brought(tmp_path, "village")
    marrow = Article.objects.get(slug="marrow")
    assert receipt.title == "The Village Post & Courier"
    assert [section.public_path for section in Section.objects.order_by("path")] == [
        "/parish-news/",
        "/parish-news/flower-show/",
    ]
    assert marrow.public_path == "/parish-news/flower-show/marrow/"
    assert [use.topic.name for use in marrow.topics.all()] == ["The Vicar"]
    # The site is an hour ahead of GMT in its other posts.
    assert marrow.first_published_at == datetime(2009, 8, 15, 17, tzinfo=UTC)
    assert body(marrow) == ["text", "image", "text", "image"]
    assert marrow.body.raw_data[1]["value"]["caption"] == 'The marrow, "Bertha"'
    assert "The judge was <i>pleased</i>.<br>He said so." in marrow.body.raw_data[2]["value"]
    assert "after ]]> thirty" in Article.objects.get(slug="vicar").body.raw_data[0]["value"].replace("&gt;", ">")
    assert outcome(receipt, "articles") == {"new": 2}
    assert outcome(receipt, "pages") == {"new": 1}
    assert outcome(receipt, "pictures") == {"new": 1}
    assert outcome(receipt, "approved replies") == {"new": 1}
    assert dict(receipt.not_yet.counts) == {}
    assert dict(receipt.notes.counts) == {
        "author whom the export does not list, named by login": 1,
        "post without its time in GMT, reckoned by the site's usual difference": 1,
        "picture without alternative text": 1,
        "comment without a date, dated by its post": 1,
    }
    assert receipt.repair_count == 1


def test_a_paper_of_2013(tmp_path: Path) -> None:
    receipt = brought(tmp_path, "town")
    budget = Article.objects.get(slug="budget")
    again = Article.objects.get(slug="budget-2")
    assert body(budget) == ["text", "image", "gallery"]
    assert [one["alt"] for one in budget.body.raw_data[2]["value"]["pictures"]] == ["", "The hall"]
    assert (budget.design, budget.lead_alt, budget.standfirst) == ("gallery", "The hall", "Late, and by one vote.")
    assert again.title == "Budget passed again"
    assert "alert" not in str(again.body.raw_data)
    assert outcome(receipt, "articles") == outcome(receipt, "pictures") == {"new": 2}
    assert dict(receipt.kept_back.counts) == {"drafts": 1}
    assert receipt.not_yet.counts["attachments without a file"] == 1
    assert receipt.not_yet.counts["<script> element"] == 1
    assert receipt.simpler.counts["post of another format, as an ordinary report"] == 1
    assert receipt.notes.counts["sticky post, not pinned here yet"] == 1


def test_a_paper_of_today_whose_prefixes_are_its_own(tmp_path: Path) -> None:
    receipt = brought(tmp_path, "island")
    article = Article.objects.get()
    assert article.title == "Fergen står"
    assert body(article) == ["text", "gallery", "text", "embed"]
    assert [one["alt"] for one in article.body.raw_data[1]["value"]["pictures"]] == ["Kaien", "Fergen"]
    assert article.last_published_at == datetime(2025, 1, 8, 7, tzinfo=UTC)
    assert dict(receipt.kept_back.counts) == {"scheduled posts": 1}
    assert receipt.not_yet.counts["block acf/box"] == 1
    assert [topic.topic.slug for topic in article.topics.all()] == ["ferge"]


@pytest.mark.parametrize("name", FILES)
def test_it_comes_again_unchanged_and_out_and_in_again_whole(name: str, tmp_path: Path) -> None:
    file, uploads = put(tmp_path, name)
    foreseen = import_wordpress(file, uploads, is_dry=True)
    receipt = import_wordpress(file, uploads)
    assert foreseen == replace(receipt, is_forecast=True)
    before = written()
    assert not import_wordpress(file, uploads).has_changes
    assert written() == before
    export_wordpress(tmp_path / "out")
    (tmp_path / "nothing").mkdir()
    emptied(tmp_path / "nothing")
    back = import_wordpress(tmp_path / "out" / "export.xml", tmp_path / "out" / "uploads")
    assert totals(back) == totals(receipt)
    assert not import_wordpress(tmp_path / "out" / "export.xml", tmp_path / "out" / "uploads").has_changes


def totals(receipt: Receipt) -> Mapping[str, int]:
    return {kind: sum(counts.values()) for kind, counts in receipt.brought.items()}
