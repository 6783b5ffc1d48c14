"""The worker between render and store: races, claims, failures and what a start finds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stoppress.core.recorder import valid_until
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom import views
from stoppress.newsroom.models import Article
from stoppress.pagestore import actions, outbox
from stoppress.pagestore.bake import worker as worker_module
from stoppress.pagestore.bake.worker import Worker
from stoppress.pagestore.layout import Layout, slot_of
from stoppress.pagestore.models import Address, BakeTask, Dependency, Mark, Priority
from tests.conftest import SmallPublication
from tests.factories.newsroom import ArticleFactory, DraftFactory
from tests.pagestore import oracle

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(store: Path) -> Iterator[Worker]:
    worker = Worker(Layout(store))
    yield worker
    worker.close()


def page(store: Path, path: str) -> str:
    return Path(Layout(store).stem(path) + ".html").read_text(encoding="utf-8")


def test_a_published_article_is_a_file_with_compressed_forms(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world, headline="Harbour reopens")
    actions.drain()
    assert "Harbour reopens" in page(store, article.public_path)
    assert "Harbour reopens" in page(store, "/world/")
    assert "Harbour reopens" in page(store, "/")
    for suffix in (".html.gz", ".html.br"):
        assert Path(Layout(store).stem(article.public_path) + suffix).exists()


def test_a_body_edit_bakes_its_own_page_only(publication: SmallPublication, store: Path) -> None:
    article = ArticleFactory(section=publication.world)
    ArticleFactory(section=publication.world)
    actions.drain()
    article.body = [{"type": "text", "value": "<p>More is known.</p>"}]
    article.save_revision().publish()
    while outbox.derive() is not None:
        continue
    # The sitemap tells crawlers when the text changed.
    assert set(BakeTask.objects.values_list("address__path", flat=True)) == {article.public_path, "/sitemap/0.xml"}


def test_saving_a_draft_bakes_nothing(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world)
    actions.drain()
    article.title = "Not yet"
    article.save_revision()
    assert not Mark.objects.exists()


def test_a_write_that_rolls_back_leaves_no_mark(publication: SmallPublication) -> None:
    article = ArticleFactory(section=publication.world, slug="taken")
    actions.drain()
    with pytest.raises(Exception, match="slug"):
        ArticleFactory(section=publication.world, slug="taken")
    assert not Mark.objects.exists()
    assert Article.objects.get() == article


def test_a_mark_that_cannot_be_derived_waits_and_hinders_nobody(
    publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written past every check, as a restore or another program may: no file system has room for such a name."""
    monkeypatch.setattr(outbox, "pause_after", lambda attempts: timedelta(hours=attempts))
    good = [ArticleFactory(section=publication.world) for _ in range(3)]
    bad, slug = good[1], good[1].slug
    Article.objects.filter(pk=bad.pk).update(slug="a" * 250, url_path=f"/home/world/{'a' * 250}/")
    report = actions.drain()
    assert [key for key, _ in report.failed] == [f"page:{bad.pk}"]
    assert "can't be an address" in report.failed[0][1]
    assert page(store, good[0].public_path)
    assert page(store, good[2].public_path)
    mark = Mark.objects.get()
    assert mark.not_before > timezone.now()
    actions.mark(mark.key)  # and another edit of it does no better, but leaves one mark
    actions.drain()
    assert Mark.objects.get().attempts == 1
    Article.objects.filter(pk=bad.pk).update(slug=slug, url_path=f"/home/world/{slug}/")
    Mark.objects.update(not_before=timezone.now())
    assert actions.drain().failed == []
    assert not Mark.objects.exists()
    assert page(store, bad.public_path)


@pytest.mark.parametrize("everything", [True, False])
def test_a_bake_by_hand_mends_a_damaged_file(publication: SmallPublication, store: Path, everything: bool) -> None:
    actions.drain()
    good = page(store, "/world/")
    Path(Layout(store).stem("/world/") + ".html").write_text("torn")
    report = actions.bake_everything() if everything else actions.bake_paths(["world"])
    assert report.failed == []
    assert page(store, "/world/") == good


