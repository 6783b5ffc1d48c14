"""A reader marks a sentence, says what is wrong with it, and hears what became of it; without script or account."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.models import Role
from stoppress.newsroom import actions as newsroom
from stoppress.newsroom.models import Article, ErrorReport
from stoppress.pagestore.actions import drain
from tests.conftest import SmallPublication
from tests.factories.accounts import somebody
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db
State = ErrorReport.State
BODY = [{"type": "text", "value": "<p>The mayor is 51. She was born in <i>Port Ada</i> &amp; likes it.</p>"}]
BIRTH = "She was born in Port Ada & likes it."


@pytest.fixture
def story(publication: SmallPublication, settings: Any) -> Article:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    made: Article = ArticleFactory(section=publication.world, slug="mayor", headline="A mayor", body=BODY)
    drain()
    return made


def hidden(page: str) -> dict[str, str]:
    """The form's hidden fields as a browser would send them."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page)
    return {name: html.unescape(value) for name, value in found}


def reported(story: Article, client: Client, **more: str) -> ErrorReport:
    place = reverse("report_error", args=[story.pk])
    page = client.get(place, {"quote": "was born in Port Ada"}).content.decode()
    sent = client.post(place, {**hidden(page), "text": "It was Ada Bay, see the register.", **more})
    assert sent.status_code == 302, sent.content.decode()
    return ErrorReport.objects.latest("pk")


def test_a_reader_marks_a_sentence(story: Article, store: Any, client: Client) -> None:
    article = (store / "pages/world/mayor/index.html").read_text(encoding="utf-8")
    place = reverse("report_error", args=[story.pk])
    assert f'href="{place}"' in article
    page = client.get(place).content.decode()
    chosen = re.search(r'value="([\d.]+)" required> <span>She was born', page)
    assert chosen is not None
    asking = client.get(place, {"sentence": chosen[1], "revision": str(story.live_revision_id)}).content.decode()
    assert "She was born in Port Ada &amp; likes it.</blockquote>" in asking
    sent = client.post(place, {**hidden(asking), "text": "It was Ada Bay."}, follow=True)
    assert "Thank you. An editor looks at it." in sent.content.decode()
    assert not client.cookies
    one = ErrorReport.objects.get()
    assert (one.quote, one.revision, one.state) == (BIRTH, story.live_revision_id, State.OPEN)
    assert (one.name, one.sealed, one.prefix.strip()) == ("", "", "The mayor is 51.")


def test_marked_words_lead_to_their_sentence(story: Article, client: Client) -> None:
    place = reverse("report_error", args=[story.pk])
    assert BIRTH in html.unescape(client.get(place, {"quote": "Port  Ada & lik"}).content.decode())
    assert "find these words" in client.get(place, {"quote": "nowhere at all"}).content.decode()
    moved = client.get(place, {"sentence": "1.0", "revision": "1"}).content.decode()
    assert "changed meanwhile" in moved
    for nonsense in ("99.99", "²", "1.", "-1.0", "x" * 5000, "9" * 4000 + ".1"):
        revision = str(story.live_revision_id)
        assert "changed meanwhile" in client.get(place, {"sentence": nonsense, "revision": revision}).content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "Say what is wrong."),
        ({"text": "x" * 2001}, "Make it shorter"),
        ({"text": "<b>Wrong</b>", "email": "nowhere"}, "This is no mail address."),
        ({"text": "Wrong", "name": "n" * 81}, "at most 80"),
        ({"text": "Wrong", "may_thank": "on"}, "by which name"),
        ({"text": "Wrong", "surname": "Bot"}, "only machines"),
        ({"text": "\x00", "place": "\ufffe" * 900, "quote": "q" * 9000, "revision": "9" * 99}, "Say what is wrong."),
    ],
)
def test_what_can_t_be_taken_comes_back(story: Article, client: Client, values: dict[str, str], words: str) -> None:
    answer = client.post(reverse("report_error", args=[story.pk]), values)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert words in page
    assert values["text"].strip("\x00") in page
    assert not ErrorReport.objects.exists()


