"""A baked page from the embedded server, against nginx serving the same gzip bytes as a plain file."""

from bench.load import wrk
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, microseconds, milliseconds, rate
from bench.site import Site


def measure(site: Site, workers: int = 1) -> Report:
    """Throughput and processor time per request, turn about."""
    with site.plain_nginx(workers) as nginx:
        ours, theirs = site.running.url(site.article), nginx.url("/article.html")
        if (body := site.running.get(site.article)) != nginx.get("/article.html"):
            raise ValueError("the two servers do not send the same bytes")
        front, worker = site.running.pids(), nginx.pids()
        for url in (ours, theirs):
            wrk(url, 1)
        seconds = site.plan.seconds
        pairs = turn_about(
            site.plan.pairs, lambda: wrk(ours, seconds, server=front), lambda: wrk(theirs, seconds, server=worker)
        )
    report = Report(
        f"A baked article: the embedded server against nginx, {workers} worker{'s' * (workers > 1)} each",
        "at least 0.6 of nginx's requests per second.",
        ("", "embedded", "nginx", "ratio, median (least–most)"),
    )
    a, b = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    report.rows = [
        (
            "requests",
            rate(middle([x.rate for x in a])),
            rate(middle([x.rate for x in b])),
            str(ratio(pairs, lambda x: x.rate)),
        ),
        (
            "requests per processor second",
            rate(middle([1 / x.cpu for x in a])),
            rate(middle([1 / x.cpu for x in b])),
            str(ratio(pairs, lambda x: 1 / x.cpu)),
        ),
        (
            "processor time per request",
            microseconds(middle([x.cpu for x in a])),
            microseconds(middle([x.cpu for x in b])),
            "",
        ),
        ("latency, 99 of 100", milliseconds(middle([x.p99 for x in a])), milliseconds(middle([x.p99 for x in b])), ""),
    ]
    failures = sum(x.failures for x in a)
    report.notes = [
        f"The page is {len(body[1]):,} bytes in gzip; 64 connections stay open; one thread of wrk.",
        f"{failures} requests to the embedded server failed.",
    ]
    return report
