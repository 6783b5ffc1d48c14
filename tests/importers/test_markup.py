"""Posts' markup as blocks: what a body knows comes over, nothing else does, and nothing makes it fail."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stoppress.importers.wordpress.context import Composed, Context, Found, FoundFile
from stoppress.importers.wordpress.markup import compose
from stoppress.importers.wordpress.text import TEXT_TAGS, clip, plain, text_html
from stoppress.newsroom import embeds

PICTURE = Found("2024/05/quay.jpg", "The quay")


def find(src: str, number: str) -> Found | None:
    return PICTURE if "quay" in src or number == "9" else None


def gallery(wish: Mapping[str, str]) -> list[str]:
    return wish["ids"].split(",") if wish.get("ids") else ["9"]


def file(href: str, number: str) -> FoundFile | None:
    if "report" in href or number == "8":
        return FoundFile("2024/05/report.pdf", "The report", "document")
    return FoundFile("2024/05/gone.pdf", "Gone", "document", "file that is gone") if "gone.pdf" in href else None


CONTEXT = Context(find, gallery, file, reusable={"7": "<p>Again"}.get, hosts=frozenset({"old.example"}))


def blocks(content: str) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in compose(content, CONTEXT).blocks]


def picture(caption: str = "", alt: str = "The quay") -> tuple[str, Any]:
    return "image", {"image": PICTURE.path, "alt": alt, "caption": caption}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("One.\n\nTwo,\nstill two.", [("text", "<p>One.</p><p>Two,<br>still two.</p>")]),
        ("<!-- wp:paragraph --><p>One\nline</p><!-- /wp:paragraph -->", [("text", "<p>One line</p>")]),
        ("a <strong>b</strong> <em>c</em> &amp; <u>d</u>", [("text", "<p>a <b>b</b> <i>c</i> &amp; d</p>")]),
        ("<p>&nbsp;</p><p> </p>", []),
        ("<h2>A <em>matter</em></h2>text", [("subheading", "A matter"), ("text", "<p>text</p>")]),
        (
            '<ul><li>a <a href="/b"><strong>b</strong></a> <em>c</em><p>d</p>e<br>f <u>g</u><li></li></ul>',
            [("text", '<ul><li>a <a href="/b"><b>b</b></a> <i>c</i><br>d<br>e<br>f g</li></ul>')],
        ),
        ('<ul><li>a<img src="quay.jpg"></li></ul>', [("text", "<ul><li>a</li></ul>"), picture()]),
        ("<figure><blockquote>a</blockquote></figure>", [("quote", {"quote": "a", "attribution": ""})]),
        (f"<h2>{'long ' * 50}</h2>", [("text", f"<p><b>{('long ' * 50).strip()}</b></p>")]),
        ("<b>a<b>b</b></b>", [("text", "<p><b>ab</b></p>")]),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", [("text", "<ul><li>a<ol><li>b</li></ol></li></ul>")]),
        (
            "<blockquote><p>One.</p><p>Two.</p><cite>Ann</cite></blockquote>",
            [("quote", {"quote": "One.\n\nTwo.", "attribution": "Ann"})],
        ),
        (
            '<p>a<b>b<img src="/quay.jpg" alt="Q">c</b></p>',
            [("text", "<p>a<b>b</b></p>"), picture(alt="Q"), ("text", "<p><b>c</b></p>")],
        ),
        ('<figure><img src="quay.jpg"><figcaption>At <i>dawn</i></figcaption></figure>', [picture("At dawn")]),
        ('[caption width="3"]<a href="x"><img src="quay-3x2.jpg" /></a> At dawn [/caption]', [picture("At dawn")]),
        ('[caption caption="At dawn"]<img src="quay.jpg" />[/caption]', [picture("At dawn")]),
        ("[gallery]", [picture()]),
        ("<table><tr><td><p>Only</p><p>for looks</p></td></tr></table>", [("text", "<p>Only</p><p>for looks</p>")]),
        ('<a href="https://old.example/about/?x#y">a</a>', [("text", '<p><a href="/about/?x#y">a</a></p>')]),
        ('<a href="javascript:alert(1)">a</a><a>b</a>', [("text", "<p>ab</p>")]),
        ('<p onclick="x" style="y">a<script>b</script></p>', [("text", "<p>a</p>")]),
        ("<div>loose<p>para</p>tail</div>", [("text", "<p>loose</p><p>para</p><p>tail</p>")]),
        ("<pre>one\n  two</pre>", [("text", "<p>one<br>  two</p>")]),
    ],
)
def test_becomes(content: str, expected: list[tuple[str, Any]]) -> None:
    assert blocks(content) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("He was [sic] there [he said] [1] [...]", "He was [sic] there [he said] [1] [...]"),
        ("The [co-author] spoke", "The [co-author] spoke"),
        ("a [[gallery]] b", "a [gallery] b"),
        ("a [box]inside[/box] b", "a inside b"),
        ('a [form id="1"] b', "a b"),
        ("a [form /] b", "a b"),
        ("a\n\n[my_form]\n\nb", "a b"),
        ("<!-- wp:shortcode -->[form]<!-- /wp:shortcode -->a", "a"),
        ('<!-- wp:x/y {"a":[1,2]} /-->a', "a"),
        ("a [/stray] b", "a [/stray] b"),
    ],
)
def test_shortcodes_go_and_brackets_stay(content: str, words: str) -> None:
    text = "".join(value for kind, value in blocks(content) if kind == "text")
    assert plain(text.replace("</p><p>", " ")) == words


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ('[form id="1"]', "shortcode [form]"),
        ('<!-- wp:acme/board {"a":1} /-->', "block acme/board"),
        ("<script>x</script>", "<script> element"),
        ("<hr>", "separator"),
        ('<img src="https://cdn.example/a.jpg">', "picture on another site: https://cdn.example/a.jpg"),
        ('<img src="/wp-content/uploads/a.jpg">', "picture that is not in the export: /wp-content/uploads/a.jpg"),
        ('<img src="data:image/png;base64,AAAA">', "picture without an address of its own"),
        ('<blockquote><a href="/x">a</a></blockquote>', "link inside a quotation: /x"),
        ("<video></video>", "<video> element"),
    ],
)
def test_what_is_lost_is_counted(content: str, what: str) -> None:
    assert compose(content, CONTEXT).lost == Counter({what: 1})


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a<!--nextpage-->b", "page break, the pages joined"),
        (
            '<iframe src="https://v.example/1"></iframe>',
            "embed of a provider that is not known here, as a related link: https://v.example/1",
        ),
        ("<div>" * 100 + "a", "markup nested too deep, kept as plain text"),
        ("<b></x>" * 100 + "a", "markup nested too deep, kept as plain text"),
    ],
)
def test_what_is_simpler_is_counted(content: str, what: str) -> None:
    assert compose(content, CONTEXT).simpler == Counter({what: 1})


def test_a_post_longer_than_any_is_cut_and_said() -> None:
    result = compose("word " * 300_000, CONTEXT)
    assert list(result.lost) == ["what follows the first 1,000,000 characters"]
    assert len(result.blocks[0]["value"]) <= 1_000_010


class Checker(HTMLParser):
    """Fails on anything that a text block may not hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TEXT_TAGS
        for name, value in attrs:
            assert (tag, name) == ("a", "href")
            scheme, colon, _ = (value or "").partition(":")
            assert not colon or not scheme.isalpha() or scheme.lower() in {"http", "https", "mailto"}

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)


