"""What was written past every signal, or derived by an older version or in another time zone."""

from collections.abc import Iterable

from wagtail.models import Page

from stoppress.newsroom import archives, keys, versions
from stoppress.newsroom.actions.derive import system_addresses
from stoppress.newsroom.addresses import public_path
from stoppress.newsroom.models import Article, Correction, CorrectionEntry, Home, ListEntry, Publication, Version
from stoppress.pagestore.actions import paths_of
from stoppress.pagestore.models import Address


def find_unmarked() -> Iterable[str]:
    """Pages whose publication is not what was last derived, by the cheap signs: liveness, address, dates."""
    pages = {
        pk: (live, url_path, changed)
        for pk, live, url_path, changed in Page.objects.filter(depth__gte=2)
        .order_by()
        .values_list("pk", "live", "url_path", "last_published_at")
    }
    known = {
        pk: (is_live, path, changed)
        for pk, is_live, path, changed in Publication.objects.values_list("pk", "is_live", "path", "changed_at")
    }
    articles = set(Article.objects.order_by().values_list("pk", flat=True))
    for pk, (live, url_path, changed) in pages.items():
        was_live, path, derived = known.get(pk, (False, "", None))
        if (
            live != was_live
            or (live and path != public_path(url_path))
            or (live and pk in articles and changed != derived)
        ):
            yield keys.look_again(pk)
    for pk, (was_live, _, _) in known.items():
        if was_live and pk not in pages:
            yield keys.look_again(pk)
    yield from _on_another_day()
    listed = CorrectionEntry.objects.values("correction_id")
    unlisted = Correction.objects.filter(withdrawn_at=None, article__live=True).exclude(pk__in=listed)
    yield from (keys.look_again(pk) for pk in set(unlisted.order_by().values_list("article_id", flat=True)))
    yield from _with_another_history()
    wanted = {live.subject for live in system_addresses()}
    if wanted != paths_of(wanted | {keys.SECURITY}).keys():
        yield from (keys.look_again(pk) for pk in Home.objects.live().values_list("pk", flat=True))


def _on_another_day() -> Iterable[str]:
    """Articles that stand in no day of the archive, or in one that is not theirs."""
    entries = ListEntry.objects.filter(is_present=True, list__startswith=keys.DAYS)
    days = dict(entries.order_by().values_list("publication_id", "list"))
    dated = Publication.objects.filter(noun=Publication.Noun.ARTICLE, is_live=True).exclude(published_at=None)
    for pk, published_at in dated.values_list("pk", "published_at"):
        if published_at is not None and days.get(pk) != archives.day_of(published_at).subject:
            yield keys.look_again(pk)


def _with_another_history() -> Iterable[str]:
    """Articles whose public history was switched on or off since they were derived."""
    if versions.is_on():
        noted = Version.objects.values("article_id")
        new = Article.objects.live().exclude(live_revision=None).exclude(pk__in=noted)
        yield from (keys.look_again(pk) for pk in new.order_by().values_list("pk", flat=True))
    else:
        shown = Address.objects.filter(subject__endswith=keys.versions(0)[-9:], state=Address.State.LIVE)
        for subject in shown.values_list("subject", flat=True):
            yield keys.look_again(int(subject.partition("/")[0].partition(":")[2]))
