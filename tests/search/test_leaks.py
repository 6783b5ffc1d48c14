"""Nothing that is not public is found, from the first moment on: no hit, no snippet, no suggestion, no count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, Topic
from stoppress.pagestore import actions as pagestore
from stoppress.search import actions, documents
from stoppress.search.models import Entry, Pending
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, AuthorFactory, DraftFactory
from tests.search.conftest import Page
from tests.search.test_views import text

pytestmark = pytest.mark.django_db
Look = Callable[..., Page]
Settle = Callable[[], None]
SECRET = "Zanzibar"


def article(publication: SmallPublication, **more: Any) -> Article:
    """One that says the secret everywhere; what else there is says it nowhere."""
    made: Article = ArticleFactory(
        section=publication.world,
        headline=f"{SECRET} headline",
        standfirst=f"{SECRET} standfirst",
        body=text(f"{SECRET} in the text."),
        authors=[AuthorFactory(name=f"{SECRET} Writer")],
        topics=[Topic.objects.create(name=f"{SECRET} topic", slug="secret")],
        **more,
    )
    ArticleFactory(section=publication.local, headline="Harmless headline")
    return made


def leaks(look: Look) -> list[str]:
    """Where a reader learns of it, whatever they try."""
    tried = {
        "hit": look(SECRET),
        "begun": look(SECRET[:4]),
        "another word of it": look("headline"),
        "minus": look("-harmless"),
        "slip": look(SECRET.replace("nz", "zn")),
        "facets": look(""),
        "facet": look(section=Article.objects.order_by("pk").first().get_parent().pk),  # type: ignore[union-attr]
    }
    answers = {name: page.text.replace(f"“<bdi>{SECRET}</bdi>”", "") for name, page in tried.items()}
    answers["suggestion"] = Client().get("/-/search/suggest/?q=zan", REMOTE_ADDR="").content.decode()
    ours = [f'value="{SECRET}"', f"{SECRET} – Search", f'value="{SECRET[:4]}"']
    for mark in ours:
        answers = {name: answer.replace(mark, "") for name, answer in answers.items()}
    found = [name for name, answer in answers.items() if SECRET.lower() in answer.lower().replace("zaznibar", "")]
    if tried["facets"].facet("section") or tried["facets"].heading != "What there is":
        found.append("count")
    return found


def restrict(one: Article) -> None:
    PageViewRestriction.objects.create(page=one, restriction_type=PageViewRestriction.LOGIN)


def put_under_embargo(one: Article) -> None:
    one.embargo_until = timezone.now() + timedelta(hours=1)
    one.save()


CHANGES: dict[str, Callable[[Article], object]] = {
    "unpublished": newsroom.unpublish_page,
    "killed": lambda one: newsroom.kill_article(one, "Wrong"),
    "deleted": newsroom.delete_page,
    "private": restrict,
    "embargoed": put_under_embargo,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_stops_being_public_is_gone_at_once(
    publication: SmallPublication, settle: Settle, look: Look, name: str
) -> None:
    one = article(publication)
    settle()
    assert leaks(look) == ["hit", "begun", "another word of it", "minus", "slip", "facet", "suggestion", "count"]
    CHANGES[name](one)
    assert leaks(look) == []  # before anything was derived
    pagestore.drain()
    assert leaks(look) == []  # before anything was indexed
    settle()
    assert leaks(look) == []
    assert Entry.objects.count() == 1


def test_what_is_not_public_yet_is_not_found(publication: SmallPublication, settle: Settle, look: Look) -> None:
    later = timezone.now() + timedelta(hours=1)
    newsroom.schedule_article(publication.world, DraftFactory(headline=f"{SECRET} planned", slug="planned"), later)
    article(publication, fields={"embargo_until": later})
    ArticleFactory(section=publication.sports, headline="Public headline")
    draft_of = Article.objects.get(title="Public headline")
    draft_of.title = f"{SECRET} in a later revision"
    draft_of.save_revision()
    settle()
    assert set(look("headline").headlines) == {"Harmless headline", "Public headline"}
    assert [name for name in leaks(look) if name != "count"] == []


def test_a_later_version_replaces_the_former_words(publication: SmallPublication, settle: Settle, look: Look) -> None:
    one = article(publication)
    settle()
    one.title, one.standfirst, one.body = "Calm headline", "", text("Nothing to see.")
    one.save_revision().publish()
    # The former words still find it until it is indexed, but nobody reads them.
    assert look("Zanzibar text").snippets == ["Nothing to see."]
    settle()
    assert look("Zanzibar text").headlines == []
    assert look("calm").headlines == ["Calm headline"]


def test_what_waits_is_noted_with_the_derivation(publication: SmallPublication, settle: Settle, look: Look) -> None:
    article(publication)
    assert not Pending.objects.exists()
    pagestore.drain()
    assert Pending.objects.exists()  # a killed process finds it again
    while actions.index_pending():
        continue
    assert not Pending.objects.exists()
    assert actions.missed() == set()
    assert len(look(SECRET).headlines) == 1


def test_names_that_change_are_found_as_they_are(publication: SmallPublication, settle: Settle, look: Look) -> None:
    article(publication)
    settle()
    topic = Topic.objects.get()
    topic.name = "Lighthouses"
    topic.save()
    settle()
    assert look("lighthouse").headlines == [f"{SECRET} headline"]
    assert look(f'"{SECRET} topic"').headlines == []


def test_what_was_missed_is_noted_and_made_again(publication: SmallPublication, settle: Settle, look: Look) -> None:
    one = article(publication)
    settle()
    Entry.objects.filter(pk=one.pk).delete()  # as after a restore
    left = Entry.objects.get()
    left.page_id, left.place = 10**9, left.place + 1
    left.save()
    assert actions.note_missed() == 2  # one that is not in it, and one that is of no article
    assert actions.note_missed() == 0
    settle()
    assert Entry.objects.count() == 2
    told: list[tuple[int, int]] = []
    assert actions.reindex(lambda done, total: told.append((done, total))) == 2
    assert told[-1] == (2, 2)
    assert look(SECRET).headlines == [f"{SECRET} headline"]


def test_one_that_cannot_be_read_keeps_no_other_out(
    publication: SmallPublication, settle: Settle, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    passages = documents.passages

    def broken(body: Any) -> documents.Passages:
        if SECRET in str(list(body.raw_data)):
            raise ValueError("what a newer version wrote")
        return passages(body)

    article(publication)
    monkeypatch.setattr(documents, "passages", broken)
    settle()
    assert look("headline").headlines == ["Harmless headline"]
    monkeypatch.undo()
    assert actions.note_missed() == 1  # as the next start does
    settle()
    assert len(look("headline").headlines) == 2
