"""What readers type is shown as what they typed, and never as anything that a browser would run."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stoppress.comments.text import fingerprint, links_of, shown, skeleton, typed, website_of, words_of

TAG = re.compile(r"<(/?)([a-z]+)((?:\s[^<>]*)?)>")
AROUND_A_LINK = r"[<>&\"'*\n: /a-z]{0,80}https?://[^\s]{1,60}[*)>\"'<]{0,5}"
ALLOWED = {"p", "br", "a", "strong", "em", "blockquote"}
LINK = re.compile(r'(?:\shref="(?i:https?)://[^"<>]*")? rel="nofollow ugc noopener"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\nTwo.\n\nThree.", "<p>One.<br>Two.</p>\n<p>Three.</p>"),
        ("> said\n> twice", "<blockquote><p>said<br>twice</p></blockquote>"),
        ("so *very* **true**", "<p>so <em>very</em> <strong>true</strong></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("<b onclick=x>no</b>", "<p>&lt;b onclick=x&gt;no&lt;/b&gt;</p>"),
        (
            "See https://a.example/x?y=1&z=2.",
            '<p>See <a href="https://a.example/x?y=1&amp;z=2" rel="nofollow ugc noopener">'
            "https://a.example/x?y=1&amp;z=2</a>.</p>",
        ),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)
def test_the_few_marks(text: str, html: str) -> None:
    assert shown(text) == html


@given(st.text(max_size=300) | st.from_regex(AROUND_A_LINK, fullmatch=True))
def test_nothing_but_these_elements_ever(text: str) -> None:
    html = shown(typed(text))
    rest = TAG.sub("", html)
    assert "<" not in rest
    assert ">" not in rest
    for closing, name, attributes in TAG.findall(html):
        assert name in ALLOWED
        assert not attributes or (name == "a" and LINK.fullmatch(attributes)), (closing, attributes)
    assert typed(typed(text)) == typed(text)


def test_what_turns_the_text_around_is_taken_out() -> None:
    assert typed("a\u202eb\u2066c\x00\r\n\r\n\n\nd") == "abc\n\nd"


@pytest.mark.parametrize(
    ("given_address", "kept"),
    [
        ("example.org", "https://example.org"),
        ("http://example.org/me", "http://example.org/me"),
        ("javascript:alert(1)", ""),
        ("https://user@example.org", ""),
        ('https://example.org/"onmouseover="x', ""),
        ("https://[bad", ""),
        ("data:text/html,x", ""),
    ],
)
def test_websites(given_address: str, kept: str) -> None:
    assert website_of(given_address) == kept


def test_what_is_compared() -> None:
    assert words_of("Ｆｒｅｅ  mo\u200bney, CAFÉ!") == ["free", "money", "cafe"]
    assert fingerprint("Buy 100 now!!") == fingerprint("buy   200, NOW")
    assert fingerprint("Buy it") != fingerprint("Sell it")
    assert skeleton("Ada Okаfor") == skeleton("ada_okafor")  # with a Cyrillic a
    assert links_of("(https://a.example/b_(c)) and https://d.example).") == [
        "https://a.example/b_(c)",
        "https://d.example",
    ]
