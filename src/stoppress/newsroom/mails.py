"""Mails about what was submitted: to the desk of the section, and back to whoever wrote it."""

from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import GroupPagePermission, Page, WorkflowState
from wagtail.users.models import UserProfile

from stoppress.accounts.models import User
from stoppress.core import mail


class Kind(StrEnum):
    """What happened to it; Wagtail keeps for each person whether they want to hear of it, under the same name."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"


def recipients(kind: Kind, state: WorkflowState, by: int | None) -> list[User]:
    """Who is told; never ``by``, who did it, nor who wants no such mails."""
    if kind is Kind.SUBMITTED:
        found = desk_of(state.content_object, but=by or 0)
    else:
        found = list(User.objects.filter(pk=state.requested_by_id).exclude(pk=by or 0))
    return [
        user
        for user in found
        if user.is_active and user.email and getattr(UserProfile.get_for_user(user), f"{kind}_notifications")
    ]


def desk_of(page: Page, *, but: int = 0) -> list[User]:
    """The editors of the page's section; if there are none besides ``but``, of the one above, and so on up."""
    publish = Permission.objects.filter(codename="publish_page", content_type__app_label="wagtailcore")
    for place in page.get_ancestors(inclusive=True).order_by("-depth"):
        groups = GroupPagePermission.objects.filter(page=place, permission__in=publish).values("group")
        found = list(User.objects.filter(groups__in=groups, is_active=True).exclude(pk=but).distinct())
        if found:
            return found
    return list(User.objects.filter(is_superuser=True, is_active=True).exclude(pk=but))


def send(kind: Kind, state: WorkflowState, user: User) -> None:
    """Tell ``user`` now.

    Raises:
        MailError: it could not be handed over.
    """
    page = state.content_object
    task_state: Any = state.current_task_state
    context = {
        "kind": kind.value,
        "title": page.get_latest_revision_as_object().title,
        "by": state.requested_by if kind is Kind.SUBMITTED else getattr(task_state, "finished_by", None),
        "comment": task_state.comment if task_state is not None and kind is not Kind.SUBMITTED else "",
        "link": f"{settings.BASE_URL}{reverse('wagtailadmin_pages:edit', args=[page.pk])}",
    }
    subjects = {
        Kind.SUBMITTED: _("To look at: %s"),
        Kind.APPROVED: _("Approved: %s"),
        Kind.REJECTED: _("Changes wanted: %s"),
    }
    mail.send(subjects[kind] % context["title"], render_to_string("newsroom/workflow.txt", context), user.email)
