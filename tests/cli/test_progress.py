"""Progress off a terminal is a few plain lines."""

import io

import pytest

from stoppress.cli import progress


def test_a_long_work_says_ten_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown("Baking") as report:
        for done in range(1, 251):
            report(done, 250)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert (lines[0], lines[-1]) == ("Baking: 25 of 250", "Baking: 250 of 250")


def test_nothing_to_do_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.shown("Baking") as report:
        report(0, 0)
        report(0, 0)
    assert capsys.readouterr().out == "Baking: 0 of 0\n"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    with progress.shown("Baking") as report:
        report(3, 4)
    assert "3/4" in terminal.getvalue()
