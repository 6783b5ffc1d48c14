"""What is kept of a person, given out and erased; and an import does not bring them back."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stoppress.accounts.models import AuditEntry, Event, Role
from stoppress.cli.doctor.content import check_privacy
from stoppress.cli.doctor.finding import Level
from stoppress.comments import actions, vault
from stoppress.comments.actions import erasing
from stoppress.comments.models import Comment, Erasure, Mailbox, Report, State, Writer
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ErrorReport
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
ADA = "ada@example.org"
WORDS = ("bridge", "ferry", "harbour", "island", "lantern", "market", "orchard", "pilot", "quay", "river")
NAMED = re.compile(r"\bada\b", re.IGNORECASE)
"""As a word: a random id may hold the letters."""


def fill(story: Article) -> tuple[Comment, Comment]:
    """Ada's reply and Ben's, with all that can be kept of Ada."""
    mine = reply_to(story, "My own words.", name="Ada L", email=ADA, website="ada.example", address="203.0.113.7")
    other = reply_to(story, "Ben’s words.", name="Ben", email="ben@example.org")
    assert mine.writer is not None
    moderator = somebody(Role.MODERATOR)
    actions.caution(mine.writer, "Mind the tone.", moderator)
    actions.report(other, actions.Complaint(ground="abuse", text="Rude", name="Ada", email=ADA, address="203.0.113.7"))
    drain()
    return mine, other


def test_all_that_is_kept(story: Article) -> None:
    fill(story)
    records = list(actions.export_person(" ADA@example.org"))
    kinds = [one["record"] for one in records]
    assert kinds == ["person", "writer", "reply", "caution", "network-address", "report"]
    said = json.dumps(records)
    for words in ("My own words.", "Mind the tone.", "203.0.113.7", "Rude"):
        assert words in said
    assert "Ben" not in said
    assert [one["record"] for one in actions.export_person("nobody@example.org")] == ["person"]
    entry = AuditEntry.objects.filter(event=Event.PERSON_EXPORTED).first()
    assert entry is not None
    assert not NAMED.search(repr(vars(entry)))


@pytest.mark.parametrize("with_words", [False, True])
def test_a_person_is_erased(story: Article, client: Client, with_words: bool) -> None:
    mine, other = fill(story)
    reply_to(story, "An answer.", name="Ben", email="ben@example.org", to=mine.public_id)
    for role in (Role.MODERATOR, Role.REPORTER):
        with pytest.raises(PermissionDenied):
            actions.erase_person(ADA, somebody(role))
        with pytest.raises(PermissionDenied):
            actions.export_person(ADA, somebody(role))
    erased = actions.erase_person(ADA, somebody(Role.PUBLISHER), with_words=with_words)
    assert (erased.replies, erased.words, erased.reports) == (1, int(with_words), 1)
    drain()
    page = client.get("/world/ferry/comments/").content.decode()
    assert "Ada" not in page
    assert "ada.example" not in page
    assert ("My own words." in page) is not with_words
    assert "An answer." in page
    assert Mailbox.objects.count() == Writer.objects.count() == 1
    assert Comment.objects.get(pk=other.pk).name == "Ben"
    report = Report.objects.get()
    assert (report.sealed, report.name, report.text) == ("", "", "Rude")
    assert len(list(actions.export_person(ADA))) == 1
    entry = AuditEntry.objects.get(event=Event.PERSON_ERASED)
    assert not NAMED.search(repr(vars(entry)))
    assert actions.erase_person("nobody@example.org").replies == 0
    again = reply_to(story, "I am back.", name="Ada", email=ADA)  # who writes anew wants to be here
    assert again.state == State.APPROVED


def yesterday(story: Article, text: str) -> Comment:
    """A reply of Ada's from so long ago that she may write more."""
    mine = reply_to(story, text, name="Ada L", email=ADA)
    Comment.objects.filter(pk=mine.pk).update(made_at=mine.made_at - timedelta(days=1))
    return mine


