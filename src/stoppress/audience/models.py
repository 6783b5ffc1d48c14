"""What the desk says about the paper elsewhere."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.fields import StreamField

from stoppress.audience.addresses import check_address
from stoppress.core.recorder import depends_on, once
from stoppress.core.text import without_controls

KEY = "settings:connect"
"""What every page depends on that shows any of it."""
CHANGED = "connections:changed"
"""The mark on a change of it, from which a sweep follows."""


class LinkBlock(blocks.StructBlock):
    """One of the paper's own places elsewhere."""

    label = blocks.CharBlock(max_length=60, label=_("label"))
    address = blocks.CharBlock(max_length=500, label=_("address"), validators=[check_address])

    class Meta:
        icon = "link"
        label = _("Link")


@dataclass(frozen=True, slots=True)
class Link:
    """The same as pages show it."""

    label: str
    address: str


@register_setting(icon="mail")
class Connections(BaseGenericSetting):
    """*Connect with us*, and the words at the foot of every page. There is one row, once somebody saved it."""

    links = StreamField(
        [("link", LinkBlock())], blank=True, help_text=_("Accounts of the paper elsewhere, in this order.")
    )
    newsletter = models.CharField(
        _("newsletter"),
        max_length=500,
        blank=True,
        validators=[check_address],
        help_text=_("Where one can subscribe: a web address, or mailto:."),
    )
    shows_feeds = models.BooleanField(_("name the feeds"), default=True)
    imprint = models.TextField(
        _("footer"), max_length=2000, blank=True, help_text=_("Who publishes this, and where. Below every page.")
    )

    panels = [FieldPanel("links"), FieldPanel("newsletter"), FieldPanel("shows_feeds"), FieldPanel("imprint")]

    class Meta:
        verbose_name = _("connect with us")

    def clean(self) -> None:
        """Drop what no page can hold."""
        super().clean()
        self.imprint, self.newsletter = without_controls(self.imprint), without_controls(self.newsletter)

    def shown(self) -> list[Link]:
        """The links in order, then the newsletter, then the feed."""
        values: list[Any] = [block.value for block in self.links]
        found = [Link(without_controls(value["label"]), value["address"]) for value in values]
        if self.newsletter:
            found.append(Link(str(_("Newsletter")), self.newsletter))
        if self.shows_feeds:
            found.append(Link("RSS", "/feed/"))
        return found


def current() -> Connections:
    """What the desk said last; what holds when it never said anything. Nothing is written."""
    depends_on(KEY)
    return once(KEY, lambda: Connections.objects.order_by("pk").first() or Connections())
