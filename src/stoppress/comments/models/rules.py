"""What the desk has set: who may reply where, and when everything is read first for a while."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoppress.comments.models.threads import Mode

SITE = "site"
"""The scope of what holds everywhere."""


class SectionRules(models.Model):
    """What a section says of replies to what stands in it, unless a story or a section further down says otherwise.

    Attributes:
        section: surrogate key, ``section:5``.
        mode: empty leaves it to what stands above.
        close_days: days after publication; 0 for never, ``None`` leaves it to what stands above.
    """

    section = models.CharField(max_length=100, unique=True)
    mode = models.CharField(max_length=12, choices=Mode.choices, blank=True)
    close_days = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name_plural = "section rules"

    def __str__(self) -> str:
        return f"of {self.section}"


class BreakingNews(models.Model):
    """A time in which everything is read first, on one subject or everywhere. It is in force until ``ended_at``.

    Attributes:
        scope: surrogate key of the subject, or :data:`SITE`.
        notice: shown above the form, as plain text.
        ends_at: from then on it ends as soon as it is calm.
        by: who switched it on; ``None`` when a surge did.
        looked_at: when it was last seen whether it may end.
        calm_since: since when few replies come; ``None`` while they do.
        most: the most replies that were seen within ten minutes.
        ended_how: why it is over.
    """

    class Ending(models.TextChoices):
        """Why it is over."""

        TIME = "time", _("its time was over")
        CALM = "calm", _("it was calm again")
        HAND = "hand", _("switched off")

    scope = models.CharField(max_length=100)
    notice = models.TextField(blank=True)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    is_automatic = models.BooleanField(default=False)
    looked_at = models.DateTimeField()
    calm_since = models.DateTimeField(null=True)
    most = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=4, choices=Ending.choices, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name_plural = "breaking news"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scope"], condition=Q(ended_at=None), name="comments_breaking_once"),
        ]

    def __str__(self) -> str:
        return f"on {self.scope} since {self.began_at}"


class Edition(models.Model):
    """One row: a word that changes whenever a section's rules, a breaking-news mode or the spam model does."""

    word = models.CharField(max_length=22)

    def __str__(self) -> str:
        return self.word


class SpentProof(models.Model):
    """A proof of work that was taken once; it counts for no other reply."""

    nonce = models.CharField(max_length=64, unique=True)
    lapses_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.nonce
