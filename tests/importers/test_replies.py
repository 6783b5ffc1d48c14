"""Comments come in as replies: threads, states and words kept, nothing twice, and no address anywhere in the open."""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import hooks, vault
from stoppress.comments.actions import decide
from stoppress.comments.models import Comment, Decision, Machine, Mailbox, State, Thread, Writer
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import somebody
from tests.importers.outcome import outcome, written
from tests.importers.wxr import REAL, Post, Remark, needs_real_export, write
from tests.pagestore import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

STATES = ("approved", "held", "refused", "spam")


def replies(receipt: Receipt) -> dict[str, dict[str, int]]:
    """What became of replies, by the state that they came with."""
    return {state: found for state in STATES if (found := outcome(receipt, f"{state} replies"))}


def tree() -> dict[str, tuple[str, int, int | None, str]]:
    """Where each stands: below what, how deep, in which place and state; by its number there."""
    number = lambda one: one.imported_id.rpartition(":")[2] if one else ""  # noqa: E731 - two words
    rows = Comment.objects.select_related("parent").order_by("pk")
    return {number(one): (number(one.parent), one.depth, one.place, one.state) for one in rows}


def counted() -> tuple[Any, ...]:
    tables = (Thread, Comment, Decision, Writer, Mailbox, Machine)
    return (*written(), *(model.objects.count() for model in tables), *Thread.objects.values_list("count", "roots"))


def test_threads_states_and_people_come_in(tmp_path: Path) -> None:
    remarks = [
        Remark(1, "First.", author="Ada &amp; Co", url="http://ada.example/?a=1&b=2", email="Ada@Mail.example"),
        Remark(2, parent=1, email="ada@mail.example"),
        Remark(3, parent=2, date_gmt="2024-05-03 09:00:00"),
        Remark(4, approved="0"),
        Remark(5, approved="spam"),
        Remark(6, approved="trash", parent=1),
        Remark(7, date_gmt="2024-05-02 10:00:00"),
        Remark(8, kind="pingback"),
    ]
    receipt = import_wordpress(write(tmp_path, Post(1, remarks=remarks)), None)
    assert tree() == {
        "1": ("", 0, 1, "approved"),
        "2": ("1", 1, 0, "approved"),
        "3": ("2", 2, 1, "approved"),  # after what it answers, whatever its clock said
        "4": ("", 0, None, "held"),
        "5": ("", 0, None, "spam"),
        "6": ("1", 1, None, "refused"),
        "7": ("", 0, 0, "approved"),
    }
    thread = Thread.objects.get()
    assert (thread.subject, thread.count, thread.roots) == (f"article:{Article.objects.get().pk}", 4, 2)
    first = Comment.objects.get(text="First.")
    assert (first.name, first.website, first.replies) == ("Ada & Co", "http://ada.example/?a=1&b=2", 2)
    assert first.made_at == datetime(2024, 5, 3, 10, tzinfo=UTC)
    assert first.writer is not None
    assert vault.email_of(first.writer) == "Ada@Mail.example"
    assert (first.writer.approved, Writer.objects.count(), Machine.objects.count()) == (2, 2, 0)
    assert {(one.phase, one.reason) for one in Decision.objects.all()} == {("import", "imported")}
    assert Decision.objects.count() == 7
    assert replies(receipt) == {
        "approved": {"new": 4},
        "held": {"new": 1},
        "refused": {"new": 1},
        "spam": {"new": 1},
    }
    assert receipt.not_yet.counts["pingbacks"] == 1
    assert mail.outbox == []


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, Post(1, remarks=[Remark(1), Remark(2, parent=1, approved="0")]))
    import_wordpress(file, None)
    decide(Comment.objects.get(state=State.HELD), State.REFUSED, "rude", somebody(Role.MODERATOR))
    before, stands = counted(), tree()
    foreseen = import_wordpress(file, None, is_dry=True)
    receipt = import_wordpress(file, None)
    assert (counted(), tree()) == (before, stands)
    assert replies(receipt) == replies(foreseen) == {"approved": {"as before": 1}, "held": {"as before": 1}}
    assert not receipt.has_changes


