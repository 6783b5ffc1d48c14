"""Filling the slots of a front, several editors at once: whoever changes a slot is at it for a while.

Nothing here reaches readers: that is :mod:`stoppress.newsroom.actions.editions`. Each call checks that ``user`` may lay
out the front, that nobody else is at the slots that it touches, and that they are as ``user`` saw them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page

from stoppress.accounts.models import User
from stoppress.newsroom import shelving
from stoppress.newsroom.fronts import DESIGNS, plan_of_edition, strip_of
from stoppress.newsroom.keys import ALL
from stoppress.newsroom.layouts import STRIP, Slot, layout_named, layouts_for, strip_slot
from stoppress.newsroom.models import Article, Front, FrontSlot, Home, Section

CLAIM = timedelta(minutes=3)
"""How long somebody is at a slot after their last change of it."""
PATIENCE = timedelta(seconds=30)
"""After so long without an answer, who asked for a slot may take it."""

FrontPage = Home | Section


class SlotHeldError(Exception):
    """Somebody else is at a slot. Nothing was changed.

    Attributes:
        slot: what editors call it.
        holder: who is at it, until ``until``.
    """

    def __init__(self, name: str, slot: str, holder: str, until: datetime) -> None:
        super().__init__(_("%(who)s is at “%(slot)s”.") % {"who": holder, "slot": slot})
        self.name, self.slot, self.holder, self.until = name, slot, holder, until


class ChangedMeanwhileError(Exception):
    """It is not as it was seen any more. Nothing was changed.

    Attributes:
        name: of the slot; empty for the front as a whole.
        by: who changed it last, at ``at``.
    """

    def __init__(self, name: str, what: str, by: str, at: datetime | None) -> None:
        super().__init__(_("%(who)s has changed “%(what)s” since you looked.") % {"who": by, "what": what})
        self.name, self.what, self.by, self.at = name, what, by, at


@dataclass(slots=True)
class _Hands:
    """A front under its lock, and the slots that are touched."""

    front: Front
    rows: dict[str, FrontSlot] = field(default_factory=dict)


def may_lay_out(page: Page, user: User) -> bool:
    """The home page's front is the publisher's; a section's is whose who publish there."""
    if isinstance(page, Home):
        return user.has_perm("newsroom.lay_out_home")
    return isinstance(page, Section) and bool(page.permissions_for_user(user).can_publish())


def require_may_lay_out(page: Page, user: User | None) -> None:
    """``None`` is the system itself.

    Raises:
        PermissionDenied: ``user`` may not.
    """
    if user is not None and not may_lay_out(page, user):
        raise PermissionDenied(_("You may not lay out this front."))


def pin(
    page: FrontPage, slot: str, article: Article, *, seen: int, until: datetime | None = None, user: User | None = None
) -> None:
    """Pin ``article`` in ``slot``, until ``until`` (aware) or without end.

    One that is pinned elsewhere on the front moves, and what was pinned here takes its place.

    Args:
        seen: the slot's version when ``user`` looked.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError: see the module; nothing was changed.
        ValidationError: the article was killed, there is no such slot, or ``until`` is past.
    """
    if article.killed_at is not None:
        raise ValidationError({"article": _("This article was killed; it can't stand on a front.")})
    _require_future(until)
    with _hands(page, user) as hands:
        names = {slot: seen}
        elsewhere = hands.front.slots.filter(article_id=article.pk).exclude(slot=slot).values_list("slot", "version")
        for name, version in elsewhere:
            if _slot(hands.front, page, name) is None:
                # It was kept for another layout, where it would stand twice.
                FrontSlot.objects.filter(front=hands.front, slot=name).update(article_id=None, headline="", until=None)
            else:
                names[name] = version
        here = _touch(hands, page, names, user)
        for name in names:
            if name != slot:
                _give(hands.rows[name], here)
        here.article_id, here.headline, here.until = article.pk, article.title, until


def unpin(page: FrontPage, slot: str, *, seen: int, user: User | None = None) -> None:
    """Take away what is pinned in ``slot``; the rule fills it.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError, ValidationError: as for :func:`pin`.
    """
    with _hands(page, user) as hands:
        here = _touch(hands, page, {slot: seen}, user)
        here.article_id, here.headline, here.until = None, "", None


def set_up(
    page: FrontPage, slot: str, *, rule: str, until: datetime | None, seen: int, user: User | None = None
) -> None:
    """Say by which rule ``slot`` is filled, and when its pin ends.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError: as for :func:`pin`.
        ValidationError: there is no such list, or ``until`` is past.
    """
    _require_list(rule)
    with _hands(page, user) as hands:
        here = _touch(hands, page, {slot: seen}, user)
        if rule and slot.startswith(STRIP):
            raise ValidationError({"rule": _("A strip shows its section. Pin a story here, or lay out a place above.")})
        if until != here.until:
            _require_future(until)
        if until is not None and here.article_id is None:
            raise ValidationError({"until": _("Nothing is pinned here that could end. Pin a story first.")})
        here.rule, here.until = rule, until


