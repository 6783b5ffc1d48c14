"""Forms of the desk that the newsroom's models name."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from stoppress.newsroom.addresses import slug_problem
from stoppress.newsroom.blocks.pictures import ALT_MISSING


class PublicPageForm(WagtailAdminPageForm):
    """What the forms of our pages share."""

    def clean(self) -> dict[str, Any]:
        """Add an error when the slug can't be an address where the page will stand."""
        cleaned: dict[str, Any] = super().clean()
        slug = cleaned.get("slug")
        if slug and self.parent_page is not None and (problem := slug_problem(slug, self.parent_page)):
            self.add_error("slug", problem)
        return cleaned


class ArticleForm(PublicPageForm):
    """An article's form. It refuses what it can't show, rather than lose it."""

    def clean(self) -> dict[str, Any]:
        """Add an error when the stored body holds blocks of a newer version: the form has not got them.

        And, to publish, when nobody has said what the lead picture shows.
        """
        cleaned: dict[str, Any] = super().clean()
        if getattr(self.instance.body, "set_aside", ()):
            self.add_error(
                None,
                _("This text holds blocks that this version of Stop Press does not know. It was left as it was."),
            )
        picture = cleaned.get("lead_picture")
        is_told = cleaned.get("lead_alt") or cleaned.get("lead_is_decorative") or (picture and picture.description)
        if picture and not is_told and not self.is_deferred_validation:
            self.add_error("lead_alt", ALT_MISSING)
        return cleaned
