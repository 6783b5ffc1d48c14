"""Replies go out with their threads, come back in, and say nobody's address unless asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from stoppress.accounts.models import Role
from stoppress.comments import vault
from stoppress.comments.actions import decide, remove_own
from stoppress.comments.models import Comment, State, Thread
from stoppress.exporters.actions import export_json, export_wordpress
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.importers.outcome import outcome

pytestmark = pytest.mark.django_db

TEXT = "> said *before*\n\nA line,\nand **another**: https://ferry.example/?a=1&b=2 <b>no</b> &amp; more"


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    """A story with six replies, in every state."""
    settings.STOPPRESS_COMMENTS = "open"
    made: Article = ArticleFactory(section=publication.world, slug="ferry", headline="Ferry is back")
    drain()  # which makes it a subject
    first = reply_to(
        made, TEXT, email="canary-1@secret.example", website="ada.example", name="Ada <b>", address="192.0.2.7"
    )
    second = reply_to(made, "Second words here.", to=first.public_id, email="canary-2@secret.example")
    reply_to(made, "Third words here.", to=second.public_id)
    for text, state in (("Held words.", State.HELD), ("Spam words.", State.SPAM)):
        decide(reply_to(made, text), state, "test", somebody(Role.MODERATOR))
    remove_own(reply_to(made, "Removed words."))
    decide(second, State.REFUSED, "rude", somebody(Role.MODERATOR))
    return made


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "replies.jsonl").read_text(encoding="utf-8").splitlines()]


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_readers_see_goes_out(story: Article, tmp_path: Path) -> None:
    report = export_json(tmp_path / "out")
    first, third = lines(tmp_path / "out")
    assert report.counts["replies"] == 2
    assert list(first) == [
        *("kind", "id", "public_id", "status", "article", "parent", "name", "website", "made_at", "edited_at"),
        *("is_staff", "is_author", "is_answerer", "is_pick", "pick_note", "recommended", "imported_id", "text", "html"),
    ]
    assert (first["kind"], first["status"], first["article"], first["text"]) == ("reply", "approved", story.pk, TEXT)
    assert (first["name"], first["website"]) == ("Ada <b>", "https://ada.example")
    # What it answered was refused.
    assert (third["text"], third["parent"]) == ("Third words here.", first["id"])


@pytest.mark.parametrize("export", [export_json, export_wordpress])
def test_addresses_go_out_only_when_asked(story: Article, tmp_path: Path, export: Any) -> None:
    for number, with_drafts in enumerate((False, True)):
        export(tmp_path / f"{number}", with_drafts=with_drafts)
        written = everything(tmp_path / f"{number}").lower()
        assert b"secret.example" not in written
        assert b"192.0.2." not in written
        assert vault.mail_digest("canary-1@secret.example").encode() not in written
        assert (b"second words" in written) is with_drafts
    export(tmp_path / "all", with_drafts=True, with_addresses=True)
    (file,) = [one for name in ("replies.jsonl", "export.xml") if (one := tmp_path / "all" / name).exists()]
    assert file.read_bytes().count(b"canary-2@secret.example") == 1
    assert (tmp_path / "all").stat().st_mode & 0o077 == 0


def test_they_come_back_in(story: Article, tmp_path: Path) -> None:
    report = export_wordpress(tmp_path / "out", with_drafts=True, with_addresses=True)
    assert report.counts["comments"] == 5
    before = _told()
    Thread.objects.all().delete()
    story.delete()
    receipt = import_wordpress(tmp_path / "out" / "export.xml", None)
    states = {state: outcome(receipt, f"{state} replies") for state in State.values}
    assert states == {
        "approved": {"new": 2},
        "held": {"new": 1},
        "refused": {"new": 1},
        "spam": {"new": 1},
        "removed": {},
    }
    assert _told() == before
    assert Thread.objects.get().count == 2


def _told() -> list[tuple[str, str, str, str, Any]]:
    rows = Comment.objects.exclude(state=State.REMOVED).select_related("writer").order_by("made_at", "pk")
    found = []
    for one in rows:
        assert one.writer is not None
        at = one.made_at.replace(microsecond=0)
        found.append((one.name, one.website, one.text, one.state, at, vault.email_of(one.writer)))
    return found
