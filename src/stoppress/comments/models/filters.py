"""Questions to the queues that moderators keep under a name."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """A queue and what is asked of it, under a name.

    Attributes:
        query: what stands after the ``?`` of the queue's address.
        is_shared: all moderators have it; only who made it changes it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    queue = models.CharField(max_length=20)
    query = models.CharField(max_length=3000, blank=True)
    is_shared = models.BooleanField(default=False, db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "name"], name="comments_filter_named_once"),
        ]

    def __str__(self) -> str:
        return self.name
