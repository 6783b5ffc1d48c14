"""What each role finds at the desk, by its own screens."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from stoppress.accounts.actions import add_user, invitation_link
from stoppress.accounts.models import Role, User
from stoppress.newsroom.models import Article, Section
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import add, form, section_form
from tests.factories.accounts import somebody
from tests.factories.media import PictureFactory
from tests.factories.newsroom import ArticleFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a sentence nobody guesses"


def at_the_desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opens(client: Client, name: str, *arguments: int) -> bool:
    """Whether a screen of the desk opens."""
    return client.get(reverse(name, args=arguments)).status_code == 200


def test_an_invitation_lets_one_in_once(publication: SmallPublication) -> None:
    user = add_user("ada", "ada@newsroom.example", Role.REPORTER)
    client = Client()
    path = urlsplit(invitation_link(user)).path
    asked = client.get(path, follow=True)
    place = asked.redirect_chain[-1][0]
    assert client.post(place, {"new_password1": "short", "new_password2": "short"}).status_code == 200
    assert client.post(place, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert "already been used" in Client().get(path, follow=True).content.decode()
    signed_in = client.post(reverse("wagtailadmin_login"), {"username": "ada", "password": PASSWORD, "next": "/desk/"})
    assert signed_in.status_code == 302
    assert opens(client, "wagtailadmin_home")


def test_a_reporter_writes_drafts_and_pictures(publication: SmallPublication) -> None:
    reporter = at_the_desk(somebody(Role.REPORTER))
    assert add(reporter, publication.world, headline="Seen", slug="seen").status_code == 302
    article = Article.objects.get()
    assert not article.live
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert reporter.post(edit, form(headline="Seen again", slug="seen")).status_code == 302
    article.refresh_from_db()
    assert (article.live, article.draft_title) == (False, "Seen again")
    assert opens(reporter, "wagtailimages:add")
    assert not opens(reporter, "wagtailimages:edit", PictureFactory().pk)
    other = ArticleFactory(section=publication.world)
    assert not opens(reporter, "wagtailadmin_pages:edit", other.pk)
    assert not opens(reporter, "desk:kill", other.pk)
    assert not opens(reporter, "wagtailusers_users:index")


def test_a_reporter_does_not_change_the_shape_of_the_paper(publication: SmallPublication) -> None:
    reporter = at_the_desk(somebody(Role.REPORTER))
    place = reverse("wagtailadmin_pages:add", args=["newsroom", "section", publication.world.pk])
    assert reporter.get(place).status_code == 302
    reporter.post(place, section_form("Asia", "asia"))
    assert Section.objects.count() == 3
    editor = at_the_desk(somebody(Role.SECTION_EDITOR, publication.world))
    assert editor.post(place, section_form("Asia", "asia")).status_code == 302
    assert Section.objects.count() == 4


def test_a_section_editor_publishes_in_the_own_section(publication: SmallPublication) -> None:
    editor = at_the_desk(somebody(Role.SECTION_EDITOR, publication.world))
    assert add(editor, publication.world, headline="Seen", slug="seen").status_code == 302
    article = Article.objects.get()
    assert article.live
    assert opens(editor, "desk:kill", article.pk)
    assert opens(editor, "wagtailadmin_pages:edit", ArticleFactory(section=publication.world).pk)
    add(editor, publication.sports, headline="Elsewhere", slug="elsewhere")
    assert not Article.objects.filter(slug="elsewhere").exists()
    elsewhere = ArticleFactory(section=publication.sports)
    assert not opens(editor, "wagtailadmin_pages:edit", elsewhere.pk)
    assert editor.post(reverse("desk:kill", args=[elsewhere.pk]), {"reason": "No."}).status_code in {302, 403}
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    editor.post(f"{bulk}?id={elsewhere.pk}&next=/desk/", {})
    elsewhere.refresh_from_db()
    assert (elsewhere.live, elsewhere.killed_at) == (True, None)


def test_the_photo_desk_changes_pictures_alone(publication: SmallPublication) -> None:
    photo = at_the_desk(somebody(Role.PHOTO_DESK))
    picture = PictureFactory()
    assert opens(photo, "wagtailimages:edit", picture.pk)
    assert opens(photo, "wagtailimages:delete", picture.pk)
    assert opens(photo, "wagtaildocs:add")
    assert not opens(photo, "wagtailadmin_pages:edit", ArticleFactory(section=publication.world).pk)


def test_an_operator_sees_users_and_a_moderator_the_desk(publication: SmallPublication) -> None:
    operator, moderator = at_the_desk(somebody(Role.OPERATOR)), at_the_desk(somebody(Role.MODERATOR))
    assert opens(operator, "wagtailusers_users:index")
    assert not opens(operator, "wagtailusers_groups:index")
    assert not opens(operator, "wagtailadmin_pages:edit", publication.world.pk)
    assert opens(moderator, "wagtailadmin_home")
    assert not opens(moderator, "wagtailusers_users:index")


def test_a_publisher_has_all_of_the_paper_and_its_people(publication: SmallPublication) -> None:
    publisher = at_the_desk(somebody(Role.PUBLISHER))
    assert add(publisher, publication.world, headline="Seen", slug="seen").status_code == 302
    article = Article.objects.get(live=True)
    for name in ("desk:kill", "wagtailadmin_pages:edit"):
        assert opens(publisher, name, article.pk)
    assert not opens(publisher, "wagtailadmin_pages:delete", article.pk)
    for name in ("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailimages:index"):
        assert opens(publisher, name)
