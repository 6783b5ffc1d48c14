"""A style sheet that readers get uses only tokens that are there: a misspelt one is silently no style at all."""

import re
from pathlib import Path

PACKAGE = Path(__file__).parent.parent.parent / "src" / "stoppress"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
USED = re.compile(r"var\(\s*(--[\w-]+)\s*\)")
SET = re.compile(r"(--[\w-]+)\s*:")


def test_every_token_that_is_used_is_set() -> None:
    sheets = {
        file: COMMENT.sub("", file.read_text(encoding="utf-8"))
        for room in PACKAGE.iterdir()
        if room.name not in {"desk", "media"}  # the desk's sheets stand on Wagtail's tokens
        for file in (room / "static").rglob("*.css")
    }
    assert len(sheets) > 3
    known = {name for text in sheets.values() for name in SET.findall(text)}
    missing = {
        f"{file.name}: {name}" for file, text in sheets.items() for name in USED.findall(text) if name not in known
    }
    assert not missing
