"""The same hits while an article is saved every second."""

from bench.load import Load, wrk
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, milliseconds, rate
from bench.site import Site


def measure(site: Site) -> Report:
    """Throughput and the slowest hundredth, quiet and in the storm, turn about."""
    url, front = site.running.url(site.article), site.running.pids()
    seconds = max(site.plan.seconds, 3)
    saved = []

    def stormy() -> Load:
        site.editor.tell("storm", seconds=seconds, path=site.article)
        load = wrk(url, seconds, server=front)
        saved.append(site.editor.answer()["saved"])
        return load

    wrk(url, 1)
    pairs = turn_about(site.plan.pairs, stormy, lambda: wrk(url, seconds, server=front))
    storm, quiet = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    report = Report(
        "A publish storm: one article saved every second",
        "at least 0.8 of the quiet figure; 99 of 100 requests within 3 times the quiet time.",
        ("", "in the storm", "quiet", "ratio, median (least–most)"),
    )
    report.rows = [
        (
            "requests",
            rate(middle([x.rate for x in storm])),
            rate(middle([x.rate for x in quiet])),
            str(ratio(pairs, lambda x: x.rate)),
        ),
        (
            "latency, 99 of 100",
            milliseconds(middle([x.p99 for x in storm])),
            milliseconds(middle([x.p99 for x in quiet])),
            str(ratio(pairs, lambda x: x.p99)),
        ),
    ]
    report.notes = [
        f"{sum(saved)} articles were saved in turn as new ones and as new versions of the page that is being read;",
        "the desk, the bakes and the index share the two servers' cores with the load generator.",
        f"{sum(x.failures for x in (*storm, *quiet))} requests failed.",
    ]
    return report
