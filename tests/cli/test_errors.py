"""Every failure is one clear line on standard error and an exit code that is not 0."""

import socket
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from stoppress.cli.errors import explain
from stoppress.cli.ports import reserve
from stoppress.config.instance import InstanceError
from tests.tree import free_port, stoppress


def the_line(*arguments: str, folder: Path | None = None, more: dict[str, str] | None = None) -> str:
    """The one line with which the command fails."""
    ended = stoppress(*arguments, folder=folder, more=more)
    assert ended.returncode != 0
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr.strip()


@pytest.mark.parametrize("command", [["run"], ["bake", "--all"], ["manage", "check"]])
def test_no_instance(tmp_path: Path, command: Sequence[str]) -> None:
    expected = f"stoppress: {tmp_path} is not an instance: it has no stoppress.toml."
    assert the_line(*command, folder=tmp_path).startswith(expected)


def test_the_instance_can_be_named_in_three_ways(paper: Path, tmp_path: Path) -> None:
    for arguments, folder, more in (
        (["manage", "check"], paper, {}),
        (["--instance", str(paper), "manage", "check"], tmp_path, {}),
        (["manage", "check"], tmp_path, {"STOPPRESS_INSTANCE": str(paper)}),
    ):
        ended = stoppress(*arguments, folder=folder, more=more)
        assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("text", ["port = ", "prot = 1", 'port = "80"'])
def test_a_broken_setting(paper: Path, text: str) -> None:
    (paper / "stoppress.toml").write_text(text, encoding="utf-8")
    assert str(paper / "stoppress.toml") in the_line("run", folder=paper)


def test_a_broken_variable(paper: Path) -> None:
    line = the_line("run", folder=paper, more={"STOPPRESS_WORKERS": "many"})
    assert line == "stoppress: STOPPRESS_WORKERS: 'many' is not a whole number."


def test_a_taken_port(paper: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = the_line("run", "--port", str(port), folder=paper)
    assert line.startswith(f"stoppress: Port {port} on 127.0.0.1 can't be used (address already in use).")


def test_a_missing_database(paper: Path) -> None:
    (paper / "data/db/stoppress.sqlite3").unlink()
    line = the_line("run", "--port", str(free_port()), folder=paper)
    assert line.startswith(
        f"stoppress: There is no database at {paper}/data/db/stoppress.sqlite3: it was moved or deleted"
    )
    assert line.endswith("Bring it back, or restore a backup; nothing was made in its place.")
    for others in (("manage", "migrate"), ("upgrade",), ("user", "list"), ("doctor",)):
        looked = stoppress(*others, folder=paper)
        assert (looked.returncode, "There is no database at" in looked.stdout + looked.stderr) == (1, True), others
    assert not list((paper / "data/db").iterdir())


def test_a_database_that_lacks_migrations(paper: Path) -> None:
    (paper / "data/db/stoppress.sqlite3").write_bytes(b"")
    line = the_line("run", "--port", str(free_port()), folder=paper)
    assert "migrations are not applied" in line
    assert line.endswith(f"Run 'stoppress --instance {paper} upgrade'.")


def test_a_database_that_is_none(paper: Path) -> None:
    (paper / "data/db/stoppress.sqlite3").write_bytes(b"This is not a database." * 100)
    assert "The database does not answer: file is not a database" in the_line("bake", folder=paper)


def test_a_missing_folder(paper: Path) -> None:
    (paper / "data/originals").rmdir()
    assert the_line("run", folder=paper).startswith(f"stoppress: The folder {paper / 'data/originals'} is missing.")


def test_an_unknown_page(paper: Path) -> None:
    line = the_line("bake", "/nowhere/", folder=paper)
    assert line == "stoppress: /nowhere/ is not an address of this publication. Nothing was baked."


def test_an_unknown_command() -> None:
    assert the_line("zzzz") == "stoppress: No such command 'zzzz'. See 'stoppress --help'."


def test_a_demo_is_never_poured_into_a_real_publication(paper: Path) -> None:
    assert "holds a publication that is not a demo" in the_line("demo", str(paper), "--no-serve")


def test_the_traceback_is_there_for_those_who_ask(tmp_path: Path) -> None:
    assert "Traceback" in stoppress("--debug", "run", folder=tmp_path).stderr


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InstanceError("Two\nlines."), "Two lines."),
        (click.ClickException("Wrong."), "Wrong."),
        (PermissionError(13, "Permission denied", "/srv/x"), "/srv/x: Permission denied."),
        (ZeroDivisionError(), "ZeroDivisionError: no further word. Run 'stoppress --debug …' for the details."),
    ],
)
def test_explanations(error: Exception, line: str) -> None:
    assert explain(error) == line


def test_a_reserved_port_is_taken_for_everybody_else_and_free_afterwards() -> None:
    with reserve("127.0.0.1", 0) as held:
        port = held.getsockname()[1]
        with pytest.raises(InstanceError, match=f"Port {port} on 127"):
            reserve("127.0.0.1", port)
    reserve("127.0.0.1", port).close()


def test_a_port_that_is_none() -> None:
    with pytest.raises(InstanceError, match="There is no host"):
        reserve("no host at all", 80)
