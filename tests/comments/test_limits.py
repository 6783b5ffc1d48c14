"""Whatever is sent to the forms of replies is answered clearly: too much, too many, broken, or of another kind."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.links import own_path
from stoppress.comments.models import Comment, State, Thread
from stoppress.newsroom.models import Article
from tests.crawler import patterns
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_to_all")]

URLENCODED = "application/x-www-form-urlencoded"
WORDS = b"name=Ada&email=ada%40example.org&text=Well+said."
FORM = "multipart/form-data; boundary=x"
PART = b'--x\r\ncontent-disposition: form-data; name="text"\r\n\r\nWell said.\r\n'
BODIES: dict[str, tuple[str, bytes]] = {
    "ten megabytes in a field": (URLENCODED, WORDS + b"&more=" + b"x" * (10 * 2**20)),
    "ten thousand fields": (URLENCODED, WORDS + b"".join(b"&f%d=1" % n for n in range(10_001))),
    "one field ten thousand times": (FORM, PART * 10_001 + b"--x--"),
    "multipart that breaks off": (FORM, b'--x\r\ncontent-disposition: form-data; name="te'),
    "multipart without a boundary": ("multipart/form-data", PART),
    "multipart in a multipart": (
        FORM,
        b"--x\r\ncontent-type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\na\r\n--y--\r\n--x--",
    ),
    "multipart, base64 that is none": (
        FORM,
        b'--x\r\ncontent-disposition: form-data; name="text"\r\ncontent-transfer-encoding: base64\r\n\r\n@@@\r\n--x--',
    ),
    "a file in place of a field": (
        FORM,
        b'--x\r\ncontent-disposition: form-data; name="text"; filename="a"\r\n\r\n' + b"x" * 9_000 + b"\r\n--x--",
    ),
    "json": ("application/json", b'{"name": "Ada", "text": "Well said."}'),
    "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>"),
    "no type": ("", WORDS),
    "a type that is none": ("\x00/;;;=,", WORDS),
    "utf-16": (f"{URLENCODED}; charset=utf-16", WORDS.decode().encode("utf-16")),
    "half a letter": (URLENCODED, b"name=%C3&email=%FF&text=%00&to=%ED%A0%80"),
    "signs only": (URLENCODED, b"&&&===%%%;;;"),
}
PARENTS = ["-1", "0", "1", "9" * 400, "1e309", "NaN", "\x00", "../../x", "' OR 1=1 --", "\U0010ffff", "%", "[]", " "]


@pytest.fixture
def client() -> Client:
    """A stranger; an error of ours is an answer like any other."""
    return Client(raise_request_exception=False)


def place_of(story: Article) -> str:
    return reverse("comments:write", args=[f"article:{story.pk}"])


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_any_kind_is_answered_and_stores_nothing(story: Article, client: Client, name: str) -> None:
    kind, body = BODIES[name]
    own = own_path(reply_to(story, "Stays as it was."))
    for path in (place_of(story), own):
        answer = client.generic("POST", path, body, content_type=kind)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        assert len(answer.content.split()) > 5, answer.content
        assert not answer.cookies
    assert [one.text for one in Comment.objects.all()] == ["Stays as it was."]
    assert Thread.objects.get().count == 1


@pytest.mark.parametrize("parent", PARENTS)
def test_a_parent_that_is_none_is_said_so(story: Article, client: Client, parent: str) -> None:
    assert client.get(place_of(story), {"to": parent}).status_code == 200
    form = {"name": "Ada", "email": "ada@example.org", "text": "Well said.", "to": f"x{parent}"}
    answer = client.post(place_of(story), form)
    assert answer.status_code == 422
    assert "Well said." in answer.content.decode()
    assert not Comment.objects.exists()


def test_an_address_with_anything_in_it_is_answered(story: Article, client: Client) -> None:
    comment = reply_to(story)
    desk = Client(raise_request_exception=False)
    desk.force_login(somebody(Role.MODERATOR))
    base = f"{story.public_path}comments/"
    fixed = [f"{base}page/{n}/" for n in ("0", "1", "999999", "9" * 30, "-1", "%00")]
    fixed += [f"{base}under/{root}/{n}/" for root in (comment.public_id, "x", "%00") for n in ("0", "1", "999999")]
    for path in fixed:
        assert client.get(path).status_code in {200, 404}, path
    for route, _names in patterns(get_resolver()):
        if "<" in route and "repl" in route and route.startswith(("-/", "desk/")):
            for value in ("%00", "article:%00", f"article:{'9' * 30}", "article:-1", "%ED%A0%80", "9" * 200, "%27"):
                path = "/" + re.sub(r"<[^>]*>", lambda _found, v=value: v, route)  # type: ignore[misc]
                for who, query in (
                    (client, ""),
                    (desk, ""),
                    (client, "?to=%00"),
                    (desk, "?by=%00&on=%00&q=%00&after=%00"),
                ):
                    assert who.get(path + query).status_code < 500, (path, query)
                    assert who.post(path + query, {"act": "ban", "mode": "\x00"}).status_code < 500, (path, query)


def test_a_character_that_no_database_holds_is_left_out_of_all_that_moderators_write(story: Article) -> None:
    """PostgreSQL has no NUL in any text; the screens leave it out, and so does what other entrances call."""
    moderator, other, key = somebody(Role.MODERATOR), somebody(Role.MODERATOR), f"article:{story.pk}"
    one = reply_to(story)
    assert one.writer is not None
    decision = actions.decide(one, State.REFUSED, "ins\x00ult", moderator, "Not\x00 here.").decisions.latest("pk")
    appeal = actions.decide_appeal(
        actions.appeal(decision, "But\x00 why?"), other, is_granted=True, answer="In\x00deed."
    )
    pick = actions.pick(Comment.objects.get(pk=one.pk), "Well\x00 said", moderator)
    caution = actions.caution(one.writer, "Be\x00 kind.", moderator)
    ban = actions.ban(one.writer, "In\x00sults", moderator)
    asked = actions.save_filter(moderator, "Mi\x00ne", "held", "q=a\x00b")
    wave = actions.begin_breaking(key, 1, "Slow\x00ly.", moderator)
    actions.freeze(key, "E\x00nough.", moderator)
    for row in (decision, appeal, pick, caution, ban, asked, wave):
        row.refresh_from_db()
    kept = [decision.reason, decision.note, appeal.text, appeal.answer, pick.pick_note, caution.text, ban.reason]
    kept += [asked.name, asked.query, wave.notice, Thread.objects.get().frozen_note]
    assert kept[:4] == ["insult", "Not here.", "But why?", "Indeed."]
    assert "\x00" not in "".join(kept)
    for nothing in (actions.caution, actions.ban):
        with pytest.raises(ValueError, match="they will read it"):
            nothing(one.writer, " \x00 ", moderator)
