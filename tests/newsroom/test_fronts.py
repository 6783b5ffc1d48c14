"""Fronts: who stands where, for how long, who may say so, and who is not trampled on."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions import editions, fronts
from stoppress.newsroom.actions.times import keep_times
from stoppress.newsroom.models import Article, Edition, Front, MissedTime, Story, Topic
from stoppress.newsroom.pages import home as home_context
from stoppress.pagestore import actions
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class Newsroom:
    """A publication with stories, a clock that stands still until it is told, and somebody at the fronts."""

    def __init__(self, publication: SmallPublication, store: Path) -> None:
        self.now = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
        self.publication, self.home, self.world = publication, publication.home, publication.world
        self.store = store

    def stories(self, *headlines: str, section: Any = None, **more: Any) -> list[Article]:
        """One after the other, the last the newest."""
        made = []
        for headline in headlines:
            self.now += timedelta(minutes=1)
            made.append(ArticleFactory(section=section or self.world, headline=headline, **more))
        actions.drain()
        return made

    def pass_(self, span: timedelta) -> None:
        """Let time go by, and the worker do what it does each second."""
        self.now += span
        keep_times(self.now)
        worker = Worker(Layout(self.store))
        worker.expire()
        worker.close()

    def shown(self, path: str = "/") -> list[str]:
        """Headlines as readers find them, in order."""
        assert actions.drain().failed == []
        html = (self.store / "pages" / path.strip("/") / "index.html").read_text(encoding="utf-8")
        return re.findall(r'<h[34][^>]*><a href="[^"]+">([^<]+)<', html)

    def pin(self, slot: str, article: Article, page: Any = None, **more: Any) -> None:
        """As somebody who looked just now."""
        page = page or self.home
        fronts.pin(page, slot, article, seen=self.version(slot, page), **more)

    def version(self, slot: str, page: Any = None) -> int:
        row = Front.objects.filter(page_id=(page or self.home).pk).first()
        found = row.slots.filter(slot=slot).first() if row else None
        return found.version if found else 0

    def publish(self, page: Any = None, **more: Any) -> Edition:
        page = page or self.home
        front = Front.objects.filter(page_id=page.pk).first()
        return newsroom.publish_edition(page, seen=front.version if front else 0, **more)


@pytest.fixture
def room(publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    room = Newsroom(publication, store)
    monkeypatch.setattr(timezone, "now", lambda: room.now)
    return room


def test_a_front_that_nobody_laid_out_shows_the_newest(room: Newsroom) -> None:
    room.stories("One", "Two", "Three")
    assert room.shown() == ["Three", "Two", "One"]
    assert room.shown("/world/") == ["Three", "Two", "One"]


def test_what_is_laid_out_reaches_readers_when_it_is_published(room: Newsroom) -> None:
    one, two, _three = room.stories("One", "Two", "Three")
    room.pin("lead", one)
    room.pin("second-2", two)
    assert room.shown() == ["Three", "Two", "One"]
    edition = room.publish(note="For six")
    assert room.shown() == ["One", "Three", "Two"]
    assert (edition.number, edition.note, len(edition.slots)) == (1, "For six", 2)


def test_no_story_stands_on_a_front_twice(room: Newsroom) -> None:
    many = room.stories(*(f"World {n}" for n in range(15)))
    room.stories(*(f"Local {n}" for n in range(9)), section=room.publication.local)
    room.pin("lead", many[0])
    fronts.set_up(room.home, "second-1", rule=f"section:{room.world.pk}", until=None, seen=0)
    fronts.set_up(room.home, "second-2", rule=f"section:{room.world.pk}", until=None, seen=0)
    room.publish()
    shown = room.shown()
    assert len(shown) == len(set(shown)) == 12 + 7
    assert [shown[0], *shown[4:6]] == ["World 0", "World 14", "World 13"]
    # Put where another pin was, it moves, and the other takes its place.
    room.pin("more-1", many[1])
    room.pin("more-1", many[0])
    room.publish()
    shown = room.shown()
    assert len(shown) == len(set(shown))
    assert (shown[0], shown[8]) == ("World 1", "World 0")


def test_a_section_has_a_front_of_its_own_above_its_newest(room: Newsroom) -> None:
    stories = room.stories(*(f"Story {n}" for n in range(25)))
    elsewhere = room.stories("From Sports", section=room.publication.sports)[0]
    room.pin("lead", stories[3], room.world)
    room.pin("second-1", elsewhere, room.world)
    room.publish(room.world)
    shown = room.shown("/world/")
    assert shown[:3] == ["Story 3", "From Sports", "Story 24"]
    assert sorted(shown) == sorted([*(f"Story {n}" for n in range(25)), "From Sports"])
    assert room.shown("/local/") == []
    assert room.shown("/world/page/1/") == [f"Story {n}" for n in range(19, -1, -1)]


def rule_of(name: str, room: Newsroom) -> tuple[str, dict[str, Any]]:
    """A rule, and what an article needs to fall under it."""
    if name == "design":
        return "design:opinion", {"fields": {"design": "opinion"}}
    if name == "topic":
        topic = newsroom.create_shelf(Topic, "Ferries", "ferries")
        return topic.key, {"topics": [topic]}
    if name == "story":
        story = newsroom.create_shelf(Story, "The strike", "strike")
        return story.key, {"fields": {"story": story}}
    return f"section:{room.publication.sports.pk}", {"section": room.publication.sports}


@pytest.mark.parametrize("name", ["section", "topic", "story", "design"])
def test_a_rule_fills_a_slot_and_follows_what_is_published(room: Newsroom, name: str) -> None:
    rule, more = rule_of(name, room)
    room.stories("Plain one", "Plain two", section=room.publication.local)
    fronts.set_up(room.home, "lead", rule=rule, until=None, seen=0)
    room.publish()
    assert room.shown()[0] == "Plain two"  # nothing falls under the rule: the newest
    first = room.stories("First", **more)[0]
    room.stories("Plain three", section=room.publication.local)
    assert room.shown()[:2] == ["First", "Plain three"]
    room.stories("Second", **more)
    assert room.shown()[0] == "Second"
    newsroom.unpublish_page(Article.objects.get(title="Second"))
    assert room.shown()[0] == first.title


LEAVE: dict[str, Callable[[Article, datetime], object]] = {
    "unpublished": lambda article, _now: newsroom.unpublish_page(article),
    "killed": lambda article, _now: newsroom.kill_article(article, "A court says so."),
    "embargoed": lambda article, now: (setattr(article, "embargo_until", now + HOUR), article.save()),
    "deleted": lambda article, _now: newsroom.delete_page(article),
}


@pytest.mark.parametrize("how", LEAVE)
def test_a_story_that_goes_leaves_its_slot_to_the_rule(room: Newsroom, how: str, tmp_path: Path) -> None:
    one, *_ = room.stories("One", "Two", "Three")
    room.pin("lead", one)
    room.publish()
    assert room.shown()[0] == "One"
    LEAVE[how](Article.objects.get(pk=one.pk), room.now)
    assert room.shown() == ["Three", "Two"]
    if how == "unpublished":
        Article.objects.get(pk=one.pk).save_revision().publish()
        assert room.shown()[0] == "One"
    if how == "embargoed":
        room.pass_(HOUR)
        assert room.shown()[0] == "One"
    oracle.assert_true(tmp_path / "fresh")


def test_a_story_that_is_planned_takes_its_slot_when_it_goes_live(room: Newsroom) -> None:
    room.stories("One")
    planned = newsroom.schedule_article(room.world, DraftFactory(headline="At six"), room.now + HOUR)
    room.pin("lead", planned)
    room.publish(at=room.now + HOUR)
    room.pass_(HOUR - SECOND)
    assert room.shown() == ["One"]
    room.pass_(SECOND)
    assert room.shown() == ["At six", "One"]


def test_a_pin_ends_by_itself(room: Newsroom, tmp_path: Path) -> None:
    one, *_ = room.stories("One", "Two", "Three")
    room.pin("lead", one, until=room.now + HOUR)
    room.publish()
    room.pass_(HOUR - SECOND)
    assert room.shown() == ["One", "Three", "Two"]
    room.pass_(SECOND)
    assert room.shown() == ["Three", "Two", "One"]
    oracle.assert_true(tmp_path / "fresh")


def test_an_edition_appears_at_its_second_and_not_before(room: Newsroom, tmp_path: Path) -> None:
    one, *_ = room.stories("One", "Two")
    room.pin("lead", one)
    edition = room.publish(at=room.now + HOUR)
    assert keep_times(room.now) == room.now + HOUR
    room.pass_(HOUR - SECOND)
    assert room.shown()[0] == "Two"
    room.pass_(SECOND)
    assert room.shown()[0] == "One"
    edition.refresh_from_db()
    assert (edition.went_live_at, edition.is_planned) == (room.now, False)
    assert not MissedTime.objects.exists()
    oracle.assert_true(tmp_path / "fresh")


def test_one_that_was_missed_appears_late_and_the_desk_hears_of_it(room: Newsroom) -> None:
    one, *_ = room.stories("One", "Two")
    room.pin("lead", one)
    room.publish(at=room.now + HOUR)
    room.pass_(3 * HOUR)
    assert room.shown()[0] == "One"
    missed = MissedTime.objects.get()
    assert (missed.kind, missed.headline) == ("edition", "Edition 1 of “The Test Gazette”")


def test_one_that_was_missed_does_not_undo_what_was_published_since(room: Newsroom) -> None:
    one, two, _three = room.stories("One", "Two", "Three")
    room.pin("lead", one)
    late = room.publish(at=room.now + HOUR)
    room.now += 2 * HOUR
    room.pin("lead", two)
    room.publish()
    room.pass_(SECOND)
    assert room.shown()[0] == "Two"
    late.refresh_from_db()
    assert (late.went_live_at, late.cancelled_at) == (None, room.now)


def test_one_that_fails_keeps_no_other_waiting(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    one, *_ = room.stories("One", "Two")
    room.pin("lead", one)
    bad = room.publish(at=room.now + HOUR)
    room.pin("lead", one, room.world)
    room.publish(room.world, at=room.now + HOUR)
    whole = editions.go_live

    def fails(pk: int, now: datetime) -> bool:
        if pk == bad.pk:
            raise ValueError("out of ink")
        return whole(pk, now)

    monkeypatch.setattr(editions, "go_live", fails)
    room.pass_(HOUR)
    assert room.shown("/world/") == ["One", "Two"]
    assert room.shown()[0] == "Two"
    missed = MissedTime.objects.get()
    assert (missed.done_at, "out of ink" in missed.error) == (None, True)
    monkeypatch.setattr(editions, "go_live", whole)
    room.pass_(10 * SECOND)
    assert room.shown()[0] == "One"
    missed.refresh_from_db()
    assert (missed.done_at, missed.error) == (room.now, "")


def test_a_planned_edition_can_be_called_off(room: Newsroom) -> None:
    one, *_ = room.stories("One", "Two")
    room.pin("lead", one)
    edition = room.publish(at=room.now + HOUR)
    newsroom.cancel_edition(edition)
    room.pass_(2 * HOUR)
    assert room.shown()[0] == "Two"
    with pytest.raises(ValidationError):
        newsroom.cancel_edition(edition)


def test_going_back_makes_a_new_edition_and_leaves_the_work_alone(room: Newsroom, tmp_path: Path) -> None:
    one, two, _three = room.stories("One", "Two", "Three")
    room.pin("lead", one)
    first = room.publish()
    room.pin("lead", two)
    room.publish()
    assert room.shown()[0] == "Two"
    again = newsroom.roll_back(first)
    assert room.shown()[0] == "One"
    assert (again.number, again.copy_of, again.slots) == (3, 1, first.slots)
    assert Front.objects.get().slots.get(slot="lead").headline == "Two"
    oracle.assert_true(tmp_path / "fresh")


def test_another_layout_keeps_what_it_has_no_place_for(room: Newsroom) -> None:
    one, *_ = room.stories("One", *(f"Story {n}" for n in range(12)))
    room.pin("more-2", one)
    fronts.choose_layout(room.home, "short", seen=1)
    room.publish()
    assert len(room.shown()) == 4 + 7
    fronts.choose_layout(room.home, "standard", seen=2)
    room.publish()
    assert room.shown()[9] == "One"
    with pytest.raises(ValidationError):
        fronts.choose_layout(room.home, "section", seen=3)


def test_what_can_t_be_is_refused_and_changes_nothing(room: Newsroom) -> None:
    one, *_ = room.stories("One", "Two")
    with pytest.raises(ValidationError):
        room.pin("attic", one)
    with pytest.raises(ValidationError):
        room.pin("lead", one, until=room.now)
    for rule in ("topic:99", "section:x", "design:loud", "nonsense", "day:20270301", "section:9" * 30):
        with pytest.raises(ValidationError):
            fronts.set_up(room.home, "lead", rule=rule, until=None, seen=0)
    with pytest.raises(ValidationError):
        fronts.set_up(room.home, "lead", rule="", until=room.now + HOUR, seen=0)
    with pytest.raises(ValidationError):
        room.publish(at=room.now)
    with pytest.raises(ValidationError):
        room.publish(note="x" * 301)
    newsroom.kill_article(one, "A court says so.")
    with pytest.raises(ValidationError):
        room.pin("lead", Article.objects.get(pk=one.pk))
    assert not Front.objects.exists()
    assert not Edition.objects.exists()


def test_who_may_lay_out_which_front(room: Newsroom) -> None:
    one = room.stories("One")[0]
    publisher, editor = somebody(Role.PUBLISHER), somebody(Role.SECTION_EDITOR, room.world)
    everywhere, reporter = somebody(Role.SECTION_EDITOR, room.home), somebody(Role.REPORTER)
    for user, page, may in (
        (publisher, room.home, True),
        (publisher, room.world, True),
        (editor, room.world, True),
        (editor, room.home, False),
        (editor, room.publication.sports, False),
        (everywhere, room.home, False),
        (everywhere, room.publication.sports, True),
        (reporter, room.world, False),
    ):
        assert fronts.may_lay_out(page, user) is may
        if not may:
            for refused in (
                lambda p=page, u=user: fronts.pin(p, "lead", one, seen=0, user=u),
                lambda p=page, u=user: fronts.claim_slot(p, "lead", u),
                lambda p=page, u=user: newsroom.publish_edition(p, seen=0, user=u),
            ):
                with pytest.raises(PermissionDenied):
                    refused()
    edition = room.publish()
    for act in (newsroom.roll_back, newsroom.cancel_edition):
        with pytest.raises(PermissionDenied):
            act(edition, user=editor)


def test_two_editors_do_not_trample_each_other(room: Newsroom) -> None:
    one, two, three = room.stories("One", "Two", "Three")
    ada, ben = somebody(Role.PUBLISHER), somebody(Role.PUBLISHER)
    fronts.pin(room.home, "lead", one, seen=0, user=ada)
    fronts.pin(room.home, "second-1", two, seen=0, user=ben)  # another slot: nobody is in the way
    with pytest.raises(fronts.SlotHeldError) as held:
        fronts.pin(room.home, "lead", three, seen=1, user=ben)
    assert (held.value.holder, held.value.slot) == (str(ada), "Lead")
    with pytest.raises(fronts.SlotHeldError):
        fronts.pin(room.home, "second-2", one, seen=0, user=ben)  # it would leave the lead
    with pytest.raises(fronts.SlotHeldError):
        fronts.choose_layout(room.home, "short", seen=2, user=ben)
    assert Front.objects.get().slots.get(slot="lead").article_id == one.pk
    room.now += fronts.CLAIM  # whoever leaves holds nothing for long
    fronts.pin(room.home, "lead", three, seen=1, user=ben)


def test_a_slot_is_asked_for_before_it_is_taken(room: Newsroom) -> None:
    one, two = room.stories("One", "Two")
    ada, ben = somebody(Role.PUBLISHER), somebody(Role.PUBLISHER)
    fronts.pin(room.home, "lead", one, seen=0, user=ada)
    with pytest.raises(fronts.SlotHeldError):
        fronts.take_over_slot(room.home, "lead", ben)
    fronts.ask_for_slot(room.home, "lead", ben)
    with pytest.raises(fronts.SlotHeldError):
        fronts.take_over_slot(room.home, "lead", ben)
    fronts.keep_slot(room.home, "lead", ada)  # she answers: not yet
    room.now += fronts.PATIENCE
    with pytest.raises(fronts.SlotHeldError):
        fronts.take_over_slot(room.home, "lead", ben)
    fronts.ask_for_slot(room.home, "lead", ben)
    room.now += fronts.PATIENCE
    fronts.take_over_slot(room.home, "lead", ben)
    fronts.pin(room.home, "lead", two, seen=1, user=ben)
    with pytest.raises(fronts.SlotHeldError):
        fronts.unpin(room.home, "lead", seen=1, user=ada)
    fronts.release_slots(room.home, ben)
    with pytest.raises(fronts.ChangedMeanwhileError) as changed:
        fronts.pin(room.home, "lead", one, seen=1, user=ada)
    assert (changed.value.name, changed.value.by) == ("lead", str(ben))
    fronts.pin(room.home, "lead", one, seen=2, user=ada)


def test_nobody_publishes_what_they_have_not_seen(room: Newsroom) -> None:
    one, *_ = room.stories("One", "Two")
    room.pin("lead", one)
    with pytest.raises(fronts.ChangedMeanwhileError):
        newsroom.publish_edition(room.home, seen=0)
    assert not Edition.objects.exists()


def test_beginning_again(room: Newsroom) -> None:
    one, two, _three = room.stories("One", "Two", "Three")
    room.pin("lead", one)
    room.publish()
    room.pin("lead", two)
    fronts.begin_again(room.home, seen=2, from_live=True)
    assert Front.objects.get().slots.get(slot="lead").headline == "One"
    fronts.begin_again(room.home, seen=3, from_live=False)
    assert not Front.objects.get().slots.exclude(article_id=None).exists()
    room.publish()
    assert room.shown()[0] == "Three"


def queries_of_home(room: Newsroom) -> int:
    with CaptureQueriesContext(connection) as captured:
        home_context(room.home)
    return len(captured)


def test_the_cost_of_a_front_is_the_same_however_it_is_laid_out(room: Newsroom) -> None:
    stories = room.stories(*(f"Story {n}" for n in range(25)))
    before = queries_of_home(room)
    for number, rule in enumerate(["design:opinion", "design:feature", f"section:{room.world.pk}", "all"], 1):
        fronts.set_up(room.home, f"second-{number}", rule=rule, until=None, seen=0)
    for number in range(1, 5):
        room.pin(f"more-{number}", stories[number])
    room.publish()
    laid_out = queries_of_home(room)
    room.stories(*(f"Later {n}" for n in range(45)))
    for article in Article.objects.filter(title__startswith="Later")[:30]:
        newsroom.unpublish_page(article)
    actions.drain()
    assert queries_of_home(room) == laid_out <= before + 1  # one for the edition's own pins