def test_from_elsewhere_too_often_and_twice(story: Article, client: Client) -> None:
    place = reverse("report_error", args=[story.pk])
    forged = client.post(place, {"text": "Wrong"}, headers={"origin": "https://evil.example"})
    assert forged.status_code == 403
    for _ in range(2):
        assert client.post(place, {"text": "Twice the same"}).status_code == 302
    assert ErrorReport.objects.count() == 1
    for number in range(4):
        assert client.post(place, {"text": f"Wrong {number}"}).status_code == 302
    answer = client.post(place, {"text": "My own words"})
    assert answer.status_code == 429
    assert "My own words" in answer.content.decode()


def test_two_who_say_the_same_both_hear_of_it(story: Article, client: Client) -> None:
    """The second one\u2019s address was forgotten without a word."""
    first = reported(story, client, email="ada@example.org")
    assert reported(story, client) == reported(story, client, email="ADA@example.org") == first
    second = reported(story, client, email="bea@example.org", name="Bea", may_thank="on")
    assert second != first
    mistake = newsroom.Mistake(text="It was Ada Bay.", report=second, is_thanked=True)
    assert newsroom.correct_article(story, mistake).thanks == "Bea"
    assert {one.state for one in ErrorReport.objects.all()} == {State.CORRECTED}
    assert sorted(one.to[0] for one in mail.outbox) == ["ada@example.org", "bea@example.org"]
    assert not ErrorReport.objects.exclude(sealed="").exists()
    third, fourth = (reported(story, client, email=f"{name}@example.org") for name in ("cem", "dan"))
    newsroom.dismiss_error(third, "It is right now.", somebody(Role.PUBLISHER))
    assert ErrorReport.objects.get(pk=fourth.pk).reason == "It is right now."


def test_whoever_wants_no_mail_from_us_gets_none_about_errors_either(story: Article, client: Client) -> None:
    """A stranger can type any address: the mail itself says how its owner ends them, and both kinds at once."""
    for number, decide in enumerate((False, True)):
        one = reported(story, client, email=f"vic{number}@example.org", text=f"Wrong, {number}.")
        if decide:
            newsroom.correct_article(story, newsroom.Mistake(text="It was Ada Bay.", report=one))
        else:
            newsroom.dismiss_error(one, "It is right.", somebody(Role.PUBLISHER))
        sent = mail.outbox.pop()
        found = re.search(r"/-/replies/unfollow/address/\S+", sent.body)
        assert found is not None, sent.body
        assert "or reported errors" in client.get(found[0]).content.decode()
        client.post(found[0], {"act": "stop"})
        again = reported(story, client, email=f" VIC{number}@example.org", text=f"Still wrong, {number}.")
        newsroom.dismiss_error(again, "It is right.", somebody(Role.PUBLISHER))
        again.refresh_from_db()
        assert (again.state, again.sealed) == (State.DISMISSED, "")
    assert not mail.outbox


def test_no_reports_on_what_is_not_public(story: Article, client: Client) -> None:
    place = reverse("report_error", args=[story.pk])
    newsroom.unpublish_page(story)
    assert client.get(place).status_code == 404
    assert client.post(place, {"text": "Wrong"}).status_code == 404
    with pytest.raises(ValidationError):
        newsroom.report_error(story, newsroom.FoundError(text="Wrong"))
    assert client.get(reverse("report_error", args=[10**17])).status_code == 404


def test_an_editor_corrects_and_thanks(story: Article, store: Any, client: Client) -> None:
    one = reported(story, client, name="Ada <i>", may_thank="on", email="Ada@Example.org")
    assert "example" not in one.sealed.lower()
    client.force_login(somebody(Role.PUBLISHER))
    queue = client.get(reverse("desk:errors", args=["open"])).content.decode()
    assert "It was Ada Bay, see the register." in queue
    assert "Ada@Example.org" not in queue
    address = reverse("desk:correct", args=[story.pk])
    assert f"{address}?report={one.pk}" in queue
    asking = client.get(address, {"report": str(one.pk)}).content.decode()
    assert "Thank Ada &lt;i&gt; in the notice" in asking
    told = {"text": "She was born in Ada Bay.", "right": "She was born in Ada Bay.", "is_put_right": "on"}
    assert client.post(address, {**hidden(asking), **told, "is_thanked": "on"}).status_code == 302
    one.refresh_from_db()
    assert one.state == State.CORRECTED
    assert one.correction is not None
    drain()
    for path in ("world/mayor", "corrections"):
        page = (store / f"pages/{path}/index.html").read_text(encoding="utf-8")
        assert "Thanks to Ada &lt;i&gt;, who told us." in page
    (sent,) = mail.outbox
    assert sent.to == ["Ada@Example.org"]
    assert "She was born in Ada Bay." in sent.body
    assert "register" not in sent.body  # a stranger's words
    assert one.sealed == ""
    again = client.get(address, {"report": str(one.pk)}).content.decode()
    assert "Mark the sentence" in again


