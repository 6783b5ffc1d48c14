"""The record of kills: who, when, why."""

from django.conf import settings
from django.db import models


class Kill(models.Model):
    """An article taken off everywhere. Append-only; it outlives the article."""

    article_id = models.BigIntegerField()
    headline = models.CharField(max_length=255)
    path = models.CharField(max_length=2000)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.headline} ({self.at:%Y-%m-%d %H:%M})"
