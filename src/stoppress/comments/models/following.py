"""Mails to those who reply: which went out, so that they are few, and who wants none."""

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


class NoMail(models.Model):
    """An address that is to get no mail about replies or reported errors any more.

    Whoever has it said so, and takes it back alone. It outlives the writer, if there was one at all: strangers
    type addresses of people who never wrote here.

    Attributes:
        digest: keyed, of the address.
    """

    digest = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "no mail"

    def __str__(self) -> str:
        return f"since {self.since:%Y-%m-%d}"
