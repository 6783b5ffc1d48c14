"""What each role changes, and what it does not, whichever way it asks: forms, bulk actions, Wagtail's own interface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from stoppress.accounts.models import Role, User
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom.models import Article, Author, Section, StaticPage, Topic
from tests.conftest import SmallPublication
from tests.desk.test_desk_writes import form, section_form
from tests.factories.accounts import UserFactory, somebody
from tests.factories.media import AttachmentFactory, PictureFactory
from tests.factories.newsroom import ArticleFactory, AuthorFactory

pytestmark = pytest.mark.django_db


@dataclass
class Paper:
    """What there is to change: an own draft, somebody's draft, a live story here and one elsewhere, and the rest."""

    own: Any
    draft: Any
    here: Any
    there: Any
    world: Any
    sports: Any
    picture: Any
    attachment: Any
    author: Any
    person: Any
    home: Any

    def pages(self) -> dict[str, Any]:
        return {"own": self.own, "draft": self.draft, "here": self.here, "there": self.there}


Act = Callable[[Client, Paper], Any]


def _page(name: str, which: str, data: dict[str, Any] | None = None, *more: str) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        page = getattr(paper, which)
        arguments = [page.pk, *(getattr(paper, one).pk for one in more)]
        return client.post(reverse(f"wagtailadmin_pages:{name}", args=arguments), data or {})

    return act


def _edit(which: str, *, publish: bool) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        page = getattr(paper, which)
        data = form(headline="Changed", slug=page.slug)
        if not publish:
            del data["action-publish"]
        return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)

    return act


def _api(action: str, which: str, **data: Any) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        page = getattr(paper, which)
        given = {name: value(paper) if callable(value) else value for name, value in data.items()}
        where = reverse("wagtailadmin_api:pages:action", args=[page.pk, action])
        return client.post(where, given, content_type="application/json")

    return act


def _bulk(action: str, which: str) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        data = {"chooser": paper.sports.pk, "include_descendants": "on"}
        return client.post(f"{where}?id={getattr(paper, which).pk}&next=/desk/", data)

    return act


def _file(name: str, which: str, **data: Any) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        return client.post(reverse(name, args=[getattr(paper, which).pk]), data)

    return act


def _add(kind: str, values: dict[str, Any], parent: str) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        where = reverse("wagtailadmin_pages:add", args=["newsroom", kind, getattr(paper, parent).pk])
        return client.post(where, values)

    return act


def _snippet(verb: str, noun: str, **data: Any) -> Act:
    def act(client: Client, paper: Paper) -> Any:
        arguments = [paper.author.pk] if verb != "add" else []
        return client.post(reverse(f"wagtailsnippets_newsroom_{noun}:{verb}", args=arguments), data)

    return act


def _revert(which: str) -> Act:
    return _api("revert_to_page_revision", which, revision_id=lambda paper: getattr(paper, which).latest_revision_id)


ACTS: dict[str, Act] = {
    "edit own draft": _edit("own", publish=False),
    "publish own draft": _edit("own", publish=True),
    "edit another's draft": _edit("draft", publish=False),
    "edit a live story here": _edit("here", publish=False),
    "publish here": _edit("here", publish=True),
    "publish there": _edit("there", publish=True),
    "unpublish here": _page("unpublish", "here"),
    "unpublish there": _page("unpublish", "there"),
    "move away": _page("move_confirm", "here", None, "sports"),
    "delete own draft": _page("delete", "own"),
    "delete here": _page("delete", "here"),
    "lock here": _page("lock", "here"),
    "kill here": _file("desk:kill", "here", reason="A court says so."),
    "kill there": _file("desk:kill", "there", reason="A court says so."),
    "api: publish own draft": _api("publish", "own"),
    "api: publish another's draft": _api("publish", "draft"),
    "api: unpublish here": _api("unpublish", "here"),
    "api: delete here": _api("delete", "here"),
    "api: delete own draft": _api("delete", "own"),
    "api: copy own live": _api("copy", "own", slug="twin"),
    "api: copy here": _api("copy", "here", slug="twin", keep_live=False),
    "api: alias here": _api("create_alias", "here", update_slug="twin"),
    "api: move away": _api("move", "here", position="last-child", destination_page_id=lambda paper: paper.sports.pk),
    "api: revert here": _revert("here"),
    "api: revert there": _revert("there"),
    "bulk unpublish here": _bulk("unpublish", "here"),
    "bulk publish another's draft": _bulk("publish", "draft"),
    "bulk move away": _bulk("move", "here"),
    "bulk delete here": _bulk("delete", "here"),
    "add a section here": _add("section", section_form("Asia", "asia"), "world"),
    "add a section there": _add("section", section_form("Asia", "asia"), "sports"),
    "rename the section": _page("edit", "world", section_form("Earth", "world")),
    "add a static page": _add("staticpage", form(headline="About", slug="about"), "home"),
    "add a topic": _snippet("add", "topic", name="Tides", slug="tides"),
    "rename an author": _snippet("edit", "author", name="Another", slug="another"),
    "delete an author": _snippet("delete", "author"),
    "retitle a picture": _file("wagtailimages:edit", "picture", title="Another", tags=""),
    "delete a picture": _file("wagtailimages:delete", "picture"),
    "retitle a file": _file("wagtaildocs:edit", "attachment", title="Another", tags=""),
    "delete a file": _file("wagtaildocs:delete", "attachment"),
    "delete a person": _file("wagtailusers_users:delete", "person"),
}

