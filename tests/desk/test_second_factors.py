"""Second factors at the desk: codes and recovery codes, who must have them, and who has lost theirs."""

import json
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from stoppress.accounts.actions import reset_second_factors, throttle
from stoppress.accounts.actions.second_factors import set_rules
from stoppress.accounts.models import AuditEntry, Event, Role, SignedIn, SignInRule, User
from tests.factories.accounts import PASSWORD, UserFactory, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
WELCOME = 302


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def by_password(user: User, **headers: str) -> tuple[Client, Any]:
    client = Client(**headers)
    values = {"username": user.username, "password": PASSWORD, "next": "/desk/pages/"}
    return client, client.post(reverse("wagtailadmin_login"), values)


def is_in(client: Client) -> bool:
    return client.get(reverse("wagtailadmin_home")).status_code == 200


def enrol(client: Client) -> tuple[str, list[str]]:
    """Add an app as a browser does; returns its secret and the recovery codes."""
    asked = client.get(reverse("mfa_activate_totp"), follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("account_reauthenticate"))
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert found is not None
    shown = client.post(reverse("mfa_activate_totp"), {"code": code_of(found[1], -1)}, follow=True)
    codes = re.findall(r"<li>(\d{8})</li>", shown.content.decode())
    assert len(codes) == 10
    assert f"{codes[0]}%0A" in shown.content.decode(), "they can be downloaded"
    return found[1], codes


@pytest.fixture
def ada() -> User:
    return somebody(Role.REPORTER)


def test_a_code_after_the_password(ada: User) -> None:
    client, _answer = by_password(ada)
    secret, codes = enrol(client)
    again = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not any(code in again for code in codes), "shown a second time"
    other, answer = by_password(ada)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert not is_in(other)
    assert "Incorrect code" in other.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    entered = other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert (entered.status_code, entered.headers["Location"]) == (WELCOME, "/desk/pages/")
    assert is_in(other)
    last = AuditEntry.objects.filter(event=Event.SIGNED_IN).latest("number")
    assert last.details == {"by_means_of": ["password", "totp"]}


def test_a_code_that_was_used_is_refused_and_so_is_a_recovery_code(ada: User) -> None:
    client, _answer = by_password(ada)
    secret, codes = enrol(client)
    for code in (code_of(secret), codes[3]):
        assert [_enter(ada, code).status_code for _ in range(2)] == [WELCOME, 200]
    assert AuditEntry.objects.filter(event=Event.CODE_USED).count() == 1
    assert "9 are left" in client.get(reverse("mfa_index")).content.decode()


def _enter(user: User, code: str) -> Any:
    client, _answer = by_password(user)
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_codes_are_not_guessed_without_end(ada: User) -> None:
    client, _answer = by_password(ada)
    secret, _codes = enrol(client)
    for _ in range(throttle.CODES_OF_ACCOUNT.most):
        assert _enter(ada, "123").status_code == 200
    refused = _enter(ada, code_of(secret))
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "Too many attempts. Try again in 15 minutes" in refused.content.decode()


def test_the_database_alone_is_not_enough(ada: User, settings: Any) -> None:
    client, _answer = by_password(ada)
    secret, codes = enrol(client)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    settings.SECRET_KEY = "another" * 10
    settings.SECRET_KEY_FALLBACKS = []
    other, answer = by_password(ada)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    for code in (code_of(secret), codes[0], ""):
        assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def made_up(**response: str) -> str:
    return json.dumps({"id": "QUJD", "rawId": "QUJD", "type": "public-key", "response": response})


@pytest.mark.parametrize(
    "nonsense",
    [
        made_up(clientDataJSON="e30"),
        made_up(clientDataJSON="QQ", attestationObject="QQ", authenticatorData="QQ", signature="QQ", userHandle="QQ"),
        made_up(
            clientDataJSON="e30", attestationObject="_w", authenticatorData="AAAA" * 14, signature="", userHandle="_w"
        ),
        made_up(
            clientDataJSON="é", attestationObject="", authenticatorData="\x00", signature="!", userHandle="x" * 999
        ),
        "{",
        "null",
        "[]",
        '"x"',
        "{}",
        '{"id": "a", "response": {}}',
    ],
)
def test_nonsense_instead_of_a_passkey_is_refused(ada: User, nonsense: str) -> None:
    client = Client()
    assert client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).status_code == 200
    assert client.post(reverse("mfa_login_webauthn"), {"credential": nonsense}).status_code == WELCOME
    inside, _answer = by_password(ada)
    enrol(inside)
    inside.get(reverse("mfa_add_webauthn"))
    assert inside.post(reverse("mfa_add_webauthn"), {"credential": nonsense, "name": "x"}).status_code == 200
    assert not is_in(client)


