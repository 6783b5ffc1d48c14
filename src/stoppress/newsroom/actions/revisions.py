"""Thinning out the history of pages, which grows with every save."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Min
from wagtail.models import Page, Revision

from stoppress.newsroom.actions.articles import shown_in_revision
from stoppress.newsroom.models import Article, Version
from stoppress.newsroom.versions import is_on


def prune_revisions(keep: int, before: datetime, *, is_dry: bool = False) -> int:
    """Delete page revisions made ``before`` that are not among the ``keep`` newest of their page; returns how many.

    Kept in any case: what is live, the latest, what is scheduled, what was ever submitted to a workflow, everything of
    a killed article, what the public history shows (while there is one), and the newest revision that shows a picture
    or a file which no kept one does: a kill purges all that the article ever showed, and finds them in its revisions.

    Args:
        keep: at least 1.
        before: aware.
        is_dry: only count them.

    Raises:
        ValueError: ``keep`` is less than 1.
    """
    if keep < 1:
        raise ValueError("the latest revision is always kept")
    sealed = {str(pk) for pk in Article.objects.exclude(killed_at=None).values_list("pk", flat=True)}
    long_histories = (
        Revision.objects.filter(base_content_type=ContentType.objects.get_for_model(Page))
        .values_list("object_id", flat=True)
        .annotate(count=Count("pk"), oldest=Min("created_at"))
        .filter(count__gt=keep, oldest__lt=before)
        .order_by("object_id")
    )
    pages = [object_id for object_id, *_ in long_histories.values_list("object_id", "count", "oldest")]
    return sum(_prune_page(int(pk), keep, before, is_dry=is_dry) for pk in pages if pk not in sealed)


def _prune_page(pk: int, keep: int, before: datetime, *, is_dry: bool) -> int:
    # A transaction for each page: an editor who saves meanwhile waits for one page, not for all.
    with transaction.atomic():
        page = Page.objects.select_for_update().filter(pk=pk).first()
        if page is None or Article.objects.filter(pk=pk).exclude(killed_at=None).exists():
            return 0
        surplus = _surplus(page, keep, before)
        if not is_dry:
            for revision in Revision.objects.filter(pk__in=surplus):
                revision.delete()  # Wagtail's own moves editors' comments on to the next revision
    return len(surplus)


def _surplus(page: Page, keep: int, before: datetime) -> list[int]:
    needed = {page.live_revision_id, page.latest_revision_id}
    needed |= set(page.revisions.exclude(approved_go_live_at=None).values_list("pk", flat=True))
    needed |= set(page.revisions.exclude(task_states=None).values_list("pk", flat=True))
    if is_on():
        needed |= set(Version.objects.filter(article_id=page.pk).values_list("revision_id", flat=True))
    newest_first = list(page.revisions.order_by("-created_at", "-pk").values_list("pk", "created_at"))
    surplus = [pk for pk, made_at in newest_first[keep:] if made_at < before and pk not in needed]
    if not surplus:
        return []
    shown: set[tuple[str, int]] = set()
    for content in page.revisions.exclude(pk__in=surplus).values_list("content", flat=True).iterator():
        shown |= shown_in_revision(content)
    unneeded = []
    for pk in surplus:
        media = shown_in_revision(page.revisions.values_list("content", flat=True).get(pk=pk))
        if media <= shown:
            unneeded.append(pk)
        shown |= media
    return unneeded
