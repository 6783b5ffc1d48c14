"""The sample publication is whole, can be made twice, and keeps out of what an editor changed."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stoppress.comments.models import Comment
from stoppress.demo import pictures
from stoppress.demo.actions import create, print_again
from stoppress.demo.replies import FOUNDING, SAID, create_replies, show_replies
from stoppress.demo.stories import all_stories
from stoppress.media.models import Picture
from stoppress.newsroom.actions import Draft, kill_article, move_page, update_article
from stoppress.newsroom.blocks import BodyBlock
from stoppress.newsroom.models import BUCKET, Article, Author, Home, Section
from stoppress.pagestore.actions import drain
from tests.factories.accounts import SuperuserFactory

pytestmark = pytest.mark.django_db


def test_first_run_writes_everything_and_the_second_nothing(ground: None) -> None:
    seen: list[tuple[int, int]] = []
    count = len(all_stories())
    assert create(lambda done, total: seen.append((done, total))) == count
    assert seen == [(number, count) for number in range(1, count + 1)]
    assert [s.slug for s in Section.objects.order_by("path")] == ["world", "local", "sports", "on-the-water"]
    assert Article.objects.live().count() == count
    assert Article.objects.live().order_by("-first_published_at")[0].title.startswith("Opposition says")
    local = Section.objects.get(slug="local")
    assert Article.objects.child_of(local).count() > 2 * BUCKET
    before = {model: model.objects.count() for model in (Home, Section, Article, Author, Picture)}

    killed, moved, retitled = Article.objects.child_of(local)[:3]
    kill_article(killed, "A try")
    move_page(moved, Section.objects.get(slug="world"))
    update_article(retitled, Draft(headline="Retitled", slug="retitled"))
    assert create() == 0
    assert {model: model.objects.count() for model in before} == before
    assert Article.objects.get(pk=retitled.pk).title == "Retitled"
    assert not Article.objects.get(pk=killed.pk).live


def test_an_interrupted_run_is_completed(ground: None) -> None:
    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create(stop)
    assert create() == len(all_stories()) - 5


def test_bodies_are_what_the_desk_would_accept(ground: None) -> None:
    create()
    shown: set[str] = set()
    for article in Article.objects.all():
        article.full_clean()
        kinds = {block.block_type for block in article.body}
        shown |= kinds
    assert shown == set(BodyBlock().child_blocks)
    lead = Article.objects.get(slug="kyrgyzstan-opposition-says-it-has-taken-power")
    assert [block.block_type for block in lead.body].count("subheading") == 1
    assert lead.lead_picture is not None
    assert lead.lead_picture.credit == pictures.CREDIT
    assert lead.lead_alt


def test_readers_reply_once_and_some_wait_for_the_desk(ground: None, settings: Any, store: Path) -> None:
    settings.STOPPRESS_COMMENTS, settings.STOPPRESS_COMMENTS_CLOSE_DAYS = "new-first", 0
    editor = SuperuserFactory()
    assert create_replies(editor) == 0  # nothing to reply to
    create()
    drain()
    assert create_replies(editor) == len(SAID)
    states = Counter(Comment.objects.values_list("state", flat=True))
    assert states == {"approved": 5, "held": 3}
    assert Comment.objects.get(name="Desk").is_staff
    show_replies()
    story = (store / f"pages/world/{FOUNDING}/index.html").read_text(encoding="utf-8")
    assert 'Click to comment <span class="replies-count">(5)' in story  # at once, not when it would follow
    assert create_replies(editor) == 0


def test_one_story_has_a_second_text_and_a_history(ground: None, settings: Any, store: Path) -> None:
    settings.STOPPRESS_PUBLIC_HISTORY = True
    assert not print_again()  # nothing to print
    create()
    drain()
    assert print_again()
    drain()
    html = (store / "pages/local/harbour-wall-measured/versions/index.html").read_text(encoding="utf-8")
    assert html.count('class="version') >= 2
    assert "<ins>" in html
    assert not print_again()
    assert create() == 0