@pytest.mark.parametrize("with_words", [False, True])
def test_who_wrote_much_is_erased_a_few_replies_at_a_time(
    publication: SmallPublication,
    short_pages: None,
    do_tasks: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    with_words: bool,
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 4)
    stories = [ArticleFactory(section=publication.world, headline=f"Ferry {n}", slug=f"ferry-{n}") for n in range(2)]
    drain()
    for n, word in enumerate(WORDS):
        mine = yesterday(stories[n % 2], f"My words {word}.")
        reply_to(stories[n % 2], f"Not so, {word}.", to=mine.public_id)
    publisher = Client()
    publisher.force_login(somebody(Role.PUBLISHER))
    erased = actions.erase_person(ADA, somebody(Role.PUBLISHER), with_words=with_words, seconds=0)
    assert (erased.replies, erased.words, erased.left) == (4, 4 * with_words, 6)
    # What leads to them is gone before the first of their replies is.
    assert len(list(actions.export_person(ADA))) == 1
    assert AuditEntry.objects.get(event=Event.ERASURE_ASKED).details["with_words"] is with_words
    assert not AuditEntry.objects.filter(event=Event.PERSON_ERASED).exists()
    assert "4 of 10" in publisher.get(reverse("desk:replies_person")).content.decode()
    oracle.assert_true(tmp_path / "halfway")
    again = reply_to(stories[0], "I am back.", name="Ada L", email=ADA)
    while Erasure.objects.exists():
        do_tasks()
    again.refresh_from_db()
    assert (again.name, Comment.objects.filter(name="Ada L").count()) == ("Ada L", 1)
    assert Comment.objects.filter(text__startswith="My words").count() == (0 if with_words else 10)
    assert AuditEntry.objects.get(event=Event.PERSON_ERASED).details == {"replies": 10, "words": 10 * with_words}
    assert not DBTaskResult.objects.filter(task_path__contains="erasing").exists()
    assert "of 10" not in publisher.get(reverse("desk:replies_person")).content.decode()
    oracle.assert_true(tmp_path / "done")


def test_an_erasure_that_was_killed_goes_on(
    story: Article, do_tasks: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "AT_ONCE", 2)
    take_off, done = erasing._erase, count(1)

    def killed(*what: Any, **more: Any) -> bool:
        if next(done) == 6:
            raise KeyboardInterrupt
        return take_off(*what, **more)

    monkeypatch.setattr(erasing, "_erase", killed)
    for word in WORDS[:7]:
        yesterday(story, f"My words {word}.")
    with pytest.raises(KeyboardInterrupt):
        actions.erase_person(ADA)
    assert (Erasure.objects.get().replies, Comment.objects.filter(name="Ada L").count()) == (4, 3)
    # The task takes it that somebody works on it, until they must be gone.
    do_tasks()
    assert Erasure.objects.get().replies == 4
    assert erasing.late_erasures() == []
    Erasure.objects.update(asked_at=timezone.now() - timedelta(hours=2), held_until=timezone.now() - timedelta(hours=1))
    (finding,) = [one for one in check_privacy() if one.level is Level.WARN]
    assert "4 of 7 replies are done" in finding.text
    steps: list[tuple[int, int]] = []
    assert actions.erase_person(" ADA@example.org ", progress=lambda *step: steps.append(step)).replies == 7
    assert [have for have, _total in steps] == [6, 7, 7]
    assert not Comment.objects.filter(name="Ada L").exists()
    assert not Writer.objects.exists()
    do_tasks()  # finds nothing left to do


def test_pruning_goes_on_with_what_nobody_works_on(story: Article, do_tasks: Callable[[], None]) -> None:
    reply_to(story, "My own words.", name="Ada L", email=ADA)
    erasing_of = vault.writer_with(ADA)
    assert erasing_of is not None
    Erasure.objects.create(writer=erasing_of, digest="x", total=1)
    DBTaskResult.objects.all().delete()
    actions.tidy()
    do_tasks()
    assert Erasure.objects.exists()
    Erasure.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    actions.tidy(is_dry=True)
    assert not DBTaskResult.objects.exists()
    actions.tidy()
    do_tasks()
    assert not Comment.objects.filter(name="Ada L").exists()


