"""Observing writes: every page shows these settings, so every page is looked at again."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from stoppress.audience.models import CHANGED, Connections
from stoppress.pagestore.actions import mark


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    post_save.connect(connections_changed, sender=Connections, dispatch_uid="audience.connections_saved")
    post_delete.connect(connections_changed, sender=Connections, dispatch_uid="audience.connections_deleted")


def connections_changed(**_: Any) -> None:
    """Saved or deleted."""
    mark(CHANGED)
