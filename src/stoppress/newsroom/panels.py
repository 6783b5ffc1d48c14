"""Panels of the desk's forms that Wagtail has not got."""

from functools import partial
from typing import Any, ClassVar

from modelcluster.forms import BaseChildFormSet
from wagtail.admin.panels import FieldPanel, InlinePanel, MultipleChooserPanel, Panel

COMPARISONS: dict[str, type] = {}
"""How revisions of ``rows``, a ``picture`` and another ``value`` are compared: set by
:mod:`stoppress.newsroom.compared`, which reads the tables that name these panels."""
MOST_ROWS = 60
"""Authors or topics of one article. Each row costs the desk some ten milliseconds, whoever made it up."""


class FewRows(BaseChildFormSet):
    """Builds one form more than there may be, which is an error, and none after it, whatever number was sent.

    Django's own limit stands a thousand above the greatest number that is allowed.
    """

    def total_form_count(self) -> int:
        """How many forms there are."""
        return int(min(super().total_form_count(), self.max_num + 1))


class FewRowsPanel(InlinePanel):
    """Wagtail's own, for at most :data:`MOST_ROWS` rows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_num": MOST_ROWS, **options})

    def get_form_options(self) -> dict[str, Any]:
        """With the set of forms that stops in time."""
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["formset"] = FewRows
        return options

    class BoundPanel(InlinePanel.BoundPanel):
        """The panel of one form."""

        def get_comparison(self) -> list[Any]:
            """Revisions by what the rows say, not by their numbers, which another save may have given anew."""
            return [partial(COMPARISONS["rows"], self.panel.relation_name, str(self.heading))]


class FewChosenPanel(FewRowsPanel, MultipleChooserPanel):
    """The same for rows that are chosen several at a time."""

    class BoundPanel(FewRowsPanel.BoundPanel, MultipleChooserPanel.BoundPanel):
        """The panel of one form."""


class ComparedPanel(FieldPanel):
    """A choice or a picture, whose revisions are compared as everything else is."""

    def get_comparison_class(self) -> type:
        """Ours; Wagtail has its own for these, whichever is registered."""
        return COMPARISONS["picture" if self.db_field.is_relation else "value"]


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
