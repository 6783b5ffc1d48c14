"""What is kept of a person, given out and erased; and an import does not bring them back."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import AuditEntry, Event, Role
from stoppress.comments import actions
from stoppress.comments.models import Comment, Mailbox, Report, State, Writer
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ErrorReport
from stoppress.pagestore.actions import drain
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
ADA = "ada@example.org"
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
