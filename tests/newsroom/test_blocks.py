"""What readers get of each kind of block, and what the desk refuses before it is published."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.blocks import BODY_FEATURES, BodyBlock
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.factories.media import AttachmentFactory, PictureFactory
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.newsroom.test_pages import page

pytestmark = pytest.mark.django_db

BLOCKS = BodyBlock().child_blocks


def body_of(store: Path, article: Article) -> str:
    return page(store, article.public_path).partition('<div class="body">')[2].partition('<div class="after"')[0]


def refusal(kind: str, raw: Any, *, is_draft: bool = False) -> str:
    """What the desk says of a block; empty when it takes it."""
    block = BLOCKS[kind]
    value = block.to_python(raw)
    try:
        block.clean_deferred(value) if is_draft else block.clean(value)
    except ValidationError as error:
        return str(error.as_json_data()) if hasattr(error, "as_json_data") else str(error)
    return ""


@pytest.fixture
def show(publication: SmallPublication, store: Path) -> Any:
    """Publish blocks and return the body that readers get."""

    def publish(*blocks: dict[str, Any], **more: Any) -> str:
        return body_of(store, ArticleFactory(section=publication.world, body=blocks, **more))

    return publish


def test_the_set_is_closed_and_no_name_is_lost() -> None:
    """A name that goes, or means something else, needs a data migration (ADR 0004)."""
    words = {"text", "subheading", "quote", "pull_quote", "fact_box", "timeline", "table"}
    assert set(BLOCKS) == words | {"image", "gallery", "audio", "video", "document", "data", "related_link", "embed"}
    assert set(BODY_FEATURES) >= {"bold", "italic", "link", "ol", "ul"}


def test_a_gallery_is_a_list_of_pictures_with_their_words(show: Any) -> None:
    one, two = PictureFactory(colour="red"), PictureFactory(colour="blue")
    pictures = [
        {"image": one.pk, "alt": "A red field", "caption": "Before"},
        {"image": two.pk, "alt": "", "caption": "After", "is_decorative": True},
    ]
    html = show({"type": "gallery", "value": {"title": "The field", "pictures": pictures}})
    assert html.count("<li>") == 2
    assert '<h2 dir="auto">The field</h2>' in html
    assert 'alt="A red field"' in html
    assert 'alt=""' in html
    assert html.count("Drawn for the tests") == 2
    # The first leads to its largest size; what is only for looks is no link without a name.
    assert html.count("<a ") == 1


def test_a_pull_quote_and_a_fact_box_stand_beside_the_text(show: Any) -> None:
    html = show(
        {"type": "pull_quote", "value": {"quote": "It moved & stayed", "attribution": "A witness"}},
        {
            "type": "fact_box",
            "value": {"title": "Tides", "text": "<p><b>Daily</b>.</p>", "points": ["Up", "<b>"]},
        },
    )
    assert '<aside class="pull-quote part" dir="auto"><p>It moved &amp; stayed</p>' in html
    assert "A witness" in html
    assert "<b>Daily</b>" in html
    assert '<li dir="auto">&lt;b&gt;</li>' in html


def test_a_timeline_says_when_to_people_and_machines(show: Any) -> None:
    entries = [
        {"at": None, "label": "Monday", "text": "<p>Wind.</p>"},
        {"at": "2026-11-23T07:30:00Z", "label": "", "text": "<p>Storm.</p>"},
        {"at": "2026-11-23T08:00:00Z", "label": "Breakfast", "text": "<p>Calm.</p>"},
    ]
    html = show({"type": "timeline", "value": {"title": "", "entries": entries}})
    assert "<ol>" in html
    assert "<bdi>Monday</bdi>" in html
    assert '<time datetime="2026-11-23T07:30:00Z">23 November 2026, 07:30</time>' in html
    assert '<time datetime="2026-11-23T08:00:00Z">Breakfast</time>' in html


TABLE = {
    "caption": "Ferries",
    "columns": [{"type": "text", "heading": "Day"}, {"type": "number", "heading": "Ferries"}],
    "rows": [{"values": ["Monday", "1,204"]}, {"values": ["<b>"]}],
}


def test_a_table_has_a_caption_headed_rows_and_a_region_for_the_keyboard(show: Any) -> None:
    html = show({"type": "table", "value": {"table": TABLE, "has_row_headers": True, "source": "The port"}})
    assert '<div class="scroll" role="region" aria-label="Ferries" tabindex="0">' in html
    assert '<caption><span dir="auto">Ferries</span></caption>' in html
    assert '<th scope="col" class="number" dir="auto">Ferries</th>' in html
    assert '<th scope="row" dir="auto">Monday</th><td class="number" dir="auto">1,204</td>' in html
    assert "&lt;b&gt;" in html
    assert "The port" in html


def test_a_table_whose_columns_have_no_headings_has_no_row_of_them(show: Any) -> None:
    headless = {**TABLE, "columns": [{"type": "text", "heading": ""}, {"type": "number", "heading": ""}]}
    html = show({"type": "table", "value": {"table": headless}})
    assert "<thead" not in html
    assert "<tbody>" in html


@pytest.mark.parametrize("raw", [None, {}, {"columns": [{"type": "holo"}], "rows": [{"values": [1, 2, 3]}, {}]}, "x"])
def test_a_table_that_was_stored_askew_is_still_read(show: Any, raw: Any) -> None:
    assert "<table>" in show({"type": "table", "value": {"table": raw}})


WATCHED = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"


def test_an_embed_is_a_link_until_somebody_asks_for_more(
    publication: SmallPublication, store: Path, client: Any
) -> None:
    block = {"type": "embed", "value": {"url": WATCHED, "title": 'A "film"', "caption": "2008"}}
    article = ArticleFactory(section=publication.world, body=[block])
    html = page(store, article.public_path)
    assert f'<a class="facade" href="{WATCHED}"' in html
    assert 'data-frame="https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1"' in html
    assert "A &quot;film&quot;" in html
    assert "<iframe" not in html
    assert re.findall(
        r'<script type="module" fetchpriority="low" src="/static/design/embed\.island\.js"></script>', html
    )
    policy = client.get(article.public_path).headers["Content-Security-Policy"]
    assert "frame-src https://www.youtube-nocookie.com" in policy
    assert "script-src 'self';" in policy


def test_an_embed_of_nobody_that_we_know_stays_a_plain_link(show: Any) -> None:
    html = show({"type": "embed", "value": {"url": "https://films.example/7", "title": "A film"}})
    assert '<a class="facade" href="https://films.example/7"' in html
    assert "data-frame" not in html


def test_a_page_without_such_blocks_loads_no_more_than_before(publication: SmallPublication, store: Path) -> None:
    html = page(store, ArticleFactory(section=publication.world).public_path)
    assert "blocks.css" not in html
    assert "embed.island" not in html


def test_a_recording_and_a_film_play_with_what_is_said_in_them(show: Any) -> None:
    sound = AttachmentFactory(filename="siren.mp3", title="siren")
    film = AttachmentFactory(filename="march.mp4")
    words = AttachmentFactory(filename="march.vtt", title="march.vtt")
    html = show(
        {"type": "audio", "value": {"document": sound.pk, "title": "A siren", "transcript": "<p>Wail.</p>"}},
        {
            "type": "video",
            "value": {"document": film.pk, "title": "A march", "captions": words.pk, "image": PictureFactory().pk},
        },
    )
    assert re.search(r'<audio controls preload="none"[^>]*><source src="/media/files/\S+/siren\.mp3" type="audio', html)
    assert "<summary>Transcript</summary>" in html
    assert re.search(r'<video [^>]*preload="none"[^>]* poster="/media/images/[^"]+"', html)
    assert re.search(r'<track kind="captions" src="/media/files/\S+/march\.vtt" srclang="en"', html)
    assert "autoplay" not in html


def test_documents_and_data_say_what_they_are_and_how_large(show: Any) -> None:
    paper = AttachmentFactory(filename="plan.pdf", content=b"%PDF" + b" " * 2044, title="The plan")
    numbers = AttachmentFactory(filename="ferries.csv", title="Ferries")
    html = show(
        {"type": "document", "value": {"document": paper.pk, "title": "", "note": "From the council"}},
        {"type": "data", "value": {"document": numbers.pk, "title": "Every ferry", "rows": 1204}},
    )
    assert "<bdi>The plan</bdi></a>" in html
    assert "PDF, 2.0\xa0KB" in html
    assert "Every ferry" in html
    assert "CSV, 27\xa0bytes, 1,204 rows" in html


def test_a_related_link_follows_its_page_and_goes_with_it(publication: SmallPublication, store: Path) -> None:
    target = ArticleFactory(section=publication.world, slug="target", headline="First words")
    block = {"type": "related_link", "value": {"page": target.pk, "url": "", "title": ""}}
    article = ArticleFactory(section=publication.local, body=[block])
    assert '<a href="/world/target/"><bdi>First words</bdi></a>' in body_of(store, article)
    newsroom.move_page(target, publication.sports)
    newsroom.update_article(Article.objects.get(pk=target.pk), DraftFactory(headline="Other words", slug="target"))
    assert '<a href="/sports/target/"><bdi>Other words</bdi></a>' in body_of(store, article)
    newsroom.unpublish_page(Article.objects.get(pk=target.pk))
    assert "Other words" not in body_of(store, article)
    newsroom.delete_page(Article.objects.get(pk=target.pk))
    assert "related" not in body_of(store, article)


def test_what_a_block_stands_on_may_be_gone(show: Any) -> None:
    html = show(
        {"type": "gallery", "value": {"title": "Nothing", "pictures": [{"image": 999, "alt": "", "caption": ""}]}},
        {"type": "audio", "value": {"document": 999, "title": "Nothing"}},
        {"type": "video", "value": {"document": 999, "title": "Nothing"}},
        {"type": "document", "value": {"document": 999}},
        {"type": "data", "value": {"document": None}},
        {"type": "related_link", "value": {"page": 999}},
        {"type": "text", "value": "<p>Text</p>"},
    )
    assert "Nothing" not in html
    assert "<p>Text</p>" in html


def test_what_can_be_published_is_published(publication: SmallPublication) -> None:
    picture, paper = PictureFactory(), AttachmentFactory(filename="plan.pdf")
    target = ArticleFactory(section=publication.world)
    taken = {
        "image": {"image": picture.pk, "alt": "A field"},
        "gallery": {"pictures": [{"image": picture.pk, "alt": "A field"}]},
        "table": {"table": TABLE},
        "timeline": {"entries": [{"label": "Monday", "text": "<p>Wind.</p>"}]},
        "fact_box": {"title": "Tides", "points": []},
        "document": {"document": paper.pk},
        "related_link": {"page": target.pk},
        "embed": {"url": WATCHED, "title": "A film"},
    }
    assert {kind: refusal(kind, raw) for kind, raw in taken.items()} == dict.fromkeys(taken, "")


def test_what_cannot_be_is_said_with_what_to_do(publication: SmallPublication) -> None:
    paper, sound = AttachmentFactory(filename="plan.pdf", title="Plan"), AttachmentFactory(filename="siren.mp3")
    target = ArticleFactory(section=publication.world)
    for kind, raw, reason in (
        ("audio", {"document": paper.pk, "title": "X"}, "“Plan” does not fit here. Choose one of these: M4A, MP3"),
        ("video", {"document": sound.pk, "title": "X"}, "MP4, WEBM"),
        ("document", {"document": sound.pk}, "PDF"),
        ("data", {"document": paper.pk}, "CSV"),
        ("timeline", {"entries": [{"text": "<p>When?</p>"}]}, "Give a time or a label"),
        ("table", {"table": {"caption": "Empty"}}, "no rows"),
        ("embed", {"url": "https://films.example/7", "title": "X"}, "Known are: YouTube, Vimeo"),
        ("related_link", {"page": target.pk, "url": "https://news.example/"}, "not both"),
        ("related_link", {}, "Choose a page or give an address"),
        ("related_link", {"url": "https://news.example/"}, "Say where the address leads"),
    ):
        assert reason in refusal(kind, raw), kind


def test_only_publishing_needs_the_words_for_those_who_cannot_see(publication: SmallPublication) -> None:
    told, untold = PictureFactory(), PictureFactory(alt="")
    for kind, wrap in (("image", lambda one: one), ("gallery", lambda one: {"pictures": [one]})):
        without = wrap({"image": untold.pk, "alt": ""})
        assert "only for looks" in refusal(kind, without)
        assert refusal(kind, without, is_draft=True) == ""
        assert refusal(kind, wrap({"image": untold.pk, "alt": "", "is_decorative": True})) == ""
        assert refusal(kind, wrap({"image": untold.pk, "alt": "Rain"})) == ""
        assert refusal(kind, wrap({"image": told.pk, "alt": ""})) == ""
    table = {"table": {**TABLE, "caption": ""}}
    assert "caption" in refusal("table", table)
    assert refusal("table", table, is_draft=True) == ""


def test_a_body_keeps_every_kind_through_a_revision(publication: SmallPublication) -> None:
    picture, paper = PictureFactory(), AttachmentFactory()
    body = [
        {"type": "gallery", "value": {"title": "", "pictures": [{"image": picture.pk, "alt": "A", "caption": "B"}]}},
        {"type": "table", "value": {"table": TABLE, "has_row_headers": True, "source": ""}},
        {"type": "data", "value": {"document": paper.pk, "title": "", "rows": 2, "note": ""}},
        {"type": "hologram", "value": {"depth": 3}},
    ]
    article = ArticleFactory(section=publication.world, body=body)
    Article.objects.filter(pk=article.pk).update(body=body)
    fresh = Article.objects.get(pk=article.pk)
    fresh.save_revision().publish()
    stored = Article._meta.get_field("body").get_prep_value(Article.objects.get(pk=article.pk).body)
    assert [block["type"] for block in stored] == ["gallery", "table", "data", "hologram"]
    assert f'"image": {picture.pk},' in json.dumps(stored[0])
    assert stored[1]["value"]["table"]["rows"][0] == {"values": ["Monday", "1,204"]}
    assert stored[2]["value"]["document"] == paper.pk
    assert actions.drain().failed == []
