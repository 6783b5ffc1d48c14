"""All that there is of replies goes out and comes in again, so that what goes out the second time is the same."""

import json
import random
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role, User
from stoppress.comments import actions, hooks, keys, vault
from stoppress.comments.actions.rules import renew
from stoppress.comments.models import (
    SITE,
    Appeal,
    Ban,
    BreakingNews,
    Caution,
    Comment,
    Decision,
    Forgotten,
    Mode,
    Report,
    SavedFilter,
    State,
    Statement,
    Thread,
    Writer,
)
from stoppress.exporters.actions import export_json
from stoppress.importers.discussions.actions import import_replies
from stoppress.importers.discussions.ours import OwnExport
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain, mark
from tests.conftest import SmallPublication
from tests.factories.accounts import UserFactory, somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle
from tests.pagestore.reply_acts import REPLY_ACTS
from tests.pagestore.trust_acts import TRUST_ACTS

pytestmark = pytest.mark.django_db
FILES = ("threads.jsonl", "replies.jsonl", "writers.jsonl", "filters.jsonl", "breaking.jsonl")


@pytest.fixture
def stories(publication: SmallPublication, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_SURGE = 0
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(keys, "ROOTS_ON_A_PAGE", 3)
    monkeypatch.setattr(keys, "REPLIES_ON_A_PAGE", 4)
    made = [ArticleFactory(section=publication.world, slug=slug, headline=slug) for slug in ("ferry", "asked", "gone")]
    drain()
    return made


def live_through(stories: list[Article], seed: int) -> None:
    """Everything that readers and moderators do, in some order, and what has to be there in any."""
    chance = random.Random(seed)
    moderator, answerer = somebody(Role.MODERATOR), UserFactory(username="answerer")
    ferry, asked, gone = (f"article:{one.pk}" for one in stories)
    for _ in range(60):
        chance.choice([*REPLY_ACTS, *TRUST_ACTS])(chance.randrange(10_000), chance.randrange(10_000))
    now = timezone.now()
    actions.set_question_time(asked, now, now + timedelta(days=1), [answerer], moderator, "Ann of the desk")
    question = reply_to(stories[1], "What is it?", name="Ada", email="ada@example.org", follow=True)
    actions.decide(question, State.APPROVED, "approved", moderator)
    reply_to(stories[1], "It is so.", user=User.objects.get(pk=answerer.pk), to=question.public_id, email="")
    report = actions.Complaint(
        ground="illegal", text="§ 1", name="Eva", email="eva@example.org", is_sincere=True, address="192.0.2.9"
    )
    for number, state in enumerate((State.REFUSED, None)):
        one = reply_to(stories[0], f"Reported, {number} times", name=f"Bea {number}", email=f"bea{number}@example.org")
        actions.decide(one, State.APPROVED, "approved", moderator)
        below = reply_to(stories[0], f"Below that, {number}", to=one.public_id)
        actions.decide(below, State.APPROVED, "approved", moderator)
        reply_to(stories[0], f"And below that, {number}", to=below.public_id)
        actions.report(Comment.objects.get(pk=one.pk), report)
        if state is not None:
            actions.decide(Comment.objects.get(pk=one.pk), state, "unlawful", moderator, "See § 1.")
        actions.remove_own(below)
    writer = question.writer
    assert writer is not None
    actions.confirm(question)
    actions.name_account(writer, "Ada Lovelace")
    actions.caution(writer, "Once more.", moderator)
    actions.ban(writer, "Enough.", moderator, now + timedelta(days=3))
    actions.lift_ban(actions.ban(writer, "Far too much.", moderator), moderator)
    actions.set_close_days(ferry, 30, moderator)
    actions.set_mode(gone, Mode.HOLD_FIRST, moderator)
    reply_to(stories[2], "Held, and on what nobody reads any more")
    actions.freeze(gone, "That is enough.", moderator)
    actions.save_filter(moderator, "Links & ads", "held", "found=links&order=new", is_shared=True)
    actions.save_filter(
        somebody(Role.MODERATOR), "Hers", "decided", urlencode({"q": "& so", "on": ferry, "by": writer.public_id})
    )
    actions.end_breaking(actions.begin_breaking(SITE, 1, "For an hour.", moderator), moderator)
    actions.begin_breaking(asked, 5, "It goes on.", moderator)
    newsroom.unpublish_page(stories[2])


def wipe() -> None:
    """Let it be an instance to which nobody has ever replied."""
    subjects = list(Thread.objects.values_list("subject", flat=True))
    for model in (Thread, Writer, Forgotten, SavedFilter, BreakingNews):
        model.objects.all().delete()
    renew()
    for subject in subjects:
        mark(keys.look_again(subject), keys.count(subject), keys.newest(subject), keys.breaking(subject))
    drain()


def told(folder: Path, *, is_moved: bool = False) -> dict[str, list[dict[str, Any]]]:
    """What an export says, with names for numbers; what was moved says since then where it came from."""
    found = {
        name: [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()] for name in FILES
    }
    replies, writers = ({one["id"]: one["public_id"] for one in found[name]} for name in FILES[1:3])
    for one in [*found["replies.jsonl"], *found["filters.jsonl"]]:
        one["writer"] = writers.get(one["writer"])
    for one in found["replies.jsonl"]:
        one["parent"] = replies.get(one["parent"])
        if is_moved and one["imported_id"].startswith("stoppress:"):
            one["imported_id"] = ""
    for name in FILES[1:]:
        for one in found[name]:
            del one["id"]
        found[name].sort(key=lambda one: str(one.get("public_id")))  # the lines stand in no order
    return found


@pytest.mark.parametrize("with_addresses", [True, False])
def test_what_goes_out_comes_in_and_goes_out_the_same(
    stories: list[Article], tmp_path: Path, store: Path, with_addresses: bool
) -> None:
    live_through(stories, seed=7 + with_addresses)
    export_json(tmp_path / "first", with_drafts=True, with_addresses=with_addresses)
    before = told(tmp_path / "first")
    tables = (Thread, Comment, Decision, Statement, Appeal, Report, Writer, Ban, Caution, SavedFilter, BreakingNews)
    counts = [model.objects.count() for model in tables]
    assert min(counts) > 0, counts
    said = [json.dumps(line) for lines in before.values() for line in lines]
    assert any("eva@example.org" in line for line in said) is with_addresses
    wipe()
    receipt = import_replies(OwnExport(tmp_path / "first"))
    drain()
    export_json(tmp_path / "second", with_drafts=True, with_addresses=with_addresses)
    after = told(tmp_path / "second", is_moved=True)
    for name in FILES:
        lost = [
            {key: (value, now.get(key)) for key, value in then.items() if now.get(key) != value}
            for then, now in zip(before[name], after[name], strict=True)
        ]
        assert [one for one in lost if one] == []
        assert after[name] == before[name]
    assert [model.objects.count() for model in tables] == counts
    assert receipt.has_changes
    oracle.assert_true(tmp_path / "fresh")
    again = import_replies(OwnExport(tmp_path / "first"))
    assert not again.has_changes
    export_json(tmp_path / "third", with_drafts=True, with_addresses=with_addresses)
    assert told(tmp_path / "third") == told(tmp_path / "second")


def test_who_is_known_here_stays_who_they_are(stories: list[Article], tmp_path: Path) -> None:
    live_through(stories, seed=1)
    export_json(tmp_path / "out", with_drafts=True, with_addresses=True)
    wipe()
    here = vault.writer_of("Ada@Example.org")
    other = vault.writer_of("somebody.else@example.org")
    actions.erase_person("eva@example.org")
    actions.erase_person("bea0@example.org")
    actions.name_account(other, "Ada  lovelace")
    receipt = import_replies(OwnExport(tmp_path / "out"))
    question = Comment.objects.get(text="What is it?")
    assert question.writer == here
    here.refresh_from_db()
    assert (here.is_verified, here.display_name, here.bans.count()) == (False, "", 2)
    assert receipt.kept_back.counts == {"people who wanted to be forgotten": 1}
    forgotten = Comment.objects.get(text="Reported, 0 times")
    assert (forgotten.writer, forgotten.name) == (None, "Deleted")
    assert not Report.objects.exclude(sealed="").exists()


def test_what_was_asked_and_switched_on_comes_to_whose_it_is(
    stories: list[Article], publication: SmallPublication, tmp_path: Path, client: Client
) -> None:
    """Elsewhere stories have other numbers, accounts may be missing, and time has gone on."""
    moderator, other = somebody(Role.MODERATOR), somebody(Role.MODERATOR)
    writer = reply_to(stories[0], "A word.", name="Ada", email="ada@example.org").writer
    assert writer is not None
    query = f"found=links&on=article:{stories[0].pk}&by={writer.public_id}"
    for whose in (moderator, other):
        actions.save_filter(whose, f"Of {whose.username}", "held", query, is_shared=True)
    actions.save_filter(moderator, "Of one who goes", "held", f"on=article:{stories[2].pk}")
    actions.begin_breaking(SITE, 1, "Everywhere.", moderator)
    actions.begin_breaking(f"article:{stories[0].pk}", 1, "Here.", moderator)
    BreakingNews.objects.filter(scope=SITE).update(ends_at=timezone.now() - timedelta(minutes=1))
    export_json(tmp_path / "out", with_drafts=True, with_addresses=True)
    wipe()
    newsroom.delete_page(stories[2])
    moved = ArticleFactory(section=publication.world, slug="elsewhere", headline="elsewhere")
    drain()
    lines = (tmp_path / "out/articles.jsonl").read_text(encoding="utf-8").replace("/world/ferry/", moved.public_path)
    (tmp_path / "out/articles.jsonl").write_text(lines, encoding="utf-8")
    other.username = "gone"
    other.save()
    here = vault.writer_of("ada@example.org")
    receipt = import_replies(OwnExport(tmp_path / "out"))
    kept = SavedFilter.objects.get()
    assert (kept.user, kept.name, kept.is_shared) == (moderator, f"Of {moderator.username}", True)
    assert dict(parse_qsl(kept.query)) == {"found": "links", "on": f"article:{moved.pk}", "by": here.public_id}
    assert sum(receipt.not_yet.counts.values()) == 2
    ended, goes_on = BreakingNews.objects.order_by("pk")
    assert (ended.scope, ended.ended_how, ended.ended_at) == (SITE, BreakingNews.Ending.TIME, ended.ends_at)
    assert (goes_on.scope, goes_on.ended_at, goes_on.by) == (f"article:{moved.pk}", None, moderator)
    assert reply_to(moved).state == State.HELD
    assert reply_to(stories[1]).state == State.APPROVED
    assert not import_replies(OwnExport(tmp_path / "out")).has_changes


def test_what_an_export_says_is_not_believed(stories: list[Article], tmp_path: Path, client: Client) -> None:
    """Whoever damages a file gets a receipt, and nothing that no database takes."""
    live_through(stories, seed=2)
    export_json(tmp_path / "out", with_drafts=True, with_addresses=True)
    wipe()
    chance = random.Random(3)
    odd: list[Any] = [
        "x" * 70_000,
        -1,
        2**70,
        [],
        {},
        None,
        True,
        1.5,
        "\x00\ud800",
        "9999-12-31T23:59:59Z",
        [[]],
        "</a><b>/x",
    ]
    for name in FILES:
        file = tmp_path / "out" / name
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for line in lines:
            for one in [line, *[each for value in line.values() if isinstance(value, list) for each in value]]:
                if isinstance(one, dict):
                    damaged = chance.choice([key for key in one if key not in {"kind", "id", "article"}])
                    one[damaged] = chance.choice(odd)
        file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    import_replies(OwnExport(tmp_path / "out"))
    assert drain().failed == []
    client.force_login(somebody(Role.MODERATOR))
    for queue in ("held", "reported", "appeals", "new", "spam", "refused", "decided"):
        assert client.get(reverse("desk:replies", args=[queue])).status_code == 200
    export_json(tmp_path / "again", with_drafts=True, with_addresses=True)
    assert Comment.objects.count() > 10
