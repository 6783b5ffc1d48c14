"""nginx in front of the page store, against nginx serving one plain file."""

from collections.abc import Sequence

from bench.load import wrk
from bench.pairs import middle, ratio, turn_about
from bench.report import Report, rate
from bench.servers import CACHE, STORE, nginx
from bench.site import Site


def measure(site: Site) -> Report:
    """Throughput, turn about; once as deployed, once with nginx's cache of open files."""
    report = Report(
        "nginx in front of the store",
        "at least 0.95 of nginx serving the same bytes as a plain file.",
        ("", "before the store", "plain file", "ratio, median (least–most)"),
    )
    for name, location in (("requests", STORE), ("requests, with open_file_cache", CACHE + STORE)):
        report.rows.append(_row(name, site, location))
    report.notes = [
        "`try_files` finds the page by its address; redirects and tombstones would go to the front.",
        "With the cache of open files a page may be a second older than the store.",
    ]
    return report


def _row(name: str, site: Site, location: str) -> Sequence[str]:
    with site.plain_nginx() as plain, nginx(site.root / "nginx-store", site.store, location) as before_store:
        ours, theirs = before_store.url(site.article), plain.url("/article.html")
        if before_store.get(site.article) != plain.get("/article.html"):
            raise ValueError("the two servers do not send the same bytes")
        for url in (ours, theirs):
            wrk(url, 1)
        seconds = site.plan.seconds
        pairs = turn_about(site.plan.pairs, lambda: wrk(ours, seconds), lambda: wrk(theirs, seconds))
    return (
        name,
        rate(middle([a.rate for a, _ in pairs])),
        rate(middle([b.rate for _, b in pairs])),
        str(ratio(pairs, lambda x: x.rate)),
    )
