"""What readers think of a reply: recommendations, counted without knowing who they are."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from stoppress.comments.models.threads import Comment


class Recommendation(models.Model):
    """Somebody recommended a reply today. Rows of other days are deleted once they are counted.

    Attributes:
        reader: keyed digest of network, browser and day: the same person counts once, and is somebody else tomorrow.
        network: keyed digest of network and day.
        is_counted: it is part of :attr:`Comment.recommended`, which pages show.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="recommendations")
    reader = models.CharField(max_length=64)
    network = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    at = models.DateTimeField(auto_now_add=True)
    is_counted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["comment", "reader"], name="comments_recommended_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], condition=Q(is_counted=False), name="comments_to_count"),
            models.Index(fields=["comment", "network"], name="comments_of_a_network"),
        ]

    def __str__(self) -> str:
        return f"of {self.comment_id} on {self.day}"
