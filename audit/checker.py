"""The W3C's Nu Html Checker over every baked page, style sheet and drawing."""

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

from bench.machine import ROOT
from bench.report import Report

JAR = ROOT / "audit" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
STYLES = ROOT / "src" / "stoppress"
SHOWN = 20


def look(store: Path) -> tuple[Report, bool]:
    """Check all pages below ``store``; returns what it says, and whether there is no error."""
    pages = sorted(str(file) for file in store.rglob("*.html"))
    styles = sorted(str(file) for suffix in ("*.css", "*.svg") for file in STYLES.rglob(suffix))
    messages: list[dict[str, Any]] = []
    for options, files in ((["--skip-non-html"], pages), (["--also-check-css", "--also-check-svg"], styles)):
        listing = store.parent / "audited.txt"
        listing.write_text("\n".join(files), encoding="utf-8")
        command = ["java", "-Xss2m", "-jar", str(JAR), "--format", "json", "--exit-zero-always", *options, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        messages += json.loads(done.stderr or done.stdout)["messages"]
    errors = [one for one in messages if one["type"] != "info"]
    warnings = [one for one in messages if one["type"] == "info" and one.get("subType") == "warning"]
    report = Report(
        "Markup, by the Nu Html Checker",
        "no error on any page.",
        ("looked at", "files", "errors", "warnings"),
        [
            ("pages", f"{len(pages)}", f"{_count(errors, '.html')}", f"{_count(warnings, '.html')}"),
            ("styles and drawings", f"{len(styles)}", f"{_count(errors, '.css', '.svg')}", "0"),
        ],
    )
    told = Counter(one["message"] for one in [*errors, *warnings])
    report.notes += [f"{count} × {message}." for message, count in told.most_common(SHOWN)]
    return report, not errors


def _count(messages: list[dict[str, Any]], *suffixes: str) -> int:
    return sum(1 for one in messages if one.get("url", "").endswith(suffixes))