ANYWHERE = {"add a topic", "rename an author"}
HERE = {
    "edit own draft",
    "publish own draft",
    "edit another's draft",
    "edit a live story here",
    "publish here",
    "unpublish here",
    "lock here",
    "kill here",
    "api: publish own draft",
    "api: publish another's draft",
    "api: unpublish here",
    "api: copy own live",
    "api: copy here",
    "api: alias here",
    "api: revert here",
    "bulk unpublish here",
    "bulk publish another's draft",
    "add a section here",
    "rename the section",
}
FILES = {"retitle a picture", "delete a picture", "retitle a file", "delete a file"}
MAY: dict[Role, set[str]] = {
    Role.REPORTER: {"edit own draft", "publish own draft"},  # which then is a draft as before
    Role.SECTION_EDITOR: HERE | ANYWHERE,
    Role.PHOTO_DESK: FILES,
    Role.MODERATOR: set(),
    Role.PUBLISHER: HERE
    | ANYWHERE
    | FILES
    | {
        "publish there",
        "unpublish there",
        "kill there",
        "move away",
        "api: move away",
        "api: revert there",
        "bulk move away",
        "add a section there",
        "add a static page",
        "delete an author",
        "delete a person",
    },
    Role.OPERATOR: {"delete a person"},
}


def everything() -> list[Any]:
    """All that the acts could change, as the tables have it."""
    pages = Page.objects.order_by("pk").values_list(
        "pk", "path", "title", "draft_title", "live", "latest_revision_id", "locked", "alias_of_id"
    )
    found: list[Any] = [list(pages), list(Article.objects.order_by("pk").values_list("pk", "killed_at"))]
    found += [list(kind._default_manager.order_by("pk").values_list("pk", "name")) for kind in (Author, Topic)]
    found += [list(kind.objects.order_by("pk").values_list("pk", "title")) for kind in (Picture, Attachment)]
    return [*found, User.objects.count(), Section.objects.count(), StaticPage.objects.count()]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_changes_what_it_may_and_nothing_else(publication: SmallPublication, role: Role) -> None:
    user = somebody(role, publication.world if role is Role.SECTION_EDITOR else None)
    client = Client(raise_request_exception=False)
    client.force_login(user)

    def draft(slug: str, owner: User | None) -> Article:
        article = Article(title=slug, slug=slug, live=False, owner=owner)
        Section.objects.get(pk=publication.world.pk).add_child(instance=article)
        article.save_revision()
        return article

    paper = Paper(
        own=draft("own", user),
        draft=draft("draft", UserFactory()),
        here=ArticleFactory(section=publication.world, slug="here"),
        there=ArticleFactory(section=publication.sports, slug="there"),
        world=publication.world,
        sports=publication.sports,
        picture=PictureFactory(),
        attachment=AttachmentFactory(),
        author=AuthorFactory(),
        person=UserFactory(),
        home=publication.home,
    )
    before = everything()
    live = set(Page.objects.live().values_list("pk", flat=True))
    done, out, told = set(), set(), {}
    for name, act in ACTS.items():
        with transaction.atomic():
            reply = act(client, paper)
            told[name] = reply.status_code
            if everything() != before:
                done.add(name)
            if not set(Page.objects.live().values_list("pk", flat=True)) <= live:
                out.add(name)
            transaction.set_rollback(True)
    assert {name: status for name, status in told.items() if status >= 500} == {}
    assert done == MAY[role], sorted(done ^ MAY[role])
    assert bool(out) == (role in {Role.SECTION_EDITOR, Role.PUBLISHER})
