"""Plans of fronts in words: what is in a slot, and what one plan changes against another."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stoppress.newsroom.fronts import DESIGNS, Choice, Plan
from stoppress.newsroom.models import SHELVES, Article, Publication

Names = Mapping[str, str]


def names_of(rules: Iterable[str]) -> dict[str, str]:
    """What each rule fills a slot with, in words, by the rule; at most one query for each kind of list."""
    wanted = set(rules)
    names = {"": _("the newest"), "all": _("the newest of everything")}
    for name, label in Article.Design.choices:
        names[f"{DESIGNS}{name}"] = _("the newest in the form “%s”") % label
    numbers: dict[str, list[int]] = {}
    for rule in wanted - names.keys():
        noun, _colon, pk = rule.partition(":")
        if pk.isdigit():
            numbers.setdefault(noun, []).append(int(pk))
    for section in Publication.objects.filter(pk__in=numbers.get("section", [])):
        names[f"section:{section.pk}"] = _("the newest of %s") % section.headline
    for noun, kind in SHELVES.items():
        if noun in numbers:
            for shelf in kind._default_manager.filter(pk__in=numbers[noun]):
                names[shelf.key] = _("the newest on %s") % shelf.name
    return {rule: names.get(rule, _("the newest of a list that is gone")) for rule in {*wanted, *names}}


def moment(at: datetime) -> str:
    """A time as editors say it: the hour alone on the same day."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return date_format(local, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")


def in_words(choice: Choice, names: Names) -> str:
    """What is wanted in a slot."""
    if choice.article is None:
        return names.get(choice.rule, _("the newest"))
    if choice.until is not None:
        return _("“%(headline)s” until %(time)s") % {"headline": choice.headline, "time": moment(choice.until)}
    return _("“%s”") % choice.headline


def changes(before: Plan, after: Plan, names: Names) -> list[str]:
    """What ``after`` changes against ``before``, a sentence for each slot; nothing when they are the same."""
    lines = []
    if before.layout.name != after.layout.name:
        lines.append(_("Layout: %(old)s → %(new)s") % {"old": before.layout.label, "new": after.layout.label})
    known = {choice.slot.name: choice for choice in before.choices}
    for new in after.choices:
        old = known.pop(new.slot.name, Choice(new.slot))
        if (old.article, old.until, old.rule) != (new.article, new.until, new.rule):
            lines.append(_change(old, new, names))
    for old in known.values():
        if old.slot.is_strip and not old.is_blank:
            lines.append(_change(old, Choice(old.slot), names))
        elif not old.is_blank:
            lines.append(
                _("%(place)s: %(old)s → there is no such place any more")
                % {"place": old.slot.label, "old": in_words(old, names)}
            )
    return lines


def _change(old: Choice, new: Choice, names: Names) -> str:
    was, now = in_words(old, names), in_words(new, names)
    if was == now:
        # The pins are the same, so the rules behind them differ.
        was, now = names.get(old.rule, ""), names.get(new.rule, "")
        place = _("%s, when its pin ends") % new.slot.label
        return _("%(place)s: %(old)s → %(new)s") % {"place": place, "old": was, "new": now}
    return _("%(place)s: %(old)s → %(new)s") % {"place": new.slot.label, "old": was, "new": now}
