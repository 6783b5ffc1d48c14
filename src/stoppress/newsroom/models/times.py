"""Times that were not kept: what an alarm on the desk is made of."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MissedTime(models.Model):
    """An article or edition that should have gone live, or an article off, at ``due_at`` and did not, or did late.

    Attributes:
        article_id: of an edition, the page whose front it is.
        error: why it has not happened yet; empty once it has.
        done_at: when it happened after all.
        not_before: when it is tried again.
        seen_by: who took note; then the desk shows it no more, unless it still has to happen.
    """

    class Kind(models.TextChoices):
        """What was to happen."""

        PUBLISH = "publish", _("go live")
        UNPUBLISH = "unpublish", _("go off")
        EDITION = "edition", _("appear")

    article_id = models.BigIntegerField()
    headline = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article_id", "kind", "due_at"], name="newsroom_missed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.headline} ({self.kind} at {self.due_at:%Y-%m-%d %H:%M})"
