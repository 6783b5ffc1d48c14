"""Threads, replies, and what was decided of each."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stoppress.comments.keys import REPLIES_ON_A_PAGE
from stoppress.comments.models.people import Writer, new_public_id


class Mode(models.TextChoices):
    """Who may reply, and what is read before others see it."""

    OPEN = "open", _("Open")
    NEW_FIRST = "new-first", _("Read new writers first")
    HOLD_FIRST = "hold-first", _("Read everything first")
    ACCOUNTS = "accounts", _("Accounts only")
    CLOSED = "closed", _("Closed")


class State(models.TextChoices):
    """Where a reply stands."""

    HELD = "held", _("Held")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    SPAM = "spam", _("Spam")
    REMOVED = "removed", _("Removed by its writer")


class Thread(models.Model):
    """The replies to one subject. Made with the first of them.

    Attributes:
        subject: surrogate key of what it is about, ``article:42``.
        mode: overrides what is set for the section and the site; empty follows them.
        roots: how many places among replies to the subject itself were given away; places stay.
        count: approved replies of any depth.
        questions_from, questions_until: when readers may ask; ``None`` where it is a thread like others.
        answerers: accounts of those who answer.
        answered_by: their names as readers know them.
        close_days: days after publication; 0 for never, ``None`` follows section and site.
        frozen_at: since when nobody replies any more, whatever the mode; what is there stays to be read.
        frozen_note: what readers are told of it, as plain text.
    """

    subject = models.CharField(max_length=100, unique=True)
    mode = models.CharField(max_length=12, choices=Mode.choices, blank=True)
    roots = models.PositiveIntegerField(default=0)
    count = models.PositiveIntegerField(default=0)
    questions_from = models.DateTimeField(null=True)
    questions_until = models.DateTimeField(null=True)
    answerers: models.ManyToManyField[Any, Any] = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    answered_by = models.CharField(max_length=200, blank=True)
    close_days = models.PositiveIntegerField(null=True)
    frozen_at = models.DateTimeField(null=True)
    frozen_note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"on {self.subject}"


class Comment(models.Model):
    """A reply.

    Attributes:
        parent: what it replies to; ``None`` for a reply to the subject.
        root: the reply to the subject that it stands under; itself has none.
        depth: 0 for a reply to the subject.
        place: its number among the roots, or among the replies under its root, given when it is first approved and
            never changed: pages are made of places.
        replies: how many places were given away under it; counted at roots only.
        text: as typed, within limits; rendered by ``stoppress.comments.text``.
        name: as its writer gave it here.
        is_author: its writer is one of those who wrote what it is on.
        is_answerer: its writer answers readers' questions here.
        is_followed: its writer wants a mail when somebody answers it.
        pick_note: what an editor says of a pick.
        recommended: how often it was recommended, as far as it is counted on pages.
        is_proven: a proof of work came with it.
        is_account: its writer was signed in, and the name is theirs alone.
        confirmed_at: when whoever wrote it had shown that the mail address is theirs, by being signed in or by the link
            that went there about this very reply; ``None`` while anybody may have typed the address.
        asked_at: when that link went there, to whoever wants mail.
        reports: how many reports wait for a decision.
        reported_at: when the first of them came.
        signal: what a check last found in it; empty for nothing.
        decided_for: why a person decided of it as it stands; empty where none did.
        imported_id: where it comes from, ``wordpress:1f2e3d4c:17``; empty for one written here.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="answers")
    root = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+")
    depth = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(null=True)
    replies = models.PositiveIntegerField(default=0)
    writer = models.ForeignKey(Writer, null=True, on_delete=models.SET_NULL, related_name="comments")
    name = models.CharField(max_length=80)
    website = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    fingerprint = models.CharField(max_length=64, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices)
    is_staff = models.BooleanField(default=False)
    is_author = models.BooleanField(default=False)
    is_answerer = models.BooleanField(default=False)
    is_followed = models.BooleanField(default=False)
    is_pick = models.BooleanField(default=False)
    pick_note = models.CharField(max_length=300, blank=True)
    recommended = models.PositiveIntegerField(default=0)
    is_proven = models.BooleanField(default=False)
    is_account = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    reports = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField(null=True)
    signal = models.CharField(max_length=60, blank=True)
    decided_for = models.CharField(max_length=60, blank=True)
    imported_id = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thread", "place"], condition=Q(root=None), name="comments_place_of_root"),
            models.UniqueConstraint(fields=["root", "place"], name="comments_place_under_root"),
            models.UniqueConstraint(
                fields=["imported_id"], condition=~Q(imported_id=""), name="comments_imported_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-made_at", "-id"], name="comments_queue"),
            models.Index(fields=["thread", "state", "-made_at", "-id"], name="comments_queue_of_thread"),
            models.Index(fields=["state", "signal", "-made_at", "-id"], name="comments_queue_of_signal"),
            models.Index(
                fields=["state", "decided_for", "-made_at", "-id"],
                condition=~Q(decided_for=""),
                name="comments_queue_of_reason",
            ),
            models.Index(
                fields=["thread", "state", "signal", "-made_at", "-id"],
                condition=~Q(signal=""),
                name="comments_queue_thread_signal",
            ),
            models.Index(
                fields=["thread", "state", "decided_for", "-made_at", "-id"],
                condition=~Q(decided_for=""),
                name="comments_queue_thread_reason",
            ),
            models.Index(fields=["writer", "-made_at"], name="comments_of_writer"),
            models.Index(fields=["thread", "-made_at"], condition=Q(is_pick=True), name="comments_picked"),
            models.Index(fields=["thread", "-made_at"], condition=Q(is_answerer=True), name="comments_answers"),
            models.Index(
                fields=["thread", "-recommended", "-id"], condition=Q(recommended__gt=0), name="comments_recommended"
            ),
            models.Index(fields=["thread"], condition=Q(replies__gt=REPLIES_ON_A_PAGE), name="comments_much_answered"),
            models.Index(
                fields=["reported_at", "id"], condition=Q(reported_at__isnull=False), name="comments_reported"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:60]}"


class Decision(models.Model):
    """What was decided of a reply, by a phase or a person, and why. Append-only.

    Attributes:
        phase: name of the phase, or empty where a person decided.
        reason: a short word, the same for the same cause.
        note: for the writer, in words.
    """

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=8, choices=State.choices)
    phase = models.CharField(max_length=30, blank=True)
    reason = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-id"], condition=Q(by__isnull=False), name="comments_by_people"),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.reason}"
