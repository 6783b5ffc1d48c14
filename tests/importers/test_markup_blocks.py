"""Galleries and tables of posts as the blocks that we have for them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from stoppress.importers.wordpress.context import Composed, Context, Found
from stoppress.importers.wordpress.markup import compose
from stoppress.newsroom.blocks import BodyBlock

PICTURES = {
    str(number): Found(f"2024/05/{name}.jpg", f"The {name}", f"{name.title()}, kept with it")
    for number, name in enumerate(("quay", "boat", "crew"), 7)
}


def find(src: str, number: str) -> Found | None:
    named = (found for found in PICTURES.values() if src and src.rpartition("/")[2] in found.path)
    return next(named, None) or PICTURES.get(number)


def gallery(wish: Mapping[str, str]) -> list[str]:
    return wish["ids"].split(",") if wish.get("ids") else list(PICTURES)


CONTEXT = Context(find, gallery, hosts=frozenset({"old.example"}))


def composed(content: str) -> Composed:
    return compose(content, CONTEXT)


def blocks(content: str) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in composed(content).blocks]


def pictures(content: str) -> list[tuple[str, str, str]]:
    """Name, alternative text and caption of each picture of the one gallery in ``content``."""
    [value] = [value for kind, value in blocks(content) if kind == "gallery"]
    return [(one["image"][8:-4], one["alt"], one["caption"]) for one in value["pictures"]]


def test_a_gallery_by_number_has_the_captions_kept_with_its_pictures() -> None:
    assert pictures("Before [gallery ids='9,7' columns='3' link='file'] after") == [
        ("crew", "The crew", "Crew, kept with it"),
        ("quay", "The quay", "Quay, kept with it"),
    ]
    assert [kind for kind, _ in blocks("a [gallery] b")] == ["text", "gallery", "text"]
    assert composed("[gallery ids='9,7,404']").lost == Counter({
        "picture that is not in the export: attachment 404": 1
    })  # fmt: skip


FIGURE = '<figure><img src="/a/{0}.jpg" alt="{0} seen"><figcaption>{0} <b>told</b></figcaption></figure>'
OLD = (
    '<!-- wp:gallery {"ids":[7,8]} --><figure class="wp-block-gallery columns-2"><ul class="blocks-gallery-grid">'
    f'<li class="blocks-gallery-item">{FIGURE.format("quay")}</li><li>{FIGURE.format("boat")}</li></ul>'
    '<figcaption class="blocks-gallery-caption">Both of them</figcaption></figure><!-- /wp:gallery -->'
)
OLDEST = f'<ul class="wp-block-gallery"><li>{FIGURE.format("quay")}</li><li>{FIGURE.format("boat")}</li></ul>'
NEW = (
    '<!-- wp:gallery {"linkTo":"none"} --><figure class="wp-block-gallery has-nested-images">'
    f"<!-- wp:image -->{FIGURE.format('quay')}<!-- /wp:image -->\n\n<!-- wp:image -->{FIGURE.format('boat')}"
    '<!-- /wp:image --><figcaption class="blocks-gallery-caption">Both of them</figcaption></figure>'
)


@pytest.mark.parametrize(("content", "after"), [(OLD, True), (OLDEST, False), (NEW, True)])
def test_every_form_of_a_gallery_block_is_a_gallery(content: str, after: bool) -> None:
    assert pictures(content) == [("quay", "quay seen", "quay told"), ("boat", "boat seen", "boat told")]
    assert blocks(content)[1:] == ([("text", "<p><i>Both of them</i></p>")] if after else [])
    assert composed(content).lost == Counter()


def test_a_gallery_of_one_is_a_picture() -> None:
    assert [kind for kind, _ in blocks("[gallery ids=8]")] == ["image"]


def test_where_a_picture_led_is_named_unless_it_was_to_itself() -> None:
    image = '<img src="/a/quay.jpg">'
    harmless = (
        f'<a href="/wp-content/uploads/quay.jpg">{image}</a><a href="/2024/quay/" rel="attachment wp-att-7">{image}</a>'
    )
    assert composed(harmless).lost == Counter()
    linked = (
        f'<figure><a href="https://shop.example/">{image}</a><figcaption>A <a href="/b">b</a></figcaption></figure>'
    )
    assert composed(linked).lost == Counter({
        "link around a picture: https://shop.example/": 1,
        "link inside a caption: /b": 1,
    })  # fmt: skip


def table(content: str) -> dict[str, Any]:
    """The one table in ``content``, as the block reads it."""
    [value] = [value for kind, value in blocks(content) if kind == "table"]
    read = BodyBlock().child_blocks["table"].to_python(value)["table"]
    return {
        "columns": [(column["block"].name, column["heading"]) for column in read.columns],
        "rows": [[cell.value for cell in row] for row in read.rows],
        "caption": read.caption,
        "is_headed": value["has_row_headers"],
    }


def test_a_table_keeps_its_headings_caption_and_figures() -> None:
    content = (
        '<figure class="wp-block-table"><table><thead><tr><th>Month</th><th>Seen</th></tr></thead><tfoot><tr><td>All'
        "</td><td>9,472</td></tr></tfoot><tbody><tr><td>May <em>1</em></td><td>4,560</td></tr><tr><td>June</td></tr>"
        "</tbody></table><figcaption>Passengers</figcaption></figure>"
    )
    assert table(content) == {
        "columns": [("text", "Month"), ("number", "Seen")],
        "rows": [["May 1", "4,560"], ["June", ""], ["All", "9,472"]],
        "caption": "Passengers",
        "is_headed": False,
    }
    assert composed(content).simpler == Counter()


def test_a_table_without_a_head_may_have_headed_rows_or_a_first_row_of_headings() -> None:
    rows = "<tr><th>A</th><td>1</td></tr><tr><th>B</th><td>2 %</td></tr>"
    headed = table(f"<table><caption>Of letters</caption>{rows}</table>")
    assert headed["is_headed"]
    assert headed["columns"] == [("text", ""), ("number", "")]
    assert headed["caption"] == "Of letters"
    first = table(f"<table><tr><th>Letter</th><th>Share</th></tr>{rows}</table>")
    assert first["columns"] == [("text", "Letter"), ("number", "Share")]
    assert composed(f"<table>{rows}</table>").notes == Counter({"table without a caption": 1})


@pytest.mark.parametrize(
    ("content", "text", "simpler"),
    [
        (
            '<table><tr><th colspan="2">Both</th></tr><tr><td>a</td><td><a href="/x">b</a></td></tr></table>',
            '<p>Both<br>a · <a href="/x">b</a></p>',
            "table with cells that span rows or columns, as lines of text",
        ),
        (
            f"<table><tr>{'<td>a</td>' * 60}</tr></table>",
            f"<p>{' · '.join(['a'] * 60)}</p>",
            "table with more columns or rows than anyone reads, as lines of text",
        ),
        (
            f"<table><tr>{'<td>a</td>' * 50}</tr>{'<tr><td>b</td></tr>' * 300}</table>",
            f"<p>{' · '.join(['a'] * 50)}{'<br>b' * 300}</p>",
            "table with more columns or rows than anyone reads, as lines of text",
        ),
        (
            "<table><tr><td>One<table><tr><td>in</td></tr></table></td><td>two</td></tr></table>",
            "<p>One</p><p>in</p><p>two</p>",
            "table with tables in it, its cells one below the other",
        ),
    ],
)
def test_a_table_that_does_not_fit_is_flattened_and_named(content: str, text: str, simpler: str) -> None:
    assert blocks(content) == [("text", text)]
    assert composed(content).simpler == Counter({simpler: 1})


def test_what_a_cell_cannot_hold_comes_below_the_table_or_is_named() -> None:
    result = composed(
        '<table><tr><td>a<img src="/quay.jpg"></td><td><a href="https://x.example/">b</a></td></tr></table>'
    )
    assert [block["type"] for block in result.blocks] == ["table", "image"]
    assert result.lost == Counter({"link inside a table: https://x.example/": 1})
