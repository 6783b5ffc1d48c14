"""A reader's drawer: one mail, one button, and then all of their own, and nothing of anybody else's."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from stoppress.accounts.actions.throttle import remove_old_tallies
from stoppress.accounts.models import Tally
from stoppress.comments import actions
from stoppress.comments.links import own_path
from stoppress.comments.models import Comment, Decision, Mode, State, Writer
from stoppress.comments.signing_in import COOKIE
from stoppress.comments.text import shown
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import UserFactory
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]
ADA = "ada@example.org"
DoTasks = Callable[[], None]


def my() -> str:
    return reverse("comments:my")


def link_in(body: str) -> str:
    found = re.search(r"/-/replies/my/in/\S+", body)
    assert found is not None, body
    return found[0]


def enter(client: Client, do_tasks: DoTasks, email: str = ADA, **more: str) -> str:
    """Ask for the link, open it and press the button; returns where that leads."""
    do_tasks()
    before = len(mail.outbox)
    assert client.post(my(), {"email": email, **more}).status_code == 302
    do_tasks()
    (sent,) = mail.outbox[before:]
    assert sent.to == [email]
    answer = client.post(link_in(sent.body))
    assert answer.status_code == 302
    return str(answer["location"])


def act(client: Client, what: str, expect: int = 302, **form: str) -> str:
    answer = client.post(my(), {"act": what, **form})
    assert answer.status_code == expect
    return (client.get(my()) if expect == 302 else answer).content.decode()


def test_all_of_one_s_own_and_nothing_else(story: Article, client: Client, do_tasks: DoTasks) -> None:
    first = reply_to(story, "The first word.", name="Ada", email=ADA)
    reply_to(story, "The last word.", name="Ada L.", email="ADA@Example.org ")
    other = reply_to(story, "Somebody else’s.", name="Ben", email="ben@example.org")
    assert enter(client, do_tasks) == my()
    page = client.get(my()).content.decode()
    assert "The first word." in page
    assert "The last word." in page
    assert "Ferry is back" in page
    assert "Somebody else" not in page
    assert "example.org" not in page
    assert Writer.objects.get(pk=first.writer_id).is_verified
    asked = act(client, "remove", expect=200, reply=first.public_id)  # once more, since words go for good
    assert "Take it back for good" in asked
    assert Comment.objects.get(pk=first.pk).text == "The first word."
    assert "You took it back" in act(client, "remove", reply=first.public_id, sure="1")
    assert Comment.objects.get(pk=first.pk).text == ""
    act(client, "remove", expect=404, reply=other.public_id)
    assert Comment.objects.get(pk=other.pk).state == State.APPROVED
    own = re.search(r'href="(/-/replies/own/[^"]+)"', page)
    assert own is not None
    assert client.get(own[1]).status_code == 200


def test_what_one_wrote_comes_before_the_form_for_a_name(story: Article, client: Client, do_tasks: DoTasks) -> None:
    reply_to(story, "The first word.", name="Ada", email=ADA)
    key = f"article:{story.pk}"
    assert enter(client, do_tasks, on=key).endswith(f"?on=article%3A{story.pk}")

    def headings(page: str) -> list[str]:
        return re.findall(r'<h2 id="(written|account|rest)"', page)

    assert headings(client.get(my()).content.decode()) == ["written", "account", "rest"]
    # Who came to reply is asked for a name first, and so is who chose one that can't be theirs.
    assert headings(client.get(my(), {"on": key}).content.decode()) == ["account", "written", "rest"]
    assert headings(act(client, "name", expect=422, name="…")) == ["account", "written", "rest"]
    named = client.post(my(), {"act": "name", "name": "Ada Lovelace"})
    assert named["location"] == f"{my()}#account"
    assert headings(client.get(my(), {"on": key}).content.decode()) == ["written", "account", "rest"]


def test_they_read_there_as_readers_read_them(story: Article, client: Client, do_tasks: DoTasks) -> None:
    parent = reply_to(story, "Which bridge?", name="Ben <b>", email="ben@example.org")
    typed = "> Which bridge?\n\nThe *old* one: https://bridge.example/old <i>" + " and on" * 200
    mine = reply_to(story, typed, name="Ada", email=ADA, to=parent.public_id)
    enter(client, do_tasks)
    page = client.get(my()).content.decode()
    assert str(shown(typed)) in page
    assert "<blockquote><p>Which bridge?</p></blockquote>" in page
    assert "Replying to Ben &lt;b&gt;" in page
    form = client.get(own_path(mine)).content.decode()
    assert "&gt; Which bridge?\n\nThe *old* one" in form  # to be changed, as it was typed


def test_the_answer_is_the_same_whoever_asks(story: Article, client: Client, do_tasks: DoTasks) -> None:
    reply_to(story, name="Ada", email=ADA)
    answers = []
    for email in (ADA, "nobody@example.org"):
        answer = client.post(my(), {"email": email})
        answers.append((answer.status_code, answer["location"], client.get(answer["location"]).content))
    assert answers[0] == answers[1]
    assert "ada@" not in json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True))).lower()
    assert Writer.objects.count() == 1
    do_tasks()
    confirmation, *links = mail.outbox
    assert "confirm" in confirmation.body
    assert [one.to for one in links] == [[ADA], ["nobody@example.org"]]
    assert len({re.sub(r"/(in|address)/\S+", "", one.body) for one in links}) == 1


def test_a_link_works_once_and_for_an_hour(
    story: Article, client: Client, do_tasks: DoTasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply_to(story, name="Ada", email=ADA)
    for _ in range(2):
        client.post(my(), {"email": ADA})
    do_tasks()
    first, second = (link_in(one.body) for one in mail.outbox[1:])
    for _ in range(3):
        assert "Open my replies" in client.get(first).content.decode()  # as programs do that look at links
    assert not client.cookies
    assert client.post(first).status_code == 302
    thief = Client()
    answer = thief.post(first)
    assert answer.status_code == 410
    assert "lapsed or was used" in answer.content.decode()
    assert not thief.cookies
    import time  # noqa: PLC0415 - whose hands are turned

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3_601)
    assert thief.get(second).status_code == 410
    assert thief.post(second).status_code == 410
    for damaged in ("x", second.rsplit("/", 2)[-2][:-3], "WyJhIiwiIl0:1:1"):
        path = reverse("comments:enter", args=[damaged])
        assert (thief.get(path).status_code, thief.post(path).status_code) == (410, 410)


def test_few_mails_to_one_address_and_few_wishes_of_one_machine(client: Client, do_tasks: DoTasks) -> None:
    for _ in range(5):
        assert client.post(my(), {"email": ADA}).status_code == 302
    do_tasks()
    assert len(mail.outbox) == 3
    Tally.objects.update(since=Tally.objects.latest("since").since - timedelta(hours=2))
    remove_old_tallies()
    client.post(my(), {"email": ADA})
    do_tasks()
    assert len(mail.outbox) == 3  # for the rest of the day
    for number in range(19):
        client.post(my(), {"email": f"reader{number}@example.org"})
    answer = client.post(my(), {"email": "one.more@example.org"})
    assert answer.status_code == 429
    assert "one.more@example.org" in answer.content.decode()


def test_the_cookie_is_for_replies_alone(story: Article, client: Client, do_tasks: DoTasks) -> None:
    enter(client, do_tasks)
    cookie = client.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/-/replies/", True, "Lax")
    for path in ("/", "/world/ferry/"):
        answer = client.get(path)
        assert not answer.cookies
        assert "cookie" not in answer.headers.get("vary", "").lower()
    copied = Client()
    copied.cookies[COOKIE] = cookie.value
    assert "What you wrote" in copied.get(my()).content.decode()
    act(client, "out")
    assert "Send me the link" in client.get(my()).content.decode()
    assert "What you wrote" in copied.get(my()).content.decode()
    act(copied, "out-everywhere")
    copied.cookies[COOKIE] = cookie.value
    assert "Send me the link" in copied.get(my()).content.decode()
    for forged in ("", "x", "WyJhIiwxXQ:1u:xyz"):
        copied.cookies[COOKIE] = forged
        assert "Send me the link" in copied.get(my()).content.decode()
        assert copied.get(reverse("comments:export", args=["jsonl"])).status_code == 404


def test_another_site_can_do_nothing_for_one(story: Article, client: Client, do_tasks: DoTasks) -> None:
    mine = reply_to(story, name="Ada", email=ADA)
    enter(client, do_tasks)
    sent = {"act": "remove", "reply": mine.public_id, "sure": "1"}
    client.post(my(), sent, headers={"sec-fetch-site": "cross-site"})
    assert Comment.objects.get(pk=mine.pk).state == State.APPROVED
    client.post(my(), {"email": "victim@example.org"}, headers={"origin": "https://evil.example"})
    do_tasks()
    assert [one.to for one in mail.outbox].count(["victim@example.org"]) == 0


def test_a_copy_of_everything(story: Article, client: Client, do_tasks: DoTasks) -> None:
    reply_to(story, "Line one\nline “two”", name="Ada", email=ADA)
    reply_to(story, "Not mine", name="Ben", email="ben@example.org")
    enter(client, do_tasks)
    answer = client.get(reverse("comments:export", args=["jsonl"]))
    records = [json.loads(line) for line in answer.content.decode().splitlines()]
    assert [one["record"] for one in records] == ["writer", "reply"]
    assert records[1]["text"] == "Line one\nline “two”"
    assert records[1]["url"].endswith("/world/ferry/")
    assert "attachment" in answer["content-disposition"]
    text = client.get(reverse("comments:export", args=["txt"])).content.decode()
    assert "line “two”" in text
    assert "Not mine" not in text


def test_an_account_is_a_name_that_nobody_else_can_use(story: Article, client: Client, do_tasks: DoTasks) -> None:
    UserFactory(first_name="Grace", last_name="Hopper")
    enter(client, do_tasks)
    for wrong in ("", "…", "x" * 81, "grace hopper"):
        assert 'role="alert"' in act(client, "name", expect=422, name=wrong)
    assert "You reply as Ada Lovelace." in act(client, "name", name="  Ada   Lovelace ")
    other = Client()
    enter(other, do_tasks, "ben@example.org")
    for alike in ("Ada Lovelace", "ADA LOVELACE", "Аda Lоvelасe", "Ada\u200bLovelace"):
        assert 'role="alert"' in act(other, "name", expect=422, name=alike)
        with pytest.raises(actions.NotTakenError, match="has an account"):
            reply_to(story, name=alike, email="guest@example.org")
    write = reverse("comments:write", args=[f"article:{story.pk}"])
    form = client.get(write).content.decode()
    assert "You reply as Ada Lovelace." in form
    assert 'name="email"' not in form
    assert 'name="name"' not in form
    assert client.post(write, {"text": "Signed in.", "name": "Ben", "email": "x"}).status_code == 302
    signed = Comment.objects.latest("pk")
    assert (signed.name, signed.is_account, signed.state) == ("Ada Lovelace", True, State.APPROVED)
    drain()
    assert "With an account" in client.get("/world/ferry/comments/").content.decode()


def test_who_only_knows_the_address_is_not_believed(
    story: Article, client: Client, do_tasks: DoTasks, settings: Any
) -> None:
    enter(client, do_tasks)
    act(client, "name", name="Ada Lovelace")
    write = reverse("comments:write", args=[f"article:{story.pk}"])
    answers = set()
    for email in (ADA, "guess@example.org"):  # nobody finds out by guessing whose account it is
        answer = Client().post(write, {"name": "Ada Lovelace", "email": email, "text": "I am Ada."})
        assert answer.status_code == 422
        answers.add(re.sub(r'name="once" value="[^"]+"', "", answer.content.decode().replace(email, "")))
    assert len(answers) == 1
    assert "sign in if it is yours" in answers.pop()
    plain = reply_to(story, "I am Ada, too.", name="Ada L", email=ADA)
    assert (plain.state, plain.is_account) == (State.APPROVED, False)
    settings.STOPPRESS_COMMENTS = Mode.HOLD_FIRST
    held = reply_to(story, "I am Ada, as I said.", name="Ada L", email=ADA)
    assert Decision.objects.get(comment=held).reason == "not-signed-in"


def test_where_accounts_alone_may_write(story: Article, client: Client, do_tasks: DoTasks, settings: Any) -> None:
    settings.STOPPRESS_COMMENTS = Mode.ACCOUNTS
    write = reverse("comments:write", args=[f"article:{story.pk}"])
    page = client.get(write).content.decode()
    assert "Sign in, or make an account" in page
    assert "<textarea" not in page
    answer = client.post(write, {"name": "Ada", "email": ADA, "text": "A guest’s words"})
    assert answer.status_code == 422
    assert "A guest’s words" in answer.content.decode()
    key = f"article:{story.pk}"
    assert enter(client, do_tasks, on=key) == f"{my()}?on=article%3A{story.pk}"
    assert client.post(write, {"name": "Ada", "text": "No name of my own yet"}).status_code == 422
    named = client.post(my(), {"act": "name", "name": "Ada", "on": key})
    assert named["location"] == write
    assert client.post(write, {"text": "An account’s words"}).status_code == 302
    drain()
    assert "Sign in, or make an account" in client.get("/world/ferry/comments/").content.decode()
    again = Client()
    assert enter(again, do_tasks, on=key) == write
    assert enter(Client(), do_tasks, "ben@example.org", on="https://evil.example/") == my()


def test_many_replies_come_by_pages(
    story: Article, client: Client, do_tasks: DoTasks, django_assert_num_queries: Any
) -> None:
    first = reply_to(story, "Number 0.", name="Ada", email=ADA)
    Comment.objects.bulk_create(
        [
            Comment(
                thread=first.thread,
                writer=first.writer,
                name="Ada",
                text=f"Number {n}.",
                fingerprint=str(n),
                state=State.HELD,
                made_at=first.made_at,
            )
            for n in range(1, 60)
        ]
    )
    enter(client, do_tasks)
    page = client.get(my()).content.decode()
    seen = re.findall(r"Number (\d+)\.</p>", page)
    while older := re.search(r'href="([^"]+before=\d+)"', page):
        page = client.get(older[1]).content.decode()
        seen += re.findall(r"Number (\d+)\.</p>", page)
    assert [int(n) for n in seen] == list(range(59, -1, -1))
    for odd in ("x", "²", "9" * 40, "-1"):
        assert client.get(my(), {"before": odd}).status_code == 200


@pytest.mark.parametrize(
    "form",
    [{}, {"act": "burn"}, {"act": "remove"}, {"act": "remove", "reply": "\0" * 40}, {"act": "name", "name": "\0"}],
)
def test_nonsense_is_no_error_of_ours(client: Client, do_tasks: DoTasks, form: dict[str, str]) -> None:
    for email in ("", "\0", "x" * 9_000, "a@b@c", "ada@example.org\nbcc: ben@example.org"):
        assert client.post(my(), {"email": email, "on": "y" * 9_000}).status_code == 422
    enter(client, do_tasks)
    assert client.post(my(), form).status_code in {404, 422}
