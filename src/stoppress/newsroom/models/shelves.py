"""What articles are gathered under besides their section: who wrote, what about, which running story, which series.

Each is a snippet with a public address of its own, ``/<noun>/<slug>/``, once an article stands on it.
"""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.search import index

from stoppress.core.text import without_controls
from stoppress.newsroom.addresses import RESERVED_SLUGS, path_problem


def drop_controls(instance: models.Model) -> None:
    """Take out of an object's texts what no page or feed can hold."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, models.CharField | models.TextField):
            value = getattr(instance, field.attname)
            if isinstance(value, str):
                setattr(instance, field.attname, without_controls(value))


class Shelf(index.Indexed, models.Model):
    """What the kinds share; not a table.

    Attributes:
        noun: first part of its address and of its surrogate key.
    """

    noun: ClassVar[str]

    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=200, unique=True, allow_unicode=True)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an address that can't be one, and drop characters that no page or feed can hold.

        Raises:
            ValidationError: names the slug and what to do.
        """
        super().clean()
        drop_controls(self)
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("“%(slug)s” is reserved. Try another.") % {"slug": self.slug}})
        if problem := path_problem(self.public_path):
            raise ValidationError({"slug": problem})

    @property
    def key(self) -> str:
        """Its surrogate key, which is also the name of its list."""
        return f"{self.noun}:{self.pk}"

    @property
    def public_path(self) -> str:
        """Its address, whether or not anything is there yet."""
        return f"/{self.noun}/{self.slug}/"

    @property
    def summary(self) -> str:
        """What its page says under the name."""
        raise NotImplementedError


class Author(Shelf):
    """A name under which articles appear. One without a user is a guest."""

    noun = "author"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="author",
        help_text=_("Who signs in as this author. A guest has none."),
    )
    job = models.CharField(_("position"), max_length=100, blank=True, help_text=_("Such as “Harbour reporter”."))
    bio = models.TextField(blank=True)
    portrait = models.ForeignKey(
        "media.Picture",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Shown on their page and beside what they think."),
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("job"),
        FieldPanel("bio"),
        FieldPanel("portrait"),
        FieldPanel("user"),
    ]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("author")

    @property
    def summary(self) -> str:
        """Position and life."""
        return "\n\n".join(filter(None, [self.job, self.bio]))


class Topic(Shelf):
    """What articles are about, across sections."""

    noun = "topic"

    description = models.TextField(blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("topic")

    @property
    def summary(self) -> str:
        """The description."""
        return self.description


class Story(Shelf):
    """A running story that articles belong to: what has happened so far, whatever section reports it."""

    noun = "story"

    description = models.TextField(_("so far"), blank=True, help_text=_("What somebody who missed it should know."))

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("running story")
        verbose_name_plural = _("running stories")

    @property
    def summary(self) -> str:
        """What happened so far."""
        return self.description


class Series(Shelf):
    """Articles that were planned together and are read in their order."""

    noun = "series"

    description = models.TextField(blank=True)

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    @property
    def summary(self) -> str:
        """The description."""
        return self.description


SHELVES: dict[str, type[Shelf]] = {kind.noun: kind for kind in (Author, Topic, Story, Series)}
"""The kinds by their noun."""
