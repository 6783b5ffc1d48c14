"""Thousands of attacks and naughty strings through every field that strangers fill, looked at wherever they are shown.

Nothing of it runs; and no page is built otherwise than with harmless words, element for element. Whoever builds another
field adds it to ``FIELDS`` (:mod:`tests.journeys.attacked`), whoever shows text somewhere else adds that to ``SINKS``.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role
from stoppress.comments import hooks, keys, queues, vault
from stoppress.comments.links import appeal_path, own_path
from stoppress.comments.models import (
    Appeal,
    Ban,
    BreakingNews,
    Caution,
    Comment,
    Decision,
    Report,
    SavedFilter,
    State,
    Thread,
    Writer,
)
from stoppress.core.text import without_controls
from stoppress.desk import errors
from stoppress.exporters.actions import export_json, export_wordpress
from stoppress.newsroom.marking import WHOLE
from stoppress.newsroom.models import Article, Correction, ErrorReport
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory
from tests.hostile import ENOUGH, packed, payloads, sendable
from tests.journeys.attacked import FEW, FIELDS, READER, Paper, somewhere
from tests.journeys.browser import EXECUTABLE
from tests.journeys.looking import Looked, Shown, looked_at
from tests.naughty import naughty

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db,
    pytest.mark.skipif(EXECUTABLE is None, reason="no Chromium here (apt-get install chromium)"),
]

AT_THE_DESK = 150
"""Rows on a screen of the moderators. Texts with all the strings are among the newest of them."""
IN_A_SEARCH = 200
HARMLESS = {"name": "Ada", "text": "Words."}
MAIL_HEADERS = {
    "Content-Type",
    "MIME-Version",
    "Content-Transfer-Encoding",
    "Subject",
    "From",
    "To",
    "Date",
    "Message-ID",
}
MAIL_HEADERS |= {"List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted"}


@pytest.fixture
def paper(publication: SmallPublication, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_SURGE = 0
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(keys, "ROOTS_ON_A_PAGE", 25)
    monkeypatch.setattr(queues, "ON_A_PAGE", AT_THE_DESK)
    monkeypatch.setattr(errors, "ON_A_PAGE", AT_THE_DESK)
    story: Article = ArticleFactory(section=publication.world, slug="ferry", headline="Ferry is back")
    asked, *elsewhere = [ArticleFactory(section=publication.world, slug=f"other-{n}") for n in range(5)]
    drain()
    attacks = payloads()
    assert len(set(attacks)) >= ENOUGH
    return Paper(story, asked, elsewhere, tmp_path, somebody(Role.MODERATOR), [*attacks, *naughty()])


def readers_pages(paper: Paper) -> Iterator[Shown]:
    """The stories, and every page of their replies."""
    client = Client()
    for story in (paper.story, paper.asked, *paper.imported):
        base = Article.objects.get(pk=story.pk).public_path
        roots = Thread.objects.get(subject=f"article:{story.pk}").roots
        older = [f"{base}comments/page/{n}/" for n in range(1, (roots - 1) // keys.ROOTS_ON_A_PAGE)]
        for path in (base, f"{base}comments/", *older):
            baked = Path(settings.STOPPRESS_STORE) / f"pages{path}index.html"
            yield Shown(path, baked.read_bytes()) if paper.is_baked else _shown(client.get(path), path)
    yield _shown(client.get("/corrections/"), "/corrections/")


def programs(paper: Paper) -> Iterator[Shown]:
    """What programs get, put into a page as it is, as whoever trusts ``html`` would; and feeds, well-formed."""
    client = Client()
    for file in sorted(Path(settings.STOPPRESS_STORE).glob("pages/world/*/comments/**/thread.json")):
        path = f"/{file.relative_to(Path(settings.STOPPRESS_STORE) / 'pages')}"
        answer = file.read_bytes() if paper.is_baked else client.get(path).content
        if not paper.is_baked:
            return  # nothing stands in them but readers' words
        told = "".join(f"<div class='reply-text'>{one['html']}</div>" for one in json.loads(answer)["replies"])
        yield Shown(path, f"<!doctype html><meta charset=utf-8><title>x</title><main>{told}</main>".encode())
    for feed in ("/feed/", "/feed/atom/", "/world/feed/"):
        ElementTree.fromstring(client.get(feed).content)
    for feed in ("/feed/json/", f"{paper.story.public_path}comments/latest.json"):
        json.loads(client.get(feed).content)
    place, text = reverse("comments:api_send", args=[f"article:{paper.story.pk}"]), paper.of(50_000)[0]
    for words in ({"name": text, "text": text}, {text: text}, {"text": [text]}):
        refused = client.post(place, words, "application/json")
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.headers["x-content-type-options"] == "nosniff"
        assert json.loads(refused.content)["status"] == refused.status_code


def drawer(paper: Paper) -> Iterator[Shown]:
    """A reader's own replies, with their name and what they were told; and these as files."""
    client, my = paper.reader(), reverse("comments:my")
    page = _shown(client.get(my), "drawer")
    yield page
    text = paper.of(50_000)[0]
    yield _shown(client.post(my, {"act": "name", "name": text, "on": text[:90]}), "drawer, name", 422)
    yield _shown(Client().post(my, {"email": text, "on": text[:90]}), "drawer, asking", 422)
    yield _shown(Client().get(my, {"on": text[:90], "before": text[:40]}), "drawer, asked")
    yield _shown(client.get(paper.place), "writing with an account")
    kept = [json.loads(line) for line in client.get(reverse("comments:export", args=["jsonl"])).content.splitlines()]
    assert kept[0]["name"] == vault.writer_with(READER).display_name  # type: ignore[union-attr]
    told = client.get(reverse("comments:export", args=["txt"]))
    assert told.headers["content-type"].startswith("text/plain")
    assert told.headers["x-content-type-options"] == "nosniff"


