"""Signing in at the desk: it can't be tried without end, and the answer never tells who has an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stoppress.accounts.actions import add_user, throttle
from stoppress.accounts.models import Role, Tally, User
from stoppress.accounts.tasks import PAUSES, send_mails
from stoppress.core.mail import MailError
from tests.factories.accounts import PASSWORD, UserFactory, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

SENTENCE = "a sentence nobody guesses"
TOKEN = re.compile(r"\b[A-Za-z0-9]{64}\b")
"""Django's guard against forged requests, which differs every time."""
REFUSED = "Too many attempts to sign in. Try again in 15 minutes"
OF_ACCOUNT, OF_ADDRESS = throttle.SIGN_INS_OF_ACCOUNT.most, throttle.SIGN_INS_OF_ADDRESS.most


def sign_in(name: str, password: str, address: str = "192.0.2.1", **headers: str) -> str:
    """What the desk answers; empty when it lets one in."""
    values = {"username": name, "password": password, "next": "/desk/"}
    answer: Any = Client(REMOTE_ADDR=address, **headers).post(reverse("wagtailadmin_login"), values)
    is_refused = answer.status_code == 429
    assert is_refused == answer.has_header("Retry-After") == ("Too many attempts" in answer.content.decode())
    return "" if answer.status_code == 302 else answer.content.decode()


def fail(name: str, times: int, address: str = "192.0.2.1") -> None:
    for _ in range(times):
        assert "didn&#x27;t match" in sign_in(name, "wrong", address)


@pytest.mark.parametrize("exists", [True, False])
def test_an_account_is_closed_to_everybody_whether_it_exists_or_not(exists: bool) -> None:
    if exists:
        UserFactory(username="ada")
    fail("ada", OF_ACCOUNT)
    for name, address in (("ada", "192.0.2.1"), ("Ada ", "198.51.100.7")):
        assert REFUSED in sign_in(name, PASSWORD, address)


def test_both_answers_are_the_same_to_the_letter() -> None:
    UserFactory(username="ada")
    fail("ada", OF_ACCOUNT)
    fail("eve", OF_ACCOUNT, "192.0.2.2")
    answers = [sign_in(name, PASSWORD).replace(f'"{name}"', '"…"') for name in ("ada", "eve")]
    assert TOKEN.sub("", answers[0]) == TOKEN.sub("", answers[1])


def test_it_opens_again_when_its_time_is_over() -> None:
    UserFactory(username="ada")
    fail("ada", OF_ACCOUNT)
    tally = Tally.objects.order_by("-pk").first()
    assert tally is not None
    Tally.objects.update(since=tally.since - timedelta(seconds=throttle.SIGN_INS_OF_ACCOUNT.seconds))
    assert sign_in("ada", PASSWORD) == ""


def test_a_success_starts_the_account_afresh() -> None:
    UserFactory(username="ada")
    for _ in range(2):
        fail("ada", OF_ACCOUNT - 1)
        assert sign_in("ada", PASSWORD) == ""
    fail("ada", OF_ACCOUNT)


def test_one_address_does_not_try_one_name_after_the_other() -> None:
    UserFactory(username="ada")
    UserFactory(username="mallory")
    for number in range(OF_ADDRESS - 1):
        fail(f"nobody{number}", 1)
    assert sign_in("mallory", PASSWORD) == ""
    fail("nobody", 1)
    assert REFUSED in sign_in("ada", PASSWORD)
    assert sign_in("ada", PASSWORD, "198.51.100.7") == ""


def test_an_ipv6_subscriber_is_one_address() -> None:
    for number in range(OF_ADDRESS):
        fail(f"nobody{number}", 1, f"2001:db8:1:2::{number:x}")
    assert REFUSED in sign_in("nobody", PASSWORD, "2001:db8:1:2:ffff::1")
    fail("nobody", 1, "2001:db8:1:3::1")


