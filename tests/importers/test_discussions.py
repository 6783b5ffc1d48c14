"""Replies from Disqus, isso, Coral and our own export: threads, states and people kept, nothing twice, all counted."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from stoppress.accounts.models import Role
from stoppress.comments import actions, hooks, vault
from stoppress.comments.models import Comment, Decision, Machine, Mailbox, State, Thread, Writer
from stoppress.exporters.actions import export_json
from stoppress.importers.discussions.actions import import_replies
from stoppress.importers.discussions.coral import CoralFolder
from stoppress.importers.discussions.disqus import DisqusExport
from stoppress.importers.discussions.isso import IssoDatabase, from_markdown
from stoppress.importers.discussions.ours import OwnExport
from stoppress.importers.discussions.records import Reader
from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory, baked_ferry
from tests.importers.discussions import Said, Talk, coral, disqus, isso
from tests.importers.outcome import outcome
from tests.importers.wxr import Post, write
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

SYSTEMS: dict[str, Callable[..., Reader]] = {"disqus": disqus, "isso": isso, "coral": coral}
KNOWS: dict[str, set[str]] = {
    "disqus": {"approved", "held", "spam", "deleted"},
    "isso": {"approved", "held", "deleted"},
    "coral": {"approved", "held", "refused", "spam", "deleted"},
}
"""What each has besides approved ones."""


@pytest.fixture
def story(publication: SmallPublication, monkeypatch: pytest.MonkeyPatch) -> Article:
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    return baked_ferry()


def counted() -> tuple[Any, ...]:
    tables = (Thread, Comment, Decision, Writer, Mailbox, Machine)
    return (*(model.objects.count() for model in tables), *Thread.objects.values_list("count", "roots"))


def tree() -> dict[str, tuple[str, str]]:
    """What each answers, and where it stands, by its text."""
    rows = Comment.objects.select_related("parent")
    return {one.text: (one.parent.text if one.parent else "", one.state) for one in rows}


def brought(receipt: Receipt) -> dict[str, dict[str, int]]:
    return {state: found for state in State.values if (found := outcome(receipt, f"{state} replies"))}


@pytest.mark.parametrize("system", SYSTEMS)
def test_threads_states_and_people_come_in(system: str, story: Article, store: Path, tmp_path: Path) -> None:
    said = [
        Said(1, name="Ada & Co", email="Ada@Mail.example"),
        Said(2, parent=1, email="ada@mail.example", at="2024-05-03T10:01:00"),
        Said(3, parent=2, at="2024-05-03T10:02:00"),
        *(Said(4 + n, state=state) for n, state in enumerate(sorted(KNOWS[system] - {"deleted"}))),
        Said(10, "", parent=1, state="deleted"),
        Said(11, parent=10, at="2024-05-03T11:00:00"),
    ]
    receipt = import_replies(SYSTEMS[system](tmp_path, Talk("/world/ferry/", said)))
    drain()
    found = tree()
    assert found["Said 1."] == ("", "approved")
    assert found["Said 2."] == ("Said 1.", "approved")
    assert found["Said 3."] == ("Said 2.", "approved")
    assert found["Said 11."] == ("Said 1.", "approved")  # what it answered is gone
    for number, state in enumerate(sorted(KNOWS[system] - {"deleted"}), 4):
        assert found[f"Said {number}."] == ("", state)
    first = Comment.objects.get(text="Said 1.")
    assert (first.name, first.made_at) == ("Ada & Co", datetime(2024, 5, 3, 10, tzinfo=UTC))
    assert first.writer is not None
    assert str(vault.email_of(first.writer)).lower() == "ada@mail.example"
    assert Comment.objects.get(text="Said 2.").writer == first.writer
    assert {one.reason for one in Decision.objects.all()} == {"imported"}
    assert brought(receipt) == {
        "approved": {"new": 5},
        **{state: {"new": 1} for state in KNOWS[system] - {"approved", "deleted"}},
    }
    assert receipt.kept_back.counts == {"deleted replies": 1}
    assert mail.outbox == []
    page = (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert "Said 3." in page
    assert "Said 5." not in page
    oracle.assert_true(tmp_path / "fresh")


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_second_run_changes_nothing_and_a_dry_one_neither(system: str, story: Article, tmp_path: Path) -> None:
    reader = SYSTEMS[system](tmp_path, Talk("/world/ferry/", [Said(1), Said(2, parent=1, state="held")]))
    foreseen = import_replies(reader, is_dry=True)
    assert not Comment.objects.exists()
    assert not Thread.objects.exists()
    receipt = import_replies(reader)
    assert receipt.brought == foreseen.brought
    held = Comment.objects.get(state=State.HELD)
    actions.decide(held, State.REFUSED, "other", somebody(Role.MODERATOR))
    before = counted()
    again = import_replies(reader)
    assert counted() == before
    assert not again.has_changes
    assert brought(again) == {"approved": {"as before": 1}, "held": {"as before": 1}}
    more = SYSTEMS[system](
        tmp_path, Talk("/world/ferry/", [Said(1), Said(2, parent=1, state="held"), Said(3, parent=1)])
    )
    assert brought(import_replies(more))["approved"] == {"new": 1, "as before": 1}
    assert tree()["Said 3."] == ("Said 1.", "approved")


@pytest.mark.parametrize("system", SYSTEMS)
def test_articles_are_found_by_any_address_that_they_had(
    system: str, story: Article, publication: SmallPublication, tmp_path: Path
) -> None:
    import_wordpress(write(tmp_path, Post(17, "From elsewhere", slug="moved")), None)
    newsroom.move_page(story, publication.local)
    drain()
    gone: Article = ArticleFactory(section=publication.world, slug="gone")
    drain()
    newsroom.delete_page(gone)
    drain()
    talks = [
        Talk("/world/ferry/?utm=1#top", [Said(1)]),
        Talk("/local/ferry/index.html", [Said(2)]),
        Talk("/2024/05/moved", [Said(3)]),
        Talk("/?p=17" if system != "isso" else "//old.example/?p=17", [Said(4)]),
        Talk("/nowhere/", [Said(5), Said(6, state="held"), Said(7, state="deleted")]),
        Talk("/world/gone/", [Said(8)]),
        Talk("/world/", [Said(9)]),
        Talk("http://[broken", [Said(10)]),
    ]
    receipt = import_replies(SYSTEMS[system](tmp_path, *talks))
    assert brought(receipt) == {"approved": {"new": 4}}
    elsewhere = Article.objects.get(title="From elsewhere")
    subjects = {one.text: one.thread.subject for one in Comment.objects.select_related("thread")}
    assert subjects["Said 1."] == subjects["Said 2."] == f"article:{story.pk}"
    assert subjects["Said 3."] == subjects["Said 4."] == f"article:{elsewhere.pk}"
    lost = "on addresses where no article was ever found here"
    assert receipt.not_yet.counts == {f"approved replies {lost}": 4, f"replies held for moderation {lost}": 1}
    assert any("/nowhere/" in one for one in receipt.not_yet.examples[f"replies held for moderation {lost}"])
    assert receipt.kept_back.counts == {"deleted replies": 1}


@pytest.mark.parametrize("system", SYSTEMS)
def test_hostile_values_are_words(system: str, story: Article, store: Path, tmp_path: Path) -> None:
    script = "\"><script>alert('x')</script><img src=x onerror=alert(1)>"
    said = [
        Said(1, script, name=script * 9, email=script, website=f"javascript:{script}", machine=script),
        Said(2, parent=2),
        Said(3, parent=4),
        Said(4, parent=3),
        Said(5, parent=999),
    ]
    receipt = import_replies(SYSTEMS[system](tmp_path, Talk("/world/ferry/", said, title=script)))
    assert brought(receipt) == {"approved": {"new": 5}}
    assert receipt.notes.counts["reply whose writer has no mail address that could be one"] == 1
    drain()
    page = (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(" in page
    assert "<script>alert" not in page


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut off": lambda content: content[: len(content) * 2 // 3],
    "empty": lambda _content: b"",
    "something else": lambda _content: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "a page": lambda _content: b"<!DOCTYPE html><html><body>Sign in first</body></html>",
    "deep": lambda _content: b"[" * 100_000,
    "overwritten": lambda content: content[: len(content) // 3].ljust(len(content), b"\xff"),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_damaged_file_changes_nothing_and_is_said_so(
    system: str, damage: str, story: Article, tmp_path: Path
) -> None:
    reader = SYSTEMS[system](tmp_path, Talk("/world/ferry/", [Said(n, f"Word {n} " * 50) for n in range(1, 60)]))
    file = reader.path / "comments.json" if reader.path.is_dir() else reader.path
    file.write_bytes(DAMAGE[damage](file.read_bytes()))
    if (system, damage) == ("coral", "empty"):
        receipt = import_replies(reader)
        assert receipt.brought == {}  # nobody ever said anything
        assert "there is nothing in it that could be brought" in receipt.render()
        return
    with pytest.raises(ExportUnreadable) as refused:
        import_replies(reader)
    assert str(file) in str(refused.value)
    assert "Nothing was changed." in str(refused.value)
    assert "\n" not in str(refused.value)
    assert not Comment.objects.exists()
    assert not Thread.objects.exists()


def test_files_that_are_none_of_theirs(story: Article, tmp_path: Path) -> None:
    xml = tmp_path / "feed.xml"
    xml.write_text('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', encoding="utf-8")
    bomb = tmp_path / "bomb.xml"
    bomb.write_text('<!DOCTYPE d [<!ENTITY a "aaaa">]><disqus xmlns="http://disqus.com">&a;</disqus>', encoding="utf-8")
    other, viewed = tmp_path / "other.db", tmp_path / "viewed.db"
    with closing(sqlite3.connect(other)) as rows, rows:
        rows.execute("CREATE TABLE comments (id)")
    with closing(sqlite3.connect(viewed)) as rows, rows:
        rows.execute(
            "CREATE TABLE comments (tid, id, parent, created, mode, text, author, email, website, remote_addr)"
        )
        rows.execute("CREATE VIEW threads AS SELECT 1 AS id, '/' AS uri, '' AS title")
    folder = tmp_path / "talk4"
    folder.mkdir()
    for name, content in (("stories", '{"id": "a"}'), ("comments", '{"id": "b", "asset_id": "a"}'), ("users", "")):
        (folder / f"{name}.json").write_text(content, encoding="utf-8")
    readers: list[Reader] = [
        DisqusExport(xml),
        DisqusExport(bomb),
        DisqusExport(tmp_path / "nowhere"),
        IssoDatabase(xml),
        IssoDatabase(other),
        IssoDatabase(viewed),
        CoralFolder(tmp_path),
        CoralFolder(folder),
        OwnExport(tmp_path),
    ]
    for reader in readers:
        with pytest.raises(ExportUnreadable, match=r"Nothing was changed\."):
            import_replies(reader)
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("_so_ **very** __true__ snake_case_name", "*so* **very** **true** snake_case_name"),
        (
            'See [the page](https://a.example/x?y=1 "t") and <https://b.example>',
            "See the page (https://a.example/x?y=1) and https://b.example",
        ),
        (
            "![A cat](https://a.example/c.png) [https://a.example](https://a.example)",
            "A cat (https://a.example/c.png) https://a.example",
        ),
        ("# Loud\n\n> said\n\n- one\n- two\n\n`code` ~~no~~", "Loud\n\n> said\n\n- one\n- two\n\ncode no"),
        ("```python\nx = 1\n```\nafter", "x = 1\nafter"),
        (r"not \*so\* &amp; 1 < 2", "not *so* & 1 < 2"),
        ("[x](javascript:alert(1)) <script>a</script>", "x (javascript:alert(1)) <script>a</script>"),
    ],
)
def test_markdown_becomes_our_text(text: str, plain: str) -> None:
    from collections import Counter  # noqa: PLC0415 - only this test counts

    assert from_markdown(text, Counter()) == plain


def test_what_goes_out_comes_back_the_same(
    story: Article, publication: SmallPublication, settings: Any, tmp_path: Path
) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    moderator = somebody(Role.MODERATOR)
    first = reply_to(
        story, "> said *before*\n\nhttps://a.example/?a=1&b=2 <b>no</b>", website="ada.example", name="Ada <b>"
    )
    second = reply_to(story, "Second words.", to=first.public_id, email="Canary@Mail.example")
    actions.change_own(second, "Second words, changed.")
    reply_to(story, "From the desk.", to=second.public_id, user=moderator, email="")
    for text, state in (("Held words.", State.HELD), ("Refused words.", State.REFUSED), ("Spam words.", State.SPAM)):
        actions.decide(reply_to(story, text), state, "other", moderator)
    Comment.objects.filter(pk=first.pk).update(is_pick=True)
    export_json(tmp_path / "out", with_drafts=True, with_addresses=True)
    before = lines(tmp_path / "out")
    here = counted()
    assert not import_replies(OwnExport(tmp_path / "out")).has_changes
    assert counted() == here
    Thread.objects.all().delete()
    Writer.objects.all().delete()
    newsroom.move_page(story, publication.local)
    drain()
    receipt = import_replies(OwnExport(tmp_path / "out"))
    assert brought(receipt)["approved"] == {"new": 3}
    assert [+receipt.notes.counts, +receipt.simpler.counts, +receipt.not_yet.counts] == [{}, {}, {}]
    export_json(tmp_path / "again", with_drafts=True, with_addresses=True)
    assert lines(tmp_path / "again") == before
    # What came in is not another reply when it comes again, from here or from there.
    assert not import_replies(OwnExport(tmp_path / "again")).has_changes
    assert not import_replies(OwnExport(tmp_path / "out")).has_changes
    shutil.rmtree(tmp_path / "again")


def lines(folder: Path) -> list[dict[str, Any]]:
    """Replies as they went out, but for the numbers that the database gave them."""
    found = [json.loads(line) for line in (folder / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    names = {one["id"]: one["public_id"] for one in found}
    for one in found:
        one["parent"] = names.get(one["parent"])
        del one["id"], one["imported_id"], one["writer"]
    return sorted(found, key=lambda one: str(one["public_id"]))
