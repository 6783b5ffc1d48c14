"""The desk in Wagtail's admin: the kill button; times and pages that fail to bake on the home screen."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from stoppress.desk.people import BULK_ACTIONS
from stoppress.newsroom.actions import upcoming
from stoppress.newsroom.models import Article, MissedTime
from stoppress.pagestore.models import Address, BakeTask, Mark

SHOWN = 20


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [path("newsroom/", include("stoppress.desk.urls"))]


for _bulk_action in BULK_ACTIONS:
    # Last, so that each takes the place of Wagtail's of the same name.
    hooks.register("register_bulk_action", _bulk_action, order=10)


@hooks.register("register_page_header_buttons")
def kill_button(page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Kill stands with the other things one does to a page, last, and only for those who may."""
    if isinstance(page, Article) and page.live and page.permissions_for_user(user).can_kill():
        yield Button(_("Kill"), reverse("desk:kill", args=[page.pk]), icon_name="cross", priority=95)


class FailedBakes(Component):
    """Pages whose last bake failed; readers still get the last good version."""

    order = 50
    template_name = "desk/_failed_bakes.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        failed = Address.objects.exclude(failed_at=None).order_by("-failed_at")
        return {
            "failed": failed[:SHOWN],
            "parked": Mark.objects.filter(attempts__gt=0).order_by("-made_at")[:SHOWN],
            "waiting": BakeTask.objects.count(),
            "title": gettext_lazy("Pages"),
        }


class Times(Component):
    """What goes live next, and every time that was not kept until somebody takes note."""

    order = 40
    template_name = "desk/_times.html"

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        missed = MissedTime.objects.filter(Q(done_at=None) | Q(seen_at=None)).order_by("-due_at")
        return {"missed": missed[:SHOWN], "upcoming": upcoming(SHOWN), "request": (parent_context or {}).get("request")}


@hooks.register("construct_homepage_panels")
def add_panels(request: Any, panels: list[Component]) -> None:
    panels += [Times(), FailedBakes()]
