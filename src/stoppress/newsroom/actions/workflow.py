"""From a reporter to readers: the workflow of sections, and publishing without a second pair of eyes."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from stoppress.accounts.actions import audit
from stoppress.accounts.models import Event, User
from stoppress.core.text import without_controls
from stoppress.newsroom.models import Article, Home, SectionDesk

NAME = "Section desk"


@transaction.atomic
def ensure_workflow() -> None:
    """Have what is submitted looked at by the desk of its section. Safe to repeat.

    Done once: whoever gives the home page another workflow, or none, finds it so after an upgrade.
    """
    home = Home.objects.first()
    if home is None or SectionDesk.objects.exists():
        return
    task = SectionDesk.objects.create(name=NAME)
    workflow = Workflow.objects.create(name=NAME)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=Page.objects.get(pk=home.pk), defaults={"workflow": workflow})


def publish_in_emergency(article: Article, reason: str, user: User) -> None:
    """Publish the latest draft although nobody but its writer has seen it; the audit log says so.

    Raises:
        PermissionDenied: ``user`` is no publisher, or the article was killed.
        ValidationError: no reason was given.
    """
    tester = article.permissions_for_user(user)
    if not tester.can_publish_in_emergency():
        raise PermissionDenied(_("Only a publisher publishes without a second pair of eyes."))
    reason = without_controls(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. The record is for those who ask later.")})
    with transaction.atomic():
        state = article.current_workflow_state
        if state is not None:
            state.cancel(user=user)
        revision = article.get_latest_revision() or article.save_revision(user=user)
        revision.publish(user=user, skip_permission_checks=True)
        audit.record(Event.EMERGENCY, article.title, by=user, page=article.pk, reason=reason)
