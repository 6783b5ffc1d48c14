"""What the page store last derived of a page: compared with now to find what a write changed."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models

from stoppress.newsroom.querysets import ListEntryQuerySet

BUCKET = 20
"""Articles in one bucket of a list, and on one older page of a section."""
SITEMAP_CHUNK = 1000
"""Articles in one sitemap file."""

NEWS_AGE = timedelta(hours=48)
"""How long an article is news to search engines."""
SECURITY_PATH = "/.well-known/security.txt"
FEEDS = {"rss": "feed/", "atom": "feed/atom/", "json": "feed/json/"}
"""Kinds of feeds, and where each lies below what it belongs to."""


class Publication(models.Model):
    """One public page as last derived. It outlives the page, so ``page_id`` is not a foreign key.

    The card columns are what lists show; a list page renders from these rows alone.
    """

    class Noun(models.TextChoices):
        HOME = "home"
        SECTION = "section"
        ARTICLE = "article"
        STATIC = "static"

    page_id = models.BigIntegerField(primary_key=True)
    noun = models.CharField(max_length=10, choices=Noun.choices)
    path = models.CharField(max_length=2000)
    is_live = models.BooleanField()
    content_hash = models.CharField(max_length=64)
    card_hash = models.CharField(max_length=64)
    tree_path = models.CharField(max_length=255, blank=True)
    headline = models.CharField(max_length=255)
    short_headline = models.CharField(max_length=120, blank=True)
    standfirst = models.CharField(max_length=500, blank=True)
    byline = models.TextField(blank=True, help_text="Author names as a JSON list.")
    picture_id = models.BigIntegerField(null=True)
    picture_alt = models.CharField(max_length=300, blank=True)
    picture_is_decorative = models.BooleanField(default=False)
    section_id = models.BigIntegerField(null=True, db_index=True)
    published_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    kicker = models.CharField(max_length=80, blank=True)
    design = models.CharField(max_length=20, blank=True)
    changed_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    corrections = models.TextField(blank=True, help_text="What readers were told, as a JSON list of id, text and time.")
    is_in_footer = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        indexes = [
            models.Index(fields=["noun", "tree_path"], name="newsroom_publication_place"),
            models.Index(fields=["design", "published_at"], name="newsroom_publication_design"),
            # With the noun: an index of its own alone loses against the noun's, and all articles are looked at.
            models.Index(fields=["noun", "published_at"], name="newsroom_publication_date"),
            models.Index(fields=["noun", "updated_at"], name="newsroom_publication_update"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.path}"

    @property
    def subject(self) -> str:
        """The surrogate key of its own page."""
        return f"{self.noun}:{self.page_id}"

    @property
    def told_at(self) -> datetime | None:
        """When readers were last told something new: by an update or by a correction; ``None`` for neither."""
        return max((moment for moment in (self.updated_at, self.corrected_at) if moment), default=None)

    @property
    def modified_at(self) -> datetime | None:
        """When what stands there last changed, for crawlers."""
        return max((moment for moment in (self.changed_at, self.corrected_at) if moment), default=None)


class ListEntry(models.Model):
    """An article's place in a list. Assigned once; when it leaves, the hole stays and its place is kept."""

    list = models.CharField(max_length=60)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    is_present = models.BooleanField(default=True)

    objects: ClassVar[ListEntryQuerySet] = ListEntryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "position"], name="newsroom_entry_position"),
            models.UniqueConstraint(fields=["publication", "list"], name="newsroom_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.position}"

    @property
    def bucket(self) -> int:
        """Number of its bucket, from 0, the oldest."""
        return self.position // BUCKET
