"""Everything out as JSON lines: whole, and without what readers must not see."""

import hashlib
import json
import re
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.exporters import folder, reading
from stoppress.exporters.actions import ExportReport, export_json
from stoppress.exporters.errors import ExportRefused
from stoppress.media.models import Picture
from stoppress.newsroom import actions
from stoppress.newsroom.actions import fronts
from stoppress.newsroom.models import Article, Home, StaticPage
from stoppress.pagestore import actions as pagestore
from tests.exporters.papers import HOSTILE, SECRET, Paper, every_block, hidden, words
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


def exported(target: Path, *, with_drafts: bool = False) -> dict[str, list[dict[str, Any]]]:
    """The records of an export by kind."""
    export_json(target, with_drafts=with_drafts)
    return {
        file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in target.glob("*.jsonl")
    }


def by_slug(rows: list[dict[str, Any]], slug: str) -> dict[str, Any]:
    (row,) = (row for row in rows if row["slug"] == slug)
    return row


def test_everything_is_there(paper: Paper, tmp_path: Path) -> None:
    every_block(paper)
    out = exported(tmp_path / "out")
    sports, rowing, _everything = out["sections"]
    assert (sports["title"], sports["standfirst"], sports["parent"]) == ("Sports & Games", "Who won.", None)
    assert (rowing["path"], rowing["parent"], rowing["status"]) == ("/sports/rowing/", sports["id"], "live")
    assert [one["name"] for one in out["topics"]] == ["Storms <2024>", "Tides"]
    assert [one["description"] for one in out["stories"]] == ["So far."]
    assert [one["slug"] for one in out["series"]] == ["seven-harbours"]
    assert [one["path"] for one in out["static_pages"]] == ["/about/"]
    harbour = by_slug(out["articles"], "seen-at-the-harbour")
    assert harbour["headline"] == "Seen at the harbour & <em>beyond</em>"
    assert (harbour["path"], harbour["section"]) == ("/sports/rowing/seen-at-the-harbour/", rowing["id"])
    assert (harbour["published_at"], harbour["changed_at"]) == ("2024-05-01T08:00:00Z", "2024-05-02T09:30:00Z")
    assert harbour["lead"] == {
        "picture": paper.quay.pk,
        "alt": "Boats at dawn",
        "is_decorative": False,
        "caption": "The quay on Monday",
    }
    assert harbour["topics"] == [one["id"] for one in out["topics"]]
    assert [(one["name"], one["role"]) for one in harbour["credits"]] == [("Ada Okafor", "writer")]
    assert [block["type"] for block in harbour["body"]][:3] == ["text", "text", "subheading"]
    full = by_slug(out["articles"], "every-block")
    assert full["body"][-1]["type"] == "hologram"
    assert full["corrections"] == [{"text": "It was a Tuesday.", "at": "2024-05-02T09:30:00Z"}]
    assert (full["kicker"], full["dateline_place"], full["update_note"]) == (
        "Weather",
        "Port Amber",
        "The ferry is back.",
    )
    assert [(one["name"], one["role"]) for one in full["credits"]][1] == ("Lens", "photography")


def test_the_rendered_body_is_plain_html(paper: Paper, tmp_path: Path) -> None:
    every_block(paper)
    out = exported(tmp_path / "out")
    assert by_slug(out["articles"], "seen-at-the-harbour")["html"].split("\n\n") == [
        "<p>One <b>bold</b> &amp; [sic] word.</p>",
        '<p>Two: <a href="https://example.org/?a=1&amp;b=2">there</a>.</p>',
        "<h2>What came after</h2>",
        '<figure><img src="files/original_images/the-market.jpg" alt="Stalls">'
        "<figcaption>Open “late” (Drawn for the tests)</figcaption></figure>",
        '<figure><img src="files/original_images/the-quay.jpg" alt="A navy field">'
        "<figcaption>(Drawn for the tests)</figcaption></figure>",
        "<blockquote><p>It rose.</p><p>Then it fell.</p><cite>A witness</cite></blockquote>",
        "<ul><li>one</li><li>two <i>more</i></li></ul>",
        "<p>End.</p>",
    ]
    assert by_slug(out["articles"], "market-day")["html"] == (
        '<p>See <a href="http://127.0.0.1:8000/sports/rowing/seen-at-the-harbour/">the harbour</a>.</p>'
    )
    html = by_slug(out["articles"], "every-block")["html"]
    assert "<script" not in html
    assert "onclick" not in html
    assert "javascript:" not in html
    assert "\x0b" not in html
    for part in (
        "<caption>Ferries</caption>",
        "<th>Monday</th><td>1,204</td>",
        '<audio controls src="files/documents/sound.mp3"></audio>',
        '<track kind="captions" src="files/documents/film.vtt">',
        '<a href="files/documents/tides.csv">',
        '<a href="http://127.0.0.1:8000/sports/market-day/">Market day</a>',
        '<a href="https://vimeo.com/123456">A film</a>',
        "<li>Down</li>",
        "<p><b>2024-05-01 07:30:00Z</b></p>",
    ):
        assert part in html, part


