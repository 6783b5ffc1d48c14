"""Fronts at the desk, by its forms alone, as they work without scripts."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role, User
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.actions import fronts
from stoppress.newsroom.models import Article, Edition, Front, FrontSlot, MissedTime, Section, Story
from stoppress.pagestore import actions
from tests import rows
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


class Desk:
    """Somebody at the board of a front."""

    def __init__(self, user: User, page: Any) -> None:
        self.client, self.page = Client(), page
        self.client.force_login(user)

    def open(self, name: str = "front", *more: int, **query: str) -> str:
        response = self.client.get(reverse(f"desk:{name}", args=[self.page.pk, *more]), query)
        assert response.status_code == 200, response
        return unescape(response.content.decode())

    def do(self, act: str, expect: int = 302, **form: Any) -> str:
        """Send a form; returns the board that follows."""
        response = self.client.post(reverse("desk:front_change", args=[self.page.pk, act]), form)
        assert response.status_code == expect, response.content.decode()
        if expect == 302:
            response = self.client.get(response.headers["Location"])
        return unescape(response.content.decode())

    def token(self, name: str) -> str:
        found = FrontSlot.objects.filter(front__page_id=self.page.pk, slot=name).first()
        return f"{name}:{found.version if found else 0}"

    def version(self) -> int:
        found = Front.objects.filter(page_id=self.page.pk).first()
        return found.version if found else 0


@pytest.fixture
def stories(publication: SmallPublication) -> list[Any]:
    rows.put_back_or(write_stories)
    return list(Article.objects.order_by("pk"))


def write_stories() -> None:
    world = Section.objects.get(slug="world")
    for number in range(6):
        ArticleFactory(section=world, headline=f"Story {number}")
    actions.drain()


@pytest.fixture
def desk(publication: SmallPublication, stories: list[Any]) -> Desk:
    return Desk(somebody(Role.PUBLISHER), publication.home)


def test_a_front_is_laid_out_published_and_given_back(desk: Desk, stories: list[Any], store: Path) -> None:
    board = desk.open(place="lead", q="story 2")
    assert re.findall(r'name="article" value="(\d+)" class', board) == [str(stories[2].pk)]
    board = desk.do("put", place="lead:0", article=stories[2].pk)
    assert "Lead: the newest → “Story 2”" in board
    assert "You are here" in board
    board = desk.do("set-up", place=desk.token("second-1"), rule="design:opinion")
    assert "Second row, place 1: the newest → the newest in the form “Opinion”" in board
    board = desk.do("publish", seen=desk.version(), how="now", note="At six")
    assert "Edition 1 is live." in board
    assert "It is what readers have." in board
    desk.do("take-out", place=desk.token("lead"))
    desk.do("put", place=desk.token("lead"), article=stories[0].pk)
    desk.do("publish", seen=desk.version(), how="now")
    actions.drain()
    assert lead(store) == "Story 0"
    assert "Lead: “Story 2” → “Story 0”" in desk.open("front_edition", 2)
    assert "At six" in desk.open("front_history")
    assert "It repeats edition 1" in desk.do("roll-back", edition=1, next="history")
    actions.drain()
    assert lead(store) == "Story 2"
    assert "They are the same." in desk.open("front_edition", 3, against="1")


def lead(store: Path) -> str:
    html = (store / "pages/index.html").read_text(encoding="utf-8")
    found = re.search(r'<h[34][^>]*><a href="[^"]+">([^<]+)<', html)
    assert found is not None
    return found[1]


def test_a_preview_is_what_readers_get_then(desk: Desk, stories: list[Any], store: Path) -> None:
    desk.do("put", place="lead:0", article=stories[1].pk)
    before = desk.client.get(reverse("desk:front_preview", args=[desk.page.pk]))
    assert "frame-ancestors 'self'" in before.headers["Content-Security-Policy"]
    assert "script-src 'self';" in before.headers["Content-Security-Policy"]
    actions.drain()
    assert lead(store) == "Story 5"  # to look is not to publish
    desk.do("publish", seen=desk.version(), how="now")
    actions.drain()
    assert (store / "pages/index.html").read_bytes() == before.content
    assert (
        desk.client.get(reverse("desk:front_preview", args=[desk.page.pk]), {"edition": "1"}).content == before.content
    )
    assert reverse("desk:front_preview", args=[desk.page.pk]) in desk.open("front_look")


def test_an_edition_is_scheduled_and_called_off(desk: Desk, stories: list[Any]) -> None:
    desk.do("put", place="lead:0", article=stories[1].pk)
    due = timezone.localtime() + timedelta(days=1)
    board = desk.do("publish", seen=1, how="later", at=due.strftime("%Y-%m-%dT%H:%M:%S"))
    assert "Edition 1 appears at" in board
    assert Edition.objects.get().due_at == due.replace(microsecond=0)
    home = unescape(desk.client.get(reverse("wagtailadmin_home")).content.decode())
    assert "Edition 1 of “The Test Gazette”" in home
    assert "Edition 1 will not appear." in desk.do("cancel", edition=1)
    for wrong in ({"at": ""}, {"at": "soon"}, {"at": "9999-12-31T23:59:59"[:4]}, {"at": "2020-01-01T00:00"}):
        board = desk.do("publish", 422, seen=1, how="later", note="Kept", **wrong)
        assert 'value="Kept"' in board
    assert Edition.objects.count() == 1


def test_what_another_did_is_kept_and_one_s_own_can_be_said_again(desk: Desk, stories: list[Any]) -> None:
    other = Desk(somebody(Role.PUBLISHER), desk.page)
    other.do("put", place="lead:0", article=stories[1].pk)
    board = desk.do("put", 409, place="lead:0", article=stories[2].pk)
    assert "is at “Lead”. Nothing was changed." in board
    desk.do("ask", place="lead:1")
    assert "asks for this place" in other.open()
    other.do("let-go", place="lead:1")
    board = desk.do("put", 409, place="lead:0", article=stories[2].pk)
    assert "There is now: “Story 1”. That was kept" in board
    notice = board[board.index('id="front-notice"') : board.index('class="front-top"')]
    again = dict(re.findall(r'<input type="hidden" name="(place|article)" value="([^"]+)">', notice))
    assert again == {"place": "lead:1", "article": str(stories[2].pk)}
    assert "Lead: the newest → “Story 2”" in desk.do("put", **again)
    board = other.do("publish", 409, seen=1, how="now", note="Mine")
    assert "has changed “this front” since you looked" in board
    assert 'value="Mine"' in board
    assert not Edition.objects.exists()


def test_a_place_is_taken_over_from_who_does_not_answer(
    desk: Desk, stories: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Desk(somebody(Role.PUBLISHER), desk.page)
    other.do("put", place="lead:0", article=stories[1].pk)
    assert "You have asked." in desk.do("ask", place="lead:1")
    desk.do("take-over", 409, place="lead:1")
    later = timezone.now() + fronts.PATIENCE
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "take it over" in desk.open()
    assert "You are here" in desk.do("take-over", place="lead:1")
    assert "is here" in other.open()


def test_the_board_says_why_a_pin_does_not_hold(desk: Desk, stories: list[Any], publication: SmallPublication) -> None:
    planned = newsroom.schedule_article(
        publication.world, DraftFactory(headline="At six"), timezone.now() + timedelta(days=1)
    )
    assert "At six" in desk.open()
    board = desk.do("put", place="lead:0", article=planned.pk)
    assert "“At six” goes live at" in board
    newsroom.unpublish_page(stories[3])
    actions.drain()
    assert "“Story 3” is not out" in desk.do("put", place=desk.token("lead"), article=stories[3].pk)


def test_bad_forms_never_break_it(desk: Desk, stories: list[Any]) -> None:
    desk.do("put", place="lead:0", article=stories[1].pk)
    for act, form in (
        ("put", {"place": "lead:1", "article": "9" * 40}),
        ("put", {"place": "lead:1", "article": "²"}),
        ("put", {"place": "attic:1", "article": str(stories[2].pk)}),
        ("put", {}),
        ("set-up", {"place": "lead:1", "rule": "topic:" + "9" * 30}),
        ("set-up", {"place": "lead:1", "rule": "x\0"}),
        ("set-up", {"place": "lead:1", "until": "0001-01-01T00:00"}),
        ("layout", {"seen": "1", "layout": "nine"}),
        ("publish", {"seen": "1", "how": "now", "note": "x" * 301}),
        ("hold", {"place": ""}),
    ):
        assert "front-notice" in desk.do(act, 422, **form)
    for act, form in (("put", {"place": "lead:x", "article": str(stories[1].pk)}), ("publish", {"how": "now"})):
        desk.do(act, 409, **form)
    assert desk.client.post(reverse("desk:front_change", args=[desk.page.pk, "burn"])).status_code == 404
    assert desk.client.get(reverse("desk:front_change", args=[desk.page.pk, "put"])).status_code == 405
    for name, query in (("front_look", {"edition": "7"}), ("front_preview", {"edition": "x"})):
        assert desk.client.get(reverse(f"desk:{name}", args=[desk.page.pk]), query).status_code == 404
    assert desk.client.get(reverse("desk:front", args=[stories[0].pk])).status_code == 404
    for query in ("\0", "%_\\'\"", "x" * 5000, "https://[", "/world/" + "y" * 3000 + "/"):
        desk.open(q=query, place="nowhere")
    desk.open("front_history", before="x")
    assert FrontSlot.objects.get(slot="lead").version == 1


def test_an_old_story_is_found_by_its_address(desk: Desk, stories: list[Any]) -> None:
    for address in (stories[0].public_path, f"https://news.example{stories[0].public_path}"):
        found = re.findall(r'name="article" value="(\d+)" class', desk.open(q=address))
        assert found == [str(stories[0].pk)]


def test_who_may_not_lay_out_sees_no_front(publication: SmallPublication, stories: list[Any]) -> None:
    editor = Desk(somebody(Role.SECTION_EDITOR, publication.world), publication.home)
    reporter = Desk(somebody(Role.REPORTER), publication.world)
    for one in (editor, reporter):
        for name in ("front", "front_beat", "front_look", "front_preview", "front_history"):
            assert one.client.get(reverse(f"desk:{name}", args=[one.page.pk])).status_code == 302
        assert (
            one.client.post(reverse("desk:front_change", args=[one.page.pk, "publish"]), {"seen": 0}).status_code == 302
        )
    assert not Edition.objects.exists()
    html = editor.client.get(reverse("desk:fronts")).content.decode()
    assert "/world/" in html
    assert "/sports/" not in html
    assert reverse("desk:fronts") in editor.client.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("desk:fronts") not in reporter.client.get(reverse("wagtailadmin_home")).content.decode()


def test_a_missed_edition_is_told(desk: Desk) -> None:
    now = timezone.now()
    MissedTime.objects.create(
        article_id=desk.page.pk, headline="Edition 1 of “Gazette”", kind="edition", due_at=now, done_at=now
    )
    html = unescape(desk.client.get(reverse("wagtailadmin_home")).content.decode())
    assert "Edition 1 of “Gazette”" in html
    assert "was to appear at" in html
    assert reverse("desk:front_history", args=[desk.page.pk]) in html


def test_the_board_costs_the_same_however_much_there_is(desk: Desk, publication: SmallPublication) -> None:
    for number in range(1, 5):
        desk.do("set-up", place=f"second-{number}:0", rule=f"section:{publication.world.pk}")
    desk.open()
    with CaptureQueriesContext(connection) as few:
        desk.open()
    for n in range(30):
        ArticleFactory(section=publication.local, headline=f"More {n}")
    for number in range(1, 7):
        newsroom.create_section(publication.home, f"Part {number}", f"part-{number}")
    actions.drain()
    for number in range(1, 5):
        desk.do("set-up", place=f"more-{number}:0", rule="design:opinion")
    with CaptureQueriesContext(connection) as many:
        desk.open()
    assert len(many) == len(few)


def test_a_planned_front_is_seen_as_it_will_be(
    desk: Desk, stories: list[Any], publication: SmallPublication, store: Path
) -> None:
    now = timezone.now()
    at, pinned = now + timedelta(hours=2), now + timedelta(hours=3)
    soon = newsroom.schedule_article(publication.world, DraftFactory(headline="At six", slug="at-six"), at)
    newsroom.schedule_article(
        publication.world, DraftFactory(headline="At nine", slug="at-nine"), at + timedelta(hours=3)
    )
    newsroom.schedule_article(
        publication.world,
        DraftFactory(headline="Filled by rule", slug="by-rule", fields={"design": "opinion"}),
        at - timedelta(hours=1),
    )
    desk.do("put", place="lead:0", article=soon.pk)
    desk.do("put", place="beside-1:0", article=stories[0].pk, until=at.strftime("%Y-%m-%dT%H:%M:%S"))
    desk.do("set-up", place="beside-2:0", rule="design:opinion")
    desk.do("publish", seen=desk.version(), how="later", at=pinned.strftime("%Y-%m-%dT%H:%M:%S"))
    actions.drain()

    def shown(**query: str) -> list[str]:
        html = desk.open("front_preview", **query)
        return re.findall(r'<h[34][^>]*><a href="[^"]+">([^<]+)<', html[: html.index('class="row second"')])

    assert shown() == ["Story 5", "Story 0", "Story 4", "Story 3"]
    later = shown(edition="1")
    assert later == ["At six", "Filled by rule", "Story 5", "Story 4"]
    assert shown(at=at.isoformat())[0] == "At six"
    assert "as readers will see it at" in desk.open("front_look", edition="1")
    assert "is no time" in desk.open("front_look", at="soon")
    assert desk.client.get(reverse("desk:front_preview", args=[desk.page.pk]), {"at": "x"}).status_code == 422
    actions.drain()
    assert lead(store) == "Story 5", "a preview told readers of the future"


def test_a_live_story_is_foreseen_when_its_embargo_ends(
    desk: Desk, stories: list[Any], publication: SmallPublication
) -> None:
    """Nobody planned it: it is live, and an embargo that was written past the form keeps it off until then."""
    at = timezone.now() + timedelta(hours=2)
    story = ArticleFactory(section=publication.world, headline="Let go at six")
    Article.objects.filter(pk=story.pk).update(embargo_until=at)
    Article.objects.get(pk=story.pk).save()
    actions.drain()
    early, late = (at + timedelta(minutes=some) for some in (-1, 1))
    assert "Let go at six" not in desk.open("front_preview")
    assert "Let go at six" not in desk.open("front_preview", at=early.isoformat())
    assert "Let go at six" in desk.open("front_preview", at=late.isoformat())


def test_a_planned_lead_brings_what_else_there_is_on_it(desk: Desk, publication: SmallPublication) -> None:
    wall = newsroom.create_shelf(Story, "The wall", "wall")
    ArticleFactory(section=publication.local, headline="An old stone", fields={"story": wall})
    for _ in range(12):
        ArticleFactory(section=publication.world)
    at = timezone.now() + timedelta(hours=2)
    draft = DraftFactory(headline="At six", slug="at-six", fields={"story": wall})
    newsroom.schedule_article(publication.world, draft, at)
    actions.drain()
    assert 'class="more-on"' not in desk.open("front_preview")
    more = desk.open("front_preview", at=(at + timedelta(hours=1)).isoformat()).partition('class="more-on"')[2]
    assert 0 < more.index("An old stone") < more.index("</ul>")


def test_a_planned_section_front_brings_what_goes_live_by_then(
    publication: SmallPublication, stories: list[Any]
) -> None:
    desk = Desk(somebody(Role.SECTION_EDITOR, publication.world), publication.world)
    at = timezone.now() + timedelta(hours=2)
    for section, headline in ((publication.world, "World at six"), (publication.local, "Local at six")):
        newsroom.schedule_article(section, DraftFactory(headline=headline, slug="at-six"), at)
    html = desk.open("front_preview", at=(at + timedelta(hours=1)).isoformat())
    assert "World at six" in html
    assert "Local at six" not in html
    assert "World at six" not in desk.open("front_preview")
    # The local desk's plans are not theirs to see, whatever they pin.
    other = Desk(somebody(Role.SECTION_EDITOR, publication.local), publication.local)
    assert "World at six" not in other.open("front_preview", at=(at + timedelta(hours=1)).isoformat())


def test_a_strip_is_led_by_what_editors_pin_there(desk: Desk, publication: SmallPublication, store: Path) -> None:
    for n in range(30):
        ArticleFactory(section=publication.sports, headline=f"Game {n}")
    actions.drain()
    place = f"strip-{publication.sports.pk}"
    assert "Strip “Sports”, first place" in desk.open()
    game = Article.objects.get(title="Game 4")
    board = desk.do("put", place=f"{place}:0", article=game.pk)
    assert "Strip “Sports”, first place: the newest → “Game 4”" in board
    desk.do("set-up", 422, place=desk.token(place), rule="design:opinion")
    desk.do("publish", seen=desk.version(), how="now")
    actions.drain()
    html = (store / "pages/index.html").read_text(encoding="utf-8")
    strips = html[html.index('class="strip"') :]
    sports = strips[strips.index("/sports/") :]
    assert re.findall(r'<h3[^>]*><a href="[^"]+">([^<]+)<', sports)[0] == "Game 4"
    assert html.count(">Game 4<") == 1
    desk.do("take-out", place=desk.token(place))
    desk.do("publish", seen=desk.version(), how="now")
    assert "Strip “Sports”, first place: “Game 4” → the newest" in desk.open("front_edition", 2, against="1")
    for wrong in ("strip-999999:0", "strip-x:0", f"strip-{'9' * 30}:0"):
        desk.do("put", 422, place=wrong, article=game.pk)
    other = Desk(somebody(Role.PUBLISHER), publication.world)
    other.do("put", 422, place=f"{place}:0", article=game.pk)
