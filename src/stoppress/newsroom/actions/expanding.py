"""From a mark on many pages to marks on each: what stands below a section, or on a shelf."""

from collections.abc import Sequence

from django.db.models import QuerySet
from wagtail.models import Page

from stoppress.newsroom import keys, shelving
from stoppress.pagestore.hookspecs import Derivation
from stoppress.pagestore.models import Mark

EXPANDED_AT_ONCE = 1000
"""How many pages below a section are marked in one transaction."""


def expand(marks: Sequence[str], derivation: Derivation) -> set[int]:
    """The pages to look at now; larger sets become marks of their own, some at a time, behind breaking news."""
    wanted: set[int] = set()
    for mark in marks:
        noun, _, rest = mark.partition(":")
        if noun == "rest":
            _go_on(mark, derivation)
        elif not rest.isdigit():
            continue
        elif noun == "page":
            wanted.add(int(rest))
        elif noun == "subtree":
            wanted.add(int(rest))
            derivation.marks.append((keys.rest(mark), Mark.Urgency.EXPANDED))
        elif shelving.is_shelf(mark):
            derivation.marks.append((keys.rest(mark), Mark.Urgency.EXPANDED))
    return wanted


def _go_on(mark: str, derivation: Derivation) -> None:
    """Mark the newest pages that a mark of :func:`keys.rest` means, and what is left of it."""
    _rest, noun, pk, before = mark.split(":")
    pages = _below(int(pk)) if noun == "subtree" else shelving.articles_of(noun, int(pk))
    some = list(pages.filter(pk__lt=int(before)).order_by("-pk").values_list("pk", flat=True)[:EXPANDED_AT_ONCE])
    derivation.marks += [(keys.look_again(page_id), Mark.Urgency.EXPANDED) for page_id in some]
    if len(some) == EXPANDED_AT_ONCE:
        derivation.marks.append((keys.rest(f"{noun}:{pk}", some[-1]), Mark.Urgency.EXPANDED))


def _below(page_id: int) -> QuerySet[Page]:
    page = Page.objects.filter(pk=page_id).only("path", "depth").first()
    found: QuerySet[Page] = Page.objects.descendant_of(page) if page is not None else Page.objects.none()
    return found