def test_the_sums_and_counts_are_right(paper: Paper, tmp_path: Path) -> None:
    every_block(paper)
    out = exported(tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["counts"] == {kind: len(rows) for kind, rows in out.items()}
    assert (manifest["product"], manifest["with_drafts"], manifest["missing_files"]) == ("stoppress", False, 0)
    told = {name: one["sha256"] for name, one in manifest["files"].items()}
    told |= {row["file"]: row["sha256"] for row in [*out["pictures"], *out["attachments"]]}
    found = {
        path.relative_to(tmp_path / "out").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    lines = (tmp_path / "out/SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert sorted(lines) == sorted(f"{digest}  {name}" for name, digest in found.items())
    assert told == {name: digest for name, digest in found.items() if name != "manifest.json"}
    assert len(out["pictures"]) == 2
    assert len(out["attachments"]) == 4


def test_nothing_hidden_comes_without_drafts(paper: Paper, tmp_path: Path) -> None:
    hidden(paper)
    pagestore.drain()
    out = exported(tmp_path / "out")
    assert len(out["articles"]) == 2
    assert "drafts" not in out
    for path in (tmp_path / "out").rglob("*"):
        assert SECRET.lower() not in path.name.lower()
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()
    assert "<p>Soon</p>" in by_slug(out["articles"], "seen-at-the-harbour")["html"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755


def test_drafts_come_when_they_are_asked_for_and_killed_ones_never(paper: Paper, tmp_path: Path) -> None:
    embargoed, planned, taken_off, written, _killed, nextly = hidden(paper)
    page = StaticPage.objects.get()
    page.title = "About them"
    page.save_revision()
    out = exported(tmp_path / "out", with_drafts=True)
    assert {(row["id"], row["status"]) for row in out["drafts"]} == {
        (embargoed.pk, "embargoed"),
        (planned.pk, "planned"),
        (taken_off.pk, "unpublished"),
        (written.pk, "draft"),
        (nextly.pk, "changed"),
        (page.pk, "changed"),
    }
    by_id = {row["id"]: row for row in out["drafts"]}
    assert by_id[written.pk]["standfirst"] == SECRET
    assert by_id[nextly.pk]["headline"] == f"{SECRET} 6"
    assert by_slug(out["articles"], "market-day")["headline"] == "Market day"
    assert by_id[page.pk]["title"] == "About them"
    assert [one["name"] for one in by_id[planned.pk]["credits"]] == [f"Author {SECRET}"]
    assert by_id[planned.pk]["body"][0]["value"] == f"<p>{SECRET}</p>"
    assert by_slug(out["sections"], "secret-section")["status"] == "unpublished"
    assert f"{SECRET} 5" not in (tmp_path / "out/drafts.jsonl").read_text(encoding="utf-8")
    assert "secret-5.pdf" not in {path.name for path in (tmp_path / "out").rglob("*")}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700


def test_addresses_that_moved_or_went(paper: Paper, tmp_path: Path) -> None:
    pagestore.drain()
    actions.move_page(paper.harbour, paper.market.get_parent())
    actions.unpublish_page(paper.market)
    pagestore.drain()
    answers = {row["path"]: (row["answer"], row["to"]) for row in exported(tmp_path / "out")["addresses"]}
    assert answers["/sports/rowing/seen-at-the-harbour/"] == (301, "/sports/seen-at-the-harbour/")
    assert answers["/sports/market-day/"] == (410, None)


def test_editions_are_there_and_name_nobody_who_is_gone(paper: Paper, tmp_path: Path) -> None:
    home = Home.objects.get()
    fronts.pin(home, "lead", paper.market, seen=0)
    actions.publish_edition(home, seen=1, note="For six")
    actions.publish_edition(home, seen=1, at=timezone.now() + timedelta(days=1))
    actions.unpublish_page(paper.market)
    (one,) = exported(tmp_path / "out")["editions"]
    assert (one["section"], one["number"], one["note"]) == (None, 1, "For six")
    assert one["slots"] == [{"slot": "lead", "article": paper.market.pk, "until": None, "rule": ""}]
    assert paper.market.title not in (tmp_path / "out/editions.jsonl").read_text(encoding="utf-8")


def test_a_second_export_is_the_same(paper: Paper, tmp_path: Path) -> None:
    every_block(paper)
    assert exported(tmp_path / "one") == exported(tmp_path / "two")
    for name in ("articles.jsonl", "pictures.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_file_that_is_not_there_is_counted(paper: Paper, tmp_path: Path) -> None:
    picture = Picture.objects.get(pk=paper.quay.pk)
    picture.file.storage.delete(picture.file.name)
    report: ExportReport = export_json(tmp_path / "out")
    assert (report.missing_files, report.missing_names) == (1, ["original_images/the-quay.jpg"])
    rows = [json.loads(line) for line in (tmp_path / "out/pictures.jsonl").read_text("utf-8").splitlines()]
    assert [row["file"] for row in rows] == ["files/original_images/the-market.jpg", None]


def test_two_pictures_of_one_file_both_come(paper: Paper, tmp_path: Path) -> None:
    twin = Picture.objects.get(pk=paper.quay.pk)
    twin.pk, twin._state.adding = None, True
    twin.save()
    out = exported(tmp_path / "out", with_drafts=True)
    quays = [row for row in out["pictures"] if row["title"] == "The quay"]
    assert len(quays) == 2
    assert quays[0]["sha256"] == quays[1]["sha256"]


def test_queries_do_not_grow_with_the_articles(paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def queries(target: Path) -> int:
        with CaptureQueriesContext(connection) as captured:
            export_json(target, with_drafts=True)
        return len(captured)

    section = paper.market.get_parent().specific
    few = queries(tmp_path / "few")
    for number in range(12):
        ArticleFactory(
            section=section,
            lead_picture=paper.quay,
            body=words(f'<a linktype="page" id="{paper.harbour.pk}">x</a>'),
            topics=[use.topic for use in paper.harbour.topics.all()],
        )
        draft = Article(title=f"Draft {number}", slug=f"draft-{number}", live=False)
        section.add_child(instance=draft)
        draft.save_revision()
    assert queries(tmp_path / "many") <= few + 10  # the first drafts and references of a batch
    many = queries(tmp_path / "more")
    for number in range(12, 24):
        ArticleFactory(section=section, lead_picture=paper.quay)
        draft = Article(title=f"Draft {number}", slug=f"draft-{number}", live=False)
        section.add_child(instance=draft)
        draft.save_revision()
    assert queries(tmp_path / "most") == many
    monkeypatch.setattr(reading, "BATCH", 5)
    assert len(exported(tmp_path / "batches")["articles"]) == 26


def test_every_field_of_an_article_is_exported_or_left_out_on_purpose(paper: Paper, tmp_path: Path) -> None:
    ours = {field.name for field in Article._meta.local_concrete_fields} - {"page_ptr", "killed_at"}
    renamed = {"lead_picture", "lead_alt", "lead_is_decorative", "lead_caption"}
    row = exported(tmp_path / "out")["articles"][0]
    assert ours - renamed <= set(row)
    assert renamed == {f"lead_{name}" for name in row["lead"]}


@pytest.mark.parametrize("name", ["taken", "taken/inside", "none/here"])
def test_nothing_is_overwritten(paper: Paper, tmp_path: Path, name: str) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/inside").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportRefused, match=r"[nN]othing was written"):
        export_json(tmp_path / name)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inside", "taken"]


def test_an_export_that_fails_leaves_nothing(paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.Folder, "copy", full)
    with pytest.raises(ExportRefused, match=r"No space left on device. Nothing was written"):
        export_json(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("original_images/a b.jpg", "original_images/a b.jpg"),
        ("../../etc/passwd", r"etc/passwd-\w{8}"),
        ("/etc/x.jpg", r"etc/x-\w{8}.jpg"),
        ("a\\b:c?.jpg", r"a_b_c_-\w{8}.jpg"),
        ("\x00..", ""),
        ("", ""),
    ],
)
def test_a_name_never_leads_out(name: str, safe: str) -> None:
    assert re.fullmatch(safe, folder.safe_name(name)), folder.safe_name(name)


def test_hostile_words_come_back_as_they_are_stored(paper: Paper, tmp_path: Path) -> None:
    article = every_block(paper)
    article.refresh_from_db()
    row = by_slug(exported(tmp_path / "out")["articles"], "every-block")
    assert row["headline"] == article.title
    assert row["standfirst"] == article.standfirst
    assert "]]>" in row["headline"]
    assert HOSTILE.partition("\x00")[0] in row["headline"]


def test_a_right_that_ended_is_kept_in_the_archive_but_not_shown(paper: Paper, tmp_path: Path) -> None:
    Picture.objects.filter(pk=paper.quay.pk).update(rights_expire_at=timezone.now() - timedelta(days=1))
    out = exported(tmp_path / "out")
    assert "the-quay" not in by_slug(out["articles"], "seen-at-the-harbour")["html"]
    assert {row["title"] for row in out["pictures"]} == {"The quay", "The market"}
