"""The public history of an article: ``/section/slug/versions/``, where the publication has switched it on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys, pages
from stoppress.newsroom.changes import Change, article_changes
from stoppress.newsroom.models import Article, Correction, Version
from stoppress.newsroom.versions import PLACE, is_on

COMPARED = 50
"""The newest versions, which are shown with what changed; of older ones only the time and the kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One version.

    Attributes:
        kind: a value of ``Version.Kind``, or ``corrected``.
        label: the same in words.
        notices: what was corrected.
        changes: what is other than in the version before; ``None`` where it is not compared.
    """

    at: datetime
    kind: str
    label: str
    note: str
    notices: list[Correction]
    changes: list[Change] | None


def history(article: Article) -> dict[str, Any]:
    """What stands on the page.

    Raises:
        Http404: there is no history to show.
    """
    depends_on(keys.article(article.pk))
    if not is_on() or not article.live or article.is_embargoed or article.killed_at is not None:
        raise Http404
    shown = list(Version.objects.filter(article_id=article.pk, is_withheld=False).order_by("-pk").defer("article"))
    if len(shown) < 2:
        raise Http404
    path = article.public_path + PLACE
    compared = {one.pk for one in shown[: COMPARED + 1]}
    contents = dict(Version.objects.filter(pk__in=compared).values_list("pk", "revision__content"))
    corrections: dict[int | None, list[Correction]] = {}
    for one in Correction.objects.filter(article_id=article.pk, withdrawn_at=None).order_by("at", "pk"):
        corrections.setdefault(one.fixed_in, []).append(one)
    entries = []
    for place, version in enumerate(shown):
        before = shown[place + 1] if place + 1 < len(shown) else None
        changes = None
        if before is not None and before.pk in contents and version.pk in contents:
            changes = article_changes(contents[before.pk], contents[version.pk])
        entries.append(_entry(version, corrections.get(version.revision_id, []), changes))
    return {
        **pages.common(path, article.path),
        "headline": article.title,
        "article_path": article.public_path,
        "entries": entries,
        "withheld": Version.objects.filter(article_id=article.pk, is_withheld=True).count(),
    }


def _entry(version: Version, notices: list[Correction], changes: list[Change] | None) -> Entry:
    kind, label = version.kind, str(version.get_kind_display())
    if notices:
        kind, label = "corrected", _("Corrected")
    return Entry(version.at, kind, label, version.note, notices, changes)
