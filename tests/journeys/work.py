"""``python -m tests.journeys.work NAME …``: what a journey does inside an instance, in a process of its own.

``STOPPRESS_INSTANCE`` names the instance. What is printed is what the test reads.
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import transaction

from stoppress.core.loading import loading
from tests.tree import eventually

PASSWORD = "correct horse battery"
OLD_STORIES = 65
"""Enough for the front of a section and two older pages behind it."""


def fill() -> None:
    """Users, authors, three sections, a long archive in World and one story with a picture; all of it baked."""
    from django.contrib.auth.models import Group, Permission  # noqa: PLC0415 - needs Django set up
    from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page  # noqa: PLC0415 - as above

    from stoppress.accounts.models import User  # noqa: PLC0415 - as above
    from stoppress.newsroom import actions  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Home  # noqa: PLC0415 - as above
    from tests.factories.media import PictureFactory  # noqa: PLC0415 - as above

    User.objects.create_superuser("chief", password=PASSWORD)
    editor = User.objects.create_user("editor", password=PASSWORD, is_staff=True)
    editors = Group.objects.get(name="Editors")
    editor.groups.add(editors)
    root = Page.objects.get(depth=1)
    for codename in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=editors, page=root, permission=permission)
    choose = Permission.objects.get(content_type__app_label="media", codename="choose_picture")
    GroupCollectionPermission.objects.get_or_create(
        group=editors, collection=Collection.get_first_root_node(), permission=choose
    )
    ada = actions.create_author("Ada Okafor", "ada-okafor")
    home = Home.objects.get()
    world, local, _sports = (actions.create_section(home, t, t.lower()) for t in ("World", "Local", "Sports"))
    for number in range(OLD_STORIES):
        actions.publish_article(world, _draft(f"Old story {number}", f"old-story-{number}", authors=[ada]))
    picture = PictureFactory(title="The harbour", colour="navy")
    actions.publish_article(
        world, _draft("Seen at the harbour", "seen-at-the-harbour", lead_picture=picture, lead_alt="A navy field")
    )
    PictureFactory(title="The market", colour="olive")
    actions.publish_article(local, replace(_draft("Film night", "film-night"), body=_parts()))
    bake()
    _rest()


def _rest() -> None:
    """Do what a worker does that starts and then has nothing to do, so that none begins with it."""
    from stoppress.pagestore.bake.worker import Worker  # noqa: PLC0415 - needs Django set up
    from stoppress.pagestore.layout import Layout  # noqa: PLC0415 - as above

    one = Worker(Layout(Path(settings.STOPPRESS_STORE)))
    try:
        one.start()
        while one.step() or one.idle():
            continue
    finally:
        one.close()


def _parts() -> list[dict[str, Any]]:
    """A film of somebody else's, and a table that is wider than a telephone."""
    columns = [{"type": "number" if number else "text", "heading": f"Column {number}"} for number in range(8)]
    rows = [{"values": [f"Row {row}", *(str(1000 * row + number) for number in range(7))]} for row in range(4)]
    table = {"caption": "Seats and ticket sales", "columns": columns, "rows": rows}
    film = {"url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "title": "Big Buck Bunny", "caption": ""}
    return [
        {"type": "embed", "value": film},
        {"type": "table", "value": {"table": table, "has_row_headers": True, "source": ""}},
    ]


def bake() -> None:
    """Bake what waits."""
    from stoppress.pagestore.actions import drain  # noqa: PLC0415 - needs Django set up

    report = drain()
    _say(baked=report.baked, failed=report.failed)


def publish(section: str, prefix: str, count: str) -> None:
    """Publish articles one after the other; each path is printed when its transaction is through."""
    from stoppress.newsroom import actions  # noqa: PLC0415 - needs Django set up
    from stoppress.newsroom.models import Section  # noqa: PLC0415 - as above

    there = Section.objects.get(slug=section)
    for number in range(int(count)):
        article = actions.publish_article(there, _draft(f"{prefix} {number}", f"{prefix}-{number}"))
        _say(path=article.public_path, headline=article.title)


def plan(section: str, slug: str, seconds: str) -> None:
    """Let an article go live so many seconds from now; prints when that is, in seconds since 1970."""
    from datetime import timedelta  # noqa: PLC0415 - only here

    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from stoppress.newsroom import actions  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Section  # noqa: PLC0415 - as above

    due = timezone.now() + timedelta(seconds=float(seconds))
    article = actions.schedule_article(Section.objects.get(slug=section), _draft("As planned", slug), due)
    _say(path=article.public_path, due=due.timestamp())


def keep_secrets() -> None:
    """Write stories that readers must not hear of, let readers see what was public once, and then their fates come."""
    from stoppress.newsroom.models import Section  # noqa: PLC0415 - needs Django set up
    from stoppress.pagestore.actions import drain  # noqa: PLC0415 - as above
    from tests import secrets  # noqa: PLC0415 - as above

    world = Section.objects.get(slug="world")
    kept = [secrets.write(world, state) for state in secrets.STATES]
    drain()
    for secret in kept:
        secrets.come_about(secret)
    drain()
    _say(guesses=[guess for secret in kept for guess in secret.guesses], numbers=[s.numbers for s in kept])


def retitle(slug: str, headline: str) -> None:
    """Give a live article another headline."""
    from stoppress.newsroom import actions  # noqa: PLC0415 - needs Django set up
    from stoppress.newsroom.models import Article  # noqa: PLC0415 - as above

    article = Article.objects.get(slug=slug)
    actions.update_article(article, _draft(headline, slug))
    _say(path=article.public_path)


def unsettle() -> None:
    """Unpublish one old story, move another and lay out a front."""
    from stoppress.newsroom import actions  # noqa: PLC0415 - needs Django set up
    from stoppress.newsroom.actions import fronts  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Article, Section  # noqa: PLC0415 - as above

    actions.unpublish_page(Article.objects.get(slug="old-story-1"))
    actions.move_page(Article.objects.get(slug="old-story-2"), Section.objects.get(slug="local"))
    sports = Section.objects.get(slug="sports")
    fronts.pin(sports, "lead", Article.objects.get(slug="film-night"), seen=0)
    actions.publish_edition(sports, seen=1)


def write_past_the_signals() -> None:
    """Change the tables as a restore or a hand at the database would: nothing is marked, what was marked is lost."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up
    from wagtail.models import Page  # noqa: PLC0415 - as above

    from stoppress.newsroom import actions  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Section  # noqa: PLC0415 - as above
    from stoppress.pagestore.models import Mark  # noqa: PLC0415 - as above

    now = timezone.now()
    Page.objects.filter(slug="old-story-3").update(title="Corrected past the signals", last_published_at=now)
    Page.objects.filter(slug="old-story-4").update(live=False)
    actions.publish_article(Section.objects.get(slug="sports"), _draft("Its mark was lost", "its-mark-was-lost"))
    Mark.objects.all().delete()


def bake_and_die(path: str, renames: str) -> None:
    """Bake one page and be killed after so many of its files have their new names, before the database knows."""
    from stoppress.pagestore import outbox  # noqa: PLC0415 - needs Django set up
    from stoppress.pagestore.bake.worker import Worker  # noqa: PLC0415 - as above
    from stoppress.pagestore.layout import Layout  # noqa: PLC0415 - as above
    from stoppress.pagestore.models import BakeTask  # noqa: PLC0415 - as above

    replace = os.replace
    left = int(renames)

    def replace_and_die(source: str, target: str) -> None:
        nonlocal left
        replace(source, target)
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    while outbox.derive() is not None:
        continue
    BakeTask.objects.exclude(address__path=path).delete()
    one = Worker(Layout(Path(settings.STOPPRESS_STORE)))
    os.replace = replace_and_die  # type: ignore[assignment]
    one.bake()


def afresh(folder: str) -> None:
    """Bake everything into an empty store at ``folder``."""
    from stoppress.pagestore.actions import bake_afresh  # noqa: PLC0415 - needs Django set up

    _say(baked=bake_afresh(Path(folder)))


def settle() -> None:
    """Wait until everything is derived and baked."""

    def is_settled() -> bool:
        state = _state()
        return not state["waiting"] and not state["failed"]

    eventually(is_settled, "everything to be baked")


def afresh_when_settled(folder: str) -> None:
    """Bake everything into an empty store at ``folder`` once the tree has nothing more to do."""
    # Where processors are few the tasks come last.
    eventually(lambda: not _state()["late"], "smaller forms of the pictures to be made")
    settle()
    afresh(folder)


def failed(path: str) -> None:
    """Wait until the last bake of ``path`` has failed; prints the reason of each that has."""
    _say(reasons=eventually(lambda: path in (now := _state()["failed"]) and now, f"the failure of {path} to be noted"))


def _state() -> dict[str, Any]:
    """What is not derived or baked yet, each address whose last bake failed, and pictures that get smaller forms."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django set up
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - as above

    from stoppress.pagestore.models import Address, BakeTask, Mark  # noqa: PLC0415 - needs Django set up

    failures = Address.objects.exclude(failed_at=None).values_list("path", "error")
    planned = Mark.objects.filter(attempts=0, not_before__gt=timezone.now())  # the end of an embargo
    marks = Mark.objects.exclude(pk__in=planned.values("pk")).count()
    late = DBTaskResult.objects.filter(task_path__startswith="stoppress.media", status__in=("READY", "RUNNING"))
    return {"waiting": marks + BakeTask.objects.count(), "failed": dict(failures), "late": late.count()}


def queue_everything() -> None:
    """Queue every address."""
    from stoppress.pagestore import outbox  # noqa: PLC0415 - needs Django set up
    from stoppress.pagestore.models import Address  # noqa: PLC0415 - as above

    with outbox.store_transaction():
        outbox.enqueue(list(Address.objects.values_list("pk", flat=True)))
    _say(queued=Address.objects.count())


def worker() -> None:
    """Work beside others until nothing is left, once a line comes in; prints each path when its bake is stored."""
    from stoppress.pagestore.bake.worker import Worker  # noqa: PLC0415 - needs Django set up
    from stoppress.pagestore.layout import Layout  # noqa: PLC0415 - as above
    from stoppress.pagestore.models import BakeTask  # noqa: PLC0415 - as above

    one = Worker(Layout(Path(settings.STOPPRESS_STORE)))
    _say(ready=True)
    sys.stdin.readline()
    try:
        while BakeTask.objects.exists():
            for path, error in one.bake():
                _say(path=path, error=error)
    finally:
        one.close()


def moderators() -> None:
    """Two who read replies."""
    from stoppress.accounts.actions import grant  # noqa: PLC0415 - needs Django set up
    from stoppress.accounts.models import Role, User  # noqa: PLC0415 - as above

    for name in ("mia", "noor"):
        grant(User.objects.create_user(name, password=PASSWORD), Role.MODERATOR)


def hold(slug: str, count: str, reason: str = "hold-first") -> None:
    """Let so many replies wait for one reason, as if they had come in a wave."""
    from datetime import timedelta  # noqa: PLC0415 - only here

    from django.utils import timezone  # noqa: PLC0415 - needs Django set up

    from stoppress.comments.actions.placing import note, put, thread_on  # noqa: PLC0415 - as above
    from stoppress.comments.models import Comment, State, Writer  # noqa: PLC0415 - as above
    from stoppress.newsroom.models import Article  # noqa: PLC0415 - as above

    began = timezone.now() - timedelta(hours=2)
    with transaction.atomic():
        thread = thread_on(f"article:{Article.objects.get(slug=slug).pk}")
        for number in range(int(count)):
            one = Comment(
                thread=thread,
                writer=Writer.objects.create(),
                name=f"Voice {number}",
                text=f"What I say is number {number}.",
                fingerprint=str(number),
                made_at=began + timedelta(seconds=number),
            )
            put(one, thread, State.HELD)
            note(one, reason, phase=reason.replace("-", "_"))


def replies() -> None:
    """How many replies there are, by state."""
    from collections import Counter  # noqa: PLC0415 - only here

    from stoppress.comments.models import Comment  # noqa: PLC0415 - needs Django set up

    _say(states=Counter(Comment.objects.values_list("state", flat=True)))


def drafts(page_id: str) -> None:
    """What the revisions of an article say under its headline, oldest first."""
    from wagtail.models import Page  # noqa: PLC0415 - needs Django set up

    found = Page.objects.get(pk=int(page_id)).revisions.order_by("pk").values_list("content", flat=True)
    _say(standfirsts=[content["standfirst"] for content in found])


def _draft(headline: str, slug: str, **more: object):  # type: ignore[no-untyped-def]
    from stoppress.newsroom.actions import Draft  # noqa: PLC0415 - needs Django set up

    body = [{"type": "text", "value": f"<p>{headline}, as it happened.</p>"}]
    return Draft(headline=headline, slug=slug, standfirst=f"{headline} in a sentence.", body=body, **more)


def _say(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


COMMANDS: dict[str, Callable[..., None]] = {
    command.__name__: command
    for command in (
        fill,
        bake,
        settle,
        afresh_when_settled,
        failed,
        publish,
        plan,
        keep_secrets,
        retitle,
        unsettle,
        write_past_the_signals,
        afresh,
        moderators,
        hold,
        replies,
        drafts,
        queue_everything,
        bake_and_die,
        worker,
    )
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=COMMANDS)
    parser.add_argument("arguments", nargs="*")
    given = parser.parse_args()
    with loading():
        django.setup()
    COMMANDS[given.name](*given.arguments)
