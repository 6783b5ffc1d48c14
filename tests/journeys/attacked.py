"""Every field that strangers fill, and those in which moderators quote them, filled with what means harm.

Whoever builds another field adds it to ``FIELDS``; :mod:`tests.journeys.test_hostile` looks wherever it is shown.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role, User
from stoppress.comments import actions, vault
from stoppress.comments.actions import Incoming, bring
from stoppress.comments.links import appeal_path, own_path
from stoppress.comments.models import SITE, Appeal, Comment, ReportGround, State
from stoppress.comments.signing_in import COOKIE, let_in
from stoppress.core.text import without_controls
from stoppress.importers.discussions.actions import import_replies
from stoppress.importers.discussions.ours import OwnExport
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ErrorReport
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.hostile import packed, sendable
from tests.importers.discussions import Said, Talk, coral, disqus, isso
from tests.importers.wxr import Post, Remark, write

HELD_EVERY, IMPORTED_EVERY, ELSEWHERE_EVERY = 13, 6, 40
UNDER = 49
"""Replies under each reply to the story: with it, as many as one place shows."""
IN_A_TEXT, IN_WORDS, IN_A_REPORT, IN_A_NOTE, IN_NAMES, IN_A_NAME = 4_900, 1_000, 1_900, 300, 200, 80
NOTED_EVERY = 12
FEW = 10
"""Pages of one kind that differ in what strangers typed alone."""
READER = "reader@example.org"
_machines = count(1)


@dataclass
class Paper:
    """A story with replies that mean harm, and who looks at them.

    Attributes:
        strings: every attack and every naughty string.
        asked: one whose readers ask.
        elsewhere: four that were discussed elsewhere.
        imported: stories that an import brought something to.
        is_baked: what readers see lies in the store.
    """

    story: Article
    asked: Article
    elsewhere: Sequence[Article]
    folder: Path
    moderator: User
    strings: Sequence[str]
    imported: list[Article] = field(default_factory=list)
    packed: dict[int, list[str]] = field(default_factory=dict)
    is_baked: bool = True

    @property
    def place(self) -> str:
        """Where one writes a reply."""
        return reverse("comments:write", args=[f"article:{self.story.pk}"])

    def of(self, most: int) -> list[str]:
        """All of the strings, packed into as few texts of so many characters as there can be."""
        if most not in self.packed:
            self.packed[most] = list(packed([sendable(one) for one in self.strings], most))
        return self.packed[most]

    @property
    def words(self) -> list[str]:
        """All of the strings as a moderator's form hands them on: the desk leaves out what no database keeps."""
        return [without_controls(one) for one in self.of(IN_WORDS)]

    def own(self, state: State) -> Any:
        """Replies to the story in a state."""
        return Comment.objects.filter(thread__subject=f"article:{self.story.pk}", state=state)

    def reader(self) -> Client:
        """A browser in which somebody with an account is signed in."""
        client = somewhere()
        answer = HttpResponse()
        writer = vault.writer_with(READER)
        assert writer is not None
        let_in(answer, writer)
        client.cookies[COOKIE] = answer.cookies[COOKIE].value
        return client


def on_a_line(text: str) -> str:
    """It without line feeds, which become elements where lines are kept: its page is built as with any other words."""
    return " ".join(text.splitlines())


def somewhere() -> Client:
    """A browser in a network of its own, so that nobody is too fast."""
    number = next(_machines)
    return Client(REMOTE_ADDR=f"10.{number // 200}.{number % 200}.1")


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
    texts = paper.words
    refused = [reply_to(paper.story, f"Refuse this, {n}", email=f"banned{n}@example.org") for n in range(12)]
    for comment, words in zip(refused, texts, strict=False):
        actions.decide(comment, State.REFUSED, "other", paper.moderator, words)
    writer = refused[0].writer
    assert writer is not None
    for words in texts[:20]:
        actions.ban(writer, words, paper.moderator)
    for name in [one for one in map(sendable, paper.strings) if one.strip() and len(one) <= 60][:FEW]:
        actions.save_filter(paper.moderator, name, "held", urlencode({"q": name, "found": name}))


