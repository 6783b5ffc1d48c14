"""Replies for programs: baked pages of JSON with a list of fields, and a way in that is judged like the form."""

import base64
import hashlib
import json
import re
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role
from stoppress.comments import actions, proofs
from stoppress.comments.api import FIELDS
from stoppress.comments.models import Comment, Decision, State
from stoppress.newsroom.models import Article
from stoppress.pagestore.actions import drain
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to
from tests.pagestore import oracle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("short_pages")]
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "replies-api.md"
WORDS = {"name": "Ada", "email": "ada@example.org", "text": "Well *said*."}


def documented(before: str) -> set[str]:
    """The fields of the first table after a line that begins like this."""
    _text, is_there, rest = REFERENCE.read_text(encoding="utf-8").partition(f"\n{before}")
    table = re.search(r"\n\| field \|.*\n\|---\|---\|\n((?:\|.*\n)+)", rest)
    assert is_there, before
    assert table is not None, before
    return set(re.findall(r"^\| `(\w+)` \|", table[1], re.MULTILINE))


def page_of(store: Path, name: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((store / f"pages/world/ferry/comments/{name}thread.json").read_text())
    return found


def test_pages_are_baked_with_a_list_of_fields(story: Article, store: Path, tmp_path: Path, settings: Any) -> None:
    first = reply_to(story, "About *time* <b>.", name="Ada", website="ada.example", email="canary@example.org")
    answer = reply_to(story, "No.", to=first.public_id)
    for number in range(6):
        reply_to(story, f"Thought number {number}")
    oracle.assert_true(tmp_path / "fresh")
    newest, oldest = page_of(store), page_of(store, "page/1/")
    assert newest["count"] == 8
    assert newest["older"] == f"{settings.BASE_URL}/world/ferry/comments/page/1/thread.json"
    assert (oldest["count"], oldest["older"]) == (None, None)
    assert newest["send_to"] == f"{settings.BASE_URL}/-/replies/api/to/article:{story.pk}/"
    assert oldest["newer"] == f"{settings.BASE_URL}/world/ferry/comments/thread.json"
    shown = oldest["replies"]
    assert [one["id"] for one in shown][-2:] == [first.public_id, answer.public_id]
    assert shown[-1]["in_reply_to"] == first.public_id
    assert shown[-2]["html"] == "<p>About <em>time</em> &lt;b&gt;.</p>"
    text = json.dumps([newest, oldest])
    assert "canary" not in text
    assert [set(newest), set(newest["subject"]), *map(set, shown)] == [
        documented("A page"),
        documented("`subject`"),
        *[documented("A reply")] * len(shown),
    ]
    latest = json.loads((store / "pages/world/ferry/comments/latest.json").read_text())
    assert set(latest) == documented("`…/comments/latest.json`")


def test_what_is_gone_says_nothing(story: Article, store: Path, tmp_path: Path) -> None:
    first = reply_to(story, "Taken back", name="Ada Gone", website="ada.example")
    reply_to(story, "An answer", to=first.public_id)
    actions.remove_own(first)
    oracle.assert_true(tmp_path / "fresh")
    gone = page_of(store)["replies"][0]
    assert (gone["is_gone"], gone["html"], gone["name"], gone["website"]) == (True, "", "", None)


def test_a_program_replies(story: Article, client: Client, settings: Any) -> None:
    place = reverse("comments:api_send", args=[f"article:{story.pk}"])
    sent = client.post(place, WORDS, content_type="application/json")
    assert sent.status_code == 201
    one = Comment.objects.get()
    assert (sent.json()["id"], sent.json()["state"]) == (one.public_id, "approved")
    assert set(sent.json()) == documented("It goes through the same checks")
    assert documented("`POST` an object") == FIELDS
    own = client.get(sent["location"].removeprefix(settings.BASE_URL))
    assert "It is published." in own.content.decode()
    answer = {**WORDS, "text": "And more", "to": one.public_id, "follow": True}
    assert client.post(place, answer, content_type="application/json").status_code == 201
    reply = Comment.objects.latest("pk")
    assert (reply.parent_id, reply.is_followed) == (one.pk, True)
    spam = {**WORDS, "text": "See https://a.example https://b.example https://c.example"}
    assert client.post(place, spam, content_type="application/json").json()["state"] == "held"
    assert Comment.objects.latest("pk").state == State.HELD


def solved(challenge: dict[str, Any]) -> str:
    """A proof, done by hand as the reference says."""
    given = challenge["parameters"]
    nonce, salt = bytes.fromhex(given["nonce"]), bytes.fromhex(given["salt"])
    for counter in count():
        password = nonce + counter.to_bytes(4, "big")
        key = hashlib.pbkdf2_hmac("sha256", password, salt, given["cost"], given["keyLength"]).hex()
        if key.startswith(given["keyPrefix"]):
            break
    proof = {"challenge": challenge, "solution": {"counter": counter, "derivedKey": key}}
    return base64.b64encode(json.dumps(proof).encode()).decode()


def test_programs_can_do_the_sum_in_a_wave_and_need_not(
    story: Article, client: Client, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    monkeypatch.setattr(proofs, "COST", 1)
    key = f"article:{story.pk}"
    reply_to(story)
    drain()
    place, ask = reverse("comments:api_send", args=[key]), reverse("comments:api_proof", args=[key])
    assert page_of(store)["proof_at"].endswith(ask)
    assert client.get(ask).json() == {"is_asked": False, "challenge": None}
    assert client.post(ask).status_code == 405
    assert client.get(reverse("comments:api_proof", args=["article:999"])).json()["reason"] == "no-subject"
    actions.begin_breaking(key, 1, "", somebody(Role.MODERATOR))

    def send(number: int, **more: str) -> Any:
        words = {**WORDS, "name": f"Machine {number}", "email": f"machine{number}@example.org", **more}
        machine = Client(REMOTE_ADDR=f"198.51.{number}.7")
        return machine.post(place, words, content_type="application/json")

    def reasons() -> list[str]:
        return list(Decision.objects.order_by("pk").values_list("reason", flat=True))

    answer = client.get(ask)
    assert set(answer.json()) == documented("them. `GET` what stands")
    assert "no-store" in answer.headers["cache-control"]
    proof = solved(answer.json()["challenge"])
    sent = [send(1), send(2, proof=proof), send(3, proof=proof), send(4, proof="nonsense")]
    assert [(one.status_code, one.json().get("state", one.content)) for one in sent] == [(201, "held")] * 4
    assert reasons()[-4:] == ["unproven", "breaking-news", "unproven", "unproven"]
    while (answer := send(Comment.objects.count() + 10)).status_code == 201:
        assert Comment.objects.count() < 50
    assert (answer.status_code, answer.json()["reason"]) == (429, "slow")
    assert send(99, proof=solved(client.get(ask).json()["challenge"])).status_code == 201


@pytest.mark.parametrize(
    ("body", "kind", "status", "reason"),
    [
        ("{", "application/json", 400, "not-understood"),
        ("[" * 50_000, "application/json", 400, "not-understood"),
        ("[]", "application/json", 400, "not-understood"),
        ("\xff", "application/json", 400, "not-understood"),
        (json.dumps({**WORDS, "is_staff": True}), "application/json", 400, "not-understood"),
        (json.dumps({**WORDS, "text": 5}), "application/json", 400, "not-understood"),
        (json.dumps({**WORDS, "follow": "yes"}), "application/json", 400, "not-understood"),
        (json.dumps({**WORDS, "text": "x" * 200_000}), "application/json", 413, "not-understood"),
        (json.dumps(WORDS), "text/plain", 415, "not-understood"),
        (json.dumps({**WORDS, "email": "nowhere"}), "application/json", 422, "no-mail"),
        (json.dumps({**WORDS, "text": "\ud800\x00"}), "application/json", 422, "empty"),
        (json.dumps({}), "application/json", 422, "no-name"),
        (json.dumps({**WORDS, "to": "nobody"}), "application/json", 422, "no-parent"),
    ],
)
def test_errors_are_problems(story: Article, client: Client, body: str, kind: str, status: int, reason: str) -> None:
    place = reverse("comments:api_send", args=[f"article:{story.pk}"])
    answer = client.generic("POST", place, body.encode("latin-1"), content_type=kind)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["reason"], told["type"]) == (status, reason, "about:blank")
    assert told["detail"]
    assert documented("What was not taken is a problem") - {"field"} <= set(told)
    assert set(told) <= documented("What was not taken is a problem")
    assert not Comment.objects.exists()


def test_closed_elsewhere_and_nowhere(story: Article, client: Client, settings: Any) -> None:
    place = reverse("comments:api_send", args=[f"article:{story.pk}"])
    assert client.get(place).status_code == 405
    forged = client.post(place, WORDS, content_type="application/json", headers={"origin": "https://evil.example"})
    assert forged.json()["reason"] == "elsewhere"
    nowhere = client.post(reverse("comments:api_send", args=["article:999"]), WORDS, content_type="application/json")
    assert (nowhere.status_code, nowhere.headers["content-type"]) == (404, "application/problem+json")
    settings.STOPPRESS_COMMENTS = "closed"
    assert client.post(place, WORDS, content_type="application/json").json()["reason"] == "closed"