def check_text(value: str) -> None:
    Checker().feed(value)
    assert text_html(value) == value


def check_picture(value: dict[str, str]) -> None:
    assert value["image"] == PICTURE.path
    assert len(value["alt"]) <= 300
    assert len(value["caption"]) <= 500


def check_gallery(value: dict[str, Any]) -> None:
    assert len(value["pictures"]) > 1
    for picture in value["pictures"]:
        check_picture(picture)


def check_table(value: dict[str, Any]) -> None:
    assert value["table"]["rows"]
    assert {len(row["values"]) for row in value["table"]["rows"]} == {len(value["table"]["columns"])}


def check_embed(value: dict[str, Any]) -> None:
    assert embeds.find(value["url"])
    assert 0 < len(value["title"]) <= 200
    assert len(value["caption"]) <= 500


def check_related_link(value: dict[str, Any]) -> None:
    assert re.fullmatch(r"https?://[^\s<>\"']+", value["url"])
    assert 0 < len(value["title"]) <= 200


def check_subheading(value: str) -> None:
    assert 0 < len(value) <= 200


def check_quote(value: dict[str, str]) -> None:
    assert value["quote"]
    assert len(value["attribution"]) <= 200


def check_document(value: dict[str, str]) -> None:
    assert value["document"] == "2024/05/report.pdf"
    assert 0 < len(value["title"]) <= 200
    assert len(value["note"]) <= 300


