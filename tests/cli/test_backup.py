"""Backup and restore through their commands: what they refuse, and that nothing was touched then."""

import gzip
import io
import json
import os
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from stoppress.cli import archive
from stoppress.cli.archive import is_safe, written
from stoppress.config.instance import InstanceError
from tests.tree import stoppress


@pytest.fixture(scope="session")
def saved(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup that nobody changes."""
    file = tmp_path_factory.mktemp("saved") / "paper.tar.gz"
    made = stoppress("backup", file, folder=original)
    assert made.returncode == 0, made.stderr
    return file


def members(file: Path) -> dict[str, bytes]:
    """Content of each member by its name."""
    with tarfile.open(file) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def forged(saved: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The backup with other members."""
    content = members(saved)
    change(content)
    with tarfile.open(target, "w:gz") as tar:
        for name, body in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return target


def refused(file: Path, root: Path) -> str:
    """The line with which a restore is refused; nothing is left of it."""
    before = sorted(root.parent.iterdir())
    ended = stoppress("restore", file, root)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert sorted(root.parent.iterdir()) == before
    return ended.stderr


def test_a_backup_is_private_and_holds_what_cannot_be_made_again(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    content = members(saved)
    assert {"stoppress.toml", "data/keys/secret_key", "data/db/stoppress.sqlite3"} < set(content)
    assert not [name for name in content if name.startswith(("data/store/", "data/static/", "data/run/"))]
    manifest = json.loads(content["manifest.json"])
    assert set(manifest["files"]) == set(content) - {"manifest.json"}
    assert manifest["rows"]["wagtailcore_page"] == 2
    assert list(saved.parent.iterdir()) == [saved]


def test_a_backup_in_a_folder_is_named_by_date(paper: Path, tmp_path: Path) -> None:
    (tmp_path / "safe").mkdir()
    made = stoppress("--instance", paper, "backup", tmp_path / "safe")
    assert made.returncode == 0, made.stderr
    (file,) = (tmp_path / "safe").iterdir()
    assert file.name.startswith("paper-2")
    assert str(file) in made.stdout


def test_nothing_is_overwritten(saved: Path, paper: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken.tar.gz"
    taken.write_text("mine", encoding="ascii")
    ended = stoppress("backup", taken, folder=paper)
    assert (ended.returncode, taken.read_text(encoding="ascii")) == (1, "mine")
    assert ended.stderr == f"stoppress: {taken} is there already; nothing was written.\n"
    assert "is not empty; restore into a new folder. Nothing was touched." in refused(saved, paper)
    assert "is not empty" in refused(saved, taken)


def test_a_folder_that_is_missing(paper: Path, tmp_path: Path) -> None:
    ended = stoppress("backup", tmp_path / "none" / "x.tar.gz", folder=paper)
    assert ended.stderr == f"stoppress: There is no folder {tmp_path / 'none'}. No backup was written.\n"


def test_a_database_that_is_none_gives_no_backup(paper: Path, tmp_path: Path) -> None:
    (paper / "data/db/stoppress.sqlite3").write_bytes(b"This is not a database." * 100)
    ended = stoppress("backup", tmp_path / "x.tar.gz", folder=paper)
    assert "can't be copied: file is not a database. No backup was written." in ended.stderr
    assert sorted(tmp_path.iterdir()) == [paper]


def test_a_backup_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(InstanceError, match=r"No space left on device. No backup was written."),
        written(tmp_path / "x"),
    ):
        raise OSError(28, os.strerror(28))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_goes_meanwhile_is_counted(tmp_path: Path) -> None:
    with written(tmp_path / "x.tar.gz") as out:
        assert out.add("data/gone", tmp_path / "gone") is False
        out.close({})
    assert list(members(tmp_path / "x.tar.gz")) == ["manifest.json"]


def test_links_are_followed_and_circles_end(tmp_path: Path) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/a.css").touch()
    (tmp_path / "theme/again").symlink_to(tmp_path / "theme")
    (tmp_path / "theme/lost").symlink_to(tmp_path / "nowhere")
    assert list(archive.files_below(tmp_path / "theme")) == [tmp_path / "theme/a.css"]


def break_off(file: Path) -> None:
    """Half of it."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def swap_a_bit(file: Path) -> None:
    """The same archive with another picture of the database, packed as it should be."""
    raw = bytearray(gzip.decompress(file.read_bytes()))
    at = raw.index(b"SQLite format 3") + 3000
    raw[at] ^= 1
    file.write_bytes(gzip.compress(bytes(raw)))


@pytest.mark.parametrize(
    ("damage", "line"),
    [
        (break_off, "is damaged"),
        (swap_a_bit, "'data/db/stoppress.sqlite3' is not what the manifest says"),
        (lambda file: file.write_bytes(b""), "is not a backup"),
        (lambda file: file.write_bytes(b"nonsense" * 99), "is not a backup"),
    ],
)
def test_a_damaged_archive(saved: Path, tmp_path: Path, damage: Callable[[Path], None], line: str) -> None:
    file = tmp_path / "damaged.tar.gz"
    file.write_bytes(saved.read_bytes())
    damage(file)
    said = refused(file, tmp_path / "new")
    assert line in said
    assert "Nothing was touched." in said


def without_manifest(content: dict[str, bytes]) -> None:
    del content["manifest.json"]


def without_a_file(content: dict[str, bytes]) -> None:
    del content["data/keys/secret_key"]


def with_a_file_more(content: dict[str, bytes]) -> None:
    manifest = content.pop("manifest.json")
    content |= {"theme/templates/extra.html": b"", "manifest.json": manifest}


def with_a_file_after(content: dict[str, bytes]) -> None:
    content["theme/after"] = b""


def from_the_future(content: dict[str, bytes]) -> None:
    content["manifest.json"] = json.dumps({**json.loads(content["manifest.json"]), "version": "99.0"}).encode()


def of_another_format(content: dict[str, bytes]) -> None:
    content["manifest.json"] = json.dumps({**json.loads(content["manifest.json"]), "format": 99}).encode()


def with_nonsense(content: dict[str, bytes]) -> None:
    content["manifest.json"] = b"[]"


def with_other_rows(content: dict[str, bytes]) -> None:
    manifest = json.loads(content["manifest.json"])
    manifest["rows"]["wagtailcore_page"] += 1
    content["manifest.json"] = json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (without_manifest, "has no manifest"),
        (without_a_file, "'data/keys/secret_key' is missing"),
        (with_a_file_more, "'theme/templates/extra.html' is not what the manifest says"),
        (with_a_file_after, "goes on after its manifest"),
        (from_the_future, "was made by Stop Press 99.0"),
        (of_another_format, "is of format 99"),
        (with_nonsense, "can't be understood"),
        (with_other_rows, "wagtailcore_page: 2 rows instead of 3"),
    ],
)
def test_an_archive_that_is_not_as_its_manifest_says(
    saved: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], line: str
) -> None:
    assert line in refused(forged(saved, tmp_path / "forged.tar.gz", change), tmp_path / "new")


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "data/../../outside", "data//x", "elsewhere/x", ".hidden"]
)
def test_a_name_that_leads_out_is_refused(saved: Path, tmp_path: Path, name: str) -> None:
    def add(content: dict[str, bytes]) -> None:
        manifest = content.pop("manifest.json")
        content |= {name: b"evil", "manifest.json": manifest}

    assert "which no backup has" in refused(forged(saved, tmp_path / "forged.tar.gz", add), tmp_path / "new")
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_anything_but_a_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    file = tmp_path / "links.tar.gz"
    with tarfile.open(file, "w:gz") as tar:
        info = tarfile.TarInfo("data/media/x")
        info.type, info.linkname = kind, "/etc/passwd"
        tar.addfile(info)
    assert "which is no plain file" in refused(file, tmp_path / "new")


def test_safe_names() -> None:
    tops = frozenset({"data"})
    assert is_safe("data/media/a b.jpg", tops)
    assert not is_safe("data\\..\\x", tops)
    assert not is_safe("data/a\0b", tops)


def test_a_backup_of_another_engine_is_refused(saved: Path, tmp_path: Path) -> None:
    ended = stoppress(
        "restore", saved, tmp_path / "new", more={"STOPPRESS_DATABASE_URL": "postgres://127.0.0.1:1/none"}
    )
    assert "holds SQLite, but database_url names PostgreSQL" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_database_goes_where_the_settings_want_it(saved: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "big disk" / "paper.sqlite3"
    more = {"STOPPRESS_DATABASE_URL": f"sqlite:///{elsewhere}"}
    made = stoppress("restore", saved, tmp_path / "new", more=more)
    assert made.returncode == 0, made.stderr
    assert not (tmp_path / "new/data/db/stoppress.sqlite3").exists()
    with closing(sqlite3.connect(elsewhere)) as database:
        assert database.execute("SELECT count(*) FROM wagtailcore_page").fetchone() == (2,)
    again = stoppress("restore", saved, tmp_path / "newer", more=more)
    assert "is there already. Nothing was restored." in again.stderr