def swap(page: FrontPage, slot: str, other: str, *, seen: Mapping[str, int], user: User | None = None) -> None:
    """Let two slots change their pins.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError, ValidationError: as for :func:`pin`.
    """
    with _hands(page, user) as hands:
        _touch(hands, page, {slot: seen[slot], other: seen[other]}, user)
        one, two = hands.rows[slot], hands.rows[other]
        before = copy(one)
        _give(one, two)
        _give(two, before)


def choose_layout(page: FrontPage, layout: str, *, seen: int, user: User | None = None) -> None:
    """Give the front another layout. What is pinned in slots that it has not is kept for when it has them again.

    Args:
        seen: the front's version when ``user`` looked.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError: somebody is at any slot, or changed one.
        ValidationError: there is no such layout.
    """
    if layout not in {one.name for one in layouts_for(is_home=isinstance(page, Home))}:
        raise ValidationError({"layout": _("There is no such layout.")})
    with _hands(page, user) as hands:
        require_seen(hands.front, seen)
        for row in hands.front.slots.select_related("claimed_by"):
            _require_free(row, _label(hands.front, page, row.slot), user)
        hands.front.layout = layout


def begin_again(page: FrontPage, *, seen: int, from_live: bool, user: User | None = None) -> None:
    """Empty every slot, or fill all of them as readers have them now.

    Raises:
        PermissionDenied, SlotHeldError, ChangedMeanwhileError: as for :func:`choose_layout`.
    """
    is_home = isinstance(page, Home)
    with _hands(page, user) as hands:
        require_seen(hands.front, seen)
        front = hands.front
        edition = front.live if from_live else None
        plan = plan_of_edition(edition, is_home=is_home) if edition is not None else None
        if plan is not None:
            front.layout = plan.layout.name
        names = set(front.slots.values_list("slot", flat=True))
        names |= {choice.slot.name for choice in plan.choices} if plan is not None else set()
        for name in names:
            row = hands.rows[name] = _row(front, name)
            _require_free(row, _label(front, page, name), user)
            row.article_id, row.headline, row.until, row.rule = None, "", None, ""
        for choice in plan.choices if plan else ():
            row = hands.rows[choice.slot.name]
            row.article_id, row.headline = choice.article, choice.headline
            row.until, row.rule = choice.until, choice.rule


def claim_slot(page: FrontPage, slot: str, user: User) -> None:
    """Say that ``user`` is at the slot; does nothing to what is in it.

    Raises:
        PermissionDenied, SlotHeldError, ValidationError: as for :func:`pin`.
    """
    with _hands(page, user, is_change=False) as hands:
        row = _known(hands.front, page, slot)
        _require_free(row, _label(hands.front, page, slot), user)
        _claim(row, user)
        row.save()


def release_slots(page: FrontPage, user: User, slot: str | None = None) -> None:
    """``user`` is no longer at ``slot``, or at any slot of the front.

    Raises:
        PermissionDenied: ``user`` may not lay out this front.
    """
    with _hands(page, user, is_change=False) as hands:
        rows = hands.front.slots.filter(claimed_by=user)
        rows = rows.filter(slot=slot) if slot is not None else rows
        rows.update(claimed_by=None, claimed_until=None, asked_by=None, asked_at=None)


def ask_for_slot(page: FrontPage, slot: str, user: User) -> None:
    """Ask who is at the slot to let go; when they don't answer for a while, ``user`` may take it over.

    Raises:
        PermissionDenied, ValidationError: as for :func:`pin`.
    """
    with _hands(page, user, is_change=False) as hands:
        row = _known(hands.front, page, slot)
        if row.asked_by_id != user.pk:
            row.asked_by, row.asked_at = user, timezone.now()
            row.save()


def keep_slot(page: FrontPage, slot: str, user: User) -> None:
    """``user`` was asked for the slot and stays at it.

    Raises:
        PermissionDenied, SlotHeldError, ValidationError: as for :func:`pin`.
    """
    claim_slot(page, slot, user)


def take_over_slot(page: FrontPage, slot: str, user: User) -> None:
    """Take a slot from who has not answered. What they put there stays.

    Raises:
        PermissionDenied, ValidationError: as for :func:`pin`.
        SlotHeldError: they have not been asked, or not long enough ago.
    """
    with _hands(page, user, is_change=False) as hands:
        row = _known(hands.front, page, slot)
        is_asked = row.asked_by_id == user.pk and row.asked_at is not None
        if not is_asked or timezone.now() < (row.asked_at or timezone.now()) + PATIENCE:
            _require_free(row, _label(hands.front, page, slot), user)
        _claim(row, user)
        row.save()


