"""Observing writes: whoever saves or deletes a page, it is marked in the same transaction.

Received without ``sender``, since Wagtail saves under ``Page`` as well as under our classes.
"""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction, WorkflowState
from wagtail.signals import page_unpublished, workflow_approved, workflow_rejected, workflow_submitted

from stoppress.accounts.actions.audit import record
from stoppress.accounts.models import Event, User
from stoppress.newsroom import keys, tasks
from stoppress.newsroom.mails import Kind
from stoppress.newsroom.models import SHELVES, Article, Correction, Kill, PublicPage, Shelf
from stoppress.newsroom.shelving import articles_of
from stoppress.newsroom.signals import article_killed
from stoppress.pagestore.actions import mark

# What Wagtail touches when it saves a draft, locks a page or runs a workflow: readers see none of it.
DRAFT_FIELDS = frozenset(
    {
        "draft_title",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_id",
        "latest_revision_created_at",
        "locked",
        "locked_by",
        "locked_at",
        "live_revision",
        "live_revision_id",
    }
)


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    post_save.connect(page_saved, dispatch_uid="newsroom.page_saved")
    pre_delete.connect(page_deleted, dispatch_uid="newsroom.page_deleted")
    post_save.connect(restriction_changed, sender=PageViewRestriction, dispatch_uid="newsroom.restricted")
    post_delete.connect(restriction_changed, sender=PageViewRestriction, dispatch_uid="newsroom.unrestricted")
    page_unpublished.connect(unpublished, dispatch_uid="newsroom.unpublished")
    workflow_submitted.connect(submitted, sender=WorkflowState, dispatch_uid="newsroom.submitted")
    workflow_approved.connect(approved, sender=WorkflowState, dispatch_uid="newsroom.approved")
    workflow_rejected.connect(rejected, sender=WorkflowState, dispatch_uid="newsroom.rejected")
    article_killed.connect(killed, dispatch_uid="newsroom.killed")
    post_save.connect(correction_saved, sender=Correction, dispatch_uid="newsroom.correction_saved")
    post_delete.connect(correction_saved, sender=Correction, dispatch_uid="newsroom.correction_deleted")
    for kind in SHELVES.values():
        post_save.connect(shelf_saved, sender=kind, dispatch_uid=f"newsroom.{kind.noun}_saved")
        pre_delete.connect(shelf_deleted, sender=kind, dispatch_uid=f"newsroom.{kind.noun}_deleted")


def page_saved(instance: Model, *, update_fields: frozenset[str] | None = None, raw: bool = False, **_: Any) -> None:
    """Look again at a page that was saved, unless only its draft was."""
    if isinstance(instance, Page) and not raw and not (update_fields and update_fields <= DRAFT_FIELDS):
        mark(keys.look_again(instance.pk))


def page_deleted(instance: Model, **_: Any) -> None:
    """Look again at a page that goes; a subtree sends this for each page, under one of its classes or all."""
    if isinstance(instance, Page):
        mark(keys.look_again(instance.pk))
    if isinstance(instance, PublicPage):
        record(Event.DELETED, instance.title, page=instance.pk, path=instance.public_path)


def unpublished(instance: Page, **_: Any) -> None:
    """Taken off by somebody, or by the clock. Wagtail says so of a live page that is deleted too."""
    if isinstance(instance, PublicPage) and not instance.live:
        record(Event.UNPUBLISHED, instance.title, page=instance.pk)


def killed(article: Article, kill: Kill, **_: Any) -> None:
    """The newsroom keeps its own record of kills, with the reason; here it stands that there is one, and whose."""
    record(Event.KILLED, article.title, by=kill.by, page=article.pk, kill=kill.pk)


def restriction_changed(instance: PageViewRestriction, **_: Any) -> None:
    """A restricted page is not public, nor what is below it."""
    mark(keys.subtree(instance.page_id))


def correction_saved(instance: Correction, **_: Any) -> None:
    """The article says so, and the list of all corrections."""
    mark(keys.look_again(instance.article_id))


def shelf_saved(instance: Shelf, *, created: bool = False, **_: Any) -> None:
    """A new one stands nowhere yet."""
    if not created:
        mark(instance.key)


def shelf_deleted(instance: Shelf, **_: Any) -> None:
    """What binds articles to it goes with it, so they are marked now, while they can be found."""
    mark(
        instance.key,
        *(keys.look_again(pk) for pk in articles_of(instance.noun, instance.pk).values_list("pk", flat=True)),
    )


def submitted(instance: WorkflowState, user: User | None = None, **_: Any) -> None:
    """Somebody is done writing: the desk of the section is told."""
    tasks.send_workflow_mails.enqueue(Kind.SUBMITTED.value, instance.pk, user.pk if user else None)


def approved(instance: WorkflowState, user: User | None = None, **_: Any) -> None:
    """It is out, or planned: whoever submitted it is told."""
    tasks.send_workflow_mails.enqueue(Kind.APPROVED.value, instance.pk, user.pk if user else None)


def rejected(instance: WorkflowState, user: User | None = None, **_: Any) -> None:
    """It wants changes: whoever submitted it is told which."""
    tasks.send_workflow_mails.enqueue(Kind.REJECTED.value, instance.pk, user.pk if user else None)
