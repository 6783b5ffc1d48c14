"""What each role may do, as the actions decide it; and that nobody's hand work on the groups is undone."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from stoppress.accounts import actions
from stoppress.accounts.models import Role, User
from stoppress.newsroom import actions as newsroom
from tests.conftest import SmallPublication
from tests.factories.accounts import SuperuserFactory, UserFactory, somebody
from tests.factories.newsroom import ArticleFactory, DraftFactory, SectionFactory

pytestmark = pytest.mark.django_db


def rights(group: Group) -> set[str]:
    """All that a group may do, wherever."""
    return {
        *group.permissions.values_list("codename", flat=True),
        *group.page_permissions.values_list("permission__codename", flat=True),  # type: ignore[attr-defined]
        *group.collection_permissions.values_list("permission__codename", flat=True),  # type: ignore[attr-defined]
    }


def test_every_role_but_the_section_editors_has_its_group(ground: None) -> None:
    actions.ensure_roles()
    names = {str(role.label) for role in Role} - {"Section editor"}
    assert names <= set(Group.objects.values_list("name", flat=True))
    assert all("access_admin" in rights(Group.objects.get(name=name)) for name in names)


def test_what_was_changed_by_hand_stays_when_the_roles_are_made_again(ground: None) -> None:
    actions.ensure_roles()
    reporter, photo = Group.objects.get(name="Reporter"), Group.objects.get(name="Photo desk")
    reporter.name = "Writers"
    reporter.save()
    reporter.collection_permissions.all().delete()  # type: ignore[attr-defined]
    reporter.permissions.add(Permission.objects.get(codename="add_topic"))
    photo.delete()
    before = rights(reporter)
    actions.ensure_roles()
    assert rights(reporter) == before
    assert "add_topic" in before
    assert not Group.objects.filter(name__in=["Reporter", "Photo desk"]).exists()
    assert actions.grant(UserFactory(), Role.REPORTER) == reporter
    assert "delete_image" in rights(actions.grant(UserFactory(), Role.PHOTO_DESK))


def test_a_right_that_a_version_is_the_first_to_give_is_given_to_all(ground: None) -> None:
    actions.ensure_roles()
    group = Group.objects.get(name="Operator")
    held = group.role  # type: ignore[attr-defined]
    held.given = [one for one in held.given if one[1] != "accounts.add_user"]
    held.save()
    group.permissions.clear()
    actions.ensure_roles()
    assert rights(group) == {"add_user"}


def test_a_reporter_does_not_publish(publication: SmallPublication) -> None:
    reporter = somebody(Role.REPORTER)
    with pytest.raises(PermissionDenied):
        newsroom.publish_article(publication.world, DraftFactory(), reporter)
    with pytest.raises(PermissionDenied):
        newsroom.schedule_article(publication.world, DraftFactory(), timezone.now(), reporter)
    for act in (newsroom.unpublish_page, newsroom.delete_page):
        with pytest.raises(PermissionDenied):
            act(ArticleFactory(section=publication.world), reporter)
    with pytest.raises(PermissionDenied):
        newsroom.kill_article(ArticleFactory(section=publication.world), "No.", reporter)


def test_a_section_editor_publishes_and_kills_in_the_own_section_alone(publication: SmallPublication) -> None:
    editor = somebody(Role.SECTION_EDITOR, publication.world)
    below = SectionFactory(parent=publication.world, title="Asia", slug="asia")
    article = newsroom.publish_article(below, DraftFactory(), editor)
    newsroom.schedule_article(publication.world, DraftFactory(), timezone.now(), editor)
    newsroom.kill_article(article, "A court says so.", editor)
    elsewhere = ArticleFactory(section=publication.sports)
    with pytest.raises(PermissionDenied):
        newsroom.publish_article(publication.sports, DraftFactory(), editor)
    with pytest.raises(PermissionDenied):
        newsroom.schedule_article(publication.sports, DraftFactory(), timezone.now(), editor)
    with pytest.raises(PermissionDenied):
        newsroom.update_article(elsewhere, DraftFactory(), editor)
    with pytest.raises(PermissionDenied):
        newsroom.kill_article(elsewhere, "A court says so.", editor)
    with pytest.raises(PermissionDenied):
        newsroom.move_page(ArticleFactory(section=publication.world, slug="stays"), publication.sports, editor)


def test_one_editor_of_two_sections_and_two_sections_of_one_name(publication: SmallPublication) -> None:
    twin = SectionFactory(parent=publication.sports, title="World", slug="world")
    editor = somebody(Role.SECTION_EDITOR, publication.world)
    actions.grant(editor, Role.SECTION_EDITOR, twin)
    names = sorted(editor.groups.values_list("name", flat=True))
    assert names == ["Section editor: Sports › World", "Section editor: World"]
    other = SectionFactory(parent=publication.home, title="World", slug="the-world")
    assert actions.grant(editor, Role.SECTION_EDITOR, other).name == f"Section editor: World ({other.pk})"


@pytest.mark.parametrize("role", [Role.PHOTO_DESK, Role.MODERATOR, Role.OPERATOR])
def test_who_does_not_write_does_not_publish(publication: SmallPublication, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        newsroom.publish_article(publication.world, DraftFactory(), somebody(role))


def test_a_publisher_publishes_moves_and_kills_but_does_not_delete(publication: SmallPublication) -> None:
    publisher = somebody(Role.PUBLISHER)
    article = newsroom.publish_article(publication.world, DraftFactory(), publisher)
    newsroom.move_page(article, publication.sports, publisher)
    article.refresh_from_db()
    with pytest.raises(PermissionDenied):
        newsroom.delete_page(article, publisher)
    assert newsroom.kill_article(article, "A court says so.", publisher).by == publisher


def test_a_role_can_replace_the_others_and_leaves_groups_of_ones_own(publication: SmallPublication) -> None:
    user = somebody(Role.REPORTER)
    user.groups.add(Group.objects.create(name="Choir"))
    actions.grant(user, Role.MODERATOR, keeps_others=False)
    assert sorted(user.groups.values_list("name", flat=True)) == ["Choir", "Moderator"]


@pytest.mark.parametrize(("role", "has_section"), [(Role.SECTION_EDITOR, False), (Role.REPORTER, True)])
def test_a_section_where_it_belongs(publication: SmallPublication, role: Role, has_section: bool) -> None:
    user = UserFactory()
    with pytest.raises(ValidationError, match="section"):
        actions.grant(user, role, publication.world if has_section else None)
    assert not user.groups.exists()


def test_who_gives_which_role(publication: SmallPublication) -> None:
    chief, publisher, operator = SuperuserFactory(), somebody(Role.PUBLISHER), somebody(Role.OPERATOR)
    for by in (chief, publisher, operator):
        actions.grant(UserFactory(), Role.SECTION_EDITOR, publication.world, by=by)
    for by in (chief, publisher):
        actions.grant(UserFactory(), Role.PUBLISHER, by=by)
    refused: list[tuple[User, User, Role]] = [
        (operator, UserFactory(), Role.PUBLISHER),
        (operator, operator, Role.REPORTER),
        (publisher, publisher, Role.OPERATOR),
        (operator, publisher, Role.REPORTER),
        (publisher, chief, Role.REPORTER),
        (somebody(Role.REPORTER), UserFactory(), Role.REPORTER),
        (somebody(Role.SECTION_EDITOR, publication.world), UserFactory(), Role.REPORTER),
    ]
    for by, user, role in refused:
        before = set(user.groups.all())
        with pytest.raises(PermissionDenied):
            actions.grant(user, role, by=by)
        assert set(user.groups.all()) == before


def test_an_account_is_made_with_its_role(publication: SmallPublication) -> None:
    made = actions.add_user("ada", "ada@Newsroom.Example", Role.SECTION_EDITOR, publication.world)
    assert (made.email, made.has_usable_password(), made.is_superuser) == ("ada@newsroom.example", False, False)
    assert [group.name for group in made.groups.all()] == ["Section editor: World"]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"username": "grace"}, "already exists"),
        ({"username": "a b"}, "valid username"),
        ({"email": "GRACE@newsroom.example"}, "Somebody has this mail address"),
        ({"email": "nowhere"}, "valid email"),
        ({"email": " "}, "needs a mail address"),
        ({"role": Role.SECTION_EDITOR}, "Say which section"),
    ],
)
def test_an_account_that_cant_be_made_leaves_nothing(ground: None, changed: dict[str, Any], complaint: str) -> None:
    actions.add_user("grace", "grace@newsroom.example", Role.REPORTER)
    values: dict[str, Any] = {"username": "ada", "email": "ada@newsroom.example", "role": Role.REPORTER, **changed}
    with pytest.raises(ValidationError, match=complaint):
        actions.add_user(**values)
    assert User.objects.count() == 1


def test_who_makes_accounts(ground: None) -> None:
    for number, role in enumerate((Role.PUBLISHER, Role.OPERATOR)):
        actions.add_user(f"new{number}", f"new{number}@newsroom.example", Role.REPORTER, by=somebody(role))
    for by, role in ((somebody(Role.REPORTER), Role.REPORTER), (somebody(Role.OPERATOR), Role.PUBLISHER)):
        with pytest.raises(PermissionDenied):
            actions.add_user("ada", "ada@newsroom.example", role, by=by)
    assert not User.objects.filter(username="ada").exists()


def test_nobody_gets_an_invitation_in_the_name_of_who_has_more_rights(ground: None) -> None:
    operator = somebody(Role.OPERATOR)
    assert "/password_reset/confirm/" in actions.invitation_link(somebody(Role.REPORTER), by=operator)
    for user in (SuperuserFactory(), somebody(Role.PUBLISHER)):
        with pytest.raises(PermissionDenied):
            actions.invitation_link(user, by=operator)
    with pytest.raises(ValidationError, match="switched off"):
        actions.invitation_link(UserFactory(is_active=False))
