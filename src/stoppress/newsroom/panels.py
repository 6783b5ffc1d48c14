"""Panels of the desk's forms that Wagtail has not got."""

from typing import Any, ClassVar

from wagtail.admin.panels import Panel


class PreflightPanel(Panel):
    """What an editor should look at before the article is published; the desk brings it up to date on each save."""

    class BoundPanel(Panel.BoundPanel):
        """The panel of one form."""

        template_name: ClassVar[str] = "newsroom/preflight_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """The findings of what was saved last."""
            from stoppress.newsroom import preflight  # noqa: PLC0415 - reads the tables that name this panel

            context: dict[str, Any] = super().get_context_data(parent_context)
            context["findings"] = preflight.look(self.instance) if self.instance.pk else []
            context["is_new"] = not self.instance.pk
            return context