def forms(paper: Paper) -> Iterator[Shown]:
    """What comes back to whoever typed it: the form with an error, a preview, one's own reply, and a ban."""
    client = Client()
    for text in packed([sendable(one) for one in paper.strings], 50_000):
        form = {"name": text, "email": text, "website": text, "text": "", "to": text[:500], "opened": text[:500]}
        yield _shown(client.post(paper.place, form), "error", 422)
        yield _shown(client.post(paper.place, {**form, "text": text[:20_000], "preview": "1"}), "preview")
    own = Comment.objects.filter(thread__subject=f"article:{paper.story.pk}", imported_id="").order_by("pk")
    for comment in [*own.filter(state=State.REFUSED), *own[:FEW]]:
        yield _shown(client.get(own_path(comment)), f"own {comment.pk}")
        yield _shown(client.post(own_path(comment), {"remove": "1"}), f"take back {comment.pk}")
    newest = own.filter(state=State.APPROVED).last() or own.last()
    assert newest is not None
    typed = "\n".join(sendable(one) for one in paper.strings)
    yield _shown(client.post(own_path(newest), {"text": typed[:100_000], "change": "1"}), "own, wrong", 422)
    wrong = {"text": typed[:100_000], "name": typed[:9_000], "email": typed[:9_000], "ground": typed[:90]}
    place = reverse("comments:report", args=[newest.public_id])
    yield _shown(somewhere().post(place, wrong), "report, wrong", 422)
    wrong |= {"quote": typed[:9_000], "before": typed[:200], "place": typed[:90], "revision": typed[:40]}
    place = reverse("report_error", args=[paper.story.pk])
    yield _shown(somewhere().post(place, wrong), "error, wrong", 422)
    if paper.is_baked:
        yield _shown(Client().get(place, {"quote": typed[:400]}), "error, asked")
    decided = [one.decision for one in Appeal.objects.select_related("decision").order_by("pk")[FEW - 2 : FEW + 2]]
    for decision in decided:
        yield _shown(Client().get(appeal_path(decision)), f"appeal {decision.pk}")
    form = {"text": typed[:100_000]}
    yield _shown(Client().post(appeal_path(decided[0]), form), "appeal, wrong", 422)
    answering = paper.own(State.APPROVED).order_by("pk")[:FEW]
    for comment in answering:
        yield _shown(client.get(paper.place, {"to": comment.public_id}), f"answer {comment.pk}")
    place = reverse("comments:report", args=[comment.public_id])
    yield _shown(client.get(place), f"report {comment.pk}")
    for story in (paper.asked, *paper.imported[-1:]):
        path = reverse("comments:write", args=[f"article:{story.pk}"])
        yield _shown(client.get(path), path)
    form = {"name": "x", "email": "banned0@example.org", "text": "Let me in."}
    yield _shown(client.post(paper.place, form), "banned", 422)


