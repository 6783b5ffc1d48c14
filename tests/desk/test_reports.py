"""The reports for who answers for the paper: the audit log and what was killed."""

from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission

from stoppress.accounts.actions import audit
from stoppress.accounts.models import AuditEntry, Event, Role
from stoppress.comments import actions as replies
from stoppress.comments.models import SITE, Mode
from stoppress.newsroom import actions
from tests.factories.accounts import PASSWORD, SuperuserFactory, somebody
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db


def signed_in(role: Role, section: Any = None) -> Client:
    client = Client()
    user = somebody(role, section)
    assert client.login(username=user.username, password=PASSWORD)
    return client


@pytest.mark.parametrize(
    ("name", "readers"),
    [
        ("desk_audit_log", {Role.PUBLISHER, Role.OPERATOR}),
        ("desk_kills", {Role.PUBLISHER, Role.SECTION_EDITOR}),
    ],
)
def test_who_may_read_does_and_nobody_else(publication: Any, name: str, readers: set[Role]) -> None:
    for role in Role:
        client = signed_in(role, publication.world if role is Role.SECTION_EDITOR else None)
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        answer = client.get(reverse(name))
        assert (answer.status_code == 200) == (role in readers), role
        assert (reverse(name) in menu) == (role in readers), role


def test_a_kill_an_unpublishing_and_a_deletion_are_written_down(publication: Any) -> None:
    publisher, chief = somebody(Role.PUBLISHER), SuperuserFactory()
    killed, taken_off, deleted = (ArticleFactory(section=publication.world, headline=name) for name in "KTD")
    before = AuditEntry.objects.count()
    actions.kill_article(killed, "Wrong person", publisher)
    actions.unpublish_page(taken_off, publisher)
    actions.delete_page(deleted, chief)
    made = AuditEntry.objects.filter(number__gt=before).order_by("number")
    assert [(one.event, one.about, one.actor_id) for one in made] == [
        (Event.KILLED, "K", publisher.pk),
        (Event.UNPUBLISHED, "T", publisher.pk),
        (Event.DELETED, "D", chief.pk),
    ]
    client = signed_in(Role.PUBLISHER)
    kills = client.get(reverse("desk_kills")).content.decode()
    assert "Wrong person" in kills
    assert str(publisher) in kills


def test_the_log_is_filtered_and_goes_out_as_a_file_which_is_written_down(
    publication: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.PUBLISHER)
    address = reverse("desk_audit_log")
    shown = client.get(address, {"event": Event.ROLE_GIVEN}).content.decode()
    assert "Role given" in shown
    assert client.get(address, {"event": Event.KILLED, "actor": "nobody", "about": "x"}).status_code == 200
    assert client.get(address, {"event": "<script>", "at_from": "never"}).status_code == 200
    with django_assert_max_num_queries(25):
        client.get(address)
    file = client.get(address, {"export": "csv"})
    text = b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert "role.given" in text
    assert AuditEntry.objects.latest("number").event == Event.EXPORTED


def test_rights_are_written_in_words(publication: Any, django_assert_max_num_queries: Any) -> None:
    group = Group.objects.create(name="Night desk")
    group.permissions.add(Permission.objects.get(codename="lay_out_home"))
    may_publish = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=publication.world, permission=may_publish)
    audit.record(Event.RIGHTS_CHANGED, "Night desk", given=["change_page in page 3", "gone.no_such_right"])
    audit.record(Event.SETTINGS_FILE, "stoppress.toml", changed=["title"], digests={"title": "0123456789abcdef"})
    client = signed_in(Role.PUBLISHER)
    with django_assert_max_num_queries(25):
        html = client.get(reverse("desk_audit_log")).content.decode()
    assert "given: lay out the front of the home page" in html
    assert f"given: publish any page in “{publication.world.title}”" in html
    assert "change pages in page 3, gone.no_such_right" in html
    assert "changed: title" in html
    assert "(anywhere)" not in html
    assert "0123456789abcdef" not in html


def test_how_somebody_came_in_is_said_as_people_say_it() -> None:
    audit.record(Event.SIGNED_IN, "ada", by_means_of=["password", "totp"])
    audit.record(Event.SIGNED_IN, "eva", by_means_of=["carrier pigeon"])
    audit.record(Event.SIGN_IN_FAILED, "", is_known=False)
    audit.record(Event.ACCOUNT_MADE, "ada", is_superuser=True)
    audit.record(Event.ACCOUNT_MADE, "eva", is_superuser=False)
    audit.record(Event.RIGHTS_CHANGED, "Night desk", given=["audience.change_connections", "wagtailadmin.access_admin"])
    html = signed_in(Role.PUBLISHER).get(reverse("desk_audit_log")).content.decode()
    for words in (
        "with a password and a code from an app",
        "by means of: carrier pigeon",
        "nobody has that name",
        "may do everything",
        "given: change connect with us, open the desk",
    ):
        assert words in html
    assert "is superuser" not in html


def test_times_in_details_are_times_for_people(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Oslo"
    audit.record(Event.BREAKING_BEGAN, "site", by=audit.SYSTEM, until="2026-11-26T10:01:13.389614+00:00", rate=84)
    html = signed_in(Role.PUBLISHER).get(reverse("desk_audit_log")).content.decode()
    assert "until 26 Nov 2026, 11:01" in html
    assert "2026-11-26T10:01:13" not in html


def test_what_was_done_with_replies_is_said_as_people_say_it(
    publication: Any, django_assert_max_num_queries: Any
) -> None:
    story = ArticleFactory(section=publication.world, headline="Ferry is back")
    moderator, key = somebody(Role.MODERATOR), f"article:{story.pk}"
    replies.set_mode(key, Mode.HOLD_FIRST, moderator)
    replies.set_mode(key, None, moderator)
    replies.set_close_days(key, 0, moderator)
    replies.set_close_days(key, 3, moderator)
    replies.freeze(key, "Enough for today.", moderator)
    replies.thaw(key, moderator)
    replies.set_section_rules(f"section:{publication.world.pk}", Mode.CLOSED, None, moderator)
    replies.end_breaking(replies.begin_breaking(SITE, 2, "", moderator), moderator)
    replies.erase_person("ada@example.org", with_words=True)
    audit.record(Event.BREAKING_BEGAN, "article:999", by=audit.SYSTEM, is_automatic=True, rate=84)
    audit.record(Event.APPEAL_DECIDED, "appeal 1", granted=False)
    audit.record(Event.REPLY_RULES, "section:x", mode="of old", close_days="many")
    client = signed_in(Role.PUBLISHER)
    with django_assert_max_num_queries(25):
        html = unescape(client.get(reverse("desk_audit_log")).content.decode())
    for words in (
        "“Ferry is back”",
        f"“{publication.world.title}”",
        "the whole site",
        "who may reply: Read everything first",
        "who may reply: as for what stands above",
        "never closes",
        "closes 3 days after publication",
        "nobody replies any more, what is there stays; readers are told: “Enough for today.”",
        "people may reply again",
        "closing: as for what stands above; who may reply: Closed",
        "switched on by hand; 0 replies within ten minutes; until ",
        "switched off; at most 0 replies within ten minutes",
        "began by itself, in a wave of replies; 84 replies within ten minutes",
        "the decision stands",
        "0 reports no longer say who sent them; what they wrote goes too",
        "article:999",  # which is no page any more
        "close days: many; mode: of old",
    ):
        assert words in html, words
    for raw in ("is automatic", "with words", key, "granted:"):
        assert raw not in html, raw