def test_a_change_during_the_first_render_is_not_lost(
    publication: SmallPublication, store: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page has no dependencies yet, so the derivation can't find it: the recheck must."""
    article = ArticleFactory(section=publication.world, headline="Before")
    while outbox.derive() is not None:
        continue
    render = worker_module.render
    interfered = []

    def render_then_change(path: str) -> Any:
        rendered = render(path)
        if path == article.public_path and not interfered:
            interfered.append(path)
            fresh = Article.objects.get(pk=article.pk)
            fresh.title = "After"
            fresh.save_revision().publish()
            # Another worker derives at once, while this one still holds the old text.
            assert outbox.derive() is not None
        return rendered

    monkeypatch.setattr(worker_module, "render", render_then_change)
    while worker.step():
        continue
    assert interfered
    assert "After" in page(store, article.public_path)
    assert "After" in page(store, "/world/")


def test_the_recheck_alone_catches_a_key_acquired_late(
    publication: SmallPublication, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above with nothing but a key that went stale: no task of this page was touched by the derivation."""
    article = ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    render = worker_module.render

    def render_while_settings_change(path: str) -> Any:
        rendered = render(path)
        if path == article.public_path and not Dependency.objects.filter(key="nav:tabs").exists():
            actions.mark("nav:tabs")
            outbox.derive()
        return rendered

    monkeypatch.setattr(worker_module, "render", render_while_settings_change)
    BakeTask.objects.exclude(address__path=article.public_path).delete()
    worker.bake()
    assert BakeTask.objects.get().address.path == article.public_path


def test_a_page_that_goes_while_it_is_rendered_does_not_come_back(
    publication: SmallPublication, store: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(section=publication.world)
    actions.drain()
    actions.mark(f"article:{article.pk}")
    outbox.derive()
    render = worker_module.render

    def render_then_unpublish(path: str) -> Any:
        rendered = render(path)
        if path == article.public_path:
            newsroom.unpublish_page(Article.objects.get(pk=article.pk))
            outbox.derive()
        return rendered

    monkeypatch.setattr(worker_module, "render", render_then_unpublish)
    monkeypatch.setattr(worker.writer, "has_page", lambda path: False)  # so that the old text would be written again
    worker.bake()
    monkeypatch.undo()
    while worker.step():
        continue
    assert not Path(Layout(store).stem(article.public_path) + ".html").exists()
    assert worker.writer.has_tombstone(article.public_path)


def test_two_workers_share_the_queue_without_baking_twice(publication: SmallPublication, store: Path) -> None:
    for _ in range(12):
        ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    one, two = Worker(Layout(store)), Worker(Layout(store))
    baked: list[str] = []
    while (mine := one.bake()) + (theirs := two.bake()):
        baked += [path for path, _ in mine + theirs]
    assert len(baked) == len(set(baked)) == Address.objects.count()
    one.close()
    two.close()


def test_a_worker_whose_claim_was_taken_over_writes_nothing(
    publication: SmallPublication, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    render = worker_module.render

    def render_while_another_claims(path: str) -> Any:
        BakeTask.objects.update(claimed_by="elsewhere:1:0", claimed_until=timezone.now() + timedelta(minutes=1))
        return render(path)

    monkeypatch.setattr(worker_module, "render", render_while_another_claims)
    worker.bake()
    assert not worker.writer.has_page(article.public_path)
    assert list(worker.layout.temporary.iterdir()) == []
    assert BakeTask.objects.filter(claimed_by="elsewhere:1:0").exists()


def test_claims_of_dead_processes_are_free_at_once(publication: SmallPublication, worker: Worker) -> None:
    ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    host = worker.name.partition(":")[0]
    BakeTask.objects.update(claimed_by=f"{host}:4194399:0", claimed_until=timezone.now() + timedelta(hours=1))
    assert worker.bake() == []
    worker_module.release_dead_claims()
    assert worker.bake() != []


def test_breaking_news_goes_before_a_sweep(publication: SmallPublication, worker: Worker) -> None:
    for _ in range(5):
        ArticleFactory(section=publication.world)
    actions.drain()
    actions.mark("nav:tabs")
    with outbox.store_transaction():
        outbox.enqueue_dependents(["nav:tabs"], is_sweep=True)
    Mark.objects.all().delete()
    news = ArticleFactory(section=publication.world)
    worker.step()
    assert worker.writer.has_page(news.public_path)
    assert BakeTask.objects.filter(priority=9).exists()


def test_a_page_that_fails_keeps_its_last_good_version_and_says_so(
    publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ArticleFactory(section=publication.world)
    actions.drain()
    good = (store / "pages/feed/index.xml").read_bytes()

    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError("no feed today")

    monkeypatch.setattr(views, "feeds", None)  # every read in the view fails
    ArticleFactory(section=publication.world)
    report = actions.drain()
    failed = dict(report.failed)
    assert "/feed/" in failed
    assert (store / "pages/feed/index.xml").read_bytes() == good
    address = Address.objects.get(path="/feed/")
    assert address.failed_at is not None
    assert "AttributeError" in address.error

    monkeypatch.undo()
    BakeTask.objects.update(not_before=None)
    assert actions.drain().failed == []
    assert Address.objects.get(path="/feed/").error == ""


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (HttpResponse("x", headers={"Vary": "Cookie"}), "varies on cookie"),
        (HttpResponse("x", headers={"Cache-Control": "private"}), "not public"),
        (HttpResponse("x", status=302), "answered 302"),
        (HttpResponse("x", content_type="image/png"), "type 'image/png'"),
    ],
)
def test_what_differs_between_readers_is_not_baked(
    publication: SmallPublication, monkeypatch: pytest.MonkeyPatch, response: HttpResponse, reason: str
) -> None:
    monkeypatch.setattr("stoppress.pagestore.bake.render._handler", lambda: _Answering(response))
    actions.drain()
    assert reason in Address.objects.get(path="/").error


def test_a_page_that_sets_a_cookie_is_not_baked(publication: SmallPublication, monkeypatch: pytest.MonkeyPatch) -> None:
    response = HttpResponse("x")
    response.set_cookie("reader", "7")
    monkeypatch.setattr("stoppress.pagestore.bake.render._handler", lambda: _Answering(response))
    actions.drain()
    assert "sets a cookie (reader)" in Address.objects.get(path="/").error


class _Answering:
    def __init__(self, response: HttpResponse) -> None:
        self.response = response

    def get_response(self, request: HttpRequest) -> HttpResponse:
        return self.response


def test_a_start_finds_lost_files_and_unmarked_writes(publication: SmallPublication, store: Path) -> None:
    lost, written = ArticleFactory(section=publication.world), ArticleFactory(section=publication.world)
    actions.drain()
    Path(Layout(store).stem(lost.public_path) + ".html").unlink()
    later = timezone.now() + timedelta(seconds=1)
    Article.objects.filter(pk=written.pk).update(title="Written past every signal", last_published_at=later)
    worker = Worker(Layout(store))
    worker.start()
    while worker.step():
        continue
    worker.close()
    assert worker.writer.has_page(lost.public_path)
    assert "Written past every signal" in page(store, written.public_path)


def test_news_is_baked_while_a_worker_still_looks_around(
    publication: SmallPublication, store: Path, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        ArticleFactory(section=publication.world)
    actions.drain()
    monkeypatch.setattr("stoppress.newsroom.actions.unmarked.PAGES_AT_ONCE", 1)
    monkeypatch.setattr("stoppress.pagestore.bake.worker.ADDRESSES_AT_ONCE", 1)
    pieces = worker.look_around()
    for done in range(1, 6):
        next(pieces)
        news = ArticleFactory(section=publication.world, slug=f"news-{done}")
        while worker.step():
            continue
        assert worker.writer.has_page(news.public_path)
    assert sum(1 for _ in pieces) > len(Address.objects.all())  # it was far from its end
    assert oracle.unmarked() == []


def test_what_waits_for_its_bake_anyway_is_not_lost(publication: SmallPublication, store: Path, worker: Worker) -> None:
    worker.start()
    actions.drain()
    article = ArticleFactory(section=publication.world)
    while outbox.derive() is not None:
        continue
    task = BakeTask.objects.filter(address__path=article.public_path)
    task.update(priority=Priority.SWEEP_PAGE)
    worker.start()
    assert task.get().priority == Priority.SWEEP_PAGE


def test_a_new_fingerprint_bakes_everything_in_the_background(
    publication: SmallPublication, worker: Worker, settings: Any
) -> None:
    worker.start()
    while worker.step():
        continue
    settings.STOPPRESS_STRAPLINE = "Now with a strapline"
    worker.start()
    assert BakeTask.objects.filter(priority=9).count() == Address.objects.count()


def test_the_same_bytes_are_not_written_again(publication: SmallPublication, store: Path, worker: Worker) -> None:
    article = ArticleFactory(section=publication.world)
    actions.drain()
    before = worker.writer.epoch.slots[slot_of(article.public_path)]
    actions.mark(f"article:{article.pk}")
    assert actions.drain().baked
    assert worker.writer.epoch.slots[slot_of(article.public_path)] == before


def test_text_that_stops_being_true_is_baked_again(
    publication: SmallPublication, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def robots(request: HttpRequest) -> HttpResponse:
        valid_until(timezone.now() - timedelta(seconds=1))
        return HttpResponse("until a moment ago", content_type="text/plain")

    monkeypatch.setattr("stoppress.pagestore.bake.render._handler", lambda: _Calling(robots))
    actions.bake_paths(["/robots.txt"]) if Address.objects.exists() else actions.drain()
    worker.expire()
    assert BakeTask.objects.filter(address__path="/robots.txt").exists()


class _Calling:
    def __init__(self, view: Any) -> None:
        self.get_response = view


def test_idle_time_packs_pages_tighter_without_changing_them(
    publication: SmallPublication, store: Path, worker: Worker
) -> None:
    article = ArticleFactory(section=publication.world)
    actions.drain()
    before = page(store, article.public_path)
    while worker.idle():
        continue
    assert not Address.objects.filter(state="live", is_fully_compressed=False).exists()
    assert page(store, article.public_path) == before


def test_a_full_disk_changes_nothing_that_readers_have(
    publication: SmallPublication, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = ArticleFactory(section=publication.world, headline="First edition")
    actions.drain()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    newsroom.update_article(article, DraftFactory(headline="Second edition", slug=article.slug))
    report = actions.drain()
    assert dict(report.failed)[article.public_path].endswith("No space left on device")
    assert "First edition" in page(store, article.public_path)
    assert list((store / "tmp").iterdir()) == []
    monkeypatch.undo()
    BakeTask.objects.update(not_before=None)
    actions.drain()
    assert "Second edition" in page(store, article.public_path)


def test_a_bake_costs_the_same_number_of_queries_whatever_the_archive(
    publication: SmallPublication, worker: Worker
) -> None:
    from django.db import connection  # noqa: PLC0415 - needs Django set up
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - as above

    from stoppress.pagestore.bake.render import render  # noqa: PLC0415 - as above

    def queries(path: str) -> int:
        render(path)
        with CaptureQueriesContext(connection) as captured:
            render(path)
        return len(captured)

    def whole(path: str) -> int:
        outbox.enqueue([Address.objects.get(path=path).pk])
        Address.objects.filter(path=path).update(digest="")  # so that it is written and stored as after an edit
        with CaptureQueriesContext(connection) as captured:
            assert worker.bake() == [(path, "")]
        return len(captured)

    first = ArticleFactory(section=publication.world)
    actions.drain()
    few = {path: queries(path) for path in (first.public_path, "/", "/world/", "/feed/")}
    assert whole(first.public_path) <= few[first.public_path] + 13
    for _ in range(45):
        ArticleFactory(section=publication.world)
    actions.drain()
    many = {path: queries(path) for path in (first.public_path, "/", "/world/", "/feed/")}
    assert many[first.public_path] == few[first.public_path] <= 12
    assert whole(first.public_path) <= many[first.public_path] + 13
    # A front may open one more bucket than an archive of one article has.
    assert all(many[path] <= few[path] + 2 for path in few)
