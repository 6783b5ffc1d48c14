"""Noting which texts readers have had, and leaving one of them out of the public history."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from stoppress.accounts.models import User
from stoppress.core.text import without_controls
from stoppress.newsroom import keys, versions
from stoppress.newsroom.models import Article, Version
from stoppress.newsroom.passages import raw_body
from stoppress.pagestore.actions import mark, paths_of
from stoppress.pagestore.hookspecs import Derivation, Live
from stoppress.pagestore.models import Priority


def look_at_versions(articles: Iterable[Article], withdrawn: Iterable[int], out: Derivation) -> None:
    """Note the text of each live article if it is new, and say where their histories are.

    Args:
        articles: as they are now, all of them public.
        withdrawn: ids of pages that are public no more.
    """
    here = {article.pk: article for article in articles}
    if not versions.is_on():
        known = paths_of([keys.versions(pk) for pk in [*here, *withdrawn]])
        out.gone += sorted(known)
        return
    newest: dict[int, Version] = {}
    shown: dict[int, int] = {}
    for one in Version.objects.filter(article_id__in=here).order_by("pk"):
        newest[one.article_id] = one
        shown[one.article_id] = shown.get(one.article_id, 0) + (not one.is_withheld)
    fresh = [made for pk, article in sorted(here.items()) if (made := _version(article, newest.get(pk))) is not None]
    Version.objects.bulk_create(fresh)
    for one in fresh:
        shown[one.article_id] = shown.get(one.article_id, 0) + 1
    if fresh:
        # What says how many there are: the article itself, and its history.
        out.stale |= {keys.article(one.article_id) for one in fresh}
    known = paths_of([keys.versions(pk) for pk in [*here, *withdrawn]])
    for pk, article in here.items():
        if shown.get(pk, 0) > 1:
            out.live.append(Live(article.public_path + versions.PLACE, keys.versions(pk), Priority.FRONT))
        elif keys.versions(pk) in known:
            out.gone.append(keys.versions(pk))
    out.gone += [keys.versions(pk) for pk in withdrawn if keys.versions(pk) in known]


def withhold_version(version: Version, reason: str, user: User | None = None, *, is_withheld: bool = True) -> None:
    """Leave a version out of the public history, or take it in again; the log says who, when and why.

    Raises:
        PermissionDenied: ``user`` may not publish the article.
        ValidationError: no reason was given.
    """
    if user is not None and not version.article.permissions_for_user(user).can_publish():
        raise PermissionDenied(_("You may not publish this article."))
    reason = without_controls(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. The record is for those who ask later.")})
    with transaction.atomic():
        if not Version.objects.filter(pk=version.pk, is_withheld=not is_withheld).update(is_withheld=is_withheld):
            return
        log(
            instance=version.article,
            action="stoppress.withhold_version" if is_withheld else "stoppress.show_version",
            user=user,
            data={"reason": reason, "at": version.at.isoformat()},
        )
        mark(keys.look_again(version.article_id), keys.article(version.article_id))


def _version(article: Article, before: Version | None) -> Version | None:
    """What is to be noted; ``None`` when readers have had this text."""
    if article.live_revision_id is None or (before and before.revision_id == article.live_revision_id):
        return None
    content = article.live_revision.content
    text_hash = _hash(content)
    if before is not None and before.text_hash == text_hash:
        return None
    kind = Version.Kind.PUBLISHED if before is None else Version.Kind.MINOR
    if before is not None and article.updated_at is not None and article.updated_at != before.updated_at:
        kind = Version.Kind.UPDATED
    return Version(
        article_id=article.pk,
        revision_id=article.live_revision_id,
        at=article.last_published_at or timezone.now(),
        kind=kind,
        note=article.update_note if kind == Version.Kind.UPDATED else "",
        updated_at=article.updated_at,
        text_hash=text_hash,
    )


def _hash(content: Mapping[str, Any]) -> str:
    bylines = [(one.get("author"), one.get("role")) for one in content.get("bylines") or ()]
    fields = ("kicker", "title", "standfirst", "lead_picture", "lead_alt", "lead_caption", "dateline_place")
    # Read, since the same body is written with its keys in another order once PostgreSQL has had it.
    words = [*(content.get(name) for name in (*fields, "update_note")), raw_body(content.get("body"))]
    text = json.dumps([words, bylines], sort_keys=True, default=str)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
