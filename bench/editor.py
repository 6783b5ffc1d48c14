"""``python -m bench.editor INSTANCE``: a process with Django that writes articles when told to.

Reads one JSON list per line, ``[name, {arguments}]``, and answers with one JSON value per line. It stands apart from
the load generator, so that what it does costs the measured servers only what a real desk would.
"""

import io
import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import django

from bench.discussion import Discussion

SEED = 20_241_123
SECTIONS = ("World", "Local", "Sports")
WORDS = 900
MODELS = 40
"""Articles published in the ordinary way, of which the archive is made."""
TIMES = 7
"""How often each list is made; the median counts."""
INTERVAL_SECONDS = 1.0


class Editor(Discussion):
    """The archive and what happens to it. Needs Django set up."""

    def __init__(self) -> None:
        from stoppress.newsroom.models import Article, Author, Home, Section  # noqa: PLC0415 - needs Django set up

        self._random = random.Random(SEED)
        self._words = _vocabulary(self._random)
        self._home = Home.objects.get()
        self._sections: list[Any] = list(Section.objects.order_by("pk"))
        self._authors: list[Any] = list(Author.objects.order_by("pk"))
        self._pictures: list[Any] = []
        self._written: int = Article.objects.count()

    def grow(self, to: int, bake_every: int = 1) -> dict[str, float]:
        """Make an archive of ``to`` articles, most of them in bulk, and leave no work behind.

        Args:
            bake_every: of pages other than fronts and feeds only every so many is baked, the rest are copies.

        Returns:
            how many pages there are, how many were baked, and the elapsed and processor seconds of that.
        """
        from django.conf import settings  # noqa: PLC0415 - needs Django set up
        from django.db import transaction  # noqa: PLC0415 - as above
        from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - as above

        from bench import filler  # noqa: PLC0415 - as above
        from stoppress.newsroom.models import Article  # noqa: PLC0415 - as above
        from stoppress.pagestore.actions import drain  # noqa: PLC0415 - as above
        from stoppress.pagestore.models import Address, BakeTask  # noqa: PLC0415 - as above

        self._furnish()
        start = datetime.now(UTC) - timedelta(days=400)
        with transaction.atomic():
            for number in range(MODELS):
                self._publish(f"archive-{number}", published_at=start + timedelta(hours=number * 9))
        drain()
        models = list(Article.objects.order_by("pk"))
        for section in self._sections:
            section.refresh_from_db()
        filler.fill(models, self._sections, to - MODELS, SEED)
        self._written = to
        filler.derive_all()
        filler.forget_search()
        # No tasks and no late recompression while we measure.
        DBTaskResult.objects.all().delete()
        if bake_every > 1:
            filler.stand_in(Path(settings.STOPPRESS_STORE), models[0].public_path, bake_every)
        waiting, began, began_cpu = BakeTask.objects.count(), time.monotonic(), time.process_time()
        report = drain()
        cost = {"seconds": time.monotonic() - began, "cpu": time.process_time() - began_cpu}
        if report.failed:
            raise RuntimeError(f"not baked: {report.failed[:3]}")
        Address.objects.update(is_fully_compressed=True)
        return {"pages": Address.objects.count(), "baked": waiting, **cost}

    def some_paths(self, count: int) -> list[str]:
        """Addresses of articles from the middle of the archive."""
        from stoppress.newsroom.models import Publication  # noqa: PLC0415 - needs Django set up

        articles = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True).order_by("pk")
        first = articles.count() // 2
        return list(articles.values_list("path", flat=True)[first : first + count])

    def next_sitemap(self) -> str:
        """Address of the sitemap that the next new article will stand in."""
        from stoppress.newsroom import keys  # noqa: PLC0415 - needs Django set up
        from stoppress.newsroom.models import ListEntry  # noqa: PLC0415 - as above
        from stoppress.newsroom.models.publication import SITEMAP_CHUNK  # noqa: PLC0415 - as above

        last = ListEntry.objects.filter(list=keys.ALL).order_by("-position").values_list("position", flat=True)[0]
        return f"/sitemap/{(last + 1) // SITEMAP_CHUNK}.xml"

    def publish(self, slug: str = "", section: str = "") -> dict[str, Any]:
        """Publish a new article now: the moment of the commit (monotonic ns) and the seconds it took until then."""
        with _committing() as stamp:
            self._publish(slug or f"bulletin-{self._written}", section=section)
        return stamp

    def retitle(self, path: str, headline: str = "") -> dict[str, Any]:
        """Give the article at ``path`` a new text and headline, likewise."""
        from stoppress.newsroom.actions import update_article  # noqa: PLC0415 - needs Django set up

        article = self._at(path)
        draft = self._draft(article.slug, headline or self._sentence(8), published_at=article.first_published_at)
        with _committing() as stamp:
            update_article(article, draft)
        return stamp

    def storm(self, seconds: float, path: str) -> dict[str, Any]:
        """Every second save one: a new article, then the one at ``path`` anew, and so on."""
        until = time.monotonic() + seconds
        took: list[float] = []
        while (began := time.monotonic()) < until:
            stamp = self.retitle(path) if len(took) % 2 else self.publish()
            took.append(stamp["took"])
            time.sleep(max(0.0, min(until, began + INTERVAL_SECONDS) - time.monotonic()))
        return {"saved": len(took), "took": median(took)}

    def bake_cost(self, count: int) -> dict[str, float]:
        """Bake ``count`` articles one by one, warm: processor time (s) and queries, medians. No worker may run."""
        from stoppress.pagestore import outbox  # noqa: PLC0415 - needs Django set up
        from stoppress.pagestore.actions import _layout  # noqa: PLC0415 - the bench is part of the house
        from stoppress.pagestore.bake.render import render  # noqa: PLC0415 - needs Django set up
        from stoppress.pagestore.bake.worker import Worker  # noqa: PLC0415 - as above
        from stoppress.pagestore.models import Address, Priority  # noqa: PLC0415 - as above

        worker = Worker(_layout())
        addresses = list(Address.objects.filter(path__in=self.some_paths(count + 5)))
        renders, bakes = [], []
        for address in addresses:
            renders.append(_cost(partial(render, address.path)))
            # As if it had changed: an unchanged page is neither compressed nor written.
            Address.objects.filter(pk=address.pk).update(digest="")
            with outbox.store_transaction():
                outbox.enqueue([address.pk], Priority.PAGE)
            bakes.append(_cost(worker.bake))
        Address.objects.update(is_fully_compressed=True)
        worker.close()
        renders, bakes = renders[-count:], bakes[-count:]
        return {
            "render": median(cpu for cpu, _, _ in renders),
            "render_queries": median(queries for _, queries, _ in renders),
            "bake": median(cpu for cpu, _, _ in bakes),
            "bake_queries": median(queries for _, queries, _ in bakes),
            "elapsed": median(elapsed for _, _, elapsed in bakes),
        }

    def list_costs(self) -> dict[str, dict[str, float]]:
        """Processor seconds and queries of making each list page, desk screen and publication, warm, medians."""
        from django.test import Client  # noqa: PLC0415 - needs Django set up

        from stoppress.accounts.models import User  # noqa: PLC0415 - as above
        from stoppress.newsroom.models import Article  # noqa: PLC0415 - as above
        from stoppress.pagestore import outbox  # noqa: PLC0415 - as above
        from stoppress.pagestore.bake.render import render  # noqa: PLC0415 - as above

        section = self._sections[0]
        newest = Article.objects.order_by("-pk")[0]
        paths = {"home": "/", "section front": "/world/", "older page": "/world/page/2/", "feed": "/feed/"}
        paths |= {"sitemap": "/sitemap/0.xml", "news sitemap": "/sitemap/news.xml", "archive": "/archive/"}
        paths["archive, a month"] = f"/archive/{newest.first_published_at:%Y/%m}/"
        boss, _ = User.objects.get_or_create(username="bench", is_superuser=True)
        desk = Client(headers={"host": "localhost"})
        desk.force_login(boss)
        views = {
            "desk: home": "/desk/",
            "desk: list of a section": f"/desk/pages/{section.pk}/",
            "desk: an article to edit": f"/desk/pages/{newest.pk}/edit/",
            "desk: two letters in the page chooser": "/desk/choose-page/search/?q=ba",
        }
        work: dict[str, Callable[[], object]] = {name: partial(render, path) for name, path in paths.items()}
        work |= {name: partial(desk.get, view) for name, view in views.items()}
        work["publish an article"] = self.publish
        work["derive what follows"] = outbox.derive
        costs: dict[str, list[tuple[float, int, float]]] = {name: [] for name in work}
        for _ in range(TIMES):
            for name, one in work.items():
                costs[name].append(_cost(one))
        return {
            name: {"cpu": median(cpu for cpu, _, _ in some), "queries": median(queries for _, queries, _ in some)}
            for name, some in costs.items()
        }

    def rename(self, slug: str, title: str) -> dict[str, Any]:
        """Give the last section another name and address, as from the desk: the stamp of its commit."""
        section = self._sections[-1]
        section.refresh_from_db()
        section.slug, section.title = slug, title
        with _committing() as stamp:
            section.save_revision().publish(skip_permission_checks=True)
        return {**stamp, "articles": section.numchild}

    def waiting(self) -> int:
        """How many pages wait to be baked, and marks to be derived."""
        from stoppress.pagestore.models import BakeTask, Mark  # noqa: PLC0415 - needs Django set up

        return int(BakeTask.objects.count() + Mark.objects.filter(not_before=None).count())

    def _furnish(self) -> None:
        from stoppress.media.actions import add_picture  # noqa: PLC0415 - needs Django set up
        from stoppress.media.models import Picture  # noqa: PLC0415 - as above
        from stoppress.newsroom.actions import create_author, create_section  # noqa: PLC0415 - as above

        if not self._sections:
            self._sections = [create_section(self._home, title, title.lower()) for title in SECTIONS]
            self._authors = [create_author(name, name.lower()) for name in ("Ayana", "Bolat", "Chyngyz", "Dinara")]
            for number in range(8):
                add_picture(_picture(number), f"picture-{number}.jpg", f"Picture {number}", "Drawn here", "Colours")
        self._pictures = list(Picture.objects.order_by("pk"))

    def _publish(self, slug: str, published_at: datetime | None = None, section: str = "") -> None:
        from stoppress.newsroom.actions import publish_article  # noqa: PLC0415 - needs Django set up

        self._furnish()
        self._written += 1
        turn = [s for s in self._sections if s.slug == section] or self._sections
        parent = turn[self._written % len(turn)]
        parent.refresh_from_db()  # treebeard keeps the number of children in the object
        publish_article(parent, self._draft(slug, self._sentence(8), published_at))

    def _draft(self, slug: str, headline: str, published_at: datetime | None = None) -> Any:
        from stoppress.newsroom.actions import Draft  # noqa: PLC0415 - needs Django set up

        paragraphs = [
            {"type": "text", "value": "".join(f"<p>{self._paragraph()}</p>" for _ in range(4))} for _ in range(3)
        ]
        return Draft(
            headline=headline,
            slug=slug,
            standfirst=self._sentence(22),
            body=[
                paragraphs[0],
                {"type": "subheading", "value": self._sentence(4)},
                paragraphs[1],
                {"type": "quote", "value": {"quote": self._sentence(18), "attribution": self._sentence(2)}},
                paragraphs[2],
            ],
            authors=[self._random.choice(self._authors)],
            lead_picture=self._random.choice(self._pictures),
            lead_alt="Bands of colour",
            lead_caption=self._sentence(12),
            published_at=published_at,
        )

    def _paragraph(self) -> str:
        return " ".join(self._sentence(WORDS // 12 // 4) for _ in range(4))

    def _sentence(self, words: int) -> str:
        # A few words make most of a text (Zipf); otherwise it would compress unlike one.
        chosen = [self._words[int(len(self._words) ** self._random.random()) - 1] for _ in range(words)]
        return " ".join(chosen).capitalize() + "."

    def _at(self, path: str) -> Any:
        from stoppress.newsroom.models import Article, Publication  # noqa: PLC0415 - needs Django set up

        return Article.objects.get(pk=Publication.objects.get(path=path).page_id)


@contextmanager
def _committing() -> Iterator[dict[str, Any]]:
    """A transaction; afterwards the answer tells when it was committed and how long it took until then."""
    from django.db import transaction  # noqa: PLC0415 - needs Django set up

    stamp: dict[str, Any] = {}
    began = time.monotonic_ns()

    def note() -> None:
        stamp["at"] = time.monotonic_ns()
        stamp["took"] = (stamp["at"] - began) / 1e9

    with transaction.atomic():
        transaction.on_commit(note)
        yield stamp


def _cost(work: Callable[[], object]) -> tuple[float, int, float]:
    """Processor seconds, queries and elapsed seconds of ``work``."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    queries = 0

    def count(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*arguments)

    with connection.execute_wrapper(count):
        began, began_cpu = time.monotonic(), time.process_time()
        work()
        return time.process_time() - began_cpu, queries, time.monotonic() - began


def _vocabulary(chance: random.Random) -> list[str]:
    ends = ["a", "e", "i", "o", "u", "an", "er", "il"]
    syllables = [a + b for a in "bdfghjklmnprstvz" for b in ends]
    return ["".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3)))) for _ in range(4000)]


def _picture(number: int) -> bytes:
    from PIL import Image  # noqa: PLC0415 - only this needs it

    image = Image.linear_gradient("L").resize((1280, 853)).convert("RGB")
    image = Image.blend(image, Image.new("RGB", image.size, (30 * number, 200 - 20 * number, 90)), 0.5)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()


def main(instance: Path) -> None:
    """Answer commands until standard input ends."""
    os.environ["STOPPRESS_INSTANCE"] = str(instance)
    os.environ["DJANGO_SETTINGS_MODULE"] = "stoppress.config.settings"
    django.setup()
    from django.db import connection  # noqa: PLC0415 - needs Django set up

    editor = Editor()
    for line in sys.stdin:
        name, arguments = json.loads(line)
        answer = getattr(editor, name)(**arguments)
        connection.close()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
