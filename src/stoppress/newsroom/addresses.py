"""What can be part of an address below the publication, and what can't."""

from django.utils.translation import gettext as _
from wagtail.models import Page

from stoppress.pagestore.layout import is_sound

RESERVED_SLUGS = frozenset({"page", "feed", "comments", "lite", "versions"})
"""They have a meaning below every section and shelf."""
RESERVED_TOP_SLUGS = frozenset(
    {"-", "desk", "media", "static", "sitemap", "archive", "corrections", "author", "topic", "story", "series"}
)
"""They have a meaning directly below the home page."""
_ROOM = "page/1000000/"
"""What may still follow."""


def public_path(url_path: str) -> str:
    """Wagtail's ``/home/world/story/`` (the home page's own slug first) as readers know it: ``/world/story/``."""
    return "/" + url_path.lstrip("/").partition("/")[2]


def slug_problem(slug: str, parent: Page) -> str:
    """Why no page below ``parent`` can have this ``slug``; empty when one can."""
    if parent.depth < 2:
        return ""  # the home page's own slug is in no address
    if slug in RESERVED_SLUGS or (parent.depth == 2 and slug in RESERVED_TOP_SLUGS):
        return _("“%(slug)s” is reserved. Try “%(slug)s-news”.") % {"slug": slug}
    return path_problem(f"{public_path(parent.url_path)}{slug}/")


def path_problem(path: str) -> str:
    """Why nothing can live at ``path``; empty when something can."""
    if is_sound(path + _ROOM):
        return ""
    return _("The address would be too long for the page store. Make the slug shorter.")