def desk(paper: Paper) -> Iterator[Shown]:
    """Every queue as moderators see it, what they search for, and what is known of a writer."""
    client = Client()
    client.force_login(paper.moderator)
    for name in queues.QUEUES:
        path = reverse("desk:replies", args=[name])
        yield _shown(client.get(path, {"order": "new"}), name)
    texts = list(packed([sendable(one) for one in paper.strings], IN_A_SEARCH))
    # What is found depends on what is looked for: there is nothing to compare these with.
    for text in texts[:: len(texts) // FEW] if paper.is_baked else ():
        query = {"q": text, "on": text[:90], "by": text[:16], "after": text[:40], "order": text, "done": text}
        yield _shown(client.get(reverse("desk:replies", args=["held"]), query), "search")
        yield _shown(client.get(reverse("desk:replies", args=["new"]), {"q": text}), "search words")
    banned = Ban.objects.latest("pk").writer
    assert banned is not None
    address = reverse("desk:replies_writer", args=[banned.public_id])
    yield _shown(client.get(address), "writer")
    typed = "\n".join(sendable(one) for one in paper.strings)[:100_000]
    form = {"act": "ban", "span": "until", "reason": typed, "until": typed}
    yield _shown(client.post(address, form), "writer, wrong", 422)
    yield _shown(client.get("/desk/"), "today")
    for name, args in (
        *(("replies_thread", [f"article:{one.pk}"]) for one in (paper.story, paper.imported[-1])),
        ("replies_questions", [f"article:{paper.asked.pk}"]),
        ("replies_rules", []),
    ):
        path = reverse(f"desk:{name}", args=args)
        yield _shown(client.get(path), path)
    reader = vault.writer_with(READER)
    assert reader is not None
    if paper.is_baked:
        # Who has one name for all that they write has a page with fewer names.
        yield _shown(client.get(reverse("desk:replies_writer", args=[reader.public_id])), "reader")
        place = reverse("desk:replies_rehearsal")
        asked = {"try": "1", "held": texts[0], "refused": texts[1], "links": "0"}
        yield _shown(client.get(place, asked), "rehearsal")
        yield _shown(client.get(place, {"try": "1", "links": typed[:400], "mode": typed[:20]}), "rehearsal, wrong", 422)
    table = client.get(reverse("desk:replies_figures"), {"as": "csv", "from": typed[:20]})
    assert_no_formula(table.content.decode())


def newsdesk(paper: Paper) -> Iterator[Shown]:
    """Errors that readers reported, as editors see and correct them; and what the operator looks up."""
    client = Client()
    client.force_login(somebody(Role.PUBLISHER))
    for name in ("open", "decided"):
        yield _shown(client.get(reverse("desk:errors", args=[name])), f"errors {name}")
    # Whether a sentence is found depends on what it says.
    for one in ErrorReport.objects.order_by("-pk")[:3] if paper.is_baked else ():
        path = reverse("desk:correct", args=[paper.story.pk])
        revision = str(Article.objects.get(pk=paper.story.pk).live_revision_id)
        for more in ({}, {"sentence": WHOLE, "revision": revision}):
            yield _shown(client.get(path, {"report": one.pk, **more}), f"correcting {one.pk} {len(more)}")
    client.force_login(somebody(Role.OPERATOR))
    typed = paper.of(50_000)[0].replace("@", "")
    path = reverse("desk:replies_person")
    yield _shown(client.post(path, {"act": "export", "email": typed}), "person, wrong", 422)


SINKS: list[Callable[[Paper], Iterator[Shown]]] = [readers_pages, programs, forms, drawer, desk, newsdesk]


def test_nothing_runs_and_nothing_breaks(paper: Paper, store: Path) -> None:
    for fill in FIELDS:
        fill(paper)
    assert drain().failed == []
    assert Comment.objects.count() > ENOUGH
    hostile = [shown for sink in SINKS for shown in sink(paper)]
    assert_exports_hold(paper)
    assert_mails_are_as_always()
    calm(paper)
    harmless = {shown.path: shown for sink in SINKS for shown in sink(paper)}
    assert harmless.keys() <= {one.path for one in hostile}
    looked = looked_at([*hostile, *harmless.values()])
    shapes = {one.path: one.shape for one in looked[len(hostile) :]}
    told = [_told(one, shapes.get(one.path)) for one in looked[: len(hostile)]]
    assert [one for one in told if one] == []


def test_the_control_what_runs_is_heard() -> None:
    tag = "<main><div class='reply-text'><p>x</p>{}</div></main>"
    attacks = (
        "<img src=x onerror=__ran(7)>",
        "<script>alert(1)</script>",
        "<a href='javascript:__ran(1)'>x</a>",
        "<b>x</b>",
    )
    pages = [Shown(attack, tag.format(attack).encode()) for attack in (*attacks, "", "<strong>x</strong>")]
    *found, calm_one, marked = looked_at(pages)
    assert "ran 7" in found[0].heard
    assert "alert 1" in found[1].heard
    assert found[2].links
    assert all(one.strange or one.links for one in found)
    assert [*calm_one.heard, *calm_one.strange, *calm_one.links, *marked.strange] == []
    assert _told(marked, marked.shape) == ""
    assert _told(marked, calm_one.shape[:-1])


def calm(paper: Paper) -> None:
    """The same replies with the same places, states and decisions, and nothing in them that means harm."""
    Comment.objects.exclude(website="").update(website="https://a.example/")
    Comment.objects.exclude(text="").update(**HARMLESS)
    Decision.objects.exclude(note="").update(note="Words.")
    Ban.objects.update(reason="Words.")
    for one in SavedFilter.objects.all():
        SavedFilter.objects.filter(pk=one.pk).update(name=f"Words {one.pk}", query="")
    Comment.objects.exclude(pick_note="").update(pick_note="Words.")
    Report.objects.exclude(text="").update(text="Words.")
    Report.objects.exclude(name="").update(name="Ada")
    Appeal.objects.update(text="Words.")
    Appeal.objects.exclude(answer="").update(answer="Words.")
    Caution.objects.update(text="Words.")
    Writer.objects.exclude(display_name="").filter(pk=vault.writer_of(READER).pk).update(display_name="Ada")
    ErrorReport.objects.update(text="Words.")
    for name in ("quote", "name", "reason"):
        ErrorReport.objects.exclude(**{name: ""}).update(**{name: "Words."})
    Correction.objects.update(text="Words.")
    Correction.objects.exclude(thanks="").update(thanks="Ada")
    Thread.objects.exclude(answered_by="").update(answered_by="Ada")
    Thread.objects.exclude(frozen_note="").update(frozen_note="Words.")
    BreakingNews.objects.update(notice="Words.")
    paper.strings, paper.is_baked = [HARMLESS["text"]] * 20_000, False
    paper.packed.clear()


def assert_exports_hold(paper: Paper) -> None:
    """JSON lines are read as they were, and WordPress's XML by any reader of XML; cells of a table begin no formula."""
    export_json(paper.folder / "json", with_drafts=True)
    lines = (paper.folder / "json/replies.jsonl").read_text(encoding="utf-8").split("\n")
    every = list(map(json.loads, filter(None, lines)))
    read = {one["id"]: (one["name"], one["website"], one["text"], one["pick_note"]) for one in every}
    here = Comment.objects.exclude(state=State.REMOVED)
    assert read == {one.pk: (one.name, one.website, one.text, one.pick_note) for one in here}
    notes = sorted(decision["note"] for one in every for decision in one["decisions"])
    assert notes == sorted(Decision.objects.values_list("note", flat=True))
    said = sorted((report["name"], report["text"]) for one in every for report in one["reports"])
    assert said == sorted(Report.objects.values_list("name", "text"))
    appeals = [decision["appeal"]["text"] for one in every for decision in one["decisions"] if decision["appeal"]]
    assert sorted(appeals) == sorted(Appeal.objects.values_list("text", flat=True))
    export_wordpress(paper.folder / "wxr", with_drafts=True)
    comments = ElementTree.parse(paper.folder / "wxr/export.xml").iter("{http://wordpress.org/export/1.2/}comment")
    assert sum(1 for _ in comments) == len(read)
    for file in paper.folder.rglob("*.csv"):
        assert_no_formula(file.read_text(encoding="utf-8"))


def assert_no_formula(text: str) -> None:
    """No cell of a table is one that a spreadsheet would run."""
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], row


