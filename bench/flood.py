"""Hits while a stranger asks for addresses that do not exist, each another: does it cost readers, memory or disk?"""

from pathlib import Path

from bench.load import Load, parse, start, wrk
from bench.machine import disk_bytes, family, memory_bytes
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, megabytes, milliseconds, rate
from bench.site import WORK, Site

CONNECTIONS = 32
PAUSE_MILLISECONDS = 8
"""Each connection pauses this long before a request: some thousand requests per second altogether."""
SCRIPT = """\
math.randomseed(os.time())
request = function() return wrk.format("GET", "/" .. math.random(1, 2 ^ 50) .. "/" .. math.random(1, 2 ^ 50) .. "/") end
delay = function() return %d end
"""


def measure(site: Site) -> Report:
    """Throughput and the slowest hundredth, quiet and in the flood, turn about; and what the tree holds."""
    script = _script()
    url, seconds = site.running.url(site.article), max(site.plan.seconds, 3)
    floods: list[Load] = []

    def flooded() -> Load:
        others = start(site.running.url("/"), seconds + 1, connections=CONNECTIONS, script=script)
        load = wrk(url, seconds)
        floods.append(parse(others.communicate()[0]))
        return load

    wrk(url, 1)
    flooded()  # what grows once is there now
    floods.clear()
    before = memory_bytes(family(site.running.pid)), disk_bytes(site.root)
    pairs = turn_about(site.plan.pairs, flooded, lambda: wrk(url, seconds))
    after = memory_bytes(family(site.running.pid)), disk_bytes(site.root)
    report = Report(
        "A flood of random addresses",
        "at least 0.8 of the quiet figure; 99 of 100 requests within 3 times the quiet time; no growth.",
        ("", "in the flood", "quiet", "ratio, median (least–most)"),
    )
    flood, quiet = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    report.rows = [
        (
            "requests",
            rate(middle([x.rate for x in flood])),
            rate(middle([x.rate for x in quiet])),
            str(ratio(pairs, lambda x: x.rate)),
        ),
        (
            "latency, 99 of 100",
            milliseconds(middle([x.p99 for x in flood])),
            milliseconds(middle([x.p99 for x in quiet])),
            str(ratio(pairs, lambda x: x.p99)),
        ),
        ("memory of the tree, after and before", megabytes(after[0]), megabytes(before[0]), ""),
        ("disk of the instance, after and before", megabytes(after[1]), megabytes(before[1]), ""),
    ]
    asked = sum(load.rate for load in floods) * (seconds + 1)
    report.notes = [
        f"The flood: {rate(middle([x.rate for x in floods]))} from {CONNECTIONS} connections,",
        f"{asked:,.0f} addresses in all, no two the same; each was answered with the baked 404.",
        f"{sum(x.failures for x in (*flood, *quiet))} hits failed.",
    ]
    return report


def _script() -> Path:
    file = WORK / "flood.lua"
    file.write_text(SCRIPT % PAUSE_MILLISECONDS)
    return file
