"""ASCII slugs for names in any script."""

from collections.abc import Callable

from django.utils.text import slugify
from wagtail.coreutils import string_to_ascii

from stoppress.newsroom.addresses import RESERVED_SLUGS, RESERVED_TOP_SLUGS

MAX_LENGTH = 200


def ascii_slug(*names: str) -> str:
    """A slug from the first of ``names`` that yields one; empty when none does."""
    for name in names:
        if slug := slugify(string_to_ascii(name))[:MAX_LENGTH].strip("-_"):
            return str(slug)
    return ""


def page_slug(*names: str, is_top: bool = False) -> str:
    """As :func:`ascii_slug`, but none that the newsroom keeps for itself."""
    slug = ascii_slug(*names)
    if slug in RESERVED_SLUGS or (is_top and slug in RESERVED_TOP_SLUGS):
        return f"{slug}-news"
    return slug


def free(slug: str, is_taken: Callable[[str], bool]) -> str:
    """``slug``, or with the first number from 2 that makes it free."""
    candidate, number = slug, 1
    while is_taken(candidate):
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
