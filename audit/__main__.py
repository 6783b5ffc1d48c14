"""``python -m audit [--quick]``: look at the sample publication; a full run also writes ``audit/RESULTS.md``."""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from audit import checker, lighthouse
from bench.machine import ROOT, facts
from bench.report import Report, table
from bench.servers import tree

WORK = ROOT / "audit" / ".work"
RESULTS = ROOT / "audit" / "RESULTS.md"
HEAD = """\
# Audit

Written by `make audit`: what the W3C's checker and Lighthouse say of the sample publication's pages, as readers get
them.
"""
TURNS = 5


def main(arguments: Sequence[str]) -> int:
    """Make the sample, bake it, look at it; returns 1 when something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one turn of Lighthouse, no results written")
    options = parser.parse_args(arguments)
    shutil.rmtree(WORK, ignore_errors=True)
    sample = WORK / "sample"
    subprocess.run([sys.executable, "-m", "stoppress", "demo", str(sample), "--no-serve"], check=True)
    try:
        reports, is_good = _look(sample, 1 if options.quick else TURNS)
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
    text = "\n".join([HEAD, *table(("", ""), facts()), "", *(str(report) for report in reports)])
    print(text)
    if not options.quick:
        RESULTS.write_text(text, encoding="utf-8")
        print(f"Written to {RESULTS.relative_to(ROOT)}.")
    return 0 if is_good else 1


def _look(sample: Path, turns: int) -> tuple[list[Report], bool]:
    markup, has_no_errors = checker.look(sample / "data" / "store" / "pages")
    with tree(sample) as running:
        marks, is_fast = lighthouse.look(running, sample, turns)
    return [markup, marks], has_no_errors and is_fast


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
