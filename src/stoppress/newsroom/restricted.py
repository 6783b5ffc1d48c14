"""Which parts of the tree readers may not see without a password or an account."""

from wagtail.models import Page, PageViewRestriction


def restricted_paths() -> list[str]:
    """Tree paths of pages that are private, with all below them.

    In two steps: nearly nothing is private, but SQLite, which knows nothing of an empty table, reads through all pages
    to join them to it.
    """
    private = list(PageViewRestriction.objects.order_by().values_list("page_id", flat=True))
    return list(Page.objects.filter(pk__in=private).values_list("path", flat=True)) if private else []
