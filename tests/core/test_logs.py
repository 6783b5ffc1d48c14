"""The log: its two forms, and one file for many processes."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stoppress.core.logs import JsonFormatter, LineFormatter, SharedFileHandler, configuration, rotated
from tests import tree

WRITER = """
import logging, sys
from stoppress.core import logs
logs.install(logs.configuration(sys.argv[2], "json", __import__("pathlib").Path(sys.argv[1]), 4000, 50))
log = logging.getLogger("stoppress.test")
print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    log.warning("%s wrote line %d: %s", sys.argv[2], number, "x" * 100)
"""


def record(message: str, *arguments: object, error: BaseException | None = None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("stoppress.front", logging.WARNING, "x.py", 1, message, arguments, info)


def raised() -> Exception:
    try:
        raise ValueError("no such reader: ada@news.example")
    except ValueError as error:
        return error


def test_a_json_line_says_when_who_and_what() -> None:
    line = JsonFormatter("front").format(record("No app process answered %s\n", "/world/?next=1", error=raised()))
    assert "\n" not in line
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("time")).tzinfo == UTC
    assert isinstance(told.pop("pid"), int)
    assert told.pop("exception").splitlines()[-1] == "ValueError: no such reader: […]"
    assert told == {
        "level": "WARNING",
        "logger": "stoppress.front",
        "process": "front",
        "message": "No app process answered /world/?[…]\n",
    }


@pytest.mark.parametrize(
    ("name", "level", "is_told"),
    [
        ("django.security.DisallowedHost", logging.ERROR, False),
        ("django.request", logging.WARNING, False),
        ("django.request", logging.ERROR, True),
    ],
)
def test_a_request_that_is_wrong_by_itself_gets_one_line(name: str, level: int, is_told: bool) -> None:
    told = record("Invalid", error=raised())
    told.name, told.levelno = name, level
    assert ("Traceback" in LineFormatter("app").format(told)) is is_told
    assert ("exception" in json.loads(JsonFormatter("app").format(told))) is is_told


def test_a_readable_line_stays_one_line_whatever_a_stranger_puts_into_it() -> None:
    line = LineFormatter("front").format(record("No app process answered %s", "/a\nERROR forged\x1b[2J\u2028/"))
    assert line.endswith(r"stoppress.front: No app process answered /a\nERROR forged\x1b[2J\u2028/")
    assert line.partition(" ")[0].endswith("Z")
    with_trace = LineFormatter("front").format(record("It failed", error=raised()))
    assert with_trace.splitlines()[1] == "Traceback (most recent call last):"


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[SharedFileHandler]:
    made = SharedFileHandler(str(tmp_path / "logs" / "stoppress.log"), 100, 2)
    made.setFormatter(logging.Formatter("%(message)s"))
    yield made
    made.close()


def test_a_full_file_makes_room_and_the_oldest_goes(handler: SharedFileHandler) -> None:
    for letter in "abcd":
        handler.emit(record(letter * 80))
    files = [handler.file, rotated(handler.file, 1), rotated(handler.file, 2)]
    texts = [file.read_text(encoding="utf-8")[0] for file in files]
    assert texts == ["d", "c", "b"]
    assert len(list(handler.file.parent.iterdir())) == 3
    assert handler.file.stat().st_mode & 0o777 == 0o640 & ~_umask()


def _umask() -> int:
    return int(Path("/proc/self/status").read_text(encoding="ascii").partition("Umask:")[2].split()[0], 8)


def test_a_file_that_is_moved_away_is_begun_anew(handler: SharedFileHandler) -> None:
    handler.emit(record("before"))
    handler.file.rename(handler.file.with_name("elsewhere"))
    handler.emit(record("after \udcff"))
    assert handler.file.read_text(encoding="utf-8") == "after \\udcff\n"


def test_a_disk_that_takes_nothing_ends_nobody(handler: SharedFileHandler, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("not a folder", encoding="ascii")
    handler.emit(record("lost"))
    assert (tmp_path / "logs").read_text(encoding="ascii") == "not a folder"


def test_many_processes_lose_no_line_and_tear_none(tmp_path: Path) -> None:
    file = tmp_path / "stoppress.log"
    writers = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", WRITER, str(file), f"writer-{number}"],
            env=tree.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for number in range(3)
    ]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline() == b"ready\n"
    for one in writers:
        one.communicate(b"go\n")
        assert one.returncode == 0
    files = list(tmp_path.iterdir())
    assert len(files) > 5
    assert max(path.stat().st_size for path in files) <= 4000
    lines = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    told = {line["message"].partition(":")[0] for line in lines}
    assert told == {f"writer-{writer} wrote line {number}" for writer in range(3) for number in range(100)}
    assert len(lines) == 300


def test_what_ends_a_process_is_logged(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, threading, warnings; from stoppress.core import logs;"
        "logs.install(logs.configuration('app', 'json', pathlib.Path(sys.argv[1]), 10**6, 1));"
        "one = threading.Thread(target=lambda: 1 / 0); one.start(); one.join();"
        "warnings.warn('mind'); raise KeyError('gone')"
    )
    ended = subprocess.run(
        [sys.executable, "-P", "-c", script, str(tmp_path / "log")],
        env=tree.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr == (tmp_path / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [line["message"] for line in lines if line["level"] == "CRITICAL"] == [
        "A thread ended: ZeroDivisionError",
        "This process ends: KeyError",
    ]
    assert {line["logger"] for line in lines} == {"stoppress", "py.warnings"}


def test_a_command_writes_to_standard_error_only() -> None:
    assert list(configuration("command", "text", None, 1, 1)["handlers"]) == ["stderr"]
