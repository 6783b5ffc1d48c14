"""What Wagtail's explorer lists, asked so that the cost does not grow with the archive."""

from django.http import HttpRequest
from wagtail.models import Page
from wagtail.query import PageQuerySet


def children_of(parent: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The pages of Wagtail's explorer, where they stand said so that an index finds them.

    Wagtail says it with ``LIKE``, for which SQLite reads every page.
    """
    return pages.filter(path__gt=parent.path, path__lt=_after(parent.path))


def _after(path: str) -> str:
    """What comes after everything below ``path``: places are made of digits and capitals."""
    return path + "~"
