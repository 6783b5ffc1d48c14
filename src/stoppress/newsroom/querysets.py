"""Reads of lists, chainable."""

from django.db import models


class ListEntryQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Entries of materialised lists."""

    def of(self, name: str) -> "ListEntryQuerySet":
        """Entries of the list ``name`` (``all``, ``section:3``) that are on show."""
        return self.filter(list=name, is_present=True)

    def in_bucket(self, number: int, size: int) -> "ListEntryQuerySet":
        """Entries at the positions of bucket ``number``."""
        return self.filter(position__gte=number * size, position__lt=(number + 1) * size)
