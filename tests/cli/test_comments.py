"""``stoppress comments``: figures, and what is kept of a person."""

import json
from pathlib import Path

from tests.tree import stoppress

ADA = "from stoppress.comments.vault import writer_of; writer_of('Ada@example.org')"


def test_a_person_is_given_out_and_erased(paper: Path) -> None:
    assert stoppress("manage", "shell", "-c", ADA, folder=paper).returncode == 0
    given = stoppress("comments", "export-person", "ada@example.org", folder=paper)
    assert [json.loads(line)["record"] for line in given.stdout.splitlines()] == ["person", "writer"]
    kept = stoppress("comments", "erase-person", "ada@example.org", folder=paper)
    assert (kept.returncode, kept.stderr.strip().splitlines()[-1]) == (130, "Interrupted.")
    erased = stoppress("comments", "erase-person", "ada@example.org", "--yes", folder=paper)
    assert erased.stdout == "0 replies (0 with their words) and 0 reports are erased.\n"
    given = stoppress("comments", "export-person", "ada@example.org", folder=paper)
    assert len(given.stdout.splitlines()) == 1
    for wrong in ("nowhere", "a@b@c"):
        ended = stoppress("comments", "erase-person", wrong, "--yes", folder=paper)
        assert (ended.returncode, ended.stderr) == (1, f"stoppress: {wrong!r} is no mail address. Nothing was done.\n")


def test_the_figures(original: Path) -> None:
    table = stoppress("comments", "report", "--from", "2026-01-01", "--to", "2026-01-31", folder=original)
    assert "Time: From: 2026-01-01\nTime: Until before: 2026-02-01\n" in table.stdout
    assert "Replies: Written: 0\n" in table.stdout
    as_csv = stoppress("comments", "report", "--csv", folder=original)
    assert as_csv.stdout.splitlines()[0] == "Kind,What,Number"
    turned = stoppress("comments", "report", "--from", "2026-02-01", "--to", "2026-01-31", folder=original)
    assert (turned.returncode, len(turned.stderr.splitlines())) == (1, 1)
