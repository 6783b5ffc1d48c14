"""Replies on readers' pages: baked, stable, and as fresh as a bake of everything would make them."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from stoppress.accounts.models import Role
from stoppress.comments import actions, hooks, keys
from stoppress.comments.models import Comment, State
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from stoppress.pagestore.models import Address, BakeTask
from tests.conftest import SmallPublication
from tests.factories.accounts import UserFactory, somebody
from tests.factories.comments import reply_to
from tests.pagestore import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_pages")]


def text_of(store: Path, path: str) -> str:
    return (store / f"pages{path}index.html").read_text(encoding="utf-8")


def test_the_first_reply_opens_a_page(story: Article, store: Path, tmp_path: Path) -> None:
    before = text_of(store, "/world/ferry/")
    assert f'href="/-/replies/to/article:{story.pk}/"' in before
    assert not (store / "pages/world/ferry/comments").exists()
    reply_to(story, "About *time*.", name="Ada <b>", website="ada.example")
    oracle.assert_true(tmp_path / "fresh")
    page = text_of(store, "/world/ferry/comments/")
    assert "About <em>time</em>." in page
    assert "Ada &lt;b&gt;" in page
    assert 'href="https://ada.example" rel="nofollow ugc noopener"' in page
    assert "Your email address will not be published" in page
    article = text_of(store, "/world/ferry/")
    assert 'href="/world/ferry/comments/"' in article
    assert "(1)" in article


def test_pages_stay_what_they_are(story: Article, store: Path, tmp_path: Path) -> None:
    replies = [reply_to(story, f"Thought number {n}") for n in range(8)]
    oracle.assert_true(tmp_path / "fresh")
    front, oldest = text_of(store, "/world/ferry/comments/"), text_of(store, "/world/ferry/comments/page/1/")
    assert [n for n in range(8) if f"Thought number {n}" in front] == [3, 4, 5, 6, 7]
    assert [n for n in range(8) if f"Thought number {n}" in oldest] == [0, 1, 2]
    actions.decide(replies[1], State.REFUSED, "off-topic", somebody(Role.MODERATOR))
    drain()
    for number in range(8, 11):
        reply_to(story, f"Thought number {number}")
    oracle.assert_true(tmp_path / "fresher")
    oldest = text_of(store, "/world/ferry/comments/page/1/")
    assert [n for n in range(11) if f"Thought number {n}<" in oldest.replace(".", "<")] == [0, 2]
    assert (store / "pages/world/ferry/comments/page/2/index.html").exists()


def test_a_reply_bakes_its_own_page_and_the_first_one(story: Article) -> None:
    replies = [reply_to(story, f"Thought number {n}") for n in range(9)]
    drain()
    reply_to(story, "Late answer", to=replies[0].public_id)
    from stoppress.pagestore import outbox  # noqa: PLC0415 - what a worker does first

    while outbox.derive() is not None:
        continue
    waiting = set(BakeTask.objects.values_list("address__path", flat=True))
    pages = {"page/1/", "page/1/thread.json", "oldest/", "", "thread.json", "latest.json"}
    assert waiting == {"/world/ferry/", *(f"/world/ferry/comments/{page}" for page in pages)}


def test_a_reply_far_down_bakes_its_own_page_and_the_first_one(story: Article) -> None:
    from stoppress.pagestore import outbox  # noqa: PLC0415 - what a worker does first

    root = reply_to(story, "Thought number 0")
    for number in range(10):
        reply_to(story, f"Answer number {number}", to=root.public_id)
    drain()
    reply_to(story, "Late answer", to=root.public_id)
    while outbox.derive() is not None:
        continue
    waiting = set(BakeTask.objects.values_list("address__path", flat=True))
    pages = {f"under/{root.public_id}/2/", f"under/{root.public_id}/2/thread.json", "", "thread.json", "latest.json"}
    assert waiting == {"/world/ferry/", *(f"/world/ferry/comments/{page}" for page in pages)}


def test_a_long_thread_is_not_looked_through_at_each_reply(story: Article) -> None:
    replies = [reply_to(story, f"Thought number {n}") for n in range(10)]
    changed = [keys.look_again(f"article:{story.pk}")]
    before = hooks.derive_marks(keys=changed)
    assert before is not None
    assert len(before.live) == 12
    drain()
    answers = [reply_to(story, f"Answer number {n}", to=replies[0].public_id) for n in range(5)]
    after = hooks.derive_marks(keys=changed)
    assert after is not None
    under = f"/world/ferry/comments/under/{replies[0].public_id}/1/"
    assert [live.path for live in after.live] == [under, f"{under}thread.json"]
    assert len(answers) == 5


def test_arguments_of_any_depth(story: Article, store: Path, tmp_path: Path) -> None:
    above = reply_to(story, "Deep 0")
    for depth in range(1, 7):
        above = reply_to(story, f"Deep {depth}", to=above.public_id, name=f"Voice {depth}")
    oracle.assert_true(tmp_path / "fresh")
    page = text_of(store, "/world/ferry/comments/")
    assert page.count('<div class="replies">') == 3  # four levels
    assert "Deep 4" in page
    assert "Deep 5" not in page
    further = text_of(store, f"/world/ferry/comments/under/{Comment.objects.get(depth=0).public_id}/1/")
    assert "Deep 5" in further
    assert "Replying to Voice 4" in further


def test_what_was_answered_leaves_its_place(story: Article, store: Path, tmp_path: Path) -> None:
    first = reply_to(story, "Taken back later")
    reply_to(story, "An answer to it", to=first.public_id)
    lonely = reply_to(story, "Nobody answers this")
    actions.remove_own(first)
    actions.remove_own(lonely)
    oracle.assert_true(tmp_path / "fresh")
    page = text_of(store, "/world/ferry/comments/")
    assert "Taken back" not in page
    assert "no longer shown" in page
    assert "An answer to it" in page
    assert "Nobody answers" not in page
    assert Comment.objects.get(pk=first.pk).text == ""


def test_replies_go_where_their_story_goes(
    story: Article, publication: SmallPublication, store: Path, tmp_path: Path
) -> None:
    reply_to(story, "Stay with it")
    drain()
    newsroom.move_page(story, publication.local)
    oracle.assert_true(tmp_path / "moved")
    assert "Stay with it" in text_of(store, "/local/ferry/comments/")
    assert (store / "pages/world/ferry/comments/index.tombstone").read_text().startswith("301 /local/ferry/comments/")
    newsroom.kill_article(Article.objects.get(pk=story.pk), "A court says so.")
    oracle.assert_true(tmp_path / "killed")
    assert not Address.objects.filter(path__contains="comments", state=Address.State.LIVE).exists()


def test_moderating(story: Article, store: Path, tmp_path: Path, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = "hold-first"
    held = reply_to(story, "Please read me")
    oracle.assert_true(tmp_path / "held")
    assert not (store / "pages/world/ferry/comments").exists()
    with pytest.raises(PermissionDenied):
        actions.decide(held, State.APPROVED, "fine", UserFactory())
    moderator = somebody(Role.MODERATOR)
    actions.decide(held, State.APPROVED, "fine", moderator)
    oracle.assert_true(tmp_path / "approved")
    assert "Please read me" in text_of(store, "/world/ferry/comments/")
    actions.undo(held, moderator)
    oracle.assert_true(tmp_path / "undone")
    assert "Please read me" not in text_of(store, "/world/ferry/comments/")
    assert [one.reason for one in held.decisions.order_by("pk")] == ["hold-first", "fine", "undo"]


def test_the_same_queries_for_a_long_thread(
    story: Article, client: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    reply_to(story, "The first of all")
    drain()
    path = "/world/ferry/comments/"
    with django_assert_max_num_queries(13) as few:
        client.get(path)
    root = reply_to(story, "The second of all")
    for number in range(6):
        reply_to(story, f"Answer {number}", to=root.public_id)
        reply_to(story, f"Further thought {number}")
    drain()
    with django_assert_num_queries(len(few)):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("way", ["hidden", "erased"])
def test_a_name_goes_from_the_pages_of_those_who_replied_as_well(
    story: Article, store: Path, tmp_path: Path, way: str
) -> None:
    root = reply_to(story, "Deep 0")
    above = root
    for depth in range(1, 6):
        above = reply_to(story, f"Deep {depth}", to=above.public_id, name=f"Voice {depth}", email=f"v{depth}@x.example")
    named = above
    for number in range(8):
        reply_to(story, f"Filler {number}", to=root.public_id)
    reply_to(story, "Late answer", to=named.public_id)
    drain()
    last = f"/world/ferry/comments/under/{root.public_id}/3/"
    assert "Replying to Voice 5" in text_of(store, last)
    if way == "hidden":
        actions.decide(named, State.REFUSED, "insult", somebody(Role.MODERATOR))
    else:
        actions.erase_person("v5@x.example")
    drain()
    assert "Voice 5" not in text_of(store, last)
    oracle.assert_true(tmp_path / "fresh")
