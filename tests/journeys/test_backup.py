"""The drill: back a running publication up, lose everything, restore it, and compare."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.server import Reader, contents, found, serving, settle
from tests.tree import stoppress

pytestmark = pytest.mark.journey


def media(root: Path) -> dict[str, bytes]:
    folders = (root / "data" / "media", root / "data" / "originals")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def test_what_was_lost_comes_back(tmp_path: Path) -> None:
    root, archive = found(tmp_path / "paper"), tmp_path / "paper.tar.gz"
    (root / "theme" / "templates" / "note.html").write_text("ours", encoding="utf-8")
    key = (root / "data" / "keys" / "secret_key").read_text(encoding="utf-8")
    with serving(root) as tree:
        settle(root)
        before = Reader(tree).get("/world/seen-at-the-harbour/").body
        saved = stoppress("--instance", root, "backup", archive)
        assert saved.returncode == 0, saved.stderr
    pages, pictures = contents(root / "data" / "store"), media(root)
    assert pictures
    shutil.rmtree(root)
    restored = stoppress("restore", archive, root)
    assert restored.returncode == 0, restored.stderr
    assert contents(root / "data" / "store") == pages
    assert media(root) == pictures
    assert (root / "data" / "keys" / "secret_key").read_text(encoding="utf-8") == key
    assert (root / "theme" / "templates" / "note.html").read_text(encoding="utf-8") == "ours"
    with serving(root) as tree:
        assert Reader(tree).get("/world/seen-at-the-harbour/").body == before
