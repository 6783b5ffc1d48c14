"""Files that posts link to and play: those that are there and fit come over, the others stay links and are named."""

from pathlib import Path
from typing import Any

import pytest

from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions as pagestore
from tests.importers.outcome import outcome, written
from tests.importers.wxr import HOST, Post, attachment, write
from tests.newsroom.test_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

AT = f"{HOST}/wp-content/uploads/2024/05"
NAMES = ("report.pdf", "talk.mp3", "film.mp4", "film.vtt", "tides.csv", "page.html")


@pytest.fixture
def files(uploads: Path) -> list[Post]:
    """The attachments 80 to 85, with their files in the folder, and the quay as 90."""
    for name in NAMES:
        (uploads / "2024/05" / name).write_bytes(f"What {name} says".encode())
    listed = [attachment(number, f"2024/05/{name}", parent=1) for number, name in enumerate(NAMES, 80)]
    for item in listed:
        item.title = f"The {item.title[8:-4]}"
    return [*listed, attachment(90, "2024/05/quay.jpg")]


def bring(folder: Path, body: str, files: list[Post], media: Path | None) -> tuple[Receipt, list[tuple[str, Any]]]:
    """Import one post; the receipt and its blocks, with file names for numbers."""
    receipt = import_wordpress(write(folder, *files, Post(1, body=body)), media)
    names = {}
    for stored in Attachment.objects.all():
        with stored.file.open() as content:
            names[stored.pk] = content.read().decode().split()[1]
    pictures = dict(Picture.objects.values_list("pk", "title"))
    blocks = []
    for block in Article.objects.get().body.raw_data:
        value = block["value"]
        if isinstance(value, dict):
            value = {
                key: names.get(inner)
                if key in {"document", "captions"} and inner
                else pictures.get(inner, inner)
                if key == "image"
                else inner
                for key, inner in value.items()
                if inner not in {"", None} or key == "document"
            }
        blocks.append((block["type"], value))
    return receipt, blocks


DOCUMENT = {"document": "report.pdf", "title": "The report"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'[audio src="{AT}/talk.mp3"]', [("audio", {"document": "talk.mp3", "title": "The talk"})]),
        (f'[audio mp3="{AT}/talk.mp3"][/audio]', [("audio", {"document": "talk.mp3", "title": "The talk"})]),
        ("[audio]", [("audio", {"document": "talk.mp3", "title": "The talk"})]),
        (f"{AT}/talk.mp3", [("audio", {"document": "talk.mp3", "title": "The talk"})]),
        (
            f'<figure class="wp-block-audio"><audio controls src="{AT}/talk.mp3"></audio>'
            "<figcaption>A talk</figcaption></figure>",
            [("audio", {"document": "talk.mp3", "title": "A talk"})],
        ),
        (
            f'[video width="9" mp4="{AT}/film.mp4" poster="{AT}/quay-300x200.jpg"][/video]',
            [("video", {"document": "film.mp4", "title": "The film", "image": "2024/05/quay.jpg"})],
        ),
        (
            f'<!-- wp:video {{"id":82}} --><figure class="wp-block-video"><video controls src="{AT}/film.mp4">'
            f'<track src="{AT}/film.vtt" kind="captions"></video><figcaption>{"long " * 60}</figcaption></figure>',
            [
                (
                    "video",
                    {
                        "document": "film.mp4",
                        "title": "The film",
                        "captions": "film.vtt",
                        "caption": ("long " * 60).strip(),
                    },
                )
            ],
        ),
        (
            f'<!-- wp:file {{"id":80,"href":"{AT}/report.pdf"}} --><div class="wp-block-file"><object '
            f'class="wp-block-file__embed" data="{AT}/report.pdf" type="application/pdf"></object><a '
            f'href="{AT}/report.pdf">Their report</a><a href="{AT}/report.pdf" class="wp-block-file__button" download>'
            "Download</a></div><!-- /wp:file -->",
            [("document", {"document": "report.pdf", "title": "Their report"})],
        ),
        (f'<p><a href="{AT}/report.pdf">Here</a>.</p>', [("document", DOCUMENT)]),
        (
            f'<iframe src="https://docs.google.com/viewer?url={AT.replace("/", "%2F")}%2Freport.pdf"></iframe>',
            [("document", DOCUMENT)],
        ),
        (
            f'<figure><a href="{AT}/report.pdf"><img src="{AT}/quay.jpg"></a></figure>',
            [("image", {"image": "2024/05/quay.jpg"}), ("document", DOCUMENT)],
        ),
        (
            "[playlist type='audio' ids='81,80']",
            [("audio", {"document": "talk.mp3", "title": "The talk"}), ("document", DOCUMENT)],
        ),
    ],
)
def test_a_file_is_shown_by_its_own_block(
    tmp_path: Path, uploads: Path, files: list[Post], body: str, expected: list[tuple[str, Any]]
) -> None:
    receipt, blocks = bring(tmp_path, body, files, uploads)
    assert blocks == expected
    assert not receipt.simpler.counts
    assert set(receipt.not_yet.counts) <= {
        "categories without a public post",
        "files that no public post shows",
        "pictures that no public post uses",
    }


