"""What readers report, what writers are told of decisions, what they say against them, and who was forgotten."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoppress.comments.models.people import Writer
from stoppress.comments.models.threads import Comment, Decision


class ReportGround(models.TextChoices):
    """Why somebody reports a reply."""

    SPAM = "spam", _("It advertises something, or is spam")
    ABUSE = "abuse", _("It insults, threatens or harasses somebody")
    PRIVATE = "private", _("It gives away what is private to somebody")
    ILLEGAL = "illegal", _("It breaks the law")
    CHILDREN = "children", _("It shows or offers sexual abuse of children")


class ReportState(models.TextChoices):
    """What became of a report."""

    OPEN = "open", _("Waits")
    UPHELD = "upheld", _("The reply is no longer shown")
    DISMISSED = "dismissed", _("The reply stays")
    GONE = "gone", _("Its writer took the reply back")


class Report(models.Model):
    """Somebody says that a reply should not be there. One that says it breaks the law is a notice under article 16 of
    the Digital Services Act, (EU) 2022/2065.

    Attributes:
        sealed: where they want to hear of the decision; empty for nowhere. Opened in the vault only.
        digest: keyed, of that address: whose it is, without the address.
        network: keyed digest of where it came from, so that one of them counts once; kept as long as those of replies.
        decision: what ended it.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="complaints")
    ground = models.CharField(max_length=10, choices=ReportGround.choices)
    text = models.TextField(blank=True)
    name = models.CharField(max_length=80, blank=True)
    sealed = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    network = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    made_at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="reports")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["comment", "state"], name="comments_reports_of"),
            models.Index(fields=["made_at"], name="comments_reports_in_time"),
            models.Index(fields=["digest"], condition=~Q(digest=""), name="comments_reports_by"),
        ]

    def __str__(self) -> str:
        return f"{self.ground} of {self.comment_id}"


class Statement(models.Model):
    """Why a reply may not be seen, as its writer is told (article 17 of the Digital Services Act). Never changed.

    Attributes:
        facts: what was looked at, and on whose account.
        is_legal: the law is the ground; else our rules for replies.
        clause: which part of them, in the words of that day.
        is_automated: no person decided it.
        redress: what can be done about it.
    """

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="statement")
    facts = models.TextField()
    is_legal = models.BooleanField()
    clause = models.TextField()
    is_automated = models.BooleanField()
    redress = models.TextField()

    def __str__(self) -> str:
        return self.clause


class Appeal(models.Model):
    """What a writer says against a decision, once; somebody else than who made it decides.

    Attributes:
        answer: to the writer, with the decision.
        is_granted: ``None`` while it waits.
    """

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    text = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    is_granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["made_at", "id"], condition=Q(is_granted=None), name="comments_appeals_open"),
            models.Index(fields=["decided_at"], name="comments_appeals_decided"),
        ]

    def __str__(self) -> str:
        return f"against {self.decision_id}"


class Caution(models.Model):
    """What a moderator has told a writer; nothing else comes of it."""

    writer = models.ForeignKey(Writer, on_delete=models.CASCADE, related_name="cautions")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:60]


class Forgotten(models.Model):
    """A mail address that must not come back with an import: whoever has it wanted to be forgotten.

    Attributes:
        digest: keyed, of the address.
        with_words: what they wrote went too.
    """

    digest = models.CharField(max_length=64, unique=True)
    with_words = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "forgotten"

    def __str__(self) -> str:
        return f"since {self.at:%Y-%m-%d}"


class Erasure(models.Model):
    """Somebody wants to be forgotten, and what they wrote is being made nobody's. Gone when that is done.

    Attributes:
        writer: who it was; no address and no account leads to them any more.
        digest: keyed, of the address, so that whoever asks again is known.
        with_words: what they wrote goes too.
        by: who asked at the desk; ``None`` for the operator at the machine.
        total: how many replies there were.
        replies, words: how many are done, and how many of those lost their words.
        held_until: somebody works on it until then.
    """

    writer = models.OneToOneField(Writer, on_delete=models.CASCADE, related_name="erasure")
    digest = models.CharField(max_length=64, db_index=True)
    with_words = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    total = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0)
    words = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"of {self.writer_id}: {self.replies} of {self.total}"
