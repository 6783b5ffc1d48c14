"""What happens when a picture or an attachment is saved: its pages are stale, and a picture's sizes are made."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save, pre_delete

from stoppress.media import actions, tasks
from stoppress.media.models import Attachment, Picture
from stoppress.pagestore.actions import mark


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    post_save.connect(picture_saved, sender=Picture, dispatch_uid="media.picture_saved")
    post_delete.connect(picture_deleted, sender=Picture, dispatch_uid="media.picture_deleted")
    post_save.connect(attachment_saved, sender=Attachment, dispatch_uid="media.attachment_saved")
    pre_delete.connect(attachment_deleted, sender=Attachment, dispatch_uid="media.attachment_deleted")


def picture_saved(instance: Picture, *, raw: bool = False, **_: Any) -> None:
    """Mark pages that show it, and make its sizes before a page can ask for them."""
    if raw:
        return
    mark(f"image:{instance.pk}")
    if not instance.withdrawn_at:
        transaction.on_commit(lambda: actions.make_renditions(instance))
        transaction.on_commit(lambda: tasks.make_late_renditions.enqueue(instance.pk))


def picture_deleted(instance: Picture, **_: Any) -> None:
    """The rows that used it were set to null without a signal; the mark finds them."""
    mark(f"image:{instance.pk}")


def attachment_saved(instance: Attachment, *, raw: bool = False, **_: Any) -> None:
    """Mark pages that link to it. Its copy is made when one is rendered."""
    if not raw:
        mark(f"document:{instance.pk}")


def attachment_deleted(instance: Attachment, **_: Any) -> None:
    """Received while it still has its number."""
    mark(f"document:{instance.pk}")
    actions.remove_copies(instance)