def test_what_was_said_since_comes_behind(tmp_path: Path) -> None:
    import_wordpress(write(tmp_path, Post(1, remarks=[Remark(1), Remark(2, parent=1)])), None)
    later = [
        Remark(1),
        Remark(2, parent=1),
        Remark(3, date_gmt="2020-01-01 00:00:00"),
        Remark(4, parent=2),
        Remark(5, parent=3),
    ]
    receipt = import_wordpress(write(tmp_path, Post(1, remarks=later)), None)
    assert replies(receipt) == {"approved": {"new": 3, "as before": 2}}
    assert tree() == {
        "1": ("", 0, 0, "approved"),
        "2": ("1", 1, 0, "approved"),
        "3": ("", 0, 1, "approved"),
        "4": ("2", 2, 1, "approved"),
        "5": ("3", 1, 0, "approved"),
    }
    assert (Thread.objects.get().count, Thread.objects.get().roots) == (5, 2)


def test_orphans_go_to_the_nearest_above(tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)  # counts follow at once
    remarks = [
        Remark(2, parent=1),  # before what it answers
        Remark(1),
        Remark(3, parent=2, approved="trash"),
        Remark(4, parent=3, approved="spam"),
        Remark(5, parent=4),
        Remark(6, parent=99),
        Remark(7, parent=8),
        Remark(8, parent=7),
        Remark(9, parent=9),
        Remark(10, approved="0"),
        Remark(11, parent=10),
        Remark(1, "Twice."),
    ]
    receipt = import_wordpress(write(tmp_path, Post(1, remarks=remarks)), None)
    found = tree()
    assert found["2"][:2] == ("1", 1)
    assert found["5"][:2] == ("2", 2)
    assert found["6"][:2] == ("", 0)
    assert {found["7"][0], found["8"][0]} in ({"", "7"}, {"", "8"})
    assert found["9"][:2] == ("", 0)
    # What is still held holds its place for what was approved below it.
    assert found["10"] == ("", 0, found["10"][2], "held")
    assert found["10"][2] is not None
    assert found["11"][:3] == ("10", 1, 0)
    notes = receipt.notes.counts
    assert notes["reply to one that did not come or was refused, now below what that one answered"] == 2
    assert notes["replies that answer one another in a circle, the circle cut"] == 2
    assert notes["reply that is in the file twice, the first one taken"] == 1
    oracle.assert_true(tmp_path / "fresh")
    page = (store / f"pages{Article.objects.get().public_path}comments/index.html").read_text(encoding="utf-8")
    assert "Remark 11." in page
    assert "Remark 10." not in page
    decide(Comment.objects.get(text="Remark 10."), State.APPROVED, "fine", somebody(Role.MODERATOR))
    assert tree()["10"][2] == found["10"][2]
    oracle.assert_true(tmp_path / "fresher")


def test_comments_of_what_did_not_come_are_named(tmp_path: Path) -> None:
    one = [Remark(1, "SECRET-77 words")]
    posts = [
        Post(1, "Hidden", status="private", remarks=one),
        Post(2, "About", kind="page", remarks=[Remark(2)]),
        Post(3, "Gone", remarks=[Remark(3)]),
        Post(4, "There"),
    ]
    import_wordpress(write(tmp_path, Post(3, "Gone"), Post(4, "There")), None)
    newsroom.delete_page(Article.objects.get(title="Gone"))
    receipt = import_wordpress(write(tmp_path, *posts), None)
    hidden = "approved comments on posts that the old site did not show to everyone"
    assert receipt.kept_back.examples[hidden] == ["“Hidden”"]
    assert receipt.not_yet.counts["approved comments on pages, which take no replies here"] == 1
    assert receipt.not_yet.examples["approved comments on articles that were deleted here since"] == ["“Gone”"]
    assert not Comment.objects.exists()
    assert not Thread.objects.exists()