def by_edits(paper: Paper) -> None:
    """What was harmless when it came is changed by its writer afterwards."""
    texts = list(packed([sendable(one) for one in paper.strings], IN_A_TEXT))
    for number, text in enumerate(texts[::5]):
        one = reply_to(paper.story, f"To be changed, {number}", email=f"changes{number}@example.org")
        answer = somewhere().post(own_path(one), {"text": text, "change": "1"})
        assert answer.status_code in {302, 422}, answer.content


def by_drawer(paper: Paper) -> None:
    """An account, whose name is as harmful as one may be, and what a moderator told its owner."""
    one = reply_to(paper.story, "Said by whoever has the drawer", email=READER)
    assert one.writer is not None
    actions.confirm(one)
    client = paper.reader()
    for name in paper.of(IN_A_NAME)[:400:8]:
        assert client.post(reverse("comments:my"), {"act": "name", "name": name}).status_code in {302, 422}
    for text in paper.of(IN_A_TEXT)[-3:]:
        answer = client.post(paper.place, {"text": text, "website": "a.example"})
        assert answer.status_code in {302, 422, 429}, answer.content
    for words in paper.words[:5]:
        actions.caution(one.writer, words, paper.moderator)
    actions.ban(one.writer, paper.words[5], paper.moderator)


def by_reports(paper: Paper) -> None:
    """For every reason, with a name, and some with an address."""
    shown = list(paper.own(State.APPROVED).filter(root=None).order_by("-pk")[:25])
    names = cycle(paper.of(IN_A_NAME)[::3])
    grounds = cycle(ReportGround.values)
    for text, one in zip(paper.of(IN_A_TEXT), cycle(shown), strict=False):
        form = {
            "ground": next(grounds),
            "text": text,
            "name": next(names),
            "email": "eva@example.org",
            "is_sincere": "1",
        }
        answer = somewhere().post(reverse("comments:report", args=[one.public_id]), form)
        assert answer.status_code in {302, 422}, answer.content


def by_appeals(paper: Paper) -> None:
    """Against decisions of a moderator; another one answers some of them."""
    refused = paper.own(State.APPROVED).exclude(root=None).order_by("pk")
    words = cycle(paper.words)
    for text, one in zip(paper.of(IN_A_TEXT), list(refused[: len(paper.strings)]), strict=False):
        actions.decide(one, State.REFUSED, "insult", paper.moderator, next(words))
        decision = one.decisions.latest("pk")
        assert somewhere().post(appeal_path(decision), {"text": text}).status_code == 302
    other = somebody(Role.MODERATOR)
    for appeal in Appeal.objects.order_by("pk")[:FEW]:
        actions.decide_appeal(appeal, other, is_granted=bool(appeal.pk % 2), answer=next(words))


def by_errors(paper: Paper) -> None:
    """Errors of fact with sentences that never stood anywhere; some are dismissed, and some corrected with thanks."""
    editor, names = somebody(Role.PUBLISHER), paper.of(IN_A_NAME)
    for number, text in enumerate(paper.of(IN_A_REPORT)):
        form = {"text": text, "quote": text[::-1], "before": text[:60], "after": text[-60:], "place": "standfirst"}
        form |= {"name": names[number], "may_thank": "on", "revision": text[:18]}
        answer = somewhere().post(reverse("report_error", args=[paper.story.pk]), form)
        assert answer.status_code in {302, 422}, answer.content
    reports = list(ErrorReport.objects.order_by("pk"))
    assert len(reports) > FEW
    for number, one in enumerate(reports[:FEW]):
        if number % 2:
            newsroom.dismiss_error(one, paper.words[number], editor)
        else:
            mistake = newsroom.Mistake(text=on_a_line(paper.words[number]), report=one, is_thanked=True)
            newsroom.correct_article(paper.story, mistake, editor)


