"""What makes every page stale: settings, theme, and our own code however it got there."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from stoppress.pagestore.bake import fingerprint as fingerprints
from stoppress.pagestore.bake.fingerprint import digest_of, fingerprint


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installation."""
    root = tmp_path / "one" / "stoppress"
    for name in ("newsroom/pages.py", "newsroom/templates/newsroom/home.html", "design/static/design/page.css"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"as shipped: {name}", encoding="utf-8")
    return root


def test_a_patched_template_or_module_changes_it(package: Path) -> None:
    seen = {digest_of(package)}
    for name in ("newsroom/pages.py", "newsroom/templates/newsroom/home.html"):
        (package / name).write_text("patched", encoding="utf-8")
        seen.add(digest_of(package))
    (package / "newsroom/templates/newsroom/home.html").rename(package / "newsroom/templates/newsroom/index.html")
    seen.add(digest_of(package))
    assert len(seen) == 4


def test_where_it_lies_and_what_no_page_shows_leave_it_alone(package: Path, tmp_path: Path) -> None:
    before = digest_of(package)
    (package / "newsroom/__pycache__").mkdir()
    (package / "newsroom/__pycache__/pages.cpython-311.pyc").write_bytes(b"compiled")
    (package / "design/static/design/page.css").write_text("body {}", encoding="utf-8")
    assert digest_of(package) == before
    assert digest_of(shutil.copytree(package, tmp_path / "other" / "stoppress")) == before


def test_the_package_is_part_of_it(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint()
    assert fingerprint() == before
    monkeypatch.setattr(fingerprints, "package_digest", lambda: "another")
    patched = fingerprint()
    settings.STOPPRESS_TITLE = "Another Gazette"
    assert len({before, patched, fingerprint()}) == 3


def test_what_the_instance_has_of_its_own_is_part_of_it_and_not_where_it_lies(settings: Any, tmp_path: Path) -> None:
    def of(root: Path) -> str:
        settings.STATIC_ROOT = str(root / "static")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [root / "theme"]}]
        return fingerprint()

    here = tmp_path / "here"
    for name in ("theme/newsroom/home.html", "static/staticfiles.json"):
        (here / name).parent.mkdir(parents=True)
        (here / name).write_text("{}", encoding="utf-8")
    before = of(here)
    there = shutil.copytree(here, tmp_path / "there")
    assert of(there) == before
    seen = {before}
    for name in ("theme/newsroom/home.html", "static/staticfiles.json"):
        (there / name).write_text("changed", encoding="utf-8")
        seen.add(of(there))
    (there / "theme/newsroom/home.html").rename(there / "theme/newsroom/article.html")
    seen.add(of(there))
    assert len(seen) == 4
