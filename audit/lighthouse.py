"""Lighthouse as on a telephone (its own default: a slow mobile network, a processor slowed down four times)."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import ROOT
from bench.report import Report
from bench.servers import Running

BIN = ROOT / "audit" / "node_modules" / ".bin"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
LCP_SECONDS, CLS, TBT_MILLISECONDS = 1.0, 0.01, 20.0
LEFT_OUT = ("is-on-https", "redirects-http")
"""Judged by the address: the sample is served on this machine without a certificate."""


def look(running: Running, sample: Path, turns: int) -> tuple[Report, bool]:
    """Look at home, a section and the newest article; returns the medians, and whether all are good enough."""
    report = Report(
        "Lighthouse, mobile",
        f"at least 98 and 100, 100, 100; at most LCP {LCP_SECONDS} s, CLS {CLS}, TBT {TBT_MILLISECONDS:.0f} ms.",
        ("page", *CATEGORIES, "LCP", "CLS", "TBT", "bytes", "requests"),
        notes=[f"Medians of {turns} turns."],
    )
    is_good = True
    for path in _paths(running):
        found = [_one(running.url(path), sample.parent / "lighthouse.json") for _turn in range(turns)]
        scores = {name: round(100 * median(one["categories"][name]["score"] or 0 for one in found)) for name in WANTED}
        lcp, cls, tbt, size = (
            median(one["audits"][name]["numericValue"] for one in found)
            for name in (
                "largest-contentful-paint",
                "cumulative-layout-shift",
                "total-blocking-time",
                "total-byte-weight",
            )
        )
        requests = median(len(one["audits"]["network-requests"]["details"]["items"]) for one in found)
        times = (f"{lcp / 1e3:.2f} s", f"{cls:.3f}", f"{tbt:.0f} ms", f"{size / 1e3:.0f} kB", f"{requests:.0f}")
        report.rows.append((path, *(str(scores[name]) for name in CATEGORIES), *times))
        is_good &= all(scores[name] >= least for name, least in WANTED.items())
        is_good &= lcp <= 1e3 * LCP_SECONDS and cls <= CLS and tbt <= TBT_MILLISECONDS
        failed = {f"{path}: {audit['title']}" for one in found for audit in _failed(one)}
        report.notes += sorted(f"{what}." for what in failed)
    return report, bool(is_good)


def _paths(running: Running) -> list[str]:
    """Home, its first section, and the article that leads the front."""
    _status, body = running.get("/", "identity")
    html = body.decode()
    tabs = html[html.index("<nav") :]
    section = re.search(r'href="(/[a-z-]+/)"', tabs)
    lead = re.search(r'<h[23][^>]*>\s*<a[^>]* href="(/[^"]+/[^"]+/)"', html) or re.search(
        r'href="(/[a-z]+/[a-z0-9-]+/)"', html
    )
    assert section is not None
    assert lead is not None
    return ["/", section[1], lead[1]]


def _one(url: str, file: Path) -> dict[str, Any]:
    chrome = shutil.which("chromium") or "chromium"
    command = [str(BIN / "node"), str(BIN / "lighthouse"), url, "--quiet", "--output=json", f"--output-path={file}"]
    command += [f"--chrome-path={chrome}", f"--chrome-flags={FLAGS}", f"--only-categories={','.join(CATEGORIES)}"]
    subprocess.run(command, check=True, env=_environment(chrome), timeout=180)
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _environment(chrome: str) -> dict[str, str]:
    return {"CHROME_PATH": chrome, "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp"}


def _failed(found: dict[str, Any]) -> list[dict[str, Any]]:
    audits = (audit for audit in found["audits"].values() if audit.get("scoreDisplayMode") == "binary")
    return [audit for audit in audits if audit.get("score") == 0 and audit["id"] not in LEFT_OUT]
