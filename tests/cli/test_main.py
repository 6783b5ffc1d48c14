"""The thin commands through their public face."""

from pathlib import Path

import stoppress as package
from tests.tree import free_port, stoppress


def test_version() -> None:
    assert stoppress("--version").stdout == f"stoppress {package.__version__}\n"


def test_help_lists_the_commands() -> None:
    shown = stoppress()
    assert shown.returncode == 0
    assert all(name in shown.stdout for name in ("init", "run", "demo", "bake", "import", "doctor", "manage"))


def test_bake_and_doctor(paper: Path) -> None:
    baked = stoppress("bake", "--all", folder=paper)
    assert baked.returncode == 0, baked.stderr
    assert "baked, 0 failed." in baked.stdout
    assert (paper / "data/store/pages/index.html").exists()
    again = stoppress("bake", "/", folder=paper)
    assert again.returncode == 0, again.stderr
    looked = stoppress("doctor", folder=paper, more={"STOPPRESS_PORT": str(free_port())})
    assert looked.returncode == 0, looked.stdout
    assert {line.split()[0] for line in looked.stdout.splitlines()} == {"OK"}, looked.stdout
    assert "search: 0 articles can be found, 0 pages wait" in looked.stdout  # founding left some


def test_doctor_says_what_is_wrong(paper: Path, tmp_path: Path) -> None:
    nothing = stoppress("doctor", folder=tmp_path)
    assert (nothing.returncode, nothing.stdout.split()[0]) == (1, "FAIL")
    (paper / "data/keys/secret_key").chmod(0o644)
    (paper / "data/originals").rmdir()
    (paper / "data/db/stoppress.sqlite3").unlink()
    looked = stoppress("doctor", folder=paper, more={"STOPPRESS_PORT": str(free_port())})
    assert looked.returncode == 1
    levels = {line.split()[1].rstrip(":"): line.split()[0] for line in looked.stdout.splitlines()}
    assert levels["folders"] == "FAIL"
    assert levels["secret"] == "WARN"
    assert levels["database"] == "FAIL"
