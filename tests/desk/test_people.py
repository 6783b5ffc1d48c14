"""The users' screens: nobody makes themselves, or who belongs to them, more than they are."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from django.urls import reverse

from stoppress.accounts.models import Role, User
from tests.conftest import SmallPublication
from tests.factories.accounts import PASSWORD, SuperuserFactory, UserFactory, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ground")]


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def edit(by: User, user: User, **more: Any) -> Any:
    """Send the form of an account, with its roles as they are unless said otherwise."""
    values = {
        "username": user.username,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "is_active": "on",
        "groups": [group.pk for group in user.groups.all()],
        **more,
    }
    return at_the_desk(by).post(reverse("wagtailusers_users:edit", args=[user.pk]), values)


def group_of(role: Role) -> Group:
    return Group.objects.get(role__role=role)


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.OPERATOR])
def test_who_runs_the_accounts_makes_no_superuser(role: Role) -> None:
    by, user = somebody(role), UserFactory()
    assert edit(by, user, is_superuser="on", email="new@newsroom.example").status_code == 302
    user.refresh_from_db()
    assert (user.is_superuser, user.email) == (False, "new@newsroom.example")
    new = {
        "username": "new",
        "email": "more@newsroom.example",
        "first_name": "New",
        "last_name": "One",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "is_superuser": "on",
    }
    assert at_the_desk(by).post(reverse("wagtailusers_users:add"), new).status_code == 302
    assert not User.objects.get(username="new").is_superuser


@pytest.mark.parametrize("role", [Role.PUBLISHER, Role.OPERATOR])
def test_nobody_gives_themselves_a_role(role: Role) -> None:
    by = somebody(role)
    somebody(Role.REPORTER)
    edit(by, by, groups=[group_of(role).pk, group_of(Role.REPORTER).pk], last_name="Renamed")
    by.refresh_from_db()
    assert by.last_name == "Renamed"
    assert list(by.groups.all()) == [group_of(role)]


def test_an_operator_gives_roles_but_none_that_runs_the_paper() -> None:
    operator, user = somebody(Role.OPERATOR), somebody(Role.REPORTER)
    somebody(Role.PUBLISHER)
    photo = somebody(Role.PHOTO_DESK).groups.get()
    assert edit(operator, user, groups=[photo.pk]).status_code == 302
    for group in (group_of(Role.PUBLISHER), Group.objects.get(name="Moderators")):
        answer = edit(operator, user, groups=[photo.pk, group.pk])
        assert answer.status_code == 200
        assert "You may not give or take the role" in answer.content.decode()
    assert list(user.groups.all()) == [photo]
    publisher = somebody(Role.PUBLISHER)
    assert edit(publisher, user, groups=[group_of(Role.PUBLISHER).pk]).status_code == 302
    assert list(user.groups.all()) == [group_of(Role.PUBLISHER)]


def test_accounts_with_more_rights_are_out_of_reach() -> None:
    operator = somebody(Role.OPERATOR)
    for user in (SuperuserFactory(), somebody(Role.PUBLISHER)):
        edit(operator, user, email="mine@newsroom.example", password1=PASSWORD, password2=PASSWORD)
        at_the_desk(operator).post(reverse("wagtailusers_users:delete", args=[user.pk]))
        for action, values in {
            "delete": {},
            "set_active_state": {"mark_as_active": "False"},
            "assign_role": {"role": group_of(Role.OPERATOR).pk},
        }.items():
            place = reverse("wagtail_bulk_action", args=["accounts", "user", action])
            at_the_desk(operator).post(f"{place}?id={user.pk}&next=/desk/", values)
        kept = User.objects.get(pk=user.pk)
        assert (kept.email, kept.is_active) == (user.email, True)
        assert not kept.groups.filter(role__role=Role.OPERATOR).exists()


def test_a_role_for_many_at_once() -> None:
    operator, users = somebody(Role.OPERATOR), [UserFactory() for _ in range(2)]
    somebody(Role.PUBLISHER)
    somebody(Role.REPORTER)
    place = reverse("wagtail_bulk_action", args=["accounts", "user", "assign_role"])
    ids = "&".join(f"id={user.pk}" for user in [*users, operator])
    client = at_the_desk(operator)
    client.post(f"{place}?{ids}&next=/desk/", {"role": group_of(Role.PUBLISHER).pk})
    assert not any(user.groups.exists() for user in users)
    client.post(f"{place}?{ids}&next=/desk/", {"role": group_of(Role.REPORTER).pk})
    assert all(list(user.groups.all()) == [group_of(Role.REPORTER)] for user in users)
    assert list(operator.groups.all()) == [group_of(Role.OPERATOR)]


def invite(by: User, **values: Any) -> Any:
    """Send the form of an invitation."""
    return at_the_desk(by).post(
        reverse("desk:invite"), {"username": "ada", "email": "ada@newsroom.example", "role": "reporter", **values}
    )


def test_somebody_is_invited_at_the_desk(publication: SmallPublication, settings: Any) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    publisher = somebody(Role.PUBLISHER)
    assert reverse("desk:invite") in at_the_desk(publisher).get(reverse("wagtailusers_users:index")).content.decode()
    assert at_the_desk(publisher).get(reverse("desk:invite")).status_code == 200
    invited = invite(publisher, role="section-editor", section=publication.world.pk)
    assert invited.status_code == 302
    made = User.objects.get(username="ada")
    assert [group.name for group in made.groups.all()] == ["Section editor: World"]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ada@newsroom.example"], "Your account at The Test Gazette")
    assert "/desk/password_reset/confirm/" in str(sent.body)


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"username": "a b"}, "valid username"),
        ({"email": "EVE@newsroom.example"}, "Somebody has this mail address already."),
        ({"role": "section-editor"}, "Say which section"),
        ({"role": "publisher"}, "Select a valid choice"),
        ({"role": "king"}, "Select a valid choice"),
    ],
)
def test_an_invitation_that_cant_be_says_why(
    publication: SmallPublication, values: dict[str, str], complaint: str
) -> None:
    UserFactory(username="eve", email="eve@newsroom.example")
    answer = invite(somebody(Role.OPERATOR), **values)
    assert answer.status_code == 200
    assert complaint in answer.content.decode()
    assert not User.objects.filter(username="ada").exists()
    assert mail.outbox == []


def test_who_makes_no_accounts_invites_nobody(publication: SmallPublication) -> None:
    for by in (somebody(Role.REPORTER), somebody(Role.SECTION_EDITOR, publication.world), UserFactory()):
        invite(by)
        assert at_the_desk(by).get(reverse("desk:invite")).status_code != 200
    assert not User.objects.filter(username="ada").exists()
