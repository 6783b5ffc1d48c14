"""What goes live and off by the clock: when, in spite of what, and never before."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from stoppress.core import hooks
from stoppress.core.hooks import hookimpl
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions.times import LATE, keep_times
from stoppress.newsroom.models import Article, MissedTime, Topic
from stoppress.pagestore import actions
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import form
from tests.factories.accounts import SuperuserFactory, UserFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

SECRET = "Minister resigns"
HOUR = timedelta(hours=1)


class Clock:
    """The clock on the wall, which stands still until it is told."""

    def __init__(self) -> None:
        self.now = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)

    def pass_(self, span: timedelta) -> None:
        self.now += span

    def keep(self) -> datetime | None:
        """What the worker does each second, and the bakes that follow."""
        due = keep_times(self.now)
        assert actions.drain().failed == []
        return due


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock


@pytest.fixture
def chief(client: Client, clock: Clock) -> Client:
    client.force_login(SuperuserFactory())
    return client


def planned(section: Any, at: datetime, **more: Any) -> Article:
    return newsroom.schedule_article(section, DraftFactory(headline=SECRET, slug="minister", **more), at)


def everything(store: Path) -> str:
    """All that readers could have been sent."""
    assert actions.drain().failed == []
    files = [path for path in store.rglob("*") if path.is_file()]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in {".html", ".xml", ".json", ".txt"}]
    return "\n".join([*map(str, files), *texts])


def test_a_planned_story_is_nowhere_before_and_everywhere_after(
    publication: SmallPublication, store: Path, clock: Clock, tmp_path: Path
) -> None:
    article = planned(publication.world, clock.now + HOUR)
    clock.pass_(HOUR - timedelta(seconds=1))
    assert clock.keep() == clock.now + timedelta(seconds=1)
    assert SECRET not in everything(store)
    assert "minister" not in everything(store)
    clock.pass_(timedelta(seconds=1))
    assert clock.keep() is None
    for path in ("world/minister", "world", "", "feed"):
        assert SECRET in (store / "pages" / path / f"index.{'xml' if path == 'feed' else 'html'}").read_text()
    article.refresh_from_db()
    assert (article.live, article.first_published_at, article.has_unpublished_changes) == (True, clock.now, False)
    assert not MissedTime.objects.exists()
    oracle.assert_true(tmp_path / "fresh")


def test_a_story_goes_off_at_its_time(publication: SmallPublication, store: Path, clock: Clock) -> None:
    article = ArticleFactory(section=publication.world, headline="Offer", fields={"expire_at": clock.now + HOUR})
    actions.drain()
    assert clock.keep() == clock.now + HOUR
    clock.pass_(HOUR)
    clock.keep()
    assert Address.objects.get(path=article.public_path).state == "gone"
    article.refresh_from_db()
    assert (article.live, article.expired) == (False, True)


def test_one_that_fails_keeps_no_other_waiting_and_is_tried_again(
    publication: SmallPublication, store: Path, clock: Clock
) -> None:
    bad = planned(publication.world, clock.now + HOUR)
    good = newsroom.schedule_article(publication.world, DraftFactory(), clock.now + HOUR)
    revision = Revision.objects.get(object_id=str(bad.pk))
    whole = dict(revision.content)
    Revision.objects.filter(pk=revision.pk).update(content=whole | {"slug": "page", "title": ""})
    clock.pass_(HOUR)
    again = clock.keep()
    good.refresh_from_db()
    assert good.live
    missed = MissedTime.objects.get()
    assert (missed.article_id, missed.done_at, missed.attempts) == (bad.pk, None, 1)
    assert "reserved" in missed.error
    assert again == missed.not_before
    assert clock.keep() == again  # not before its time
    assert MissedTime.objects.get().attempts == 1
    Revision.objects.filter(pk=revision.pk).update(content=whole)
    clock.now = missed.not_before
    clock.keep()
    bad.refresh_from_db()
    assert bad.live
    missed.refresh_from_db()
    assert (missed.done_at, missed.error) == (clock.now, "")


def test_what_was_missed_is_done_late_and_the_desk_hears_of_it(
    publication: SmallPublication, chief: Client, clock: Clock
) -> None:
    article = planned(publication.world, clock.now + HOUR)
    due = clock.now + HOUR
    clock.pass_(2 * HOUR + LATE)
    clock.keep()
    article.refresh_from_db()
    assert article.live
    missed = MissedTime.objects.get()
    assert (missed.due_at, missed.done_at) == (due, clock.now)
    home = reverse("wagtailadmin_home")
    assert "Times that were not kept" in chief.get(home).content.decode()
    seen = reverse("desk:take_note", args=[missed.pk])
    assert chief.get(seen).status_code == 405
    assert chief.post(seen).status_code == 302
    assert "Times that were not kept" not in chief.get(home).content.decode()


def test_a_stranger_takes_no_note(publication: SmallPublication, clock: Clock) -> None:
    missed = MissedTime.objects.create(article_id=1, headline="x", kind="publish", due_at=clock.now)
    with pytest.raises(PermissionDenied):
        newsroom.take_note(missed, UserFactory())


def test_the_desk_shows_what_goes_live_next(publication: SmallPublication, chief: Client, clock: Clock) -> None:
    planned(publication.world, clock.now + HOUR)
    html = chief.get(reverse("wagtailadmin_home")).content.decode()
    assert "Going live next" in html
    assert SECRET in html


def test_a_killed_story_never_goes_live(publication: SmallPublication, store: Path, clock: Clock) -> None:
    article = planned(publication.world, clock.now + HOUR)
    newsroom.kill_article(article, "A court says so.")
    Revision.objects.filter(object_id=str(article.pk)).update(approved_go_live_at=clock.now)  # by whatever hand
    clock.pass_(HOUR)
    clock.keep()
    assert SECRET not in everything(store)
    assert not MissedTime.objects.exists()


def test_two_workers_publish_it_once(publication: SmallPublication, clock: Clock) -> None:
    article = planned_again(planned(publication.world, clock.now), clock)
    clock.pass_(HOUR)
    clock.keep()
    published = Article.objects.get(pk=article.pk).last_published_at
    clock.pass_(HOUR)
    clock.keep()
    assert Article.objects.get(pk=article.pk).last_published_at == published


def planned_again(article: Article, clock: Clock) -> Article:
    """A change of a live article that is planned for later: the old text stays until then."""
    article.title = "Minister resigns after all"
    article.go_live_at = clock.now + HOUR
    article.save_revision().publish()
    assert Article.objects.get(pk=article.pk).live
    return article


def test_an_embargo_holds_whatever_button_is_pressed(
    publication: SmallPublication, store: Path, chief: Client, clock: Clock, tmp_path: Path
) -> None:
    until = clock.now + HOUR
    values = form(SECRET, "minister", embargo_until=until.strftime("%Y-%m-%d %H:%M"))
    address = reverse("wagtailadmin_pages:add", args=["newsroom", "article", publication.world.pk])
    assert chief.post(address, values).status_code == 302
    article = Article.objects.get()
    assert not article.live
    article.get_latest_revision().publish()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    assert chief.post(f"{bulk}?id={article.pk}").status_code == 302
    assert clock.keep() == until
    assert SECRET not in everything(store)
    assert Client().get("/world/minister/").status_code == 404
    clock.now = until
    clock.keep()
    assert SECRET in (store / "pages/world/minister/index.html").read_text()
    oracle.assert_true(tmp_path / "fresh")


def test_an_embargo_in_a_newer_draft_holds_what_was_approved_before(
    publication: SmallPublication, store: Path, clock: Clock
) -> None:
    article = planned(publication.world, clock.now + HOUR)
    draft = article.get_latest_revision_as_object()
    draft.embargo_until = clock.now + 3 * HOUR
    draft.save_revision()
    clock.pass_(HOUR)
    assert clock.keep() == clock.now + 2 * HOUR
    assert SECRET not in everything(store)
    clock.pass_(2 * HOUR)
    clock.keep()
    assert SECRET in everything(store)


def test_an_embargo_written_past_the_desk_takes_a_live_story_off_until_then(
    publication: SmallPublication, store: Path, clock: Clock, tmp_path: Path
) -> None:
    topic, author = newsroom.create_shelf(Topic, "Cabinet", "cabinet"), AuthorFactory(name="Ada Pell")
    article = ArticleFactory(
        section=publication.world, headline=SECRET, slug="minister", topics=[topic], authors=[author]
    )
    clock.keep()
    Article.objects.filter(pk=article.pk).update(embargo_until=clock.now + HOUR)
    article.refresh_from_db()
    article.save()
    text = everything(store)
    assert SECRET not in text
    assert Client().get("/world/minister/").status_code == 404
    oracle.assert_true(tmp_path / "fresh")
    clock.pass_(HOUR)
    clock.keep()
    assert SECRET in (store / "pages/world/minister/index.html").read_text()
    assert SECRET in (store / "pages/topic" / topic.slug / "index.html").read_text()


@pytest.mark.parametrize("field", ["published_at", "embargo"])
def test_an_article_dated_ahead_waits_for_its_date(
    publication: SmallPublication, store: Path, clock: Clock, field: str
) -> None:
    more: dict[str, Any] = {"published_at": clock.now + HOUR}
    if field == "embargo":
        more = {"fields": {"embargo_until": clock.now + HOUR}}
    ArticleFactory(section=publication.world, headline=SECRET, **more)
    assert clock.keep() == clock.now + HOUR
    assert SECRET not in everything(store)


def test_nobody_plans_what_they_may_not_publish(publication: SmallPublication, clock: Clock) -> None:
    with pytest.raises(PermissionDenied):
        newsroom.schedule_article(publication.world, DraftFactory(), clock.now + HOUR, UserFactory())
    with pytest.raises(ValidationError):
        newsroom.schedule_article(publication.world, DraftFactory(slug="feed"), clock.now + HOUR)
    assert not Article.objects.exists()


class Planner:
    """A room above that answers each time with what it was given."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.answer: datetime | None = None

    @hookimpl
    def keep_times(self, now: datetime) -> datetime | None:
        self.asked.append(now)
        return self.answer


@pytest.fixture
def planner() -> Iterator[Planner]:
    planner = Planner()
    hooks.register(planner)
    yield planner
    hooks.unregister(planner)


def test_the_worker_asks_again_at_the_very_time(store: Path, clock: Clock, planner: Planner, db: None) -> None:
    worker = Worker(Layout(store))
    planner.answer = clock.now + timedelta(milliseconds=300)
    worker.keep_times()
    worker.keep_times()
    assert planner.asked == [clock.now]
    clock.pass_(timedelta(milliseconds=300))
    planner.answer = None
    worker.keep_times()
    worker.close()
    assert planner.asked[1:] == [clock.now]
