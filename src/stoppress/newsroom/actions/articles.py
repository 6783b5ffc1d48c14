"""The only place where our own code writes sections, articles and authors.

Each opens the transaction around Wagtail's call, so that an exception in any receiver rolls all of it back.
``user=None`` means the system itself (import, demo); otherwise permissions are checked here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.move_page import MovePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogContext
from wagtail.models import Page

from stoppress.accounts.models import User
from stoppress.core.text import without_controls
from stoppress.media.actions import withdraw
from stoppress.media.models import Attachment, Picture
from stoppress.newsroom import preflight
from stoppress.newsroom.addresses import slug_problem
from stoppress.newsroom.models import (
    Article,
    ArticleTopic,
    Author,
    Byline,
    Correction,
    Home,
    Kill,
    PublicPage,
    Section,
    Shelf,
    StaticPage,
    Topic,
)
from stoppress.newsroom.signals import article_killed

S = TypeVar("S", bound=Shelf)
PICTURE_KEYS, FILE_KEYS = ("image",), ("document", "captions")
"""Under which names a body holds the numbers of pictures and of files; see ``newsroom.blocks``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The content of an article.

    Attributes:
        body: raw StreamField data, ``[{"type": "text", "value": "<p>…</p>"}, …]``; see ``newsroom.blocks``.
        published_at: first publication, aware; ``None`` means now.
        changed_at: last publication, aware; ``None`` means ``published_at``.
        credits: who else took part, each with a value of ``Byline.Role``.
        corrections: texts with their times, aware.
        fields: further fields of :class:`Article` by name: ``story``, ``kicker``, ``design``, ``updated_at`` …
    """

    headline: str
    slug: str
    standfirst: str = ""
    body: Sequence[Mapping[str, Any]] = ()
    authors: Sequence[Author] = ()
    lead_picture: Picture | None = None
    lead_alt: str = ""
    lead_caption: str = ""
    published_at: datetime | None = None
    changed_at: datetime | None = None
    credits: Sequence[tuple[Author, str]] = ()
    topics: Sequence[Topic] = ()
    corrections: Sequence[tuple[str, datetime]] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


def create_author(name: str, slug: str, bio: str = "", job: str = "") -> Author:
    """Add an author, or return the one with this ``slug`` with what is given here brought up to date.

    Raises:
        ValidationError: the slug can't be part of an address, or a text is too long.
    """
    author = Author.objects.filter(slug=slug).first() or Author(slug=slug)
    if author.pk is None or (author.name, author.bio, author.job) != (name, bio, job or author.job):
        author.name, author.bio, author.job = name, bio, job or author.job
        author.full_clean()
        author.save()
    return author


def set_portrait(author: Author, portrait: Picture | None) -> None:
    """Give an author a portrait, or take it away; nothing happens when it is the one they have."""
    if author.portrait != portrait:
        author.portrait = portrait
        author.save(update_fields=["portrait"])


def create_shelf(kind: type[S], name: str, slug: str, description: str = "") -> S:
    """Add a topic, a running story or a series, or return the one with this ``slug`` as it is.

    Raises:
        ValidationError: the slug can't be part of an address, or a text is too long.
    """
    there = kind._default_manager.filter(slug=slug).first()
    if there is not None:
        return there
    shelf = kind(name=name, slug=slug, **({"description": description} if description else {}))
    shelf.full_clean()
    shelf.save()
    return shelf


def create_section(parent: Home | Section, title: str, slug: str, standfirst: str = "") -> Section:
    """Add a live section below ``parent``.

    Raises:
        ValidationError: the slug is reserved, taken or malformed.
    """
    section = Section(title=title, slug=slug, standfirst=standfirst)
    with transaction.atomic():
        type(parent).objects.get(pk=parent.pk).add_child(instance=section)
        section.save_revision(log_action=False).publish(skip_permission_checks=True)
    section.refresh_from_db()
    return section


def create_static_page(
    home: Home, title: str, slug: str, body: Sequence[Mapping[str, Any]] = (), *, is_in_footer: bool = True
) -> StaticPage:
    """Add a live static page below the home page.

    Raises:
        ValidationError: the slug is reserved, taken or malformed.
    """
    page = StaticPage(title=title, slug=slug, show_in_menus=is_in_footer)
    page.body = cast("Any", [dict(block) for block in body])
    with transaction.atomic():
        Home.objects.get(pk=home.pk).add_child(instance=page)
        page.save_revision(log_action=False).publish(skip_permission_checks=True)
    page.refresh_from_db()
    return page


def update_static_page(page: StaticPage, title: str, body: Sequence[Mapping[str, Any]]) -> StaticPage:
    """Replace what a static page says and publish it.

    Raises:
        ValidationError: names what is wrong; nothing was written.
    """
    page.title = title
    page.body = cast("Any", [dict(block) for block in body])
    with transaction.atomic():
        page.save_revision(log_action=False).publish(skip_permission_checks=True)
    page.refresh_from_db()
    return page


def publish_article(section: Section, draft: Draft, user: User | None = None) -> Article:
    """Create and publish an article in ``section``; one that is dated ahead or under embargo is planned for that time.

    Raises:
        ValidationError: names the fields that are wrong; nothing was written.
        PermissionDenied: ``user`` may not publish here.
    """
    if user is not None and not section.permissions_for_user(user).can_publish_subpage():
        raise PermissionDenied(_("You may not publish in this section."))
    return _create(section, draft, user)


def schedule_article(section: Section, draft: Draft, at: datetime, user: User | None = None) -> Article:
    """Create an article in ``section`` that goes live at ``at`` (aware), or at the end of its embargo if that is later.

    Raises:
        ValidationError: names the fields that are wrong; nothing was written.
        PermissionDenied: ``user`` may not publish here.
    """
    if user is not None and not section.permissions_for_user(user).can_publish_subpage():
        raise PermissionDenied(_("You may not publish in this section."))
    return _create(section, draft, user, at)


def is_planned(draft: Draft) -> bool:
    """Whether ``draft`` is dated ahead or under embargo, so that publishing it is planning it."""
    now = timezone.now()
    return any(moment > now for moment in _moments(draft) if moment)


def _moments(draft: Draft) -> tuple[datetime | None, datetime | None]:
    return draft.published_at, draft.fields.get("embargo_until")


def _create(section: Section, draft: Draft, user: User | None, at: datetime | None = None) -> Article:
    now = timezone.now()
    article = Article(title=draft.headline, slug=draft.slug, owner=user)
    fill(article, draft)
    planned = [moment for moment in (at, *_moments(draft)) if moment and moment > now]
    article.live = not planned
    article.has_unpublished_changes = bool(planned)
    if planned:
        article.go_live_at = max(planned)
    else:
        article.first_published_at = draft.published_at or now
        article.last_published_at = draft.changed_at or draft.published_at or now
    with transaction.atomic():
        # Afresh: treebeard trusts the child count of the object that it is given.
        Section.objects.get(pk=section.pk).add_child(instance=article)
        if planned:
            article.full_clean()  # Wagtail looks less closely at what is not live
            article.save_revision(user=user, log_action=False, clean=False).publish(
                user=user, log_action=False, skip_permission_checks=True
            )
            article.refresh_from_db()
        else:
            _make_revision_live(article, user)
        _record_corrections(article, draft)
    return article


def update_article(article: Article, draft: Draft, user: User | None = None) -> Article:
    """Replace the content of a live article and publish it; its first publication date stays unless given.

    Raises:
        ValidationError: names the fields that are wrong; nothing was written.
        PermissionDenied: ``user`` may not publish it, or it was killed.
    """
    _require(article, user, "can_publish", _("You may not publish this article."))
    if article.killed_at:
        raise PermissionDenied(_("This article was killed; it can't be published again."))
    article.title, article.slug = draft.headline, draft.slug
    article.first_published_at = draft.published_at or article.first_published_at
    article.last_published_at = draft.changed_at or timezone.now()
    article.live = True
    article.has_unpublished_changes = False
    fill(article, draft)
    with transaction.atomic():
        article.save()
        _make_revision_live(article, user)
        _record_corrections(article, draft)
    return article


def move_page(page: PublicPage, target: Page, user: User | None = None) -> None:
    """Move an article or a section below ``target``; the old addresses redirect.

    Raises:
        PermissionDenied: ``user`` may not move it there.
        ValidationError: the slug is taken there, or can't be an address there.
    """
    _require(page, user, "can_move", _("You may not move this page."))
    if problem := slug_problem(page.slug, target):
        raise ValidationError({"slug": problem})
    if user is not None and not page.permissions_for_user(user).can_move_to(target):
        raise PermissionDenied(_("You may not move this page there."))
    if not Page._slug_is_available(page.slug, target, page):
        raise ValidationError({"slug": _("Another page there has this slug. Both pages are as they were.")})
    page, target = page.specific_class.objects.get(pk=page.pk), Page.objects.get(pk=target.pk)  # see publish_article
    with transaction.atomic():
        MovePageAction(page, target, pos="last-child", user=user).execute(skip_permission_checks=True)


def unpublish_page(page: PublicPage, user: User | None = None) -> None:
    """Take a page off: its address answers 410 until it is published again.

    Raises:
        PermissionDenied: ``user`` may not unpublish it.
    """
    _require(page, user, "can_unpublish", _("You may not unpublish this page."))
    with _acting(user), transaction.atomic():
        UnpublishPageAction(page, user=user).execute(skip_permission_checks=True)


def delete_page(page: PublicPage, user: User | None = None) -> None:
    """Delete a page and all below it; the addresses answer 410.

    Raises:
        PermissionDenied: ``user`` is not a superuser.
    """
    _require(page, user, "can_delete", _("Only a superuser deletes. Unpublish or kill it instead."))
    with _acting(user), transaction.atomic():
        DeletePageAction(page, user=user).execute(skip_permission_checks=True)


def kill_article(article: Article, reason: str, user: User | None = None) -> Kill:
    """Take an article off everywhere at once, for good: 410, its pictures and files purged, its revisions sealed.

    Pictures and files that another live page uses stay. The record says who, when and why.

    Raises:
        PermissionDenied: ``user`` may not unpublish it.
        ValidationError: no reason was given.
    """
    _require(article, user, "can_kill", _("You may not kill this article."))
    reason = without_controls(reason).strip()
    if not reason:
        raise ValidationError({"reason": _("Say why. The record is for those who ask later.")})
    with transaction.atomic():
        article = Article.objects.select_for_update().get(pk=article.pk)
        pictures, attachments = pictures_only_in(article), attachments_only_in(article)
        article.killed_at = article.killed_at or timezone.now()
        article.live = False
        article.live_revision = None
        article.has_unpublished_changes = True
        article.save()
        article.revisions.update(approved_go_live_at=None)
        kill = Kill.objects.create(
            article_id=article.pk, headline=article.title, path=article.public_path, reason=reason, by=user
        )
        withdraw(pictures, attachments)
        article_killed.send(sender=Article, article=article, kill=kill)
    return kill


def pictures_only_in(article: Article) -> list[Picture]:
    """Pictures that ``article`` uses in any revision and that no other live article uses.

    Read from the articles themselves: Wagtail's reference index is brought up to date by a task, too late for a kill.
    """
    used = set()
    for lead, body in _versions(article):
        used |= {lead, *_numbers_under(PICTURE_KEYS, body)}
    others = Article.objects.live().exclude(pk=article.pk)
    return [
        picture
        for picture in Picture.objects.filter(pk__in=used - {None})
        if not others.filter(lead_picture=picture).exists()
        and not _stands_in(others, PICTURE_KEYS, picture.pk)
        and not _stands_in(StaticPage.objects.live(), PICTURE_KEYS, picture.pk)
    ]


def attachments_only_in(article: Article) -> list[Attachment]:
    """Attachments that ``article`` uses in any revision and that no other live article uses."""
    used = {number for _lead, body in _versions(article) for number in _numbers_under(FILE_KEYS, body)}
    others = Article.objects.live().exclude(pk=article.pk)
    found = Attachment.objects.filter(pk__in=used)
    return [
        attachment
        for attachment in found
        if not _stands_in(others, FILE_KEYS, attachment.pk)
        and not _stands_in(StaticPage.objects.live(), FILE_KEYS, attachment.pk)
    ]


def _versions(article: Article) -> Iterator[tuple[int | None, str]]:
    """Lead picture and raw body of an article as it is and as each of its revisions has it."""
    yield article.lead_picture_id, json.dumps(article.body.get_prep_value(), default=str)
    for content in article.revisions.values_list("content", flat=True):
        yield content.get("lead_picture"), content.get("body") or ""


def shown_in_revision(content: Mapping[str, Any]) -> set[tuple[str, int]]:
    """What a revision with this ``content`` shows: pairs of ``"picture"`` or ``"file"`` and a primary key."""
    body, lead = content.get("body") or "", content.get("lead_picture")
    pictures = _numbers_under(PICTURE_KEYS, body) | ({lead} if lead else set())
    return {("picture", pk) for pk in pictures} | {("file", pk) for pk in _numbers_under(FILE_KEYS, body)}


def _numbers_under(names: Sequence[str], raw_body: str) -> set[int]:
    return {int(found) for found in re.findall(rf'"(?:{"|".join(names)})":\s*(\d+)', raw_body)}


def _stands_in(pages: Any, names: Sequence[str], number: int) -> bool:
    """Whether the number stands under one of the names in the body of one of the pages."""
    is_in_text = Q()
    for name in names:
        is_in_text |= Q(body_text__contains=f'"{name}": {number},') | Q(body_text__contains=f'"{name}": {number}}}')
    return bool(pages.annotate(body_text=Cast("body", TextField())).filter(is_in_text).exists())


def fill(article: Article, draft: Draft) -> None:
    """Give an article, not yet saved, the content of ``draft``; headline, slug and dates are the caller's."""
    article.standfirst = draft.standfirst
    article.body = cast("Any", [dict(block) for block in draft.body])  # raw data is what StreamField's setter takes
    article.lead_picture = draft.lead_picture
    article.lead_alt = draft.lead_alt
    article.lead_caption = draft.lead_caption
    parts = [*((author, Byline.Role.WRITER) for author in draft.authors), *draft.credits]
    article.bylines = [Byline(author=author, role=role, sort_order=i) for i, (author, role) in enumerate(parts)]
    article.topics = [ArticleTopic(topic=topic, sort_order=i) for i, topic in enumerate(draft.topics)]
    for name, value in draft.fields.items():
        setattr(article, name, value)


def _record_corrections(article: Article, draft: Draft) -> None:
    """Those that are not on record yet; none is taken away."""
    for text, at in draft.corrections:
        Correction.objects.get_or_create(article=article, text=text, at=at)


def _make_revision_live(article: Article, user: User | None) -> None:
    """Without a live revision, scheduling a change would later take the page offline (FINDINGS)."""
    if user is not None:  # what comes from elsewhere stays as it is until a person publishes it
        preflight.require(article)
    revision = article.save_revision(user=user, log_action=False, clean=False)
    article.live_revision = revision
    article.has_unpublished_changes = False
    article.save(update_fields=["live_revision", "has_unpublished_changes"], clean=False)


def _acting(user: User | None) -> AbstractContextManager[Any]:
    """The audit log names who did it, also where no request does."""
    return nullcontext() if user is None else LogContext(user=user)


def _require(page: PublicPage, user: User | None, permission: str, refusal: str) -> None:
    if user is not None and not getattr(page.permissions_for_user(user), permission)():
        raise PermissionDenied(refusal)
