"""What the editor's process does with replies: makes threads and queues, and counts what became of what was sent."""

import random
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

TIMES = 9
"""How often each is made; the median counts."""
SEED = 20_091_015
EACH = 5
"""A reply to the article and those under it."""


class Discussion:
    """Replies to the articles of the bench. Needs Django set up; its imports wait for that."""

    def subjects(self, count: int) -> list[list[str]]:
        """Surrogate keys and addresses of some articles."""
        from stoppress.newsroom.models import Publication  # noqa: PLC0415 - needs Django set up

        articles = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True).order_by("-pk")[:count]
        return [[one.subject, one.path] for one in articles]

    def discuss(self, subject: str, count: int, state: str = "approved", each: int = EACH) -> None:
        """Bring so many replies to a subject, and derive and bake what shows them.

        Args:
            each: a reply to the article, with those under it.
        """
        from stoppress.comments.actions import bring  # noqa: PLC0415 - needs Django set up
        from stoppress.pagestore.actions import drain  # noqa: PLC0415 - as above

        bring(subject, _replies(subject, count, state, each), lambda _words, _id: None)
        drain()

    def thread_cost(self, subject: str) -> dict[str, float]:
        """Bake the first page of a thread again and again, warm: processor seconds, queries, replies on it; medians."""
        from stoppress.pagestore import outbox  # noqa: PLC0415 - needs Django set up
        from stoppress.pagestore.actions import _layout, mark  # noqa: PLC0415 - the bench is part of the house
        from stoppress.pagestore.bake.render import render  # noqa: PLC0415 - needs Django set up
        from stoppress.pagestore.bake.worker import Worker  # noqa: PLC0415 - as above
        from stoppress.pagestore.models import Address, Priority  # noqa: PLC0415 - as above

        address = Address.objects.get(subject=f"replies:{subject}")
        worker = Worker(_layout())
        renders, bakes, derivations = [], [], []
        for _ in range(TIMES):
            renders.append(_cost(partial(render, address.path)))
            Address.objects.filter(pk=address.pk).update(digest="")
            with outbox.store_transaction():
                outbox.enqueue([address.pk], Priority.PAGE)
            bakes.append(_cost(worker.bake))
            mark(f"replies:{subject}")
            derivations.append(_cost(outbox.derive))
            worker.bake()
        worker.close()
        shown = render(address.path).body.count(b'<article class="reply')
        return {
            "render": median(cpu for cpu, _ in renders),
            "bake": median(cpu for cpu, _ in bakes),
            "derive": median(cpu for cpu, _ in derivations),
            "queries": median(queries for _, queries in renders),
            "shown": shown,
        }

    def hold(self, subject: str, count: int) -> None:
        """Let so many replies wait for a moderator."""
        from django.db import connection  # noqa: PLC0415 - needs Django set up

        from stoppress.comments.actions import bring  # noqa: PLC0415 - as above

        for start in range(0, count, 5_000):
            part = f"{subject}-{start}"
            bring(subject, _replies(part, min(5_000, count - start), "held"), lambda _words, _id: None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def queue_costs(self) -> dict[str, dict[str, float]]:
        """Processor seconds and queries of the moderators' screens, warm, medians."""
        from django.test import Client  # noqa: PLC0415 - needs Django set up

        from stoppress.accounts.models import User  # noqa: PLC0415 - as above
        from stoppress.comments import queues  # noqa: PLC0415 - as above

        boss, _ = User.objects.get_or_create(username="bench", is_superuser=True)
        desk = Client(headers={"host": "localhost"})
        desk.force_login(boss)
        deep = queues.page(queues.Asked("held")).after
        views = {
            "first page": "/desk/newsroom/replies/held/",
            "next page": f"/desk/newsroom/replies/held/?after={deep}",
            "newest first": "/desk/newsroom/replies/held/?order=new",
            "search for two words": "/desk/newsroom/replies/held/?q=ferry+harbour",
            "the desk's home": "/desk/",
        }
        costs: dict[str, list[tuple[float, float]]] = {name: [] for name in views}
        for _ in range(TIMES):
            for name, view in views.items():
                costs[name].append(_cost(partial(_opened, desk, view)))
        return {
            name: {"cpu": median(cpu for cpu, _ in found), "queries": median(n for _, n in found)}
            for name, found in costs.items()
        }

    def lost(self, file: str) -> dict[str, int]:
        """How many replies ``file`` says were acknowledged, each by its link, and how many of them are lost."""
        from stoppress.comments.links import own_comment  # noqa: PLC0415 - needs Django set up
        from stoppress.comments.models import Comment  # noqa: PLC0415 - as above

        tokens = [line.strip().rstrip("/").rpartition("/")[2] for line in Path(file).read_text().splitlines()]
        missing = sum(1 for token in tokens if own_comment(token) is None)
        written = Comment.objects.filter(imported_id="")
        states = {state: written.filter(state=state).count() for state in ("approved", "held", "spam")}
        return {"acknowledged": len(tokens), "lost": missing, "stored": written.count(), **states}


def _opened(desk: Any, view: str) -> None:
    answer = desk.get(view)
    if answer.status_code != 200:
        raise RuntimeError(f"{view} answered {answer.status_code}")


def _replies(name: str, count: int, state: str, each: int = EACH) -> Iterator[Any]:
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from stoppress.comments.actions import Incoming  # noqa: PLC0415 - as above
    from stoppress.comments.models import State  # noqa: PLC0415 - as above

    chance = random.Random(f"{SEED} {name}")
    start = timezone.now() - timedelta(days=3)
    for number in range(count):
        above = number - number % each
        yield Incoming(
            id=f"bench:{name[-40:]}:{number}",
            parent=f"bench:{name[-40:]}:{above}" if number != above else "",
            state=State(state),
            name=f"Reader {number}",
            email=f"reader{number % 5_000}@example.org",
            text=sentences(chance),
            made_at=start + timedelta(seconds=number),
        )


_SAID = (
    "the ferry harbour council vote storm road school budget mayor police bridge winter market doctor pension train "
    "night really never always should because nobody everybody asked answered paid waited promised closed opened again"
)
WORDS = _SAID.split()


def sentences(chance: random.Random) -> str:
    """What somebody might say: two to four sentences."""
    said = (" ".join(chance.choice(WORDS) for _ in range(chance.randint(7, 15))) for _ in range(chance.randint(2, 4)))
    return " ".join(f"{one.capitalize()}." for one in said)


def _cost(work: Any) -> tuple[float, float]:
    """Processor seconds of this process and the number of queries."""
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - as above

    began = time.process_time()
    work()
    cpu = time.process_time() - began
    with CaptureQueriesContext(connection) as queries:
        work()
    return cpu, len(queries)
