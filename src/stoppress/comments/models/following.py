"""Mails about replies to one's own: which went out, so that they are few."""

from typing import ClassVar

from django.db import models

from stoppress.comments.models.people import Writer
from stoppress.comments.models.threads import Comment


class Notice(models.Model):
    """``writer`` was told of a reply to theirs. Nobody is told of the same one twice."""

    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="notices")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["writer", "comment"], name="comments_told_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["writer", "sent_at"], name="comments_told_when")]

    def __str__(self) -> str:
        return f"to {self.writer_id} of {self.comment_id}"
