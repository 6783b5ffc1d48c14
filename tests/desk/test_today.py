"""The desk opens on today: what is out, what comes, what was put right, who writes; and where a story is out."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession

from stoppress.accounts.models import Role
from stoppress.desk.today import today
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, somebody
from tests.factories.newsroom import ArticleFactory, DraftFactory

pytestmark = pytest.mark.django_db


def lines(found: Any) -> list[str]:
    return [line.headline for line in found]


def test_the_day_at_a_glance(publication: SmallPublication, client: Client) -> None:
    now = timezone.now()
    chief = SuperuserFactory()
    ArticleFactory(section=publication.world, headline="From last week", published_at=now - timedelta(days=7))
    ferry = ArticleFactory(section=publication.local, headline="Ferry is back")
    later = DraftFactory(headline="Tomorrow's budget", slug="budget")
    newsroom.schedule_article(publication.world, later, now + timedelta(hours=9))
    held = Article(title="The verdict", slug="verdict", embargo_until=now + timedelta(days=1), live=False)
    publication.world.add_child(instance=held)
    held.save_revision(user=chief)
    corrected = DraftFactory(headline="Ferry is back", slug=ferry.slug, corrections=[("It was Tuesday.", now)])
    newsroom.update_article(ferry, corrected)
    EditingSession.objects.create(
        user=chief,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(ferry.pk),
        last_seen_at=now,
        is_editing=True,
    )
    actions.drain()

    seen = today(chief)
    assert (lines(seen.out), seen.out_count) == (["Ferry is back"], 1)
    assert lines(seen.planned) == ["Tomorrow's budget"]
    assert lines(seen.embargoed) == ["The verdict"]
    assert [(line.headline, line.note) for line in seen.corrected] == [("Ferry is back", "It was Tuesday.")]
    assert [(one.headline, one.is_me, one.is_changing) for one in seen.writers] == [("Ferry is back", True, True)]

    client.force_login(chief)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    for words in ("Out today", "Going live next", "Under embargo, not planned", "Corrected this week", "The verdict"):
        assert words in html


def test_a_reporter_sees_no_draft_of_others(publication: SmallPublication) -> None:
    held = Article(title="The verdict", slug="verdict", embargo_until=timezone.now() + timedelta(days=1), live=False)
    publication.world.add_child(instance=held)
    held.save_revision()
    assert not today(somebody(Role.MODERATOR)).embargoed
    assert lines(today(somebody(Role.SECTION_EDITOR, publication.world)).embargoed) == ["The verdict"]
    assert not today(somebody(Role.SECTION_EDITOR, publication.sports)).embargoed


def test_the_day_costs_the_same_with_many_stories(
    publication: SmallPublication, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    chief = SuperuserFactory()
    ArticleFactory(section=publication.world)
    actions.drain()
    today(chief)
    with django_assert_max_num_queries(30) as few:
        today(chief)
    for number in range(15):
        ArticleFactory(section=publication.world, slug=f"more-{number}")
    actions.drain()
    with django_assert_num_queries(len(few)):
        today(chief)


def test_where_a_story_is_out(publication: SmallPublication, client: Client) -> None:
    story = ArticleFactory(section=publication.world, headline="Ferry is back", slug="ferry")
    actions.drain()
    newsroom.move_page(story, publication.local)
    actions.drain()
    client.force_login(SuperuserFactory())
    html = client.get(reverse("desk:whereabouts", args=[story.pk])).content.decode()
    for path in ("/local/ferry/", "/local/", "/feed/", "/world/ferry/"):
        assert f'<a href="{path}">' in html
    assert "redirects to the story" in html
    assert "Where it is out" in client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()

    client.force_login(somebody(Role.SECTION_EDITOR, publication.sports))
    assert client.get(reverse("desk:whereabouts", args=[story.pk])).status_code == 302  # to the desk, with a reason


def test_a_page_that_fails_to_bake_says_so_there(
    publication: SmallPublication, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stoppress.newsroom import pages  # noqa: PLC0415 - what is broken for this test

    story = ArticleFactory(section=publication.world, slug="ferry")
    monkeypatch.setattr(pages, "article", lambda *_args, **_more: {}["headline"])
    actions.drain()
    client.force_login(SuperuserFactory())
    html = client.get(reverse("desk:whereabouts", args=[story.pk])).content.decode()
    assert "could not be made" in html
    assert "a newer version is being made" in html
