"""The desk in Wagtail's admin: what one can do to a story, and what the first screen shows."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.permissions import policy_registry

from stoppress.accounts.models import User
from stoppress.accounts.permissions import CHANGE_GROUPS
from stoppress.comments.actions.rights import may_moderate
from stoppress.comments.queues import held_count
from stoppress.desk.errors import MOST_COUNTED, is_at_a_desk, open_count
from stoppress.desk.explorer import children_of
from stoppress.desk.panels import DutyPanel, FailedBakes, HeldReplies, MissedTimes, TodayPanel
from stoppress.desk.people import BULK_ACTIONS
from stoppress.desk.reports import AuditLog, Kills
from stoppress.desk.sign_in import rules
from stoppress.newsroom import preflight
from stoppress.newsroom.headlines import LENGTHS
from stoppress.newsroom.models import Article
from stoppress.newsroom.versions import is_on


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern | URLResolver]:
    return [
        path("newsroom/", include("stoppress.desk.urls")),
        path("security/", include("stoppress.desk.security_urls")),
        # Not below security/, which stays open to who owes a second factor: they would let themselves off.
        path("sign-in-rules/", rules, name="desk_sign_in_rules"),
        path("reports/audit-log/", AuditLog.as_view(), name="desk_audit_log"),
        path("reports/audit-log/results/", AuditLog.as_view(results_only=True), name="desk_audit_log_results"),
        path("reports/kills/", Kills.as_view(), name="desk_kills"),
        path("reports/kills/results/", Kills.as_view(results_only=True), name="desk_kills_results"),
    ]


@hooks.register("register_account_menu_item")
def security_item(request: HttpRequest) -> dict[str, Any]:
    """On the page of one's own account."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Signing in"),
        "help_text": _("Second factor, passkeys, recovery codes, and where you are signed in."),
    }


class RulesItem(MenuItem):
    """Under Settings, for who says what roles may do."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE_GROUPS))


@hooks.register("register_settings_menu_item")
def rules_item() -> MenuItem:
    return RulesItem(gettext_lazy("Second factor"), reverse_lazy("desk_sign_in_rules"), icon_name="key", order=620)


class ReportItem(MenuItem):
    """An entry under Reports, for who may see it."""

    def __init__(self, report: type[AuditLog] | type[Kills], order: int) -> None:
        self.right = report.right
        url = reverse_lazy(report.index_url_name)
        super().__init__(report.page_title, url, name=report.index_url_name, icon_name=report.header_icon, order=order)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.right))


@hooks.register("register_reports_menu_item")
def audit_log_item() -> MenuItem:
    return ReportItem(AuditLog, 950)


@hooks.register("register_reports_menu_item")
def kills_item() -> MenuItem:
    return ReportItem(Kills, 940)


class FrontsItem(MenuItem):
    """For who may lay out a front."""

    def is_shown(self, request: HttpRequest) -> bool:
        user = request.user
        may_publish = policy_registry.get_by_type(Page).user_has_permission(user, "publish")
        return bool(may_publish or user.has_perm("newsroom.lay_out_home"))


@hooks.register("register_admin_menu_item")
def fronts_item() -> MenuItem:
    return FrontsItem(gettext_lazy("Fronts"), reverse_lazy("desk:fronts"), name="fronts", icon_name="grip", order=150)


class RepliesItem(MenuItem):
    """For moderators, with how many replies wait for them."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_moderate(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count, is_more = held_count()
        said = f"{count}+" if is_more else str(count)
        label = _("Replies (%s)") % said if count else _("Replies")
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")
def replies_item() -> MenuItem:
    # What all its screens lie below, so that the menu says on each where one is.
    address = reverse_lazy("desk:replies_all")
    return RepliesItem(gettext_lazy("Replies"), address, name="replies", icon_name="comment", order=160)


