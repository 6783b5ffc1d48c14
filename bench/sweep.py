"""A section of a large archive gets another name and address while readers read and news comes."""

import threading
import time

from bench import fresh
from bench.load import Load, wrk
from bench.misses import STEADY_CONNECTIONS, STEADY_PAUSE_MILLISECONDS, script_of
from bench.pairs import middle, percentile
from bench.report import Report, milliseconds, rate
from bench.site import Site

PATIENCE_SECONDS = 60.0


def measure(site: Site) -> Report:
    """Readers before and during the sweep, news during it, and how fast it goes. Leaves the sweep unfinished."""
    url, window = site.running.url(site.article), site.plan.sweep_seconds
    seconds = max(site.plan.seconds, 2)
    # Readers who leave room: flat out, whatever else the machine does is missing from their rate.
    script = script_of("steady.lua", [site.article], STEADY_PAUSE_MILLISECONDS)

    def reading() -> Load:
        return wrk(url, seconds, connections=STEADY_CONNECTIONS, script=script)

    quiet = [reading() for _ in range(site.plan.pairs)]
    stamp = site.editor.ask("rename", slug="games", title="Games")
    began = time.monotonic()
    front = _until_there(site, "/games/")
    first = site.editor.ask("waiting")
    swept: list[Load] = []

    def read() -> None:
        while time.monotonic() < began + window:
            swept.append(reading())

    reader = threading.Thread(target=read)
    reader.start()
    latencies: dict[str, list[float]] = {}
    number = 0
    while time.monotonic() < began + window:
        fresh.publish_new(site, f"breaking-{number}", latencies)
        number += 1
        time.sleep(1)
    reader.join()
    # Readers and news had the machine too; alone it goes faster.
    before, since = site.editor.ask("waiting"), time.monotonic()
    time.sleep(min(window, 20))
    after, elapsed = site.editor.ask("waiting"), time.monotonic() - since
    return _report(site, quiet, swept, latencies, (stamp, first, front), ((before - after) / elapsed, after))


def _until_there(site: Site, path: str) -> float:
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE_SECONDS:
        if site.running.get(path)[0] == 200 and (site.store / path.strip("/") / "index.html").exists():
            break
        time.sleep(0.02)
    return time.monotonic() - began


def _report(
    site: Site,
    quiet: list[Load],
    swept: list[Load],
    latencies: dict[str, list[float]],
    renamed: tuple[dict[str, float], int, float],
    pace: tuple[float, int],
) -> Report:
    stamp, first, front = renamed
    report = Report(
        f"A section renamed at {site.articles:,} articles while readers read",
        "readers keep their pace; news is fresh within a second.",
        ("", "during the sweep", "before it"),
    )
    everything = [value for some in latencies.values() for value in some]
    report.rows = [
        ("requests", rate(middle([x.rate for x in swept])), rate(middle([x.rate for x in quiet]))),
        ("latency, 99 of 100", *(milliseconds(middle([x.p99 for x in some])) for some in (swept, quiet))),
        ("news fresh everywhere, half of the times", milliseconds(percentile(everything, 0.5)), ""),
        ("news fresh everywhere, 99 of 100", milliseconds(percentile(everything, 0.99)), ""),
        ("news fresh everywhere, slowest", milliseconds(max(everything)), ""),
    ]
    per_second, left = pace
    rest = f"{left / per_second / 60:.0f} min more" if per_second > 0 else "it stood still"
    report.notes = [
        f"The section holds {stamp['articles']:,} articles, and stands in the tabs of every page.",
        f"Its new front was there after {milliseconds(front)};",
        f"the rename took {milliseconds(stamp['took'])} to commit.",
        f"{first:,} pages and marks waited then. Left alone the sweep does {per_second:,.0f} pages a second:",
        f"{rest} for what was left when the measurement ended ({left:,}).",
        f"{sum(x.failures for x in (*quiet, *swept))} requests failed; {len(everything)} looks at news.",
    ]
    return report