def test_who_is_switched_off_gets_nowhere_with_a_code(ada: User) -> None:
    client, _answer = by_password(ada)
    secret, _codes = enrol(client)
    other, _answer = by_password(ada)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not is_in(other)


def test_a_rule_reminds_first_and_then_bars_until_there_is_one() -> None:
    publisher = somebody(Role.PUBLISHER)
    client, _answer = by_password(publisher)
    assert client.post(reverse("desk_sign_in_rules"), {"roles": ["publisher"], "grace_days": "7"}).status_code == 302
    assert "needs a second factor from" in client.get(reverse("wagtailadmin_home")).content.decode()
    past = timezone.now() - timedelta(days=8)
    SignInRule.objects.update(since=past)
    assert "needs a second factor from" in client.get(reverse("wagtailadmin_home")).content.decode(), (
        "the account is new"
    )
    User.objects.update(date_joined=past)
    for name in ("wagtailadmin_home", "wagtailadmin_explore_root", "desk_sign_in_rules", "desk_audit_log"):
        assert client.get(reverse(name)).headers["Location"] == reverse("mfa_index"), name
    assert "opens for nothing else" in client.get(reverse("mfa_index")).content.decode()
    reporter, _answer = by_password(somebody(Role.REPORTER))
    assert is_in(reporter)
    enrol(client)
    assert is_in(client)


def test_only_who_says_what_roles_may_do_sets_the_rule(ada: User) -> None:
    client, _answer = by_password(ada)
    assert client.post(reverse("desk_sign_in_rules"), {"roles": [], "grace_days": "7"}).status_code in {302, 403}
    with pytest.raises(PermissionDenied):
        set_rules({Role.PUBLISHER: 0}, by=ada)


def test_who_has_lost_theirs_gets_a_new_start_and_it_is_written_down(ada: User) -> None:
    client, _answer = by_password(ada)
    enrol(client)
    with pytest.raises(PermissionDenied):
        reset_second_factors(ada, by=UserFactory())
    assert reset_second_factors(ada) == 1
    again, _answer = by_password(ada)
    assert is_in(again)
    assert AuditEntry.objects.filter(event=Event.FACTOR_RESET, about=ada.username).exists()


def test_sessions_are_listed_and_ended(ada: User) -> None:
    here, _answer = by_password(ada, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="192.0.2.9")
    there, _answer = by_password(ada, HTTP_USER_AGENT="curl/8", REMOTE_ADDR="198.51.100.9")
    stranger, _answer = by_password(somebody(Role.REPORTER))
    assert is_in(here)
    assert is_in(there)
    assert is_in(stranger)
    listed = here.get(reverse("mfa_index")).content.decode()
    assert "Firefox, Linux, 192.0.2.0/24" in listed
    assert "curl/8, 198.51.100.0/24" in listed
    theirs = SignedIn.objects.exclude(user=ada).get()
    here.post(reverse("desk_end_session"), {"session": str(theirs.pk)})
    here.post(reverse("desk_end_session"), {"session": "9" * 40})
    here.post(reverse("desk_end_session"), {"session": "others"})
    assert [is_in(client) for client in (here, there, stranger)] == [True, False, True]
    assert AuditEntry.objects.filter(event=Event.SESSION_ENDED, actor=ada.username).count() == 1


def test_nothing_of_allauth_is_open_that_we_did_not_name() -> None:
    for name in ("account_signup", "account_email", "account_reset_password", "mfa_signup_webauthn"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "desk_sign_in_rules"):
        assert Client().get(reverse(name)).headers["Location"].startswith("/desk/login/"), name


def test_the_owner_is_told_of_factors_and_passwords(
    ada: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    client, _answer = by_password(ada)
    with django_capture_on_commit_callbacks(execute=True):
        enrol(client)
    told = [one.subject.partition(": ")[2] for one in mail.outbox]
    assert told[0] == "A second factor was added."
    assert all(one.to == [ada.email] for one in mail.outbox)
    mail.outbox.clear()
    reset_second_factors(ada)
    ada.set_password("another long pass phrase")
    ada.save()
    told = [one.subject.partition(": ")[2] for one in mail.outbox]
    assert told == ["A second factor was taken away.", "Your password was changed."]
    assert reverse("wagtailadmin_password_reset") in mail.outbox[0].body
    mail.outbox.clear()
    ada.first_name = "Ada"
    ada.save()
    by_password(ada)
    assert not mail.outbox
