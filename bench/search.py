"""What a page of search results costs in a small and in a large archive. Alone: ``python -m bench.search ROOT SIZE…``.

The archives are made by writing rows, not by publishing: nothing is baked, and the index is what is measured. With
``STOPPRESS_BENCH_DATABASE_URL`` they lie in that (empty) PostgreSQL database instead of SQLite.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.machine import ROOT
from bench.report import Report, milliseconds
from bench.site import QUICK, WORK, Site

SMALL, LARGE = 1_000, 100_000
SEED = 20_261_125
BODY_WORDS = 180
TURNS = 15
AUTHORS, TOPICS, SECTIONS = 40, 60, 6
ASKED = {
    "nothing, with facets": "",
    "a word of every article": "q=w0",
    "a common word": "q=w40+",
    "two common words": "q=w2+w30+",
    "a phrase of common words": "q=%22w0+w1%22",
    "a rare word": "q=w3900+",
    "half a word": "q=w39",
    "without a common word": "q=w3+-w1+",
    "this or that": "q=w500+OR+w900+",
    "one author": "q=w3+&author=7",
    "one month": "q=w3+&date=202401",
    "the newest": "q=w3+&sort=newest",
}


def measure(site: Site) -> Report:
    """Processor time and queries of whole answers; nothing else runs on the archives."""
    sizes = (100, 1_000) if site.plan is QUICK else (SMALL, LARGE)
    root = WORK / "search"
    shutil.rmtree(root, ignore_errors=True)
    ended = subprocess.run(
        [sys.executable, "-m", "bench.search", str(root), *map(str, sizes)],
        check=True,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    return _report(json.loads(ended.stdout.splitlines()[-1]))


def _report(found: dict[str, Any]) -> Report:
    small, large = found["sizes"]
    report = Report(
        f"A page of search results ({found['engine']})",
        "processor time at most 1.5 × in the large archive for as many results, and as many queries.",
        ("asked for", f"{small:,} articles", f"{large:,} articles", "ratio", "results", "queries"),
    )
    for name, ((before, few, one), (after, many, other)) in found["costs"].items():
        ratio = f"{after / before:.2f}" if one == other else f"({after / before:.2f})"
        columns = [str(a) if a == b else f"{a} / {b}" for a, b in ((one, other), (few, many))]
        report.rows.append((name, milliseconds(before), milliseconds(after), ratio, *columns))
    for name, choose in (("the median", median), ("the dearest", max)):
        before, after = (choose([costs[i][0] for costs in found["costs"].values()]) for i in (0, 1))
        report.rows.append((name, milliseconds(before), milliseconds(after), f"{after / before:.2f}", "", ""))
    report.notes = [
        f"Medians of {TURNS} whole answers each, form to HTML, in one process, of processor time on SQLite and",
        "of time that passed on PostgreSQL. A ratio in brackets compares answers with unlike numbers of results:",
        "500 at most, the newest, are looked at, and a small archive has fewer.",
        f"The index grew by {found['index_milliseconds']:.1f} ms an article of {BODY_WORDS} words.",
    ]
    return report


class Archive:
    """Articles that differ in their words, written as rows. Needs Django set up."""

    def __init__(self) -> None:
        from stoppress.newsroom.actions import Draft, create_author, create_section, create_shelf, publish_article  # noqa: PLC0415 - needs Django set up
        from stoppress.newsroom.models import Home, Topic  # noqa: PLC0415 - as above
        from stoppress.pagestore import outbox  # noqa: PLC0415 - as above

        self._random = random.Random(SEED)
        home = Home.objects.get()
        self._sections = [create_section(home, f"Section {n}", f"section-{n}") for n in range(SECTIONS)]
        self._authors = [create_author(f"Author {n}", f"author-{n}").pk for n in range(AUTHORS)]
        self._topics = [create_shelf(Topic, f"Topic {n}", f"topic-{n}").pk for n in range(TOPICS)]
        self._model = publish_article(self._sections[0], Draft(headline="A model", slug="model"))
        while outbox.derive() is not None:
            continue
        self._written = 0
        self.spent = 0.0

    def grow(self, to: int) -> None:
        """Write until there are ``to``."""
        from django.db import connection, transaction  # noqa: PLC0415 - needs Django set up

        while self._written < to:
            with transaction.atomic():
                for _ in range(min(500, to - self._written)):
                    self._write()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def _write(self) -> None:
        from stoppress.newsroom.models import Publication  # noqa: PLC0415 - needs Django set up
        from stoppress.search.engines import ALL, engine, facet, typed  # noqa: PLC0415 - as above
        from stoppress.search.models import Entry  # noqa: PLC0415 - as above

        number, pk = self._written, self._model.pk + 1000 + self._written
        self._written += 1
        at = datetime(2016, 1, 1, tzinfo=UTC) + timedelta(minutes=55 * number)
        section = self._sections[number % SECTIONS]
        slug, headline = f"story-{number}", " ".join(self._words(8))
        body = " ".join(self._words(BODY_WORDS))
        blocks = json.dumps([{"type": "text", "value": f"<p>{body}</p>", "id": str(uuid.UUID(int=number))}])
        path = section.path + _base36(number + 5000)
        key = uuid.UUID(int=number + 1)
        changed = {"id": pk, "path": path, "slug": slug, "title": headline, "translation_key": key}
        _copy("wagtailcore_page", "id", self._model.pk, **changed)
        _copy("newsroom_article", "page_ptr_id", self._model.pk, page_ptr_id=pk, body=blocks)
        Publication.objects.bulk_create(
            [
                Publication(
                    page_id=pk,
                    noun="article",
                    path=f"/{section.slug}/{slug}/",
                    is_live=True,
                    headline=headline,
                    byline='["Somebody"]',
                    section_id=section.pk,
                    published_at=at,
                    design="standard",
                )
            ]
        )
        lists = [f"section:{section.pk}", f"author:{self._random.choice(self._authors)}"]
        lists += [f"topic:{pk}" for pk in self._random.sample(self._topics, 2)]
        began = time.perf_counter()
        entry = Entry(page_id=pk, place=8 * int(at.timestamp()), lists=" ".join(lists), design="standard")
        entry.month = f"{at:%Y%m}"
        Entry.objects.bulk_create([entry])
        marks = [ALL, *map(facet, [*lists, "design:standard", f"date:{at:%Y}", f"date:{at:%Y%m}"])]
        parts = [headline.split(), self._words(12), [], ["w0", *body.split()]]
        engine().put(entry.place, parts, [*marks, *{typed(word) for word in headline.split()}])
        self.spent += time.perf_counter() - began

    def _words(self, count: int) -> list[str]:
        # A few words make most of a text (Zipf).
        return [f"w{int(4000 ** self._random.random()) - 1}" for _ in range(count)]


def cost(query: str) -> tuple[float, int, int]:
    """Seconds and queries of a whole answer, as a median, and how many results it has."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test import Client  # noqa: PLC0415 - as above

    client, took, queries = Client(), [], 0
    # SQLite works in this process, so what others do here does not count; PostgreSQL does not.
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    for _ in range(TURNS + 2):
        queries = 0
        with connection.execute_wrapper(count):
            began = clock()
            answer = client.get(f"/-/search/?{query}", REMOTE_ADDR="")
            took.append(clock() - began)
        if answer.status_code != 200:
            raise RuntimeError(f"{query!r} answered {answer.status_code}")
    return median(took[2:]), queries, answer.context["found"].count


