"""Observing writes: a new password lets its owner try it at once."""

from typing import Any

from django.db.models.signals import post_save

from stoppress.accounts.actions import forget_sign_ins
from stoppress.accounts.models import User


def connect() -> None:
    """Connect the receivers; called once from ``AppConfig.ready``."""
    post_save.connect(user_saved, sender=User, dispatch_uid="accounts.user_saved")


def user_saved(instance: User, *, raw: bool = False, **_: Any) -> None:
    """Who has just set a password has not tried it yet; Django keeps it until it is saved."""
    if not raw and getattr(instance, "_password", None) is not None:
        forget_sign_ins(instance.get_username())
