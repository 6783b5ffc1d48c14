"""A comment's markup becomes plain text; nothing of it is lost, and nothing of it runs."""

import time
from collections import Counter

import pytest

from stoppress.comments.text import shown, typed
from stoppress.importers.remarks import FORMATTING, PICTURE, remark

SAME = [
    ("One line.\nAnother.\n\nA paragraph.", "One line.\nAnother.\n\nA paragraph."),
    ("One<br />\nline<br>more<p>and</p><p>more</p>", "One\nline\nmore\n\nand\n\nmore"),
    ("a &lt;b&gt; &amp;amp; &#8220;q&#8221; I <3 it, 1 < 2 > 0", "a <b> &amp; “q” I <3 it, 1 < 2 > 0"),
    ("<em>so</em> <b> loud </b>!", "*so*  **loud** !"),
    ("<blockquote>One\n\nTwo\nlines</blockquote>Mine", "> One\n\n> Two\n> lines\n\nMine"),
    (
        'See <a href="https://a.example/?b=1&amp;c=2" rel="x">the page</a>.',
        "See the page (https://a.example/?b=1&c=2).",
    ),
    ('<a href="http://www.a.example/">a.example</a>', "http://www.a.example/"),
    ('<a href="https://a.example/very/long">https://a.exam…</a>', "https://a.example/very/long"),
    ('<a href="mailto:x@a.example">x@a.example</a>', "x@a.example"),
    ('<a href="javascript:alert(1)">click</a>', "click (javascript:alert(1))"),
    ("<ul><li>one</li><li>two</li></ul>", "- one\n\n- two"),
    ("<q>said</q> <cite>who</cite> <!-- wp:paragraph -->there", "“said” who there"),
    ("<script>alert('x')</script>", "<script>alert('x')</script>"),
    (
        "<iframe src=//a.example></iframe><svg/onload=alert(1)>",
        "<iframe src=//a.example></iframe><svg/onload=alert(1)>",
    ),
    ("<b>never closed <i>nor this", "never closed *nor this*"),
    ("cut off <a href='x", "cut off <a href='x"),
    ("</b></blockquote>only ends", "only ends"),
]


@pytest.mark.parametrize(("markup", "text"), SAME)
def test_markup_becomes_text(markup: str, text: str) -> None:
    simpler: Counter[str] = Counter()
    found = typed(remark(markup, simpler))
    assert found == text
    page = str(shown(found))
    assert "<script" not in page
    assert "<iframe" not in page
    assert "<svg" not in page
    assert 'href="javascript' not in page


def test_what_becomes_simpler_is_counted() -> None:
    simpler: Counter[str] = Counter()
    text = remark('<del>No</del> un<em>believ</em>able <img src="https://a.example/x.png" alt="A cat">', simpler)
    assert text == "No unbelievable A cat (https://a.example/x.png)"
    assert +simpler == {FORMATTING: 2, PICTURE: 1}


@pytest.mark.parametrize(
    "piece", ["<a ", '<a "', "<!--", "<b>", "<blockquote>", "<a href=x>", "</b>", "<b></i>", "&", "<a b='", "\n<br>\n"]
)
def test_a_hostile_one_takes_no_time(piece: str) -> None:
    began = time.process_time()
    remark(piece * (300_000 // len(piece)), Counter())
    assert time.process_time() - began < 3
