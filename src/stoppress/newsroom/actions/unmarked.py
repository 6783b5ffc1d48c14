"""What was written past every signal, or derived by an older version or in another time zone."""

import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from wagtail.models import Page

from stoppress.newsroom import archives, keys, versions
from stoppress.newsroom.actions.derive import system_addresses
from stoppress.newsroom.addresses import public_path
from stoppress.newsroom.models import Article, Correction, CorrectionEntry, Home, ListEntry, Publication, Version
from stoppress.pagestore.actions import paths_of
from stoppress.pagestore.models import Address

PAGES_AT_ONCE = 500
SIGNS = ("pk", "live", "url_path", "last_published_at")


def find_unmarked() -> Iterator[Collection[str]]:
    """Pages whose publication is not what was last derived, by the cheap signs: liveness, address, dates.

    Some pages at a time, oldest first: a large archive takes seconds, and news does not wait for all of it.
    """
    last = 0
    while True:
        some = [*Page.objects.filter(pk__gt=last, depth__gte=2).order_by("pk")[:PAGES_AT_ONCE].values_list(*SIGNS)]
        until = some[-1][0] if len(some) == PAGES_AT_ONCE else sys.maxsize
        marks = {*_derived_otherwise(some, last, until), *_on_another_day(last, until)}
        if versions.is_on():
            marks |= _without_history(last, until)
        yield sorted(marks)
        if until == sys.maxsize:
            break
        last = until
    listed = CorrectionEntry.objects.values("correction_id")
    unlisted = Correction.objects.filter(withdrawn_at=None, article__live=True).exclude(pk__in=listed)
    yield [keys.look_again(pk) for pk in set(unlisted.order_by().values_list("article_id", flat=True))]
    if not versions.is_on():
        shown = Address.objects.filter(subject__endswith=keys.versions(0)[-9:], state=Address.State.LIVE)
        subjects = shown.values_list("subject", flat=True)
        yield [keys.look_again(int(subject.partition("/")[0].partition(":")[2])) for subject in subjects]
    wanted = {live.subject for live in system_addresses()}
    if wanted != paths_of(wanted | {keys.SECURITY}).keys():
        yield [keys.look_again(pk) for pk in Home.objects.live().values_list("pk", flat=True)]


def _derived_otherwise(some: Sequence[tuple[int, bool, str, datetime | None]], after: int, until: int) -> Iterator[str]:
    """Of ``some`` pages, which are all with numbers beyond ``after`` up to ``until``, and of publications of such."""
    publications = Publication.objects.filter(pk__gt=after, pk__lte=until)
    known = {
        pk: (is_live, path, changed)
        for pk, is_live, path, changed in publications.values_list("pk", "is_live", "path", "changed_at")
    }
    articles = set(Article.objects.filter(pk__gt=after, pk__lte=until).order_by().values_list("pk", flat=True))
    for pk, live, url_path, changed in some:
        was_live, path, derived = known.pop(pk, (False, "", None))
        if (
            live != was_live
            or (live and path != public_path(url_path))
            or (live and pk in articles and changed != derived)
        ):
            yield keys.look_again(pk)
    yield from (keys.look_again(pk) for pk, (was_live, _, _) in known.items() if was_live)


def _on_another_day(after: int, until: int) -> Iterator[str]:
    """Articles that stand in no day of the archive, or in one that is not theirs."""
    of_these = ListEntry.objects.filter(publication_id__gt=after, publication_id__lte=until, is_present=True)
    entries = of_these.filter(list__startswith=keys.DAYS)
    days = dict(entries.order_by().values_list("publication_id", "list"))
    live = Publication.objects.filter(pk__gt=after, pk__lte=until, noun=Publication.Noun.ARTICLE, is_live=True)
    for pk, published_at in live.exclude(published_at=None).values_list("pk", "published_at"):
        if published_at is not None and days.get(pk) != archives.day_of(published_at).subject:
            yield keys.look_again(pk)


def _without_history(after: int, until: int) -> set[str]:
    """Articles that were derived when the public history was off."""
    these = Article.objects.live().filter(pk__gt=after, pk__lte=until).exclude(live_revision=None)
    noted = Version.objects.filter(article_id__gt=after, article_id__lte=until).values("article_id")
    return {keys.look_again(pk) for pk in these.exclude(pk__in=noted).order_by().values_list("pk", flat=True)}
