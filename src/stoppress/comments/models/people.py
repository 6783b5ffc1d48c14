"""Who writes. Addresses stand apart, sealed, and are opened in ``stoppress.comments.vault`` only."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models


def new_public_id() -> str:
    """An id that says nothing: not how many there are, nor when it was made."""
    return secrets.token_urlsafe(9)


class Writer(models.Model):
    """Somebody who writes replies, known by a mail address, or by an account.

    Attributes:
        public_id: stands for them wherever readers could see it.
        is_verified: they opened a link that went to their address.
        approved: how many of their replies were let through.
        refused: how many were refused or taken for spam.
        display_name: the name of their account; empty for who has none.
        name_key: what an eye sees of it (:func:`stoppress.comments.text.skeleton`): nobody else has that name.
        mutes_mail: they want no mail about what others say.
        signed_out_at: cookies from before let nobody in any more.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="comments_writer"
    )
    is_verified = models.BooleanField(default=False)
    approved = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    display_name = models.CharField(max_length=80, blank=True)
    name_key = models.CharField(max_length=255, blank=True)
    mutes_mail = models.BooleanField(default=False)
    signed_out_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name_key"], condition=~models.Q(name_key=""), name="comments_name_once"),
        ]
        permissions = [("forget_writer", "Can give out and erase all of a person")]

    def __str__(self) -> str:
        return self.public_id

    @property
    def has_account(self) -> bool:
        """Whether they chose a name that is theirs alone."""
        return self.is_verified and bool(self.name_key)


class Mailbox(models.Model):
    """A writer's mail address.

    Attributes:
        digest: keyed, so that the same address is the same writer; it never leaves the server.
        sealed: the address itself, to write to.
    """

    writer = models.OneToOneField(Writer, on_delete=models.CASCADE, related_name="mailbox")
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.TextField()

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return f"of {self.writer_id}"


class Machine(models.Model):
    """The network address that a reply came from, kept for 30 days.

    Attributes:
        digest: keyed, of the part of the address that says whose it is.
    """

    comment = models.OneToOneField("comments.Comment", on_delete=models.CASCADE, related_name="machine")
    digest = models.CharField(max_length=64, db_index=True)
    sealed = models.TextField()
    seen_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"of {self.comment_id}"


class Ban(models.Model):
    """A writer who may not write, until a time or for good. They are told, with the reason."""

    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="bans")
    reason = models.TextField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["writer", "until"], name="comments_ban_of")]

    def __str__(self) -> str:
        return f"{self.writer_id} until {self.until or 'further notice'}"