def assert_mails_are_as_always() -> None:
    """Mails are plain text with headers of ours; one to an address that nobody has confirmed quotes no stranger."""
    sent = [one.message() for one in mail.outbox]
    assert len(sent) > FEW
    for one in sent:
        assert set(one.keys()) <= MAIL_HEADERS, one.keys()
        assert one.get_content_type() == "text/plain"
        assert len({*one.keys()}) == len(one.keys())
        assert not [value for value in one.values() if set(without_controls(value)) & set("<>") and "__ran" in value]
    asking = [one for one in sent if "/-/replies/confirm/" in one.get_payload(decode=True).decode()]
    assert {one["Subject"] for one in asking} == {asking[0]["Subject"]}
    assert len({len(one.get_payload(decode=True).decode().splitlines()) for one in asking}) == 1
    assert "__ran" not in "".join(one.get_payload(decode=True).decode() for one in asking)


def _told(hostile: Looked, shape: list[str] | None) -> str:
    """What is wrong with a page, where ``shape`` is that of the harmless one, if any; empty when nothing is."""
    wrong = [*hostile.heard, *hostile.strange, *hostile.links]
    if not wrong and shape is not None and hostile.shape != shape:
        pairs = zip(hostile.shape, shape, strict=False)
        first = next((f"{n}: {a} / {b}" for n, (a, b) in enumerate(pairs) if a != b), "the end")
        wrong = [f"built otherwise ({len(hostile.shape)} / {len(shape)} elements) from {first}"]
    return f"{hostile.path}: {wrong[:5]}" if wrong else ""


def _shown(answer: Any, path: str, status: int = 200) -> Shown:
    assert answer.status_code == status, (path, answer.status_code, answer.content[:2000])
    return Shown(path, answer.content)
