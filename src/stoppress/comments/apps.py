"""Connects the hooks."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "stoppress.comments"
    verbose_name = _("replies")

    def ready(self) -> None:
        """Declare what is asked, and answer what others ask."""
        from stoppress.comments import handlers, hooks, hookspecs  # noqa: PLC0415 - needs the models
        from stoppress.core import hooks as core  # noqa: PLC0415 - beside it

        core.add_hookspecs(hookspecs)
        core.register(hooks)
        handlers.connect()
