"""What has been imported already, so that a second run changes nothing."""

from django.db import models


class LedgerEntry(models.Model):
    """One thing of another system and what became of it here.

    Attributes:
        source: the system and the site, ``wordpress:example.org/blog``.
        object_key: surrogate key of our object; empty when it could not be used.
        content_hash: of what was imported; the same hash again means nothing to do.
        state: what our object looked like afterwards, to notice that someone has changed it here since.
    """

    class Kind(models.TextChoices):
        SECTION = "section"
        AUTHOR = "author"
        PICTURE = "picture"
        FILE = "file"
        ARTICLE = "article"
        TOPIC = "topic"
        PAGE = "page"

    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source_id = models.CharField(max_length=500)
    object_key = models.CharField(max_length=60, blank=True)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "kind", "source_id"], name="importers_ledger_once")]
        verbose_name_plural = "ledger entries"

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_id} → {self.object_key or 'nothing'}"

    @property
    def object_pk(self) -> int:
        """Primary key of our object; 0 when there is none."""
        return int(self.object_key.partition(":")[2] or 0)