def test_an_import_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [Post(n, f"Post {n}", remarks=[Remark(10 * n), Remark(10 * n + 1, parent=10 * n)]) for n in (1, 2, 3)]
    file = write(tmp_path, *posts)
    bringing = sys.modules["stoppress.comments.actions.bring"]
    arrange = bringing.arrange

    def dies(thread: Thread, spots: dict[str, Any]) -> None:
        arrange(thread, spots)
        if Thread.objects.count() == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(bringing, "arrange", dies)
    with pytest.raises(KeyboardInterrupt):
        import_wordpress(file, None)
    # Those of one post come all or none.
    assert list(tree()) == ["10", "11"]
    monkeypatch.setattr(bringing, "arrange", arrange)
    assert replies(import_wordpress(file, None)) == {"approved": {"new": 4, "as before": 2}}
    assert [thread.count for thread in Thread.objects.all()] == [2, 2, 2]


def test_numbers_of_two_sites_are_not_mixed_up(tmp_path: Path) -> None:
    import_wordpress(write(tmp_path, Post(1, remarks=[Remark(1)])), None)
    other = write(tmp_path, Post(1, "Elsewhere", remarks=[Remark(1)]), name="b.xml", link="https://other.example")
    assert replies(import_wordpress(other, None)) == {"approved": {"new": 1}}
    assert Thread.objects.count() == 2


def test_a_script_in_every_field_stays_words(tmp_path: Path, store: Path) -> None:
    script = "\"><script>alert('x')</script><img src=x onerror=alert(1)>\u202e"
    remark = Remark(1, script, author=script * 9, email=script, url=f"javascript:{script}", ip=script, date=script)
    remarks = [replace(remark, date_gmt=script), replace(remark, id=2, approved=script), Remark(3, kind=script)]
    receipt = import_wordpress(write(tmp_path, Post(1, remarks=[*remarks, Remark(4, parent=script)])), None)
    assert replies(receipt) == {"approved": {"new": 2}, "held": {"new": 1}}
    notes = receipt.notes.counts
    assert notes["name of a writer that is too long, cut"] == 2
    assert notes["website of a writer that is no address, left out"] == 2
    assert notes["reply whose writer has no mail address that could be one"] == 2
    assert notes["comment of unknown state, held"] == 1
    drain()
    page = (store / f"pages{Article.objects.get().public_path}comments/index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_where_a_reply_came_from_is_kept_for_thirty_days_only(tmp_path: Path) -> None:
    recent = (timezone.now() - timedelta(days=29)).strftime("%Y-%m-%d %H:%M:%S")
    old = (timezone.now() - timedelta(days=31)).strftime("%Y-%m-%d %H:%M:%S")
    remarks = [Remark(1, date_gmt=recent), Remark(2, date_gmt=old), Remark(3, date_gmt=recent, ip="none")]
    import_wordpress(write(tmp_path, Post(1, remarks=remarks)), None)
    machine = Machine.objects.get()
    assert machine.comment.text == "Remark 1."
    assert machine.seen_at == machine.comment.made_at


@needs_real_export
def test_the_real_export(tmp_path: Path, store: Path) -> None:
    foreseen = import_wordpress(REAL / "export.xml", None, is_dry=True)
    assert not Comment.objects.exists()
    receipt = import_wordpress(REAL / "export.xml", None)
    assert receipt.brought == foreseen.brought
    assert (receipt.not_yet, receipt.notes) == (foreseen.not_yet, foreseen.notes)
    brought = sum(sum(found.values()) for found in replies(receipt).values())
    rest = {**receipt.not_yet.counts, **receipt.kept_back.counts}
    assert replies(receipt)["held"] == replies(receipt)["refused"] == {"new": 1}
    assert brought + rest["pingbacks"] + rest["trackbacks"] == 18
    assert brought == Comment.objects.count()
    before = counted()
    import_wordpress(REAL / "export.xml", None)
    assert counted() == before
    drain()
    canaries = (b"HELD-CANARY-3310", b"TRASH-CANARY-4410", b"@mail.example", b"198.51.100.")
    for baked in store.rglob("*.*"):
        if baked.is_file():
            assert not [canary for canary in canaries if canary in baked.read_bytes()], baked