def test_a_strangers_word_for_an_address_counts_only_behind_the_front(settings: Any) -> None:
    for number in range(OF_ADDRESS):
        sign_in(f"nobody{number}", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert REFUSED in sign_in("nobody", "wrong", HTTP_X_FORWARDED_FOR="203.0.113.99")
    settings.STOPPRESS_IS_BEHIND_FRONT = True
    for number in range(OF_ADDRESS + 1):
        assert "didn&#x27;t match" in sign_in(f"other{number}", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")


def test_a_new_password_can_be_tried_at_once() -> None:
    user = UserFactory(username="ada")
    fail("ada", OF_ACCOUNT)
    user.set_password("another sentence")
    user.save()
    assert sign_in("ada", "another sentence") == ""


def test_nothing_that_is_kept_names_anybody() -> None:
    fail("ada", 1)
    kept = str(list(Tally.objects.values()))
    assert "ada" not in kept
    assert "192.0.2.1" not in kept


def test_an_empty_form_is_not_counted() -> None:
    assert "required" in sign_in("", "")
    assert not Tally.objects.exists()


def test_old_counts_are_removed() -> None:
    fail("ada", 1)
    assert throttle.remove_old_tallies() == 0
    Tally.objects.update(since=Tally.objects.earliest("since").since - throttle.LONGEST)
    assert throttle.remove_old_tallies(is_dry=True) == 2
    assert throttle.remove_old_tallies() == 2


@pytest.fixture
def _tasks_at_once(settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def ask_for_a_mail(email: str, address: str = "192.0.2.1") -> str:
    """What the desk answers, in the end."""
    asked = Client(REMOTE_ADDR=address).post(reverse("wagtailadmin_password_reset"), {"email": email}, follow=True)
    return TOKEN.sub("", asked.content.decode())


@pytest.mark.usefixtures("_tasks_at_once")
def test_a_forgotten_password_is_set_anew_by_a_mail() -> None:
    user: User = somebody(Role.REPORTER)
    fail(user.username, OF_ACCOUNT)
    ask_for_a_mail(user.email.upper())
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([user.email], "A new password for The Test Gazette")
    link = re.search(r"http://127\.0\.0\.1:8000(\S+)", str(sent.body))
    assert link is not None
    client = Client()
    place = client.get(link[1], follow=True).redirect_chain[-1][0]
    assert client.post(place, {"new_password1": SENTENCE, "new_password2": SENTENCE}).status_code == 302
    assert sign_in(user.username, SENTENCE) == ""


@pytest.mark.usefixtures("_tasks_at_once")
def test_who_was_invited_can_ask_again_and_who_was_switched_off_can_not() -> None:
    invited = add_user("ada", "ada@newsroom.example", Role.REPORTER)
    off = UserFactory(is_active=False)
    for user in (invited, off):
        ask_for_a_mail(user.email)
    assert [sent.to for sent in mail.outbox] == [[invited.email]]


@pytest.mark.usefixtures("_tasks_at_once")
def test_a_mailbox_is_not_filled() -> None:
    user: User = somebody(Role.REPORTER)
    answers = {ask_for_a_mail(user.email, f"192.0.2.{number}") for number in range(9)}
    answers.add(ask_for_a_mail("nobody@newsroom.example"))
    assert len(answers) == 1
    assert len(mail.outbox) == throttle.RESETS_OF_MAIL.most


@pytest.mark.usefixtures("_tasks_at_once")
def test_one_address_does_not_fill_one_mailbox_after_the_other() -> None:
    users = [UserFactory() for _ in range(throttle.RESETS_OF_ADDRESS.most + 3)]
    for user in users:
        ask_for_a_mail(user.email)
    assert len(mail.outbox) == throttle.RESETS_OF_ADDRESS.most


def test_a_mail_that_cant_be_sent_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise MailError("mail.example:587 does not answer.")

    monkeypatch.setattr("stoppress.core.mail.send", refuse)
    user = UserFactory()
    for attempt in range(len(PAUSES) + 1):
        send_mails.call("reset", [user.pk], attempt)
    waiting = DBTaskResult.objects.order_by("run_after")
    assert [one.args_kwargs["args"] for one in waiting] == [
        ["reset", [user.pk], attempt] for attempt in range(1, len(PAUSES) + 1)
    ]
    assert all(one.run_after > timezone.now() for one in waiting)
    assert user.email not in str([one.args_kwargs for one in waiting])