CHECKS: dict[str, Callable[[Any], None]] = {
    "text": check_text,
    "subheading": check_subheading,
    "quote": check_quote,
    "pull_quote": check_quote,
    "document": check_document,
    "image": check_picture,
    "gallery": check_gallery,
    "table": check_table,
    "embed": check_embed,
    "related_link": check_related_link,
}


def check(result: Composed) -> None:
    for block in result.blocks:
        CHECKS[block["type"]](block["value"])


NAMES = """
    a b p i em strong div span ul ol li table tr td th h2 h3 blockquote cite figure figcaption img br hr pre script
    style iframe video svg math template noscript textarea title select option form button plaintext xmp frameset
"""
FRAGMENTS = """
    <a/href="javascript:x"> <a/href="https://x.example/&quot;>"> <a/href="//x"onclick=1> <img/src="quay.jpg">
    <img/src=x/onerror=alert(1)> <figure/class="wp-block-gallery"title="9,x"> <figure/class="wp-block-embed"> <!-- -->
    <!--wp:html--> <!--/wp:html--> <!--wp:shortcode--> <!--/wp:shortcode--> <!--nextpage--> <![CDATA[ ]]> [caption]
    [/caption] [gallery] [youtube=https://youtu.be/aqz-KE-bpKQ] https://youtu.be/aqz-KE-bpKQ https://x.example/
    <a/href="report.pdf"> <a/href="gone.pdf"> <div/class="wp-block-file"> <figure/class="wp-block-pullquote">
    <!--wp:cover{"url":"quay.jpg"}--> <!--wp:block{"ref":7}/--> <!--wp:embed{"url":"x"}/--> <!--more--> [playlist/ids=8]
    <div/class="classic-text"> <details> <summary> <video/src="report.mp4"> [audio] [video/src=report.mp4]
    [embed] [/embed] [/x] &lt;script&gt; &amp;lt; &nbsp; &#0; text 🚤 " ' < > & <a/href='
"""
pieces = st.sampled_from(
    [
        *FRAGMENTS.split(),
        *(f"<{name}>" for name in NAMES.split()),
        *(f"</{name}>" for name in NAMES.split()),
        *(
            "\n\n",
            "\n",
            " ",
            "\x00",
            "\x0b",
            "\u202e",
            "[x a=1]",
            "[[x /]]",
            "[gallery ids='9']",
            '[caption caption="<b>"]',
        ),
    ]
)


@given(st.lists(pieces, max_size=40).map("".join))
@example('<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">')
@example('<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">')
@example('<noscript><p title="</noscript><img src=x onerror=alert(1)>">')
@example('<a href="java\nscript:alert(1)">x</a><a href="&#1;javascript:alert(1)">y</a>')
def test_hostile_markup_never_gets_through(content: str) -> None:
    check(compose(content, CONTEXT))


@given(st.text())
def test_any_text_at_all_is_taken(content: str) -> None:
    check(compose(content.encode("utf-8", "replace").decode(), CONTEXT))


@given(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=300))
def test_words_are_never_lost(content: str) -> None:
    kept = plain("".join(f"{block['value']} " for block in compose(content, CONTEXT).blocks))
    assert kept.split() == content.split()


@given(st.text(), st.integers(1, 50))
def test_clipping_keeps_to_the_length(text: str, length: int) -> None:
    assert len(clip(text, length)) <= length
