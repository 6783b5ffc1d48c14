"""Addresses for machines that watch: ``/-/health/`` for a load balancer, ``/-/metrics/`` for Prometheus.

``/-/live/`` is answered by the front alone (:mod:`stoppress.pagestore.serve.asgi`).
"""

import ipaddress
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse

import stoppress
from stoppress.core import tree_status
from stoppress.core.network import client_address
from stoppress.core.sqlite.base import DatabaseFileMissingError
from stoppress.desk.condition import Condition, look

HEALTH, METRICS = "/-/health/", "/-/metrics/"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""Prometheus's text format, https://prometheus.io/docs/instrumenting/exposition_formats/."""

Value = tuple[str, float]
"""Labels as they are written, and the figure."""
Figure = tuple[str, str, str, list[Value]]
"""Name, kind, what it is, and a value for each set of labels."""


class Probes:
    """Middleware before all others: a load balancer asks by an address, not by one of ``allowed_hosts``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = {HEALTH: health, METRICS: metrics}.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        response = answer(request) if request.method in {"GET", "HEAD"} else HttpResponse(status=405)
        response.headers["Cache-Control"] = "no-store"
        return response


def health(_request: HttpRequest) -> HttpResponse:
    """Whether what is published now reaches readers: 200, or 503 with a word for each problem."""
    try:
        problems = look().problems
    except DatabaseFileMissingError:
        problems = ["database-missing"]
    except DatabaseError:
        problems = ["database"]
    except OSError:
        problems = ["disk"]
    status = "failing" if problems else "ok"
    return JsonResponse({"status": status, "problems": problems}, status=503 if problems else 200)


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus's text format, for the networks in ``metrics_from`` only; 404 for everybody else."""
    if not _may_see(client_address(request)):
        return HttpResponse("There is no such page.\n", status=404, content_type="text/plain; charset=utf-8")
    lines = [line for name, kind, about, values in _figures() for line in _lines(name, kind, about, values)]
    return HttpResponse("\n".join(lines) + "\n", content_type=METRICS_TYPE)


def _may_see(address: str) -> bool:
    try:
        client = ipaddress.ip_address(address)
    except ValueError:
        return False
    client = getattr(client, "ipv4_mapped", None) or client
    return any(client in ipaddress.ip_network(network) for network in settings.STOPPRESS_METRICS_FROM)


def _figures() -> Iterator[Figure]:
    yield "info", "gauge", "The version that runs.", [(f'version="{stoppress.__version__}"', 1)]
    try:
        yield from _of_condition(look())
        yield "database_up", "gauge", "Whether the database answers.", [("", 1)]
    except DatabaseError:
        yield "database_up", "gauge", "Whether the database answers.", [("", 0)]
    processes = tree_status.read(Path(settings.STOPPRESS_TREE_FILE))
    up = [(f'process="{one.name}"', float(one.is_up)) for one in processes]
    yield "process_up", "gauge", "Whether a process of the tree runs.", up
    since = [(f'process="{one.name}"', one.since) for one in processes if one.is_up]
    yield "process_start_time_seconds", "gauge", "When it was started, in seconds since the epoch.", since
    answers: list[Value] = [
        (f'pid="{pid}",status="{status}"', count)
        for pid, counts in tree_status.read_counts(Path(settings.STOPPRESS_COUNTS_FOLDER))
        for status, count in sorted(counts.items())
    ]
    yield "front_responses_total", "counter", "Answers by a front itself; status 0 is what it passed on.", answers


def _of_condition(found: Condition) -> Iterator[Figure]:
    waiting: list[Value] = [('kind="soon"', found.waiting), ('kind="background"', found.sweeping)]
    yield "addresses", "gauge", "Addresses of pages, redirects and what is gone.", [("", found.addresses)]
    yield "pages_waiting", "gauge", "Pages that wait to be baked.", waiting
    yield "oldest_change_seconds", "gauge", "How long the oldest change waits.", [("", found.oldest_seconds)]
    yield "pages_failed", "gauge", "Pages whose last bake failed.", [("", found.failed)]
    yield "changes_parked", "gauge", "Changes that reach no page.", [("", found.parked)]
    yield "times_missed", "gauge", "Planned times that were not kept.", [("", found.missed)]
    yield "tasks_failed", "gauge", "Background tasks that failed within a day.", [("", found.lost_tasks)]
    yield "store_free_bytes", "gauge", "Room where the pages are.", [("", found.free_bytes)]


def _lines(name: str, kind: str, about: str, values: list[Value]) -> Iterator[str]:
    if not values:
        return
    yield f"# HELP stoppress_{name} {about}"
    yield f"# TYPE stoppress_{name} {kind}"
    for labels, value in values:
        yield f"stoppress_{name}{f'{{{labels}}}' if labels else ''} {value:.15g}"
