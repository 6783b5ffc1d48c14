"""From the commit of a publication to each reader's address answering it."""

import http.client
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.pairs import percentile
from bench.report import Report, milliseconds
from bench.site import Site

LOOK_SECONDS = 0.004
"""Between two looks at one address; the latencies are that coarse."""
PATIENCE_SECONDS = 20.0
REST_SECONDS = 0.25
"""Between two publications: each one is measured alone."""


@dataclass(slots=True)
class _Watch:
    """Looks at one address until it shows ``token``.

    Attributes:
        seen_at: monotonic nanoseconds when the answer that shows it had come, 0 for never.
    """

    port: int
    path: str
    token: bytes
    seen_at: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Ask conditionally, so that what has not changed costs next to nothing."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        tag = ""
        while not self.stop.is_set():
            connection.request("GET", self.path, headers={"If-None-Match": tag} if tag else {})
            response = connection.getresponse()
            body = response.read()
            if response.status == 200 and self.token in body:
                self.seen_at = time.monotonic_ns()
                break
            tag = response.headers.get("ETag") or tag
            time.sleep(LOOK_SECONDS)
        connection.close()


def measure(site: Site) -> Report:
    """New articles and new headlines, one after the other, each at every address that shows it."""
    latencies: dict[str, list[float]] = {}
    took: list[float] = []
    first: dict[str, list[float]] = {}
    publish_new(site, "first-of-all", first)
    for number in range(site.plan.publishes):
        time.sleep(REST_SECONDS)
        slug = f"fresh-{number // 2}"
        places = {"article": f"/world/{slug}/", "section": "/world/", "home": "/", "feed": "/feed/"}
        if number % 2 == 0:
            places["sitemap"] = site.editor.ask("next_sitemap")
            command = ("publish", places["article"], {"slug": slug, "section": "world"})
        else:
            # The sitemap shows no headline.
            headline = f"Anew-{number}"
            command = ("retitle", headline, {"path": places["article"], "headline": headline})
        stamp = _publish(site, places, *command, latencies)
        took.append(stamp["took"])
    return _report(site, latencies, took, max(value for some in first.values() for value in some))


def publish_new(site: Site, slug: str, latencies: dict[str, list[float]]) -> None:
    """Publish one new article and note how long each place took to show it."""
    places = {"article": f"/world/{slug}/", "section": "/world/", "home": "/", "feed": "/feed/"}
    _publish(site, places, "publish", places["article"], {"slug": slug, "section": "world"}, latencies)


def _publish(
    site: Site,
    places: Mapping[str, str],
    command: str,
    token: str,
    arguments: Mapping[str, Any],
    latencies: dict[str, list[float]],
) -> Mapping[str, Any]:
    """Publish while every place is watched; note how long each took."""
    watches = {name: _Watch(site.running.port, path, token.encode()) for name, path in places.items()}
    threads = [threading.Thread(target=watch.run, daemon=True) for watch in watches.values()]
    for thread in threads:
        thread.start()
    stamp: Mapping[str, Any] = site.editor.ask(command, **arguments)
    deadline = time.monotonic() + PATIENCE_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    for name, watch in watches.items():
        watch.stop.set()
        seen = (watch.seen_at - stamp["at"]) / 1e9 if watch.seen_at else PATIENCE_SECONDS
        latencies.setdefault(name, []).append(seen)
    return stamp


def _report(site: Site, latencies: Mapping[str, Sequence[float]], took: Sequence[float], first: float) -> Report:
    report = Report(
        f"From publishing to fresh, with {site.articles:,} articles",
        "99 of 100 within a second at every address.",
        ("address", "half of them", "95 of 100", "99 of 100", "slowest", "times"),
    )
    for name, values in [*latencies.items(), ("all", [v for some in latencies.values() for v in some])]:
        shown = [milliseconds(percentile(values, part)) for part in (0.5, 0.95, 0.99, 1.0)]
        report.rows.append((name, *shown, str(len(values))))
    report.notes = [
        "From the commit to the first answer with the new text, seen over HTTP at the embedded server;",
        "new articles and new headlines in turn.",
        f"The publication itself took {milliseconds(percentile(took, 0.5))} until its commit (median).",
        f"One before these, right after the start, found the worker's process still starting: {milliseconds(first)}.",
    ]
    return report