def test_a_link_inside_a_text_leaves_its_words_and_the_file_comes_below(
    tmp_path: Path, uploads: Path, files: list[Post], store: Path
) -> None:
    body = (
        f'See the <a href="/wp-content/uploads/2024/05/report.pdf">report of May</a> and <a href="{AT}/tides.csv">'
        f'<b>tides</b></a>.\n\nAgain <a href="{AT}/report.pdf">it</a>.\n\n'
        f'<ul><li><a href="{AT}/talk.mp3">Talk</a> of May</li></ul>'
    )
    receipt, blocks = bring(tmp_path, body, files, uploads)
    assert blocks == [
        ("text", "<p>See the report of May and <b>tides</b>.</p>"),
        ("document", {"document": "report.pdf", "title": "report of May"}),
        ("data", {"document": "tides.csv", "title": "tides"}),
        ("text", "<p>Again it.</p><ul><li>Talk of May</li></ul>"),
        ("audio", {"document": "talk.mp3", "title": "Talk"}),
    ]
    assert receipt.simpler.counts == {"link to a file inside a text, the file below it": 4}
    assert outcome(receipt, "files") == {"new": 3}
    pagestore.drain()
    assert "report-of" not in page(store, "/world/post-1/")
    assert "/the-report.pdf" in page(store, "/world/post-1/")


def test_what_is_missing_or_not_taken_stays_a_link_and_is_named(
    tmp_path: Path, uploads: Path, files: list[Post]
) -> None:
    (uploads / "2024/05/report.pdf").unlink()
    body = (
        f'A <a href="{AT}/report.pdf">report</a>, a <a href="{AT}/page.html">page</a>.[video mp4="{AT}/gone.mp4"]'
        f'<div class="wp-block-file"><a href="{AT}/deck.key">Deck</a><a href="{AT}/deck.key">Download</a></div>'
        f'<a href="{AT}/film.vtt">Words</a>'
    )
    receipt, blocks = bring(tmp_path, body, files, uploads)
    at = "/wp-content/uploads/2024/05"
    assert blocks == [
        (
            "text",
            f'<p>A <a href="{at}/report.pdf">report</a>, a <a href="{at}/page.html">page</a>.</p>'
            f'<p><a href="{at}/gone.mp4">gone.mp4</a></p><p><a href="{at}/deck.key">Deck</a></p>'
            f'<p><a href="{at}/film.vtt">Words</a></p>',
        )
    ]
    lost = receipt.not_yet.examples
    assert lost["file that is not in the media folder, its link kept"] == [
        "“A headline” (2024/05/report.pdf)",
        "“A headline” (2024/05/gone.mp4)",
    ]
    assert lost["file of a kind that is not taken, its link kept"] == [
        "“A headline” (2024/05/page.html)",
        "“A headline” (2024/05/deck.key)",
    ]
    assert lost["file that is captions without a film, its link kept"] == ["“A headline” (2024/05/film.vtt)"]
    assert Attachment.objects.count() == 0


def test_a_file_that_is_too_large_is_not_taken(tmp_path: Path, uploads: Path, files: list[Post], settings: Any) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 10
    receipt, blocks = bring(tmp_path, f'<a href="{AT}/report.pdf">Report</a>', files, uploads)
    assert [kind for kind, _ in blocks] == ["text"]
    [example] = receipt.not_yet.examples["file that is not taken, its link kept"]
    assert "at most 10" in example


def test_files_come_when_the_folder_does_and_a_second_run_writes_nothing(
    tmp_path: Path, uploads: Path, files: list[Post]
) -> None:
    post = Post(
        1, body=f'[video mp4="{AT}/film.mp4"] <a href="{AT}/report.pdf">Report</a> <a href="{AT}/page.html">x</a>'
    )
    file = write(tmp_path, *files, post)
    import_wordpress(file, None)
    assert Attachment.objects.count() == 0
    foreseen = import_wordpress(file, uploads, is_dry=True)
    receipt = import_wordpress(file, uploads)
    assert foreseen.brought == receipt.brought
    assert foreseen.not_yet == receipt.not_yet
    assert outcome(receipt, "articles") == {"changed": 1}
    assert outcome(receipt, "files") == {"new": 2}
    before = written()
    for media in (uploads, None):
        again = import_wordpress(file, media)
        assert not again.has_changes
        assert written() == before
        assert again.not_yet == receipt.not_yet


def test_a_file_deleted_here_leaves_a_link_when_its_article_changes(
    tmp_path: Path, uploads: Path, files: list[Post]
) -> None:
    body = f'<a href="{AT}/report.pdf">Report</a>'
    bring(tmp_path, body, files, uploads)
    Attachment.objects.all().delete()
    assert bring(tmp_path, body, files, uploads)[0].has_changes is False
    _receipt, blocks = bring(tmp_path, f"New. {body}", files, uploads)
    assert blocks == [
        ("text", "<p>New. Report</p>"),
        ("text", '<p><a href="/wp-content/uploads/2024/05/report.pdf">Report</a></p>'),
    ]


def test_a_file_never_leads_out_of_the_folder(tmp_path: Path, uploads: Path, files: list[Post]) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"secret")
    items = [*files, attachment(99, "../secret.pdf")]
    body = (
        f'[playlist ids="99"]<a href="{AT}/../../../../secret.pdf">x</a>'
        f'<a href="{AT}/%2e%2e/%2e%2e/%2e%2e/secret.pdf">y</a>'
    )
    bring(tmp_path, body, items, uploads)
    assert Attachment.objects.count() == 0


def test_a_file_of_a_hidden_post_stays_hidden(tmp_path: Path, uploads: Path, files: list[Post]) -> None:
    posts = [*files, Post(1), Post(2, status="private", body=f'<a href="{AT}/report.pdf">Report</a>')]
    receipt = import_wordpress(write(tmp_path, *posts), uploads)
    assert Attachment.objects.count() == 0
    assert receipt.not_yet.counts["files that no public post shows"] == len(NAMES)
