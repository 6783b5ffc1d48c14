"""Fronts that editors lay out: the slots as they are being filled, and the editions that readers get.

An edition is a snapshot: what it holds is never changed. Article numbers are not foreign keys: an edition outlives
the articles that it named, and a pin on one that is not live counts for nothing until it is.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Front(models.Model):
    """The front of a home page or a section that somebody has begun to lay out.

    Attributes:
        layout: name of a layout, see :mod:`stoppress.newsroom.layouts`.
        version: grows with each change of the layout or of a slot.
        live: what readers get; ``None`` while the front fills itself.
    """

    wagtail_reference_index_ignore = True

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    live = models.ForeignKey("newsroom.Edition", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(null=True)

    class Meta:
        permissions = [("lay_out_home", "Can lay out the front of the home page")]

    def __str__(self) -> str:
        return f"front of page {self.page_id}"


class FrontSlot(models.Model):
    """One slot as it is being filled, and who is at it.

    Attributes:
        slot: its name in the layout. One that the layout has not is kept for the day when it has again.
        article_id: the story that is pinned here.
        headline: the pinned story's when it was put here, for words about it.
        until: when the pin ends by itself.
        rule: what fills it without a pin: the name of a list, ``design:<name>``, or empty for the front's own list.
        version: grows with each change.
        claimed_by: who is at it, until ``claimed_until``.
        asked_by: who would like to have it, since ``asked_at``.
    """

    wagtail_reference_index_ignore = True

    front = models.ForeignKey(Front, on_delete=models.CASCADE, related_name="slots")
    slot = models.CharField(max_length=40)
    article_id = models.BigIntegerField(null=True)
    headline = models.CharField(max_length=255, blank=True)
    until = models.DateTimeField(null=True)
    rule = models.CharField(max_length=60, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["front", "slot"], name="newsroom_slot_once")]

    def __str__(self) -> str:
        return f"{self.slot} of {self.front}"


class Edition(models.Model):
    """A front as it was published, or will be. Append-only but for what became of it.

    Attributes:
        slots: a mapping for each slot that is not left to the front's own list: ``slot``, ``article``, ``headline``,
            ``until`` (ISO 8601) and ``rule``.
        copy_of: number of the edition that this one repeats.
        due_at: when it goes live, or should have.
        went_live_at: when it did.
        cancelled_at: when somebody said that it shall not.
    """

    wagtail_reference_index_ignore = True

    front = models.ForeignKey(Front, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    layout = models.CharField(max_length=40)
    slots = models.JSONField(default=list)
    note = models.CharField(_("note"), max_length=300, blank=True)
    copy_of = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    went_live_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["front", "number"], name="newsroom_edition_number")]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="newsroom_edition_due",
                condition=models.Q(went_live_at=None, cancelled_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.front}"

    @property
    def is_planned(self) -> bool:
        """Whether it has still to go live."""
        return self.went_live_at is None and self.cancelled_at is None
