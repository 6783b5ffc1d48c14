"""The drill: back a running publication up, lose everything, restore it, and compare."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.journeys.server import Reader, contents, found, serving, settle
from tests.postgresql import new_database
from tests.tree import stoppress

pytestmark = pytest.mark.journey


def media(root: Path) -> dict[str, bytes]:
    folders = (root / "data" / "media", root / "data" / "originals")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of the instance's database: none for its own file, or a new one on the PostgreSQL server of the tests."""
    if request.param == "SQLite":
        yield ""
        return
    with new_database("drill") as url:
        yield url


def lose_everything(root: Path, database_url: str) -> None:
    """The folder, and every table."""
    shutil.rmtree(root)
    if database_url:
        with psycopg.connect(database_url, autocommit=True) as server:
            server.execute("DROP SCHEMA public CASCADE")
            server.execute("CREATE SCHEMA public")


@pytest.mark.parametrize("database_url", ["SQLite", "PostgreSQL"], indirect=True)
def test_what_was_lost_comes_back(tmp_path: Path, database_url: str, request: pytest.FixtureRequest) -> None:
    root, archive = tmp_path / "paper", tmp_path / "paper.tar.gz"
    if not database_url:
        shutil.copytree(request.getfixturevalue("template"), root)
    else:
        found(root, database_url)
        with (root / "stoppress.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\ndatabase_url = "{database_url}"\n')
    (root / "theme" / "templates" / "note.html").write_text("ours", encoding="utf-8")
    key = (root / "data" / "keys" / "secret_key").read_text(encoding="utf-8")
    with serving(root) as tree:
        settle(root)
        before = Reader(tree).get("/world/seen-at-the-harbour/").body
        saved = stoppress("--instance", root, "backup", archive)
        assert saved.returncode == 0, saved.stderr
    pages, pictures = contents(root / "data" / "store"), media(root)
    assert pictures
    lose_everything(root, database_url)
    restored = stoppress("restore", archive, root)
    assert restored.returncode == 0, restored.stderr
    assert contents(root / "data" / "store") == pages
    assert media(root) == pictures
    assert (root / "data" / "keys" / "secret_key").read_text(encoding="utf-8") == key
    assert (root / "theme" / "templates" / "note.html").read_text(encoding="utf-8") == "ours"
    with serving(root) as tree:
        assert Reader(tree).get("/world/seen-at-the-harbour/").body == before
