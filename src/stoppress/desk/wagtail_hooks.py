"""The desk in Wagtail's admin: what one can do to a story, and what the first screen shows."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from stoppress.desk.panels import FailedBakes, MissedTimes, TodayPanel
from stoppress.desk.people import BULK_ACTIONS
from stoppress.newsroom.models import Article


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


@hooks.register("register_page_header_buttons")
def whereabouts_button(
    page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Where readers find the story now, and since when."""
    if isinstance(page, Article) and page.first_published_at:
        yield Button(_("Where it is out"), reverse("desk:whereabouts", args=[page.pk]), icon_name="site", priority=80)


@hooks.register("construct_homepage_panels")
def add_panels(request: Any, panels: list[Component]) -> None:
    panels += [MissedTimes(), FailedBakes(), TodayPanel()]