def lock_front(page: FrontPage) -> Front:
    """The front's row, locked until the transaction ends; made when there is none."""
    first = layouts_for(is_home=isinstance(page, Home))[0].name
    Front.objects.get_or_create(page_id=page.pk, defaults={"layout": first})
    return Front.objects.select_for_update().get(page_id=page.pk)


def require_seen(front: Front, seen: int) -> None:
    """See that nobody changed the front since its version was ``seen``.

    Raises:
        ChangedMeanwhileError: somebody did.
    """
    if front.version != seen:
        raise ChangedMeanwhileError("", _("this front"), _name(front.changed_by), front.changed_at)


@contextmanager
def _hands(page: FrontPage, user: User | None, *, is_change: bool = True) -> Iterator[_Hands]:
    """The front under its lock; what was touched is written when the block ends well."""
    require_may_lay_out(page, user)
    with transaction.atomic():
        hands = _Hands(lock_front(page))
        yield hands
        if not is_change:
            return
        now = timezone.now()
        for row in hands.rows.values():
            row.version += 1
            row.changed_by, row.changed_at = user, now
            row.save()
        hands.front.version += 1
        hands.front.changed_by, hands.front.changed_at = user, now
        hands.front.save()


def _touch(hands: _Hands, page: FrontPage, seen: Mapping[str, int], user: User | None) -> FrontSlot:
    """Claim the slots, each at the version that was seen; returns the first."""
    for name in seen:
        hands.rows[name] = _known(hands.front, page, name)
    for name, row in hands.rows.items():
        _require_free(row, _label(hands.front, page, name), user)
    for name, row in hands.rows.items():
        if row.version != seen[name]:
            what = _label(hands.front, page, name)
            raise ChangedMeanwhileError(name, what, _name(row.changed_by), row.changed_at)
        _claim(row, user)
    return hands.rows[next(iter(seen))]


def _give(to: FrontSlot, pinned: FrontSlot) -> None:
    to.article_id, to.headline, to.until = pinned.article_id, pinned.headline, pinned.until


def _claim(row: FrontSlot, user: User | None) -> None:
    row.claimed_by, row.claimed_until = user, timezone.now() + CLAIM if user is not None else None
    row.asked_by, row.asked_at = None, None


def _require_free(row: FrontSlot, label: str, user: User | None) -> None:
    holder, until = row.claimed_by, row.claimed_until
    if user is not None and holder is not None and holder.pk != user.pk and until and until > timezone.now():
        raise SlotHeldError(row.slot, label, str(holder), until)


def _known(front: Front, page: FrontPage, name: str) -> FrontSlot:
    """The row of a slot that the layout has.

    Raises:
        ValidationError: it has none of this name.
    """
    if _slot(front, page, name) is None:
        raise ValidationError({"slot": _("This layout has no such place any more. Nothing was changed.")})
    return _row(front, name)


def _row(front: Front, name: str) -> FrontSlot:
    found = front.slots.select_related("claimed_by", "changed_by").filter(slot=name).first()
    return found or FrontSlot(front=front, slot=name)


def _slot(front: Front, page: FrontPage, name: str) -> Slot | None:
    is_home = isinstance(page, Home)
    strip = strip_of(name, "") if is_home else None
    if strip is None:
        return layout_named(front.layout, is_home=is_home).slot(name)
    section = Section.objects.child_of(page).filter(pk=int(name.removeprefix(STRIP))).first()
    return strip_slot(section.pk, section.title) if section is not None else None


def _label(front: Front, page: FrontPage, name: str) -> str:
    slot = _slot(front, page, name)
    return slot.label if slot is not None else name


def _name(user: User | None) -> str:
    return str(user) if user is not None else _("Somebody")


def _require_future(until: datetime | None) -> None:
    if until is not None and until <= timezone.now():
        raise ValidationError({"until": _("This time is past. Give a later one, or none.")})


def _require_list(rule: str) -> None:
    if rule in {"", ALL}:
        return
    noun, _colon, rest = rule.partition(":")
    is_known = (
        (noun == "section" and rest.isdigit() and Section.objects.filter(pk=int(rest)).exists())
        or (shelving.is_shelf(rule) and shelving.shelf_of(rule) is not None)
        or (rule.startswith(DESIGNS) and rest in Article.Design.values)
    )
    if not is_known:
        raise ValidationError({"rule": _("There is no such list. The rule stays what it was.")})
