"""``/corrections/``: all of them, newest first; older pages are numbered from the oldest and never shift."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, pages
from stoppress.newsroom.corrected import FRONT, newest_bucket
from stoppress.newsroom.models import BUCKET, Correction, CorrectionEntry, Publication


@dataclass(frozen=True, slots=True)
class Listed:
    """A correction in the list of all."""

    text: str
    at: datetime
    headline: str
    path: str
    thanks: str


def listing(number: int | None) -> dict[str, Any]:
    """What stands on ``/corrections/``, or on its older page ``number``, counted from the oldest.

    Raises:
        Http404: there is no such older page.
    """
    newest = newest_bucket()
    if number is None:
        depends_on(keys.newest(keys.CORRECTIONS))
        shown: list[Listed] = []
        reached = newest + 1
        while reached > 0 and len(shown) < BUCKET:
            reached -= 1
            shown += _bucket(reached)
        older, newer_path, path = reached, None, FRONT
    else:
        if not 1 <= number <= newest:
            raise Http404
        shown, older, path = _bucket(number - 1), number - 1, f"{FRONT}page/{number}/"
        depends_on(keys.closed(keys.CORRECTIONS, number))
        newer_path = f"{FRONT}page/{number + 1}/" if number < newest else FRONT
    return {
        **pages.common(path),
        "corrections": sorted(shown, key=lambda one: one.at, reverse=True),
        "number": number,
        "section_path": FRONT,
        "older_path": f"{FRONT}page/{older}/" if older >= 1 else None,
        "newer_path": newer_path,
    }


def _bucket(number: int) -> list[Listed]:
    """Newest first."""
    depends_on(keys.bucket(keys.CORRECTIONS, number))
    first = number * BUCKET
    entries = CorrectionEntry.objects.filter(is_present=True, position__gte=first, position__lt=first + BUCKET)
    ids = dict(entries.values_list("correction_id", "article_id"))
    corrections = Correction.objects.in_bulk(ids)
    articles = Publication.objects.in_bulk(set(ids.values()))
    found = []
    for pk, article_id in ids.items():
        depends_on(keys.card(article_id), keys.corrections(article_id))
        one, article = corrections.get(pk), articles.get(article_id)
        if one is not None and article is not None and article.is_live:
            path = f"{article.path}#correction-{pk}"
            found.append((one.at, pk, Listed(one.text, one.at, article.headline, path, one.thanks)))
    return [listed for _at, _pk, listed in sorted(found, key=lambda row: row[:2], reverse=True)]
