"""Addresses, what each depends on, the outbox of marks and the persistent bake queue."""

from django.db import models


class Priority(models.IntegerChoices):
    """What is baked first. Lower is sooner."""

    PAGE = 0, "the page itself"
    FRAGMENT = 1, "its live fragments"
    FRONT = 2, "fronts and lists"
    FEED = 3, "feeds and sitemaps"
    OLDER = 4, "older pages of lists"
    TALK = 5, "what readers say"
    SWEEP = 9, "a sweep in the background: fronts and feeds"
    SWEEP_PAGE = 10, "the rest of a sweep"


class Address(models.Model):
    """One public path: a page that lives there, one that moved away, or one that is gone.

    ``subject`` names what it is the address of (``article:42``); at most one address of a subject is live,
    and every moved one redirects to it.
    """

    class State(models.TextChoices):
        LIVE = "live"
        MOVED = "moved"
        GONE = "gone"

    path = models.CharField(max_length=2000, unique=True)
    subject = models.CharField(max_length=100, db_index=True)
    state = models.CharField(max_length=5, choices=State.choices, default=State.LIVE)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.PAGE)
    digest = models.CharField(max_length=64, blank=True)
    is_fully_compressed = models.BooleanField(default=False)
    baked_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True, db_index=True)
    error = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], condition=models.Q(state="live"), name="pagestore_one_live_address"
            ),
        ]
        indexes = [
            models.Index(
                fields=["failed_at"], condition=models.Q(failed_at__isnull=False), name="pagestore_failed_address"
            ),
            models.Index(fields=["id"], condition=models.Q(is_fully_compressed=False), name="pagestore_loose_address"),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.state})"


class Dependency(models.Model):
    """The page at ``address`` shows ``key``."""

    address = models.ForeignKey(Address, on_delete=models.CASCADE, related_name="dependencies")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "key"], name="pagestore_dependency_once")]
        indexes = [models.Index(fields=["key", "address"], name="pagestore_dependency_key")]

    def __str__(self) -> str:
        return f"{self.address_id} on {self.key}"


class Mark(models.Model):
    """The outbox: something changed. Written in the transaction of the change, deleted by id list.

    One that could not be derived stays with its error and is tried again after ``not_before``.
    """

    class Urgency(models.IntegerChoices):
        NOW = 0
        EXPANDED = 5

    key = models.CharField(max_length=120)
    urgency = models.SmallIntegerField(choices=Urgency.choices, default=Urgency.NOW)
    made_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["urgency", "id"], name="pagestore_mark_order")]

    def __str__(self) -> str:
        return self.key


class Clock(models.Model):
    """One row. ``seq`` counts derivations; whoever changes the store's state in the database holds its lock."""

    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.seq)


class StaleKey(models.Model):
    """When a key last went stale, as a :class:`Clock` reading: a render that began before is out of date."""

    key = models.CharField(max_length=120, unique=True)
    seq = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} at {self.seq}"


class BakeTask(models.Model):
    """An address waits to be baked. ``version`` grows with each request, so that one made meanwhile is not lost."""

    address = models.OneToOneField(Address, on_delete=models.CASCADE, related_name="task")
    priority = models.SmallIntegerField(choices=Priority.choices)
    version = models.BigIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    queued_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["priority", "-address"], name="pagestore_task_order")]

    def __str__(self) -> str:
        return f"{self.address_id} at {self.priority}"
