"""What was wrong is said at the sentence, with the article, in feeds and on one page of all; and stays on record."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from wagtail.models import GroupApprovalTask, ModelLogEntry, PageLogEntry, Revision, Workflow, WorkflowTask

from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import passages
from stoppress.newsroom.models import Article, Correction
from stoppress.newsroom.prose import Selector
from stoppress.pagestore import actions
from stoppress.pagestore.models import Address
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, UserFactory
from tests.factories.newsroom import ArticleFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db

BODY = [
    {"type": "text", "id": "one", "value": "<p>It <b>rained</b>. Twelve people died, police said. It stopped.</p>"},
    {"type": "quote", "id": "two", "value": {"quote": "Twelve people died, I saw it.", "attribution": "A neighbour"}},
]
WRONG = Selector("Twelve people died, police said.", "It rained. ", " It stopped.")
NOTICE = "We wrote that twelve people died. Nobody died; twelve were injured."


@pytest.fixture
def article(publication: SmallPublication) -> Article:
    return ArticleFactory(section=publication.world, slug="flood", headline="A flood", body=BODY)


def read(store: Path, path: str, name: str = "index.html") -> str:
    assert actions.drain().failed == []
    return (store / f"pages{path}{name}").read_text(encoding="utf-8")


def correct(article: Article, **more: Any) -> Correction:
    mistake = {"text": NOTICE, "place": "one", "wrong": WRONG, "right": "Nobody died, police said."} | more
    return newsroom.correct_article(article, newsroom.Mistake(**mistake))


def test_a_sentence_is_put_right_and_readers_are_told(article: Article, store: Path) -> None:
    before = read(store, article.public_path)
    assert "Corrected" not in before
    one = correct(article)
    html = read(store, article.public_path)
    assert "<b>rained</b>" in html
    assert f'<span class="corrected" id="corrected-{one.pk}">Nobody died, police said.</span>' in html
    assert f'href="#correction-{one.pk}"' in html
    assert f'<a href="#corrected-{one.pk}">' in html
    assert f'id="correction-{one.pk}"' in html
    assert NOTICE in html
    assert "Corrected on" in html
    assert "Updated on" not in html
    assert "Twelve people died, I saw it." in html
    assert one.corrects is not None
    assert one.fixed_in == Article.objects.get(pk=article.pk).live_revision_id
    machine = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)[0])
    assert machine["correction"][0]["text"] == NOTICE
    assert machine["correction"][0]["url"].endswith(f"/world/flood/#correction-{one.pk}")
    assert machine["dateModified"] > machine["datePublished"] or machine["dateModified"] == machine["datePublished"]


def test_feeds_the_site_map_and_the_page_of_all_say_so(article: Article, store: Path, tmp_path: Path) -> None:
    told_at = timezone.now() + timedelta(hours=3)
    assert "Nothing has been corrected yet." in read(store, "/corrections/")
    correct(article)
    Correction.objects.update(at=told_at)
    Correction.objects.get().save()
    stamp = told_at.strftime("%Y-%m-%dT%H:%M")
    for kind in ("feed/", "feed/atom/"):
        assert "Nobody died; twelve were injured." in read(store, f"/{kind}", "index.xml")
    item = json.loads(read(store, "/world/feed/json/", "index.json"))["items"][0]
    assert item["_corrections"]["items"][0]["content_text"] == NOTICE
    assert item["date_modified"].startswith(stamp)
    assert stamp in read(store, "/sitemap/", "0.xml")
    html = read(store, "/corrections/")
    assert NOTICE in html
    assert f'href="/world/flood/#correction-{Correction.objects.get().pk}"' in html
    oracle.assert_true(tmp_path / "fresh")


def test_older_pages_of_all_corrections_never_shift(article: Article, store: Path, tmp_path: Path) -> None:
    for number in range(41):
        correct(article, text=f"Correction number {number}.", place="", right=None)
    first = read(store, "/corrections/page/1/")
    assert "number 0." in first
    assert "number 19." in first
    assert "number 20." not in first
    other = ArticleFactory(section=article.get_parent().specific, slug="other")
    newsroom.correct_article(other, newsroom.Mistake(text="Another."))
    assert read(store, "/corrections/page/1/") == first
    front = read(store, "/corrections/")
    assert front.index("Another.") < front.index("number 40.") < front.index("number 39.")
    newsroom.unpublish_page(other)
    assert "Another." not in read(store, "/corrections/")
    newsroom.kill_article(Article.objects.get(pk=article.pk), "A court says so.")
    assert "Correction number" not in read(store, "/corrections/page/1/")
    assert Address.objects.get(path="/corrections/page/2/").state == Address.State.LIVE
    oracle.assert_true(tmp_path / "fresh")


def test_a_sentence_that_is_taken_out_leaves_the_way_to_where_it_was(article: Article, store: Path) -> None:
    one = correct(article, right="")
    html = read(store, article.public_path)
    assert "police said" not in html.partition('class="correction"')[0].partition("</header>")[2]
    assert f'id="corrected-{one.pk}"' in html
    assert "Where the sentence was" in html


def test_headline_and_plain_words_are_corrected_too(article: Article, store: Path) -> None:
    correct(article, place="title", wrong=Selector("A flood"), right="Rain <in> World")
    correct(article, place="two", wrong=Selector("Twelve people died, I saw it."), right="Twelve were hurt & ill.")
    html = read(store, article.public_path)
    assert '<h1 id="headline" dir="auto">Rain &lt;in&gt; World</h1>' in html
    assert ">Twelve were hurt &amp; ill.</span>" in html
    assert '<a href="#headline">' in html


def test_a_draft_is_not_published_with_it_and_loses_nothing(article: Article, store: Path) -> None:
    draft = Article.objects.get(pk=article.pk)
    draft.title = "A draft that is not for readers"
    draft.body = [*BODY, {"type": "text", "id": "three", "value": "<p>More.</p>"}]
    draft.go_live_at = timezone.now() + timedelta(days=1)
    draft.save_revision().publish()
    correct(article)
    html = read(store, article.public_path)
    assert "not for readers" not in html
    assert "More." not in html
    now = Article.objects.get(pk=article.pk)
    assert now.has_unpublished_changes
    newest = now.get_latest_revision_as_object()
    assert newest.title == "A draft that is not for readers"
    texts = [one.source for one in passages.passages(newest)]
    assert "<p>It <b>rained</b>. Nobody died, police said. It stopped.</p>" in texts
    assert "<p>More.</p>" in texts
    planned = Revision.objects.get(approved_go_live_at__isnull=False)
    assert planned.pk == now.latest_revision_id


def test_a_workflow_goes_on_with_the_right_sentence(article: Article) -> None:
    workflow, task = Workflow.objects.create(name="W"), GroupApprovalTask.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    chief = SuperuserFactory()
    draft = Article.objects.get(pk=article.pk)
    draft.standfirst = "In review."
    draft.save_revision()
    workflow.start(draft, chief)
    correct(article)
    state = Article.objects.get(pk=article.pk).current_workflow_state
    assert state is not None
    state.current_task_state.approve(user=chief)
    article.refresh_from_db()
    assert article.standfirst == "In review."
    assert "Nobody died" in article.body.get_prep_value()[0]["value"]


def test_what_cannot_be_is_refused_and_nothing_is_written(article: Article) -> None:
    with pytest.raises(ValidationError, match="Say what was wrong"):
        correct(article, text=" \x00 ")
    with pytest.raises(ValidationError, match="stands there no more"):
        correct(article, wrong=Selector("It snowed."))
    with pytest.raises(ValidationError, match="without a headline"):
        correct(article, place="title", wrong=Selector("A flood"), right="")
    with pytest.raises(PermissionDenied):
        newsroom.correct_article(article, newsroom.Mistake(text="No."), UserFactory())
    newsroom.unpublish_page(article)
    with pytest.raises(PermissionDenied):
        correct(article)
    assert not Correction.objects.exists()


def test_one_is_withdrawn_with_a_reason_and_stays_on_record(article: Article, store: Path, tmp_path: Path) -> None:
    one, chief = correct(article), SuperuserFactory()
    assert NOTICE in read(store, "/corrections/")
    with pytest.raises(ValidationError):
        newsroom.withdraw_correction(one, " \x00", chief)
    newsroom.withdraw_correction(one, "It was\x00 right after all.", chief)
    for path in (article.public_path, "/corrections/"):
        assert NOTICE not in read(store, path)
    kept = Correction.objects.get()
    assert (kept.withdrawn_by, kept.withdrawn_because) == (chief, "It was right after all.")
    told = PageLogEntry.objects.filter(action="stoppress.withdraw_correction").get()
    assert "It was right after all." in told.message
    assert NOTICE in PageLogEntry.objects.get(action="stoppress.correct").message
    assert not ModelLogEntry.objects.exists()
    oracle.assert_true(tmp_path / "fresh")


def test_going_back_to_an_older_revision_takes_no_correction_away(article: Article, store: Path) -> None:
    first = article.revisions.order_by("pk").first()
    correct(article)
    assert first is not None
    first.as_object().save_revision().publish()
    html = read(store, article.public_path)
    assert "Twelve people died, police said." in html
    assert NOTICE in html
    assert 'id="corrected-' not in html