def test_who_reported_an_error_is_given_out_and_erased_too(story: Article) -> None:
    for number, email in enumerate(["Ada@Example.org", "ben@example.org", ""]):
        found = newsroom.FoundError(text=f"Wrong {number}.", name="Somebody", email=email, may_thank=True)
        newsroom.report_error(story, found)
    (record,) = [one for one in actions.export_person(ADA) if one["record"] == "error-report"]
    assert (record["text"], record["name"], record["on"]) == ("Wrong 0.", "Somebody", "Ferry is back")
    assert actions.erase_person(ADA).reports == 1
    assert len(list(actions.export_person(ADA))) == 1
    kept = list(ErrorReport.objects.order_by("pk").values_list("text", "name", "may_thank"))
    assert kept == [("Wrong 0.", "", False), ("Wrong 1.", "Somebody", True), ("Wrong 2.", "Somebody", True)]
    assert ErrorReport.objects.exclude(sealed="").count() == 1


def incoming(number: int, **more: str) -> actions.Incoming:
    values = {
        "name": "Ada L",
        "text": f"Old words {number}.",
        "email": "Ada@Example.org",
        "address": "203.0.113.7",
        **more,
    }
    return actions.Incoming(
        id=f"wordpress:1:{number}",
        parent="",
        state=State.APPROVED,
        made_at=timezone.now(),
        **values,  # type: ignore[arg-type]
    )


def test_an_import_does_not_bring_them_back(story: Article, client: Client) -> None:
    key = f"article:{story.pk}"
    actions.bring(key, [incoming(1)], lambda _words, _id: None)
    actions.erase_person(ADA)
    told: list[str] = []
    actions.bring(
        key, [incoming(1), incoming(2), incoming(3, email="ben@example.org")], lambda words, _id: told.append(words)
    )
    assert list(Comment.objects.order_by("pk").values_list("name", flat=True)) == ["Deleted", "Deleted", "Ada L"]
    assert Mailbox.objects.count() == 1
    actions.erase_person(ADA, with_words=True)
    brought = actions.bring(key, [incoming(4)], lambda words, _id: told.append(words))
    assert brought.left_out[State.APPROVED] == 1
    assert told == ["reply of somebody who wanted to be forgotten"]


def test_at_the_desk(story: Article) -> None:
    fill(story)
    address = reverse("desk:replies_person")
    moderator, publisher = Client(), Client()
    moderator.force_login(somebody(Role.MODERATOR))
    publisher.force_login(somebody(Role.PUBLISHER))
    assert moderator.get(address).status_code == 302
    assert moderator.post(address, {"email": ADA, "act": "erase", "sure": "1"}).status_code == 302
    assert Mailbox.objects.count() == 2
    assert publisher.get(address).status_code == 200
    given = publisher.post(address, {"email": ADA, "act": "export"})
    assert "My own words." in given.content.decode()
    for wrong in ({"email": "x"}, {"email": ADA, "act": "erase"}, {"email": ADA, "act": "burn"}, {}):
        assert publisher.post(address, wrong).status_code == 422
    assert publisher.post(address, {"email": ADA, "act": "erase", "sure": "1"}).status_code == 302
    assert Mailbox.objects.count() == 1
    table = reverse("desk:replies_figures")
    for query in (
        {},
        {"from": "2026-01-01", "to": "2026-02-01"},
        {"from": "x", "to": "2026-13-01"},
        {"from": "9999-12-31"},
    ):
        assert publisher.get(table, query).status_code == moderator.get(table, query).status_code == 200
    answer = moderator.get(table, {"as": "csv"})
    assert answer["content-type"].startswith("text/csv")
    outsider = Client()
    outsider.force_login(somebody(Role.REPORTER))
    assert outsider.get(table).status_code == 302
