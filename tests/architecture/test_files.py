"""House rules that no linter has: length, names, reasons, and where styles and scripts may be."""

import ast
import gzip
import re
from pathlib import Path

from tests.architecture.floors import ROOT, SOURCE, sources

LONGEST = 500
BANNED_NAMES = {"utils", "util", "common", "helpers", "misc", "data", "process", "manager", "managers"}
# ``config/process.py`` starts one process of the tree; nothing else may have the name.
NAMES_WITH_A_REASON = {"src/stoppress/config/process.py"}
EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore)(?P<rest>.*)")
FULL_NOQA = re.compile(r": [A-Z]+\d+(, ?[A-Z]+\d+)*( - \S.*)")
FULL_IGNORE = re.compile(r"\[[a-z-]+(, ?[a-z-]+)*\].*")
INLINE = re.compile(r"<style\b|\sstyle\s*=|<[^>]*\son[a-z]+\s*=|javascript:", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*)>", re.IGNORECASE)

CSS_BUDGET = 13 * 1024
"""The product's budget is 15 KB; the rest is for a theme."""
JS_BUDGET = 10 * 1024


def python_files() -> list[Path]:
    folders = [ROOT / name for name in ("src", "tests", "bench")]
    return sorted(p for folder in folders for p in folder.rglob("*.py") if ".work" not in p.parts)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def records() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "adr").glob("*.md")))


def test_no_file_is_too_long_without_a_reason_in_the_records() -> None:
    reasons = records()
    shipped = [*python_files(), *sources("*.html"), *sources("*.css"), *sources("*.js")]
    long = [p for p in shipped if len(p.read_text(encoding="utf-8").splitlines()) > LONGEST]
    assert [relative(p) for p in long if relative(p) not in reasons and "migrations" not in p.parts] == []


def test_names_say_what_is_inside() -> None:
    wrong = [
        relative(p)
        for p in python_files()
        if {p.stem, *p.relative_to(ROOT).parts} & BANNED_NAMES and "management" not in p.parts
    ]
    assert set(wrong) <= NAMES_WITH_A_REASON


def test_handlers_live_in_handlers() -> None:
    wrong = [
        f"{relative(path)}: {node.name}"
        for path in sources()
        if path.name != "handlers.py" and "management" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("handle_")
    ]
    assert wrong == []


def test_an_excuse_names_its_rule_and_gives_its_reason() -> None:
    """``noqa: BLE001 - why``; for mypy the error's name is enough."""
    wrong = []
    for path in python_files():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            excuse = None if "re.compile" in line else EXCUSE.search(line)
            if excuse is not None:
                pattern = FULL_NOQA if excuse[1] == "noqa" else FULL_IGNORE
                if not pattern.fullmatch(excuse["rest"].rstrip()):
                    wrong.append(f"{relative(path)}:{number}: {excuse[0]}")
    assert wrong == []


def test_styles_and_scripts_come_from_static_folders() -> None:
    astray = [
        relative(p)
        for pattern in ("*.css", "*.js", "*.mjs")
        for p in sources(pattern)
        if p.relative_to(SOURCE).parts[1:3] != ("static", p.relative_to(SOURCE).parts[0])
    ]
    assert astray == []


def test_templates_hold_no_inline_style_or_script() -> None:
    wrong = []
    for path in sources("*.html"):
        text = path.read_text(encoding="utf-8")
        wrong += [f"{relative(path)}: {found[0].strip()}" for found in INLINE.finditer(text)]
        wrong += [
            f"{relative(path)}: {found[0]}"
            for found in SCRIPT.finditer(text)
            if "src=" not in found["attributes"] and "application/ld+json" not in found["attributes"]
        ]
    assert wrong == []


def test_what_a_reader_loads_is_light() -> None:
    """All public styles and scripts together, as if one page needed every one; the desk's are for staff.

    Sheets stand in the page and are packed as one, scripts are asked for one by one.
    """
    sheets, scripts = ([p.read_bytes() for p in shipped(pattern)] for pattern in ("*.css", "*.js"))
    assert len(gzip.compress(b"".join(sheets), 6)) <= CSS_BUDGET
    assert sum(len(gzip.compress(script, 6)) for script in scripts) <= JS_BUDGET


def shipped(pattern: str) -> list[Path]:
    return [p for p in sources(pattern) if p.relative_to(SOURCE).parts[0] != "desk"]
