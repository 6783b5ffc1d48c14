"""``stoppress init``: a whole instance, or a clear line and nothing changed."""

import stat
import tomllib
from pathlib import Path

import pytest

from stoppress.config.instance import load
from tests import prepared
from tests.tree import stoppress


def snapshot(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_it_makes_everything(original: Path) -> None:
    instance = load(original, {})
    folders = (instance.media, instance.originals, instance.static, instance.store, instance.theme / "templates")
    assert all(folder.is_dir() for folder in folders)
    assert stat.S_IMODE(instance.secret_key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(instance.keys.stat().st_mode) == 0o700
    assert len(instance.secret_key()) >= 50
    assert tomllib.loads((original / "stoppress.toml").read_text(encoding="utf-8")) == {"title": "The Test Gazette"}
    assert instance.sqlite_file.stat().st_size > 0
    assert any(instance.static.rglob("*.css"))


def test_it_never_touches_an_existing_instance(paper: Path) -> None:
    before = snapshot(paper)
    again = stoppress("init", paper, "--title", "Another")
    assert again.returncode == 1
    assert again.stderr == f"stoppress: {paper} is an instance already; nothing was changed.\n"
    assert snapshot(paper) == before


def test_one_that_was_killed_half_way_can_be_repeated(paper: Path) -> None:
    instance = load(paper, {})
    key = instance.secret_key()
    (instance.data / "unfinished").touch()
    instance.sqlite_file.unlink()
    prepared.lay_migrated(instance.sqlite_file)
    refused = stoppress("run", folder=paper)
    assert refused.returncode == 1
    assert f"{paper} is half made. Repeat 'stoppress init {paper}'." in refused.stderr
    again = stoppress("init", paper)
    assert again.returncode == 0, again.stderr
    assert instance.secret_key() == key
    assert stoppress("doctor", folder=paper).returncode == 0


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        (
            "--base-url",
            "news.example",
            "base_url must be like https://news.example, without a path, not 'news.example'.",
        ),
        (
            "--title",
            "The\nGazette\x1b[2J",
            r"title must be a name in one line, without control characters, not 'The\nGazette\x1b[2J'.",
        ),
    ],
)
def test_a_wrong_option_makes_nothing(tmp_path: Path, option: str, value: str, said: str) -> None:
    ended = stoppress("init", tmp_path / "paper", option, value)
    assert (ended.returncode, ended.stderr) == (1, f"stoppress: These options: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "paper").touch()
    ended = stoppress("init", tmp_path / "paper")
    assert (ended.returncode, ended.stderr) == (
        1,
        f"stoppress: {tmp_path / 'paper'} is a file; nothing was changed.\n",
    )


def test_a_folder_with_other_things_stays_as_it_is(tmp_path: Path) -> None:
    for name in (".profile", "letters.txt"):
        (tmp_path / name).touch()
    for command in (["init", tmp_path], ["init", ""], ["demo", tmp_path, "--no-serve"]):
        ended = stoppress(*command, folder=tmp_path)
        assert ended.returncode == 1
        assert ended.stderr.startswith(
            f"stoppress: {tmp_path} holds other things, such as letters.txt; nothing was changed."
        )
    assert sorted(one.name for one in tmp_path.iterdir()) == [".profile", "letters.txt"]