def test_not_thanked_unless_both_want_it(story: Article, client: Client) -> None:
    one = reported(story, client, name="Ada")
    mistake = newsroom.Mistake(text="Not so.", report=one, is_thanked=True)
    assert newsroom.correct_article(story, mistake).thanks == ""
    other = newsroom.report_error(story, newsroom.FoundError(text="Else", name="Bea", may_thank=True))
    assert newsroom.correct_article(story, newsroom.Mistake(text="So.", report=other)).thanks == ""


def test_an_editor_dismisses_with_a_reason(story: Article, client: Client) -> None:
    one = reported(story, client, email="ada@example.org")
    reporter = somebody(Role.REPORTER)
    with pytest.raises(PermissionDenied):
        newsroom.dismiss_error(one, "No.", reporter)
    client.force_login(reporter)
    assert client.post(reverse("desk:dismiss_error", args=[one.pk]), {"reason": "No."}).status_code == 302
    assert client.get(reverse("desk:errors", args=["open"])).status_code == 302
    one.refresh_from_db()
    assert one.state == State.OPEN
    client.force_login(somebody(Role.PUBLISHER))
    dismiss = reverse("desk:dismiss_error", args=[one.pk])
    client.post(dismiss, {"reason": " "})
    one.refresh_from_db()
    assert one.state == State.OPEN
    client.post(dismiss, {"reason": "The register says Port Ada."})
    client.post(dismiss, {"reason": "Another reason"})
    one.refresh_from_db()
    assert (one.state, one.reason, one.sealed) == (State.DISMISSED, "The register says Port Ada.", "")
    decided = client.get(reverse("desk:errors", args=["decided"])).content.decode()
    assert "The register says Port Ada." in decided
    (sent,) = mail.outbox
    assert "The register says Port Ada." in sent.body


def test_desks_see_their_sections(story: Article, publication: SmallPublication, client: Client) -> None:
    reported(story, client)
    client.force_login(somebody(Role.SECTION_EDITOR, publication.sports))
    assert "Nothing is here." in client.get(reverse("desk:errors", args=["open"])).content.decode()
    client.force_login(somebody(Role.SECTION_EDITOR, publication.world))
    page = client.get(reverse("desk:errors", args=["open"])).content.decode()
    assert "It was Ada Bay" in page
    assert "Reported errors (1)" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_sentence_is_gone_meanwhile(story: Article, client: Client) -> None:
    one = reported(story, client)
    story.refresh_from_db()
    story.body = [{"type": "text", "value": "<p>The mayor is 51.</p>"}]
    story.save_revision().publish()
    client.force_login(somebody(Role.PUBLISHER))
    assert "stands there no more" in client.get(reverse("desk:errors", args=["open"])).content.decode()
    page = client.get(reverse("desk:correct", args=[story.pk]), {"report": str(one.pk)}).content.decode()
    assert "Mark the sentence" in page
    assert f'name="report" value="{one.pk}"' in page


def test_traces_are_forgotten(story: Article, client: Client) -> None:
    one = reported(story, client, email="ada@example.org")
    assert one.network
    assert newsroom.forget_reporters(is_dry=True) == 0
    ErrorReport.objects.update(
        made_at=timezone.now() - timedelta(days=2), decided_at=timezone.now() - timedelta(days=31)
    )
    assert newsroom.forget_reporters() == 2
    one.refresh_from_db()
    assert (one.network, one.sealed) == ("", "")


def test_the_queue_comes_in_pages(story: Article, client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(somebody(Role.PUBLISHER))
    for number in range(30):
        newsroom.report_error(story, newsroom.FoundError(text=f"Number {number}"))
    queue = reverse("desk:errors", args=["open"])
    with django_assert_max_num_queries(110):
        page = client.get(queue).content.decode()
    assert page.count('id="report-') == 25
    following = client.get(queue, {"after": str(ErrorReport.objects.order_by("pk")[24].pk)}).content.decode()
    assert following.count('id="report-') == 5
