"""Who may reply where and until when: story before section before site, and pages that follow."""

from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import AuditEntry, Event, Role
from stoppress.comments import actions, hooks
from stoppress.comments.models import Mode, SectionRules, State, Thread
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts follow at once, so that a drained store is up to date."""
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)


def page(store: Path, path: str = "/world/ferry/") -> str:
    return unescape((store / f"pages{path}index.html").read_text(encoding="utf-8"))


def test_a_story_says_more_than_its_section_and_that_more_than_the_site(
    story: Article, publication: SmallPublication, store: Path, tmp_path: Path
) -> None:
    moderator = somebody(Role.MODERATOR)
    world, key = f"section:{publication.world.pk}", f"article:{story.pk}"
    assert "Click to comment" not in page(store)  # closed, as the settings say
    actions.set_section_rules(world, Mode.OPEN, None, moderator)
    oracle.assert_true(tmp_path / "open")
    assert "Click to comment" in page(store)
    assert reply_to(story).state == State.APPROVED
    actions.set_mode(key, Mode.HOLD_FIRST, moderator)
    assert reply_to(story).state == State.HELD
    actions.set_mode(key, Mode.CLOSED, moderator)
    oracle.assert_true(tmp_path / "closed")
    assert "Read the replies" in page(store)
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)
    actions.set_mode(key, None, moderator)
    assert reply_to(story).state == State.APPROVED
    newsroom.move_page(story, publication.local)
    oracle.assert_true(tmp_path / "moved")
    assert "Read the replies" in page(store, "/local/ferry/")
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)


def test_a_section_inside_another_follows_it_unless_it_differs(
    publication: SmallPublication, store: Path, tmp_path: Path
) -> None:
    moderator = somebody(Role.MODERATOR)
    asia = newsroom.create_section(publication.world, "Asia", "asia")
    far: Article = ArticleFactory(section=asia, slug="far")
    actions.set_section_rules(f"section:{publication.world.pk}", Mode.OPEN, 0, moderator)
    oracle.assert_true(tmp_path / "open")
    assert "Click to comment" in page(store, "/world/asia/far/")
    actions.set_section_rules(f"section:{asia.pk}", Mode.CLOSED, None, moderator)
    oracle.assert_true(tmp_path / "closed")
    assert "Click to comment" not in page(store, "/world/asia/far/")
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(far)


def test_replies_end_after_days(
    story: Article, publication: SmallPublication, settings: Any, store: Path, tmp_path: Path
) -> None:
    settings.STOPPRESS_COMMENTS, settings.STOPPRESS_COMMENTS_CLOSE_DAYS = "open", 1
    moderator = somebody(Role.MODERATOR)
    Article.objects.filter(pk=story.pk).update(first_published_at=timezone.now() - timedelta(days=5))
    Article.objects.get(pk=story.pk).save()
    oracle.assert_true(tmp_path / "over")
    assert "Click to comment" not in page(store)
    actions.set_section_rules(f"section:{publication.world.pk}", None, 10, moderator)
    oracle.assert_true(tmp_path / "longer")
    assert "Click to comment" in page(store)
    reply_to(story)
    actions.set_close_days(f"article:{story.pk}", 2, moderator)
    oracle.assert_true(tmp_path / "shorter")
    with pytest.raises(actions.NotTakenError, match="closed"):
        reply_to(story)
    actions.set_close_days(f"article:{story.pk}", 0, moderator)
    assert reply_to(story).state == State.APPROVED


def test_frozen_is_read_and_not_added_to(story: Article, settings: Any, store: Path, tmp_path: Path) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    moderator, key = somebody(Role.MODERATOR), f"article:{story.pk}"
    first = reply_to(story, "What was said stays.")
    actions.freeze(key, "All was said & <done>.", moderator)
    oracle.assert_true(tmp_path / "frozen")
    thread = page(store, "/world/ferry/comments/")
    assert "What was said stays." in thread
    assert "All was said & <done>." in thread
    assert "<done>" not in (store / "pages/world/ferry/comments/index.html").read_text(encoding="utf-8")
    assert "Leave a Reply" not in thread
    with pytest.raises(actions.NotTakenError, match="All was said"):
        reply_to(story)
    assert actions.change_own(first, "Who was let in may mend a word.").state == State.APPROVED
    answer = Client().get(reverse("comments:write", args=[key])).content.decode()
    assert "All was said &amp; &lt;done&gt;." in answer
    actions.thaw(key, moderator)
    oracle.assert_true(tmp_path / "thawed")
    assert reply_to(story).state == State.APPROVED


def test_accounts_only_says_so_where_one_would_write(story: Article, settings: Any, store: Path) -> None:
    settings.STOPPRESS_COMMENTS = "open"
    reply_to(story)
    settings.STOPPRESS_COMMENTS = "accounts"
    actions.set_mode(f"article:{story.pk}", Mode.ACCOUNTS, somebody(Role.MODERATOR))
    drain()
    thread = page(store, "/world/ferry/comments/")
    assert "people with an account can reply" in thread
    assert 'name="email"' not in thread
    form = reverse("comments:write", args=[f"article:{story.pk}"])
    assert "Only people with an account" in Client().get(form).content.decode()
    member = Client()
    member.force_login(somebody(Role.REPORTER))
    assert 'name="text"' in member.get(form).content.decode()


def test_who_is_no_moderator_changes_nothing_and_every_change_is_written_down(story: Article) -> None:
    reporter, moderator, key = somebody(Role.REPORTER), somebody(Role.MODERATOR), f"article:{story.pk}"
    for act in (
        lambda user: actions.set_mode(key, Mode.OPEN, user),
        lambda user: actions.set_close_days(key, 3, user),
        lambda user: actions.freeze(key, "", user),
        lambda user: actions.thaw(key, user),
        lambda user: actions.set_section_rules("section:1", Mode.OPEN, None, user),
    ):
        before = AuditEntry.objects.filter(event=Event.REPLY_RULES).count()
        with pytest.raises(PermissionDenied):
            act(reporter)
        act(moderator)
        assert AuditEntry.objects.filter(event=Event.REPLY_RULES).count() == before + 1
    entry = AuditEntry.objects.filter(event=Event.REPLY_RULES).latest("number")
    assert (entry.actor_id, entry.about, entry.details["mode"]) == (moderator.pk, "section:1", "open")
    for wrong in (-1, 36_501):
        with pytest.raises(ValueError, match="number"):
            actions.set_close_days(key, wrong, moderator)
    with pytest.raises(ValueError, match="key"):
        actions.set_section_rules("section:x/../", Mode.OPEN, None, moderator)


class TestDesk:
    """The forms of the desk, as they work without scripts."""

    @pytest.fixture
    def desk(self) -> Client:
        client = Client()
        client.force_login(somebody(Role.MODERATOR))
        return client

    def test_sections(self, story: Article, publication: SmallPublication, desk: Client) -> None:
        address = reverse("desk:replies_rules")
        world, local = f"section:{publication.world.pk}", f"section:{publication.local.pk}"
        assert "World" in desk.get(address).content.decode()
        sent = {
            "act": "sections",
            f"mode-{world}": "open",
            f"days-{world}": "",
            f"mode-{local}": "",
            f"days-{local}": "7",
        }
        assert desk.post(address, sent).status_code == 302
        assert set(SectionRules.objects.values_list("section", "mode", "close_days")) == {
            (world, "open", None),
            (local, "", 7),
            *(
                (f"section:{publication.sports.pk}", "", None)
                for _one in SectionRules.objects.filter(mode="", close_days=None)
            ),
        }
        answer = desk.post(address, {**sent, f"days-{world}": "many"})
        assert answer.status_code == 422
        assert 'value="many"' in answer.content.decode()
        assert SectionRules.objects.get(section=world).close_days is None
        assert desk.post(address, {**sent, f"mode-{world}": "sideways"}).status_code == 404
        assert desk.post(address, {"act": "nonsense"}).status_code == 404

    def test_a_story(self, story: Article, desk: Client) -> None:
        address = reverse("desk:replies_thread", args=[f"article:{story.pk}"])
        assert desk.post(address, {"mode": "new-first", "days": "3"}).status_code == 302
        assert desk.post(address, {"act": "freeze", "note": "Enough."}).status_code == 302
        thread = Thread.objects.get()
        assert (thread.mode, thread.close_days, thread.frozen_note) == ("new-first", 3, "Enough.")
        assert "Frozen since" in desk.get(address).content.decode()
        assert desk.post(address, {"act": "thaw"}).status_code == 302
        for wrong in ({"mode": "open", "days": "-1"}, {"act": "freeze", "note": "x" * 301}):
            answer = desk.post(address, wrong)
            assert answer.status_code == 422
            assert 'role="alert"' in answer.content.decode()
        thread.refresh_from_db()
        assert (thread.mode, thread.frozen_at) == ("new-first", None)

    def test_others_don_t_come_in(self, story: Article) -> None:
        other = Client()
        other.force_login(somebody(Role.REPORTER))
        address = reverse("desk:replies_rules")
        assert other.get(address).status_code == 302
        assert other.post(address, {"act": "begin", "hours": "1"}).status_code == 302