class ErrorsItem(MenuItem):
    """For who publishes, with how many errors readers have reported in their sections."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_at_a_desk(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        count = open_count(request.user) if isinstance(request.user, User) else 0
        said = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
        label = _("Reported errors (%s)") % said if count else _("Reported errors")
        return LinkMenuItem(self.name, label, str(self.url), icon_name=self.icon_name)


@hooks.register("register_admin_menu_item")
def errors_item() -> MenuItem:
    address = reverse_lazy("desk:errors", args=["open"])
    return ErrorsItem(gettext_lazy("Reported errors"), address, name="errors", icon_name="warning", order=165)


hooks.register("construct_explorer_page_queryset", children_of)

for _bulk_action in BULK_ACTIONS:
    # Last, so that each takes the place of Wagtail's of the same name.
    hooks.register("register_bulk_action", _bulk_action, order=10)


@hooks.register("insert_editor_js")
def desk_script() -> SafeString:
    """Counts letters while one writes, and looks again at what was saved."""
    return format_html(
        '<script src="{}" defer data-lengths="{}" data-of="{}" data-long="{}"></script>',
        static("desk/writing.js"),
        json.dumps(LENGTHS),
        _("{count} of about {most} letters"),
        _("{count} letters: too long, about {most} are enough"),
    )


@hooks.register("after_publish_page")
def tell_findings(request: HttpRequest, page: Any) -> None:
    """What was published in spite of warnings is said once more; nobody is kept from it."""
    found = preflight.look(page) if isinstance(page, Article) else []
    if found:
        messages.warning(request, " ".join(one.text for one in found))


@hooks.register("register_page_header_buttons")
def changes_button(page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """What a draft changes in what readers have."""
    if page.live and page.has_unpublished_changes and page.permissions_for_user(user).can_view_revisions():
        address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", "latest"])
        yield Button(_("What changed"), address, icon_name="history", priority=44)


@hooks.register("insert_global_admin_css")
def desk_styles() -> SafeString:
    """Those of our screens, and of the words that went and came."""
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("register_page_header_buttons")
def take_over_button(
    page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """For what somebody else has locked."""
    is_held = isinstance(page, Article) and page.locked and page.locked_by_id not in {None, user.pk}
    if is_held and page.permissions_for_user(user).can_unlock():
        yield Button(_("Take over"), reverse("desk:take_over", args=[page.pk]), icon_name="lock-open", priority=43)


@hooks.register("register_page_header_buttons")
def correct_button(page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """For what readers have, and those who may publish it."""
    if isinstance(page, Article) and page.live and page.permissions_for_user(user).can_publish():
        yield Button(_("Correct"), reverse("desk:correct", args=[page.pk]), icon_name="edit", priority=45)
        if is_on():
            address = reverse("desk:public_versions", args=[page.pk])
            yield Button(_("Public versions"), address, icon_name="history", priority=46)


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


@hooks.register("register_page_header_buttons")
def emergency_button(
    page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """For a publisher, where a second pair of eyes is needed and there is a draft that nobody has looked at."""
    if not isinstance(page, Article) or not page.has_unpublished_changes:
        return
    if page.permissions_for_user(user).can_publish_in_emergency():
        url = reverse("desk:publish_in_emergency", args=[page.pk])
        yield Button(_("Publish in an emergency"), url, icon_name="warning", priority=90)


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def say_why_not(request: HttpRequest, page: Any) -> None:
    """Whoever pressed a button that another must press hears what became of the words."""
    wants_out = request.POST.get("action-publish") or request.POST.get("workflow-action-name") == "approve"
    if not wants_out or not isinstance(page, Article) or not page.has_unpublished_changes:
        return
    if page.permissions_for_user(request.user).needs_four_eyes:
        messages.warning(
            request,
            _("Your words are kept, not published: here somebody must approve a story who did not write it last."),
        )


@hooks.register("register_page_header_buttons")
def replies_button(page: Any, user: AbstractBaseUser, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Who may reply to a story that readers have, for moderators."""
    if isinstance(page, Article) and page.live and may_moderate(user):
        address = reverse("desk:replies_thread", args=[f"article:{page.pk}"])
        yield Button(_("Replies"), address, icon_name="comment", priority=50)


@hooks.register("before_move_page")
def ask_before_showing(request: HttpRequest, page: Any, destination: Any) -> None:
    """Wagtail asks only when the move is confirmed, and names the page before.

    Raises:
        PermissionDenied: they may not move it.
    """
    if not page.permissions_for_user(request.user).can_move():
        raise PermissionDenied


@hooks.register("construct_homepage_panels")
def add_panels(request: Any, panels: list[Component]) -> None:
    panels += [DutyPanel(), MissedTimes(request.user), FailedBakes(), HeldReplies(request.user), TodayPanel()]
