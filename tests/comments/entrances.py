"""Every way in which a reader's mail address comes in, each with a canary that nobody may ever hear of again.

Whoever builds another entrance adds it to ``ENTRANCES``; :mod:`tests.comments.test_canaries` listens everywhere.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stoppress.accounts.models import Role, User
from stoppress.comments import actions
from stoppress.comments.links import appeal_path, confirm_path, own_path
from stoppress.comments.models import Appeal, Comment, ReportGround, State, Writer
from stoppress.comments.standing import refusal_in_force
from stoppress.importers.discussions.actions import import_replies
from stoppress.importers.discussions.ours import OwnExport
from stoppress.importers.wordpress.actions import import_wordpress
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ErrorReport
from tests.canaries import address
from tests.crawler import whole
from tests.factories.accounts import UserFactory, somebody
from tests.importers.discussions import Said, Talk, coral, disqus, isso
from tests.importers.wxr import Post, Remark, write

_machines = count(1)


@dataclass
class Scene:
    """A story and one whose readers ask, and everybody who has replied to them.

    Attributes:
        answers: all that was sent back to those who came in; what only shows them what they typed just now is not kept
            by anybody, and not among these.
        tasks: what stood among the tasks that wait.
    """

    story: Article
    asked: Article
    folder: Path
    addresses: dict[str, str] = field(default_factory=dict)
    answers: list[bytes] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)

    def canary(self, entrance: str) -> str:
        """An address that comes in there."""
        return self.addresses.setdefault(entrance, address(entrance))

    def take(self, answer: Any, status: int = 302) -> Any:
        """Keep what was sent back."""
        assert answer.status_code == status, (answer.status_code, said_in(answer))
        self.answers.append(whole(answer))
        return answer

    def send(self, entrance: str, client: Client | None = None, **more: str) -> Comment:
        """Reply by the form, as a guest with this canary."""
        form = {"name": f"Voice of {entrance}", "email": self.canary(entrance), "text": f"Said by {entrance}.", **more}
        place = reverse("comments:write", args=[form.pop("on", f"article:{self.story.pk}")])
        self.take((client or somewhere()).post(place, form))
        return Comment.objects.latest("pk")

    def known(self, entrance: str, **more: str) -> Comment:
        """The same, of somebody who has opened the link in the mail."""
        one = self.send(entrance, **more)
        self.take(somewhere().post(confirm_path(one)))
        return Comment.objects.select_related("writer").get(pk=one.pk)

    def echoed(self, answer: Any) -> None:
        """What shows somebody what they typed: nobody keeps it, and it leaves nothing with them."""
        assert answer.status_code in {200, 422}, answer.content
        assert "no-store" in answer.headers["cache-control"]
        assert not answer.cookies

    def do_tasks(self) -> None:
        """Do all that waits, whenever it is due, but for indexing."""
        while rows := list(DBTaskResult.objects.exclude(task_path__contains="index").order_by("enqueued_at")):
            for one in rows:
                self.tasks.append(repr(one.__dict__))
                one.delete()
                one.task.call(*one.args_kwargs["args"], **one.args_kwargs["kwargs"])

    def link_to(self, entrance: str, route: str) -> str:
        """The link in the newest mail to somebody."""
        self.do_tasks()
        bodies = [one.body for one in mail.outbox if one.to == [self.addresses[entrance]]]
        found = [link for body in bodies for link in re.findall(rf"/-/replies/{route}/[^\s>]+", body)]
        assert found, (entrance, route, bodies)
        return str(found[-1])


def said_in(answer: Any) -> str:
    """What is wrong, for whoever reads that a test failed."""
    return " ".join(re.findall(r'class="errorlist[^>]*>(.*?)</ul>', answer.content.decode())) or str(answer.content)


def somewhere() -> Client:
    """A browser in a network of its own, so that nobody is too fast."""
    number = next(_machines)
    return Client(REMOTE_ADDR=f"10.{number // 200}.{number % 200}.1")


def by_form(scene: Scene) -> None:
    first = scene.send("form")
    scene.send("answer", to=first.public_id)


def held_and_refused(scene: Scene) -> None:
    moderator = somebody(Role.MODERATOR)
    scene.send("held", text="A word on the casino.")
    actions.decide(scene.send("refused"), State.REFUSED, "other", moderator, "Rather not.")
    assert scene.send("trap", surname="x").state == State.SPAM
    for entrance, make in (("banned", scene.send), ("bannedknown", scene.known)):
        banned = make(entrance)
        assert banned.writer is not None
        actions.caution(banned.writer, "Once more", moderator)
        actions.ban(banned.writer, "Enough of this", moderator)
        form = {"name": "Nobody", "email": scene.canary(entrance), "text": "Let me in."}
        scene.echoed(somewhere().post(reverse("comments:write", args=[f"article:{scene.story.pk}"]), form))


def changed_and_taken_back(scene: Scene) -> None:
    changed, removed = scene.send("changed"), scene.send("removed")
    form = {"text": "Said by changed, twice.", "email": scene.canary("change"), "name": "Nobody"}
    scene.take(somewhere().post(own_path(changed), form))
    sent = {"remove": "1", "sure": "1", "email": scene.canary("remove")}
    scene.take(somewhere().post(own_path(removed), sent))
    for one in (changed, removed):
        scene.take(somewhere().post(confirm_path(one)))


def by_an_account(scene: Scene) -> None:
    client = Client()
    client.force_login(UserFactory(username="member", email=scene.canary("account"), is_staff=False))
    scene.send("account", client, name="", email="")


def not_stored(scene: Scene) -> None:
    """What is not taken, or only looked at: its writer gets back what they typed, in an answer that nobody keeps."""
    wrong = (
        {"text": ""},
        {"preview": "1"},
        {"website": "javascript:1"},
        {"website": scene.canary("website")},
        {"name": scene.canary("name")},
        {"name": f"Ada <{scene.canary('refusal5')}>"},
    )
    for number, more in enumerate(wrong):
        form = {"name": "Nobody", "email": scene.canary(f"refusal{number}"), "text": "Words.", **more}
        scene.echoed(somewhere().post(reverse("comments:write", args=[f"article:{scene.story.pk}"]), form))
    asked = {"email": scene.canary("line"), "name": scene.canary("line")}
    for name, args in (("write", [f"article:{scene.story.pk}"]), ("my", [])):
        scene.take(somewhere().get(reverse(f"comments:{name}", args=args), asked), 200)


def by_api(scene: Scene) -> None:
    place = reverse("comments:api_send", args=[f"article:{scene.story.pk}"])

    def send(entrance: str, status: int, **more: Any) -> None:
        words = {"name": f"Voice of {entrance}", "email": scene.canary(entrance), "text": f"Said by {entrance}."}
        scene.take(somewhere().post(place, {**words, **more}, content_type="application/json"), status)

    send("api", 201)
    send("apifollow", 201, follow=True, website="a.example", to=Comment.objects.latest("pk").public_id, proof="none")
    send("apiheld", 201, text="A word on the casino.")
    wrong: list[dict[str, Any]] = [{"name": ""}, {"text": ""}, {"website": "javascript:1"}, {"to": "nobody"}]
    wrong += [{name: scene.canary(f"api{name}")} for name in ("name", "website", "to")]
    for number, more in enumerate(wrong):
        send(f"apirefusal{number}", 422, **more)
    send("apiunknown", 400, is_staff=True)
    send("apikind", 400, text=5)


def by_drawer(scene: Scene) -> None:
    """A reader signs in by a mailed link, with a name of their own; others ask for one and never come."""
    scene.send("drawer")
    client, my = somewhere(), reverse("comments:my")
    for entrance in ("drawer", "stranger"):
        form = {"email": scene.canary(entrance), "on": f"article:{scene.story.pk}"}
        scene.take(somewhere().get(scene.take(client.post(my, form))["location"]), 200)
    scene.echoed(client.post(my, {"email": f"{scene.canary('drawerwrong')} x"}))
    link = scene.link_to("drawer", "my/in")
    scene.take(client.get(link), 200)
    scene.take(client.post(link))
    scene.take(somewhere().post(link), 410)
    scene.echoed(client.post(my, {"act": "name", "name": scene.canary("drawername")}))
    scene.take(client.post(my, {"act": "name", "name": "Voice of the drawer", "email": scene.canary("drawerfield")}))
    scene.send("account by link", client, email="", name="")
    kept = scene.send("account with another", client, email=scene.canary("drawerother"), name="")
    for act in ({"act": "mute"}, {"act": "hear"}, {"act": "remove", "reply": kept.public_id, "sure": "1"}):
        scene.take(client.post(my, act))
    scene.take(client.get(my), 200)
    for form in ("jsonl", "txt"):
        scene.take(client.get(reverse("comments:export", args=[form])), 200)
    scene.take(client.post(my, {"act": "out-everywhere"}))


def by_following(scene: Scene) -> None:
    for act in ("this", "all"):
        asked = scene.known(f"follow{act}", follow="1")
        scene.send(f"followed{act}", to=asked.public_id)
        link = scene.link_to(f"follow{act}", "unfollow")
        scene.take(somewhere().get(link), 200)
        scene.take(somewhere().post(link, {"act": act} if act == "this" else {"List-Unsubscribe": "One-Click"}), 200)


def by_reports(scene: Scene) -> None:
    """For each reason, with every end that a report can have; one waits."""
    moderator = somebody(Role.MODERATOR)
    for ground in ReportGround.values:
        one = scene.known(f"reported{ground}")
        place = reverse("comments:report", args=[one.public_id])
        form = {"ground": ground, "text": f"Told by {ground}.", "name": f"Eva of {ground}", "is_sincere": "1"}
        form["email"] = scene.canary(f"report{ground}")
        scene.take(somewhere().post(place, form))
        scene.echoed(somewhere().post(place, {**form, "ground": "none"}))
        one = Comment.objects.get(pk=one.pk)
        if ground == ReportGround.SPAM:
            actions.decide(one, State.SPAM, "spam", moderator)
        elif ground == ReportGround.PRIVATE:
            actions.keep(one, moderator)
        elif ground == ReportGround.ABUSE:
            actions.remove_own(one)
        elif ground == ReportGround.ILLEGAL:
            actions.decide(one, State.REFUSED, "unlawful", moderator, "Section 1")


def by_appeals(scene: Scene) -> None:
    """One is granted, one is not, one waits."""
    for fate in ("granted", "dismissed", "waiting"):
        one = scene.known(f"appeal{fate}")
        one = actions.decide(one, State.REFUSED, "insult", somebody(Role.MODERATOR), "Please don’t.")
        scene.do_tasks()
        decision = refusal_in_force(one)
        assert decision is not None
        link = appeal_path(decision)
        scene.take(somewhere().get(link), 200)
        scene.take(somewhere().post(link, {"text": "I said nothing.", "email": scene.canary(f"appealer{fate}")}))
        if fate != "waiting":
            appeal = Appeal.objects.get(decision=decision)
            is_granted = fate == "granted"
            actions.decide_appeal(appeal, somebody(Role.MODERATOR), is_granted=is_granted, answer="Looked at.")
        scene.take(somewhere().get(link), 200)


def by_questions(scene: Scene) -> None:
    """A guest asks; whoever answers has an address with us too."""
    answerer = UserFactory(username="answerer", email=scene.canary("answerer"), first_name="Ann", last_name="Swer")
    subject, now = f"article:{scene.asked.pk}", timezone.now()
    ends = now + timedelta(hours=1)
    actions.set_question_time(subject, now - timedelta(hours=1), ends, [answerer], somebody(Role.MODERATOR))
    question = scene.send("question", on=subject)
    actions.decide(question, State.APPROVED, "approved", somebody(Role.MODERATOR))
    client = somewhere()
    client.force_login(User.objects.get(pk=answerer.pk))
    scene.send("answered", client, on=subject, name="", email="", to=question.public_id)


def by_errors(scene: Scene) -> None:
    """A reader reports an error of fact: one is corrected, with thanks, one dismissed, one waits."""
    editor = somebody(Role.PUBLISHER)
    place = reverse("report_error", args=[scene.story.pk])
    found = []
    for fate in ("corrected", "dismissed", "waiting"):
        form = {"text": f"Wrong, says {fate}.", "name": f"Ida of {fate}", "may_thank": "on"}
        form["email"] = scene.canary(f"error{fate}")
        scene.take(somewhere().get(scene.take(somewhere().post(place, form))["location"]), 200)
        found.append(ErrorReport.objects.latest("pk"))
        scene.echoed(somewhere().post(place, {**form, "email": f"{scene.canary(f'errorwrong{fate}')} x"}))
    newsroom.correct_article(scene.story, newsroom.Mistake(text="It was so.", report=found[0], is_thanked=True), editor)
    newsroom.dismiss_error(found[1], "It is as we say.", editor)


def by_regard(scene: Scene) -> None:
    """What is recommended and picked; a browser that calls itself by an address is heard of nowhere either."""
    one = scene.send("recommended")
    headers = {"user-agent": scene.canary("browser"), "x-forwarded-for": scene.canary("proxy")}
    headers["from"] = scene.canary("from")
    place = reverse("comments:recommend", args=[one.public_id])
    scene.take(somewhere().get(place, headers=headers), 200)
    scene.take(somewhere().post(place, {"email": scene.canary("recommender")}, headers=headers), 200)
    actions.count_recommendations(timezone.now() + timedelta(minutes=1))
    actions.pick(Comment.objects.get(pk=one.pk), "Well said", somebody(Role.MODERATOR))


def by_operator(scene: Scene) -> None:
    """All that is kept of somebody is given out, and of somebody else it is erased."""
    client = Client()
    client.force_login(somebody(Role.OPERATOR))
    place = reverse("desk:replies_person")
    scene.known("givenout")
    given = client.post(place, {"act": "export", "email": scene.canary("givenout")})
    assert scene.canary("givenout") in b"".join(given).decode() if given.streaming else given.content.decode()
    for number, more in enumerate(({}, {"with_words": "1"})):
        scene.known(f"erased{number}")
        form = {"act": "erase", "sure": "1", "email": scene.canary(f"erased{number}"), **more}
        scene.take(client.post(place, form))


def by_wordpress(scene: Scene) -> None:
    remarks = [
        Remark(number, f"Said by {state} in WordPress.", email=scene.canary(f"wp{state}"), approved=state)
        for number, state in enumerate(("1", "0", "spam", "trash"), 1)
    ]
    remarks.append(Remark(9, "Said by nobody in WordPress.", author=scene.canary("wpname"), approved="1"))
    import_wordpress(write(scene.folder, Post(1, "From elsewhere", remarks=remarks)), None)


def by_other_systems(scene: Scene) -> None:
    for system in (disqus, isso, coral):
        name = system.__name__
        said = [
            Said(number, f"Said by {state} in {name}.", state=state, email=scene.canary(f"{name}{state}"))
            for number, state in enumerate(("approved", "held", "deleted"), 1)
        ]
        said.append(Said(9, f"Said by a name in {name}.", name=scene.canary(f"{name}name")))
        import_replies(system(scene.folder, Talk("/world/ferry/", said)))


def by_our_own_export(scene: Scene) -> None:
    folder = scene.folder / "ours"
    folder.mkdir()
    files: dict[str, list[dict[str, Any]]] = {
        "manifest.json": [{"product": "stoppress", "format": "json", "base_url": "https://old.example"}],
        "articles.jsonl": [{"kind": "article", "id": 7, "path": "/world/ferry/", "headline": "Ferry is back"}],
        "replies.jsonl": [
            {
                "kind": "reply",
                "id": number,
                "status": state,
                "article": 7,
                "name": f"Voice of {state}",
                "text": f"Said by {state} in an export.",
                "made_at": "2026-01-02T03:04:05Z",
                "email": scene.canary(f"ours{state}"),
            }
            for number, state in enumerate(("approved", "held", "refused", "spam"), 1)
        ],
    }
    for name, lines in files.items():
        (folder / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    import_replies(OwnExport(folder))


ENTRANCES: list[Callable[[Scene], None]] = [
    by_form,
    held_and_refused,
    changed_and_taken_back,
    by_an_account,
    not_stored,
    by_api,
    by_drawer,
    by_following,
    by_reports,
    by_appeals,
    by_questions,
    by_errors,
    by_regard,
    by_operator,
    by_wordpress,
    by_other_systems,
    by_our_own_export,
]
"""Each lets people with canaries in. Whoever builds another entrance adds it here."""


def let_everybody_in(scene: Scene) -> None:
    """Through every entrance, and all that follows from it."""
    for entrance in ENTRANCES:
        entrance(scene)
    scene.do_tasks()
    assert Writer.objects.count() > len(ENTRANCES)
