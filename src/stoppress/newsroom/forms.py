"""Forms of the desk that the newsroom's models name."""

from typing import Any

from django.conf import settings
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

    def _post_clean(self) -> None:
        """Django's own; then, to publish, what the publisher has made mandatory, as errors beside what lacks it."""
        super()._post_clean()
        if self.is_deferred_validation or not settings.STOPPRESS_REQUIRED_CHECKS:
            return
        from stoppress.newsroom import preflight  # noqa: PLC0415 - reads the tables that name this form

        for found in preflight.look(self.instance, has_byline=self._has_byline()):
            if found.is_required:
                self.add_error(found.field if found.field in self.fields else None, found.text)

    def _has_byline(self) -> bool:
        """Whether the bylines that were sent name a writer."""
        formset = self.formsets.get("bylines")
        forms = formset.forms if formset is not None else []
        sent = [form.cleaned_data for form in forms if form.is_valid()]
        return any(one.get("author") and one.get("role") == "writer" and not one.get("DELETE") for one in sent)
