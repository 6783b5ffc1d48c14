"""Nobody finds out by typing an address whether its owner writes here, nor what: all addresses are answered alike."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.comments import actions
from stoppress.comments.models import Comment, State, Writer
from stoppress.newsroom.models import Article
from tests.factories.accounts import somebody
from tests.factories.comments import reply_to

pytestmark = pytest.mark.django_db
VIC, NOBODY = "vic@example.org", "nobody@example.org"
HOME, ELSEWHERE = "203.0.113.7", "192.0.2.7"
SHORT = "Well said."
LONG = "Everybody should read this before the vote on Sunday, since nobody else says it."
NEW = "Something that nobody has said before."


@pytest.fixture
def vic(story: Article, settings: Any) -> Writer:
    """Somebody trusted and with an account, who wrote as often within a minute as one may; readers see all of it."""
    settings.STOPPRESS_COMMENTS = "new-first"
    for text in (SHORT, LONG, "And more."):
        held = reply_to(story, text, name="Vic", email=VIC, address=HOME)
        actions.decide(held, State.APPROVED, "approved", somebody(Role.MODERATOR))
        actions.confirm(held)
    found: Writer = Writer.objects.get()
    actions.name_account(found, "Victoria Regina")
    return found


def answer(route: str, story: Article, machine: str, form: dict[str, str]) -> tuple[object, ...]:
    """All that whoever sends this gets to see, but for what tells each reply from every other. Nothing of it stays."""
    client, place = Client(REMOTE_ADDR=machine), reverse(route, args=[f"article:{story.pk}"])
    with transaction.atomic():
        if route == "comments:write":
            got = client.post(place, form)
        else:
            got = client.post(place, form, content_type="application/json")
        own = got.headers.get("location", "")
        page = client.get(own).content.decode() if own else ""
        transaction.set_rollback(True)
    seen = [re.sub(r"/-/replies/own/[^\"]+|name=\"once\" value=\"[^\"]+\"", "", one) for one in (own, page)]
    words = re.sub(r"/-/replies/own/[^\"]+|name=\"once\" value=\"[^\"]+\"|\"id\": \"[^\"]+\"", "", got.content.decode())
    return got.status_code, *seen, words.replace(form["email"], "")


@pytest.mark.parametrize("mode", ["open", "new-first", "breaking"])
def test_her_address_is_answered_as_any_other(story: Article, vic: Writer, settings: Any, mode: str) -> None:
    """Whatever a stranger sends with it: her words, almost hers, others; by her name or another; from there or here."""
    settings.STOPPRESS_COMMENTS = "new-first" if mode == "new-first" else "open"
    if mode == "breaking":
        actions.begin_breaking(f"article:{story.pk}", 1, "", somebody(Role.MODERATOR))
    statuses = set()
    for route in ("comments:write", "comments:api_send"):
        for machine in (HOME, ELSEWHERE):
            for name in ("Vic", "Somebody"):
                for text in (SHORT, LONG, f"{LONG} Really.", NEW):
                    form = {"name": name, "text": text}
                    hers, other = (answer(route, story, machine, {**form, "email": email}) for email in (VIC, NOBODY))
                    assert hers == other, (route, machine, name, text)
                    statuses.add((machine, hers[0]))
    assert {(HOME, 429), (ELSEWHERE, 422)} < statuses
    assert {status for machine, status in statuses if machine == ELSEWHERE} == {201, 302, 422}


def test_signed_in_she_is_told_what_she_did(story: Article, vic: Writer) -> None:
    for text, why in ((SHORT, "rate"), (LONG, "rate")):
        with pytest.raises(actions.NotTakenError) as refused:
            reply_to(story, text, reader=vic, email="", address=ELSEWHERE)
        assert refused.value.reason == why
    Comment.objects.update(made_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(actions.NotTakenError, match="already"):
        reply_to(story, SHORT, reader=vic, email="", address=ELSEWHERE)
