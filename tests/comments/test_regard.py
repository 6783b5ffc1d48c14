"""Picks, badges, recommendations and the other orders of a thread: on readers' pages, as fresh as a new bake."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions, keys, staff
from stoppress.comments.models import Comment, Recommendation, State
from stoppress.core.recorder import recording
from stoppress.newsroom.models import Article, Author, Byline
from stoppress.pagestore.actions import drain
from stoppress.pagestore.models import BakeTask, Mark
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.pagestore import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_pages")]
SOON = timedelta(minutes=1)


def text_of(store: Path, path: str) -> str:
    return (store / f"pages/world/ferry/comments/{path}index.html").read_text(encoding="utf-8")


def test_a_pick_is_pointed_out_with_a_note(story: Article, store: Path, tmp_path: Path) -> None:
    replies = [reply_to(story, f"Thought number {n}") for n in range(8)]
    moderator = somebody(Role.MODERATOR)
    with pytest.raises(PermissionDenied):
        actions.pick(replies[0], "", somebody(Role.REPORTER))
    with pytest.raises(ValueError, match="300"):
        actions.pick(replies[0], "x" * 301, moderator)
    actions.pick(replies[0], "So it <b>is</b>.", moderator)
    oracle.assert_true(tmp_path / "picked")
    first = text_of(store, "")
    assert "So it &lt;b&gt;is&lt;/b&gt;." in first
    assert f'href="/world/ferry/comments/page/1/#r-{replies[0].public_id}"' in first
    assert "So it &lt;b&gt;is&lt;/b&gt;." in text_of(store, "page/1/")
    actions.decide(replies[0], State.REFUSED, "off-topic", moderator)
    oracle.assert_true(tmp_path / "refused")
    assert "So it" not in text_of(store, "")
    actions.undo(replies[0], moderator)
    actions.unpick(replies[0], moderator)
    oracle.assert_true(tmp_path / "unpicked")
    assert "So it" not in text_of(store, "")
    actions.undo(replies[0], moderator)
    oracle.assert_true(tmp_path / "undone")
    assert "So it" in text_of(store, "")
    held = reply_to(story, "https://a.example https://b.example https://c.example")
    with pytest.raises(ValueError, match="Approve it first"):
        actions.pick(held, "", moderator)


def test_the_desk_picks(story: Article, client: Client) -> None:
    one = reply_to(story, "Pick me")
    client.force_login(somebody(Role.MODERATOR))
    page = client.get(reverse("desk:replies", args=["new"])).content.decode()
    assert 'value="pick"' in page
    sent = {"act": "pick", "reply": f"{one.pk}~approved~", "words": "Well said", "next": ""}
    assert client.post(reverse("desk:replies_do"), sent).status_code == 302
    one.refresh_from_db()
    assert (one.is_pick, one.pick_note) == (True, "Well said")
    fragment = client.post(reverse("desk:replies_do"), {**sent, "act": "unpick"}, headers={"X-Stoppress-Fragment": "1"})
    assert "No pick any more" in fragment.content.decode()
    one.refresh_from_db()
    assert not one.is_pick


def test_badges_of_those_who_work_here(story: Article, store: Path, tmp_path: Path) -> None:
    writer, colleague = somebody(Role.REPORTER), somebody(Role.MODERATOR)
    byline = Author.objects.create(name="Ada Okafor", slug="ada-okafor", user=writer)
    story.bylines = [Byline(author=byline)]
    story.save_revision().publish()
    reply_to(story, "I wrote this", name="Ada", user=writer)
    reply_to(story, "She did", name="Bea", user=colleague)
    reply_to(story, "Did she?", name="Cem")
    oracle.assert_true(tmp_path / "fresh")
    page = text_of(store, "")
    assert page.count("Wrote this story") == 1
    assert page.count("Our staff") == 1
    staff.forget_names()
    assert reply_to(story, "I am her", name="Adа Okafоr").state == State.HELD  # with letters of another script
    assert reply_to(story, "I am her boss", name=str(colleague).upper()).state == State.HELD


def test_recommended_once_by_each(story: Article, store: Path, tmp_path: Path) -> None:
    one, other = reply_to(story, "First thought"), reply_to(story, "Second thought")
    assert actions.recommend(one, "192.0.2.1", "A browser")
    assert not actions.recommend(one, "192.0.2.1", "A browser")
    assert actions.recommend(one, "192.0.2.1", "Another browser")
    assert actions.recommend(other, "192.0.2.1", "A browser")
    assert actions.recommend(one, "2001:db8::1", "A browser")
    assert not actions.recommend(one, "2001:db8::2", "A browser")  # the same household
    now = timezone.now()
    again = actions.count_recommendations(now)
    assert again is not None
    assert again > now
    assert actions.count_recommendations(now + SOON) is None
    oracle.assert_true(tmp_path / "fresh")
    assert "recommended 3 times" in text_of(store, "")
    assert "recommended once" in text_of(store, "")
    best = text_of(store, "recommended/")
    assert best.index("First thought") < best.index("Second thought")
    assert 'href="/world/ferry/comments/recommended/"' in text_of(store, "")
    stored = json.dumps(list(Recommendation.objects.values("reader", "network")))
    assert "192.0.2" not in stored
    actions.count_recommendations(now + timedelta(days=2))
    actions.recommend(one, "192.0.2.9", "A browser")
    assert actions.count_recommendations(timezone.now() + timedelta(days=1)) is None
    assert not Recommendation.objects.filter(is_counted=True, day__lt=timezone.now().date()).exists()
    assert Comment.objects.get(pk=one.pk).recommended == 4


def test_one_network_is_no_crowd(story: Article) -> None:
    one = reply_to(story, "A thought")
    assert sum(actions.recommend(one, "192.0.2.1", f"Browser {n}") for n in range(40)) == 20


def test_a_wave_of_recommendations_is_one_bake(story: Article) -> None:
    replies = [reply_to(story, f"Thought number {n}") for n in range(2)]
    actions.recommend(replies[0], "192.0.2.1", "")
    actions.count_recommendations(timezone.now() + SOON)
    drain()
    for number in range(30):
        actions.recommend(replies[number % 2], f"198.51.100.{number}", "")
    assert not Mark.objects.exists()
    actions.count_recommendations(timezone.now() + SOON)
    from stoppress.pagestore import outbox  # noqa: PLC0415 - what a worker does first

    while outbox.derive() is not None:
        continue
    waiting = set(BakeTask.objects.values_list("address__path", flat=True))
    assert waiting == {f"/world/ferry/comments/{page}" for page in ("", "thread.json", "recommended/")}


def test_a_reader_recommends_without_a_script(story: Article, client: Client, settings: Any) -> None:
    one = reply_to(story, "Recommend <me>")
    place = reverse("comments:recommend", args=[one.public_id])
    assert "Recommend &lt;me&gt;" in client.get(place).content.decode()
    assert client.post(place, headers={"origin": "https://evil.example"}).status_code == 403
    assert not Recommendation.objects.exists()
    assert "counted within a minute" in client.post(place).content.decode()
    fetched = client.post(place, headers={"accept": "application/json"})
    assert fetched.json() == {"said": "Recommended"}
    assert Recommendation.objects.count() == 1
    assert not client.cookies
    settings.STOPPRESS_COMMENTS = "closed"
    assert client.post(place).status_code == 403
    actions.remove_own(one)
    assert client.post(place).status_code == 404
    assert client.get(reverse("comments:recommend", args=["x" * 500])).status_code == 404


def test_from_the_first_reply_on(story: Article, store: Path, tmp_path: Path, client: Client) -> None:
    for number in range(10):
        reply_to(story, f"Thought number {number}")
    oracle.assert_true(tmp_path / "fresh")
    first, last = text_of(store, "oldest/"), text_of(store, "oldest/page/3/")
    places = [first.index(f"Thought number {n}") for n in range(3)]
    assert places == sorted(places)
    assert "Thought number 3" not in first
    assert 'href="/world/ferry/comments/oldest/page/2/"' in first
    assert 'class="newer" href="/world/ferry/comments/"' in last
    assert "Thought number 8" in last
    for nonsense in ("oldest/page/1/", "oldest/page/4/", "recommended/page/2/", "recommended/"):
        assert client.get(f"/world/ferry/comments/{nonsense}").status_code == 404


def test_open_pages_look_at_one_small_file(story: Article, store: Path, tmp_path: Path) -> None:
    one = reply_to(story, "First")
    reply_to(story, "Second", to=one.public_id)
    oracle.assert_true(tmp_path / "fresh")
    file = store / "pages/world/ferry/comments/latest.json"
    assert json.loads(file.read_text()) == {"count": 2, "seconds": 20}
    article = (store / "pages/world/ferry/index.html").read_text(encoding="utf-8")
    assert 'data-latest="/world/ferry/comments/latest.json" data-count="2"' in article
    actions.remove_own(one)
    drain()
    assert json.loads(file.read_text())["count"] == 1


def test_a_page_says_what_it_depends_on(story: Article, client: Client) -> None:
    reply_to(story, "First")
    with recording() as record:
        client.get("/world/ferry/comments/latest.json")
    assert record.keys == {keys.count(f"article:{story.pk}")}
