"""The audit log: it says who did what, nobody changes it, and when somebody did, it shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from stoppress.accounts.actions import audit, grant
from stoppress.accounts.models import AuditCheckpoint, AuditEntry, Event, Role
from tests.factories.accounts import PASSWORD, SuperuserFactory, UserFactory, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def events(**filters: Any) -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.filter(**filters).order_by("number").values_list("event", "actor", "about"))


def write_some() -> int:
    """How many entries there are then, at least four."""
    for number in range(4):
        audit.record(Event.EXPORTED, f"thing {number}", number=number)
    return AuditEntry.objects.count()


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(actor="somebody else"),
        lambda: AuditEntry.objects.order_by("-number").first().delete(),  # type: ignore[union-attr]
        lambda: AuditEntry.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_refuses_to_change_or_delete(change: Callable[[], Any]) -> None:
    write_some()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change()
    assert audit.verify().trouble == ""


def _edit(number: int) -> None:
    AuditEntry.objects.filter(number=number).update(about="nothing much")


def _cut_out(number: int) -> None:
    AuditEntry.objects.filter(number=number)._raw_delete("default")


def _slip_in(number: int) -> None:
    last = AuditEntry.objects.latest("number")
    last.number, last.about = last.number + 1, "made up"
    last.save(force_insert=True)


@pytest.mark.parametrize(
    ("tamper", "words"),
    [(_edit, "is not what was written"), (_cut_out, "missing"), (_slip_in, "is not what was written")],
)
def test_what_was_done_to_it_past_the_triggers_shows(tamper: Callable[[int], None], words: str) -> None:
    count = write_some()
    assert audit.verify() == audit.Verdict(count, (count, AuditEntry.objects.get(number=count).digest), "")
    on = " ON accounts_auditentry" if connection.vendor == "postgresql" else ""
    assert audit.is_guarded()
    with connection.cursor() as cursor:
        for name in audit.TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}{on}")
    assert not audit.is_guarded()
    tamper(count - 2)
    assert words in audit.verify().trouble
    assert audit.remove_old_entries(timezone.now() + timedelta(days=1)) == 0, "evidence was removed"


def test_old_entries_go_and_the_chain_can_still_be_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    count = write_some()
    later = timezone.now() + timedelta(days=800)
    assert audit.remove_old_entries(timezone.now() - timedelta(days=1)) == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    audit.record(Event.EXPORTED, "much later")
    assert audit.remove_old_entries(later - timedelta(days=730), is_dry=True) == count
    assert audit.remove_old_entries(later - timedelta(days=730)) == count
    assert events() == [(Event.EXPORTED, "", "much later"), (Event.PRUNED, "", f"up to entry {count}")]
    assert audit.verify().trouble == ""
    assert audit.verify().count == 2
    AuditCheckpoint.objects.update(upto=count + 1)
    assert "checkpoint" in audit.verify().trouble


def test_signing_in_and_failing_to_is_written_down_with_the_network_and_no_more() -> None:
    user = UserFactory(username="ada", is_superuser=True)
    before = AuditEntry.objects.count()
    client = Client(REMOTE_ADDR="192.0.2.77")
    for name, password in (("ada", "wrong"), ("hunter2 is my password", "ada"), ("ada", PASSWORD)):
        client.post(reverse("wagtailadmin_login"), {"username": name, "password": password, "next": "/desk/"})
    assert events(number__gt=before) == [
        (Event.SIGN_IN_FAILED, "", "ada"),
        (Event.SIGN_IN_FAILED, "", ""),
        (Event.SIGNED_IN, "ada", "ada"),
    ]
    last = AuditEntry.objects.latest("number")
    assert (last.origin, last.actor_id, last.details) == ("192.0.2.0/24", user.pk, {"by_means_of": ["password"]})
    assert "192.0.2.77" not in str(list(AuditEntry.objects.values()))


def test_accounts_and_roles_are_written_down_and_who_changed_them() -> None:
    chief, user = SuperuserFactory(username="chief"), UserFactory(username="ada")
    grant(user, Role.REPORTER)
    somebody(Role.PUBLISHER)
    before = AuditEntry.objects.count()
    request = RequestFactory().get("/desk/", REMOTE_ADDR="2001:db8:1:2::3")
    request.user = chief
    with audit.asked_by(request):
        group = grant(user, Role.PUBLISHER, by=chief, keeps_others=False)
        user.email, user.is_superuser = "other@newsroom.example", True
        user.save()
        user.set_password("a sentence nobody guesses")
        user.save()
        group.permissions.remove(*group.permissions.all()[:1])
        user.delete()
    made = AuditEntry.objects.filter(number__gt=before).order_by("number")
    assert [(one.event, one.actor, one.about) for one in made] == [
        (event, "chief", about)
        for event, about in (
            (Event.ROLE_TAKEN, "ada"),
            (Event.ROLE_GIVEN, "ada"),
            (Event.ACCOUNT_CHANGED, "ada"),
            (Event.PASSWORD_SET, "ada"),
            (Event.RIGHTS_CHANGED, "Publisher"),
            (Event.ACCOUNT_DELETED, "ada"),
        )
    ]
    assert {one.origin for one in made} == {"2001:db8:1::/48"}
    assert "other@newsroom.example" not in str(list(AuditEntry.objects.values()))
    assert audit.verify().trouble == ""


def test_what_strangers_type_stays_one_line() -> None:
    entry = audit.record(Event.EXPORTED, "a\x00b\nc\u2028d" + "x" * 400)
    assert entry is not None
    assert entry.about.startswith("a b c dx")
    assert len(entry.about) == 255
    assert audit.verify().trouble == ""


def test_a_role_made_by_the_system_is_one_entry() -> None:
    before = AuditEntry.objects.count()
    somebody(Role.MODERATOR)
    assert [event for event, _actor, _about in events(number__gt=before)] in (
        [Event.ACCOUNT_MADE, Event.RIGHTS_CHANGED, Event.ROLE_GIVEN],
        [Event.ACCOUNT_MADE, Event.ROLE_GIVEN],
    )
