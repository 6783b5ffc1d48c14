"""Style sheets that stand in the page: which do, and what the page's policy says of them."""

import re
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template

from stoppress.design.sheets import LARGEST

HASHED = "looks.0123456789ab.css"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


@pytest.fixture
def static(tmp_path: Path, settings: Any) -> Path:
    """Where collected files lie."""
    settings.STATIC_ROOT = str(tmp_path)
    return tmp_path


def head(links: str) -> str:
    """The part of a page's head that links its sheets."""
    return Template("{% load design_tags %}{% sheets %}" + links + "{% endsheets %}").render(Context())


def link(name: str, more: str = "") -> str:
    """As templates have it."""
    return f'<link rel="stylesheet" href="{settings.STATIC_URL}{name}"{more}>'


def test_a_collected_sheet_stands_in_the_page_and_nothing_else_may(static: Path) -> None:
    (static / "a.0123456789ab.css").write_text(
        '/* why */\r\n@layer x {\r\n    a { content: "/* kept */"; }\n\n\n    b { color: red }\n}\n'
    )
    (static / "b.ba9876543210.css").write_text("@page { margin: 0 }")
    html = head(link("a.0123456789ab.css") + "\n<script></script>\n" + link("b.ba9876543210.css", ' media="print"'))
    first, second = re.findall(r"<style[^>]*>(.*?)</style>", html, re.DOTALL)
    assert first == '@layer x {\na { content: "/* kept */"; }\nb { color: red }\n}'
    assert '<style media="print">@page' in html
    assert "<script></script>" in html
    allowed = POLICY.findall(html)[0].split()
    assert allowed[:2] == ["style-src", "'self'"]
    assert [b64decode(one.strip("'").removeprefix("sha256-")) for one in allowed[2:]] == [
        sha256(text.encode()).digest() for text in (first, second)
    ]
    assert html.index("<meta") < html.index("<style")


def test_addresses_in_a_sheet_stay_what_they_were(static: Path) -> None:
    (static / "theme").mkdir()
    (static / "theme/fonts.0123456789ab.css").write_text(
        "a { src: url(serif.woff2), url('../b.png') , url(\"data:image/png;base64,/*AA\"), url(#drop), url(/c.png) }"
    )
    found = re.findall(r"url\(\"?([^\")]+)", head(link("theme/fonts.0123456789ab.css")))
    assert found == [
        "/static/theme/serif.woff2",
        "/static/b.png",
        "data:image/png;base64,/*AA",
        "#drop",
        "/c.png",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("looks.css", "a {}"),  # may mean another sheet tomorrow
        ("gone.0123456789ab.css", None),
        (HASHED, "@import url(more.css);"),
        (HASHED, 'a { content: "</style><script>" }'),
        (HASHED, "a {}\n" * LARGEST),
        (HASHED, b"\xff"),
    ],
)
def test_what_can_not_stand_in_a_page_stays_linked(name: str, text: str | bytes | None, static: Path) -> None:
    if text is not None:
        (static / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    html = head(link(name))
    assert html.endswith(link(name))
    assert POLICY.findall(html) == ["style-src 'self'"]


def test_a_sheet_from_elsewhere_stays_linked(static: Path) -> None:
    elsewhere = f'<link rel="stylesheet" href="https://example.org/{HASHED}">'
    assert head(elsewhere).endswith(elsewhere)