def by_questions(paper: Paper) -> None:
    """Questions, and names of those who answer."""
    subject, now = f"article:{paper.asked.pk}", timezone.now()
    answerer = somebody(Role.REPORTER)
    names = paper.of(IN_NAMES)[7]
    actions.set_question_time(subject, now, now + timedelta(hours=1), [answerer], paper.moderator, names)
    place = reverse("comments:write", args=[subject])
    for number, text in enumerate(paper.of(IN_A_TEXT)[:FEW]):
        form = {"name": paper.of(IN_A_NAME)[number], "email": f"asks{number}@example.org", "text": text}
        assert somewhere().post(place, form).status_code in {302, 422}
    for one in Comment.objects.filter(thread__subject=subject).exclude(state=State.SPAM):
        actions.decide(one, State.APPROVED, "approved", paper.moderator)
    for number, one in enumerate(Comment.objects.filter(thread__subject=subject, state=State.APPROVED)):
        answer = paper.of(IN_A_TEXT)[FEW + number]
        reply_to(paper.asked, answer, user=User.objects.get(pk=answerer.pk), to=one.public_id, email="")


def by_notes(paper: Paper) -> None:
    """What editors say of picks, of a frozen thread, and above the form while news break."""
    picked = list(paper.own(State.APPROVED).filter(root=None).order_by("pk"))
    for one, words in zip(picked, paper.of(IN_A_NOTE)[::NOTED_EVERY], strict=False):
        actions.pick(one, words, paper.moderator)
    actions.begin_breaking(SITE, 1, on_a_line(paper.words[11]), paper.moderator)
    for number, one in enumerate(paper.imported):
        actions.freeze(f"article:{one.pk}", without_controls(paper.of(IN_A_NOTE)[number]), paper.moderator)


def by_other_systems(paper: Paper) -> None:
    """Name, website, text and address as Disqus, isso, Coral and an export of our own have them."""
    some = [one for one in paper.strings if _fits_xml(one) and one.strip()][::ELSEWHERE_EVERY]
    for number, (system, story) in enumerate(zip((disqus, isso, coral, ours), paper.elsewhere, strict=True)):
        said = [
            Said(pk, one, parent=pk - 1 if pk % 25 > 1 else 0, name=one, email=one, website=one, machine=one)
            for pk, one in enumerate(some[number:], 1)
        ]
        import_replies(system(paper.folder, Talk(story.public_path, said, title=some[number])))
        paper.imported.append(story)


def ours(folder: Path, *talks: Talk) -> OwnExport:
    """An export of our own that somebody has written by hand, with all that only a newsroom says."""
    (folder / "manifest.json").write_text(json.dumps({"product": "stoppress", "format": "json", "base_url": "x"}))
    lines: dict[str, list[dict[str, Any]]] = {"article": [], "reply": [], "writer": [], "thread": []}
    at = "2026-01-02T03:04:05Z"
    for number, talk in enumerate(talks, 1):
        lines["article"].append({"id": number, "path": talk.address, "headline": talk.title})
        lines["thread"].append({"article": number, "frozen_at": at, "frozen_note": talk.title, "mode": talk.title})
        for one in talk.said:
            named = {"name": one.name, "text": one.text, "website": one.website, "email": one.email, "made_at": at}
            decision = {
                "state": "approved",
                "phase": one.text,
                "reason": one.text,
                "note": one.text,
                "at": at,
                "by": one.text,
            }
            report = {"ground": "abuse", "state": "open", "text": one.text, "name": one.name, "made_at": at}
            lines["reply"].append(
                {
                    **{"id": one.id, "article": number, "parent": one.parent or None, "status": "approved", **named},
                    **{"is_pick": True, "pick_note": one.text[:300], "imported_id": one.text, "public_id": one.text},
                    **{"writer": one.id, "decisions": [decision], "reports": [report]},
                }
            )
            told = [{"text": one.text, "reason": one.text, "at": at, "by": one.text, "until": one.text}]
            lines["writer"].append({"id": one.id, "public_id": one.text, **named, "cautions": told, "bans": told})
    for kind, name in (("article", "articles"), ("reply", "replies"), ("writer", "writers"), ("thread", "threads")):
        text = "".join(f"{json.dumps({'kind': kind, **line})}\n" for line in lines[kind])
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return OwnExport(folder)


def _fits_xml(text: str) -> bool:
    return without_controls(text) == text and len(text) < 1_000


FIELDS: list[Callable[[Paper], None]] = [
    by_import,
    by_wordpress,
    by_other_systems,
    by_form,
    by_edits,
    by_drawer,
    by_moderators,
    by_reports,
    by_appeals,
    by_errors,
    by_questions,
    by_notes,
]