def main(root: Path, sizes: Sequence[int]) -> None:
    """Make an instance, grow it, and print what each size costs as a line of JSON."""
    if url := os.environ.get("STOPPRESS_BENCH_DATABASE_URL"):
        os.environ["STOPPRESS_DATABASE_URL"] = url
    subprocess.run([sys.executable, "-m", "stoppress", "init", str(root)], check=True, stdout=subprocess.DEVNULL)
    os.environ |= {"STOPPRESS_INSTANCE": str(root), "DJANGO_SETTINGS_MODULE": "stoppress.config.settings"}
    import django  # noqa: PLC0415 - after the instance is known

    django.setup()
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import setup_test_environment  # noqa: PLC0415 - as above

    setup_test_environment()
    archive = Archive()
    costs: dict[str, list[tuple[float, int, int]]] = {name: [] for name in ASKED}
    for size in sizes:
        archive.grow(size)
        for name, query in ASKED.items():
            costs[name].append(cost(query))
        sys.stderr.write(f"{size}: {json.dumps({name: costs[name][-1] for name in costs})}\n")
    spent = 1e3 * archive.spent / sizes[-1]
    found = {"engine": connection.vendor, "sizes": list(sizes), "costs": costs, "index_milliseconds": spent}
    sys.stdout.write(json.dumps(found) + "\n")


def _copy(table: str, key: str, model: int, **changed: Any) -> None:
    """Another row like ``model``'s with some columns changed."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    names = list(_columns(table))
    if connection.vendor == "sqlite":
        changed = {name: value.hex if isinstance(value, uuid.UUID) else value for name, value in changed.items()}
    holder = {"body": "CAST(%s AS jsonb)"} if connection.vendor == "postgresql" else {}
    values = ", ".join(holder.get(name, "%s") if name in changed else name for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} WHERE {key} = %s",
            [*(changed[name] for name in names if name in changed), model],
        )


_known: dict[str, list[str]] = {}


def _columns(table: str) -> Iterator[str]:
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    if table not in _known:
        with connection.cursor() as cursor:
            _known[table] = [
                connection.ops.quote_name(one.name) if one.name in {"order", "user"} else one.name
                for one in connection.introspection.get_table_description(cursor, table)
            ]
    yield from _known[table]


def _base36(number: int) -> str:
    digits = ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
