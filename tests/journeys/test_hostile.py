"""Thousands of attacks and naughty strings through every field that strangers fill, looked at wherever they are shown.

Nothing of it runs; and no page is built otherwise than with harmless words, element for element. Whoever builds another
field adds it to ``FIELDS``, whoever shows text somewhere else adds that to ``SINKS``.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role, User
from stoppress.comments import actions, hooks, keys, queues
from stoppress.comments.actions import Incoming, bring
from stoppress.comments.links import own_path
from stoppress.comments.models import Ban, Comment, Decision, SavedFilter, State, Thread
from stoppress.core.text import without_controls
from stoppress.exporters.actions import export_json, export_wordpress
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.factories.newsroom import ArticleFactory
from tests.hostile import ENOUGH, packed, payloads, sendable
from tests.importers.wxr import Post, Remark, write
from tests.journeys.browser import EXECUTABLE
from tests.journeys.looking import Looked, Shown, looked_at
from tests.naughty import naughty

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db,
    pytest.mark.skipif(EXECUTABLE is None, reason="no Chromium here (apt-get install chromium)"),
]

HELD_EVERY, IMPORTED_EVERY = 13, 6
AT_THE_DESK = 150
"""Rows on a screen of the moderators. Texts with all the strings are among the newest of them."""
FEW = 10
"""Pages of one kind that differ in what strangers typed alone."""
FEW = 10
"""Pages of one kind that differ in what strangers typed alone."""
UNDER = 49
"""Replies under each reply to the story: with it, as many as one place shows."""
IN_A_TEXT, IN_WORDS, IN_A_SEARCH = 4_900, 1_000, 200
HARMLESS = {"name": "Ada", "text": "Words."}


@dataclass
class Paper:
    """A story with replies that mean harm, and who looks at them.

    Attributes:
        strings: every attack and every naughty string.
        imported: stories that an import brought.
        is_baked: what readers see lies in the store.
    """

    story: Article
    folder: Path
    moderator: User
    strings: Sequence[str]
    imported: list[Article] = field(default_factory=list)
    is_baked: bool = True

    @property
    def place(self) -> str:
        """Where one writes a reply."""
        return reverse("comments:write", args=[f"article:{self.story.pk}"])


@pytest.fixture
def paper(publication: SmallPublication, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paper:
    settings.STOPPRESS_COMMENTS = "open"
    settings.STOPPRESS_COMMENTS_SURGE = 0
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = None
    monkeypatch.setattr(hooks, "COALESCED", hooks.COALESCED * 0)
    monkeypatch.setattr(keys, "ROOTS_ON_A_PAGE", 25)
    monkeypatch.setattr(queues, "ON_A_PAGE", AT_THE_DESK)
    story: Article = ArticleFactory(section=publication.world, slug="ferry", headline="Ferry is back")
    drain()
    attacks = payloads()
    assert len(set(attacks)) >= ENOUGH
    return Paper(story, tmp_path, somebody(Role.MODERATOR), [*attacks, *naughty()])


def by_import(paper: Paper) -> None:
    """Name, website and text of a reply that another system had; some of them are still held there."""
    every = [*paper.strings, *("fill" for _ in range(-len(paper.strings) % (UNDER + 1)))]
    replies = [
        Incoming(
            id=f"hostile:{number}",
            parent=f"hostile:{number - number % (UNDER + 1)}" if number % (UNDER + 1) else "",
            state=State.HELD if number % HELD_EVERY == 1 else State.APPROVED,
            name=one,
            text=one,
            website=f"https://a.example/{one}" if number % 2 else one,
            email=one,
            address=one,
            made_at=timezone.now(),
        )
        for number, one in enumerate(every)
    ]
    bring(f"article:{paper.story.pk}", replies, lambda _words, _id: None)


def by_wordpress(paper: Paper) -> None:
    """The same through a file, where they stand for markup."""
    remarks = [
        Remark(number, one, author=one, url=f"https://a.example/{one}", email=one, ip=one, approved=str(number % 2))
        for number, one in enumerate([one for one in paper.strings if _fits_xml(one)][::IMPORTED_EVERY], 1)
    ]
    for number, remark in enumerate(remarks, 1):
        remark.parent = 0 if number % (UNDER + 1) == 1 else number - (number - 1) % (UNDER + 1)
    import_wordpress(write(paper.folder, Post(1, "From elsewhere", remarks=remarks)), None)
    paper.imported.append(Article.objects.get(title="From elsewhere"))


def by_form(paper: Paper) -> None:
    """Many in one text each, one in the name."""
    texts = packed([sendable(one) for one in paper.strings], IN_A_TEXT)
    short = [one for one in paper.strings if len(one) <= 80]
    for number, text in enumerate(texts):
        form = {
            "name": sendable(short[number]),
            "email": f"form{number}@example.org",
            "text": text,
            "website": "a.example",
        }
        answer = Client().post(paper.place, form, REMOTE_ADDR=f"198.51.{number}.1")
        assert answer.status_code in {302, 422}, answer.content


def by_moderators(paper: Paper) -> None:
    """Why a reply was refused, and why somebody may not write: moderators quote what they read."""
    texts = list(packed([sendable(one) for one in paper.strings], IN_WORDS))
    refused = [reply_to(paper.story, f"Refuse this, {n}", email=f"banned{n}@example.org") for n in range(12)]
    for comment, words in zip(refused, texts, strict=False):
        actions.decide(comment, State.REFUSED, "other", paper.moderator, words)
    writer = refused[0].writer
    assert writer is not None
    for words in texts[:20]:
        actions.ban(writer, words, paper.moderator)
    for name in [one for one in map(sendable, paper.strings) if one.strip() and len(one) <= 60][:FEW]:
        actions.save_filter(paper.moderator, name, "held", urlencode({"q": name, "found": name}))


FIELDS: list[Callable[[Paper], None]] = [by_import, by_wordpress, by_form, by_moderators]


def readers_pages(paper: Paper) -> Iterator[Shown]:
    """The stories, and every page of their replies."""
    client = Client()
    for story in (paper.story, *paper.imported):
        base = Article.objects.get(pk=story.pk).public_path
        roots = Thread.objects.get(subject=f"article:{story.pk}").roots
        older = [f"{base}comments/page/{n}/" for n in range(1, (roots - 1) // keys.ROOTS_ON_A_PAGE)]
        for path in (base, f"{base}comments/", *older):
            baked = Path(settings.STOPPRESS_STORE) / f"pages{path}index.html"
            yield Shown(path, baked.read_bytes()) if paper.is_baked else _shown(client.get(path), path)


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
    answering = Comment.objects.filter(state=State.APPROVED)[:FEW]
    for comment in answering:
        yield _shown(client.get(paper.place, {"to": comment.public_id}), "answer")
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


SINKS: list[Callable[[Paper], Iterator[Shown]]] = [readers_pages, forms, desk]


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
    paper.strings, paper.is_baked = [HARMLESS["text"]] * 20_000, False


def assert_exports_hold(paper: Paper) -> None:
    """JSON lines are read as they were, and WordPress's XML by any reader of XML; cells of a table begin no formula."""
    export_json(paper.folder / "json", with_drafts=True)
    lines = (paper.folder / "json/replies.jsonl").read_text(encoding="utf-8").split("\n")
    read = {one["id"]: (one["name"], one["website"], one["text"]) for one in map(json.loads, filter(None, lines))}
    assert read == {one.pk: (one.name, one.website, one.text) for one in Comment.objects.exclude(state=State.REMOVED)}
    export_wordpress(paper.folder / "wxr", with_drafts=True)
    comments = ElementTree.parse(paper.folder / "wxr/export.xml").iter("{http://wordpress.org/export/1.2/}comment")
    assert sum(1 for _ in comments) == len(read)
    for file in paper.folder.rglob("*.csv"):
        for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], file


def assert_mails_are_as_always() -> None:
    """Every mail has the same headers and no word of a stranger."""
    mails = [one.message() for one in mail.outbox]
    assert mails
    assert {tuple(one.keys()) for one in mails} == {tuple(mails[0].keys())}
    assert {one["Subject"] for one in mails} == {mails[0]["Subject"]}
    for one in mails:
        lines = one.get_payload(decode=True).decode().splitlines()
        assert len(lines) == len(mails[0].get_payload(decode=True).decode().splitlines())
        assert "__ran" not in "".join(lines)


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


def _fits_xml(text: str) -> bool:
    return without_controls(text) == text and len(text) < 1_000
