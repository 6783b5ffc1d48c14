"""``stoppress prune``."""

import os
from pathlib import Path

from tests.tree import stoppress


def test_it_says_what_would_go_and_then_what_went(paper: Path) -> None:
    logs = paper / "data/logs"
    logs.mkdir()
    (logs / "stoppress.log.1").touch()
    os.utime(logs / "stoppress.log.1", (0, 0))
    (paper / "data/mail/20260101-120000-1.log").touch()
    os.utime(paper / "data/mail/20260101-120000-1.log", (0, 0))
    (paper / "data/mail/20260102-120000-2.log").touch()
    dry = stoppress("prune", "--dry-run", folder=paper)
    assert (dry.returncode, dry.stderr) == (0, "")
    assert dry.stdout.splitlines() == [
        "network addresses of those who replied: 0 would go",
        "traces of readers who reported errors: 0 would go",
        "revisions of pages: 0 would go",
        "results of background tasks: 0 would go",
        "expired sessions: 0 would go",
        "counts of attempts to sign in: 0 would go",
        "files of replaced pictures: 0 would go",
        "full log files: 1 would go",
        "mails kept as files: 1 would go",
        "entries of the audit log: 0 would go",
    ]
    assert (logs / "stoppress.log.1").exists()
    done = stoppress("prune", folder=paper)
    assert done.stdout.splitlines()[-3:-1] == ["full log files: 1 removed", "mails kept as files: 1 removed"]
    assert list(logs.iterdir()) == []
    assert [file.name for file in (paper / "data/mail").iterdir()] == ["20260102-120000-2.log"]


def test_without_an_instance_it_fails_in_one_line(tmp_path: Path) -> None:
    ended = stoppress("prune", folder=tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"stoppress: {tmp_path} is not an instance")
