"""What is in the index and what waits for it. The words themselves lie in ``search_fts``, each engine's own way.

That table is made by the migration, and is made again rather than copied: see :mod:`stoppress.search.engines`.
"""

from django.db import models


class Entry(models.Model):
    """A public article that can be found.

    Attributes:
        page_id: of the article, which it may outlive for a moment.
        place: its row in ``search_fts``. Places grow with the time of publication, so the newest are found first.
        lists: names of the lists it stands in (``section:3 author:7 …``), for facets.
        month: of its publication, where the publication is (``202611``).
        content_hash: of the publication that was indexed.
        form: which way of reading words made it (:data:`stoppress.search.words.FORM`).
    """

    page_id = models.BigIntegerField(primary_key=True)
    place = models.BigIntegerField(unique=True)
    lists = models.TextField(blank=True)
    design = models.CharField(max_length=20, blank=True)
    month = models.CharField(max_length=6, blank=True)
    content_hash = models.CharField(max_length=64)
    form = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        return f"article:{self.page_id} at {self.place}"


class Pending(models.Model):
    """An article to look at again. Written in the transaction of the derivation, deleted by id."""

    class Urgency(models.IntegerChoices):
        NOW = 0
        REBUILD = 5

    page_id = models.BigIntegerField()
    urgency = models.SmallIntegerField(choices=Urgency.choices, default=Urgency.NOW)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["urgency", "id"], name="search_pending_order")]
        verbose_name_plural = "pending"

    def __str__(self) -> str:
        return f"article:{self.page_id}"


class Turn(models.Model):
    """One row. Whoever writes the index holds its lock, so that nobody writes what they read before another wrote."""

    def __str__(self) -> str:
        return "whose turn it is to index"
