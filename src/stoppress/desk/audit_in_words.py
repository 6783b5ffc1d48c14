"""What the audit log keeps of an entry, as people say it. Reads what it is given, and the names of stories at once.

An entry stays as it was written: what nothing here knows is shown as its key and value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, ngettext_lazy
from wagtail.models import Page

from stoppress.accounts.models import AuditEntry, Event
from stoppress.comments.models import SITE, BreakingNews, Mode
from stoppress.desk.rights_in_words import right_in_words

RIGHTS = frozenset({"given", "taken"})
SHOWN = 8
"""So many rights are said of one entry."""
DIGESTS = "digests"
"""For comparing at the next start, not for reading."""
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:.]{5,15}\+\d{2}:\d{2}", re.ASCII)
"""A time as it is kept in details."""
KEY = re.compile(r"(?:article|section):(\d{1,18})", re.ASCII)
"""A surrogate key of what is a page."""
ABOUT_REPLIES = frozenset({Event.REPLY_RULES, Event.BREAKING_BEGAN, Event.BREAKING_ENDED})


def details_in_words(entry: AuditEntry) -> str:
    """What else is known of it; empty for nothing."""
    known = {**SAID, **SAID_OF.get(entry.event, {})}
    parts = []
    for key, value in sorted(entry.details.items()):
        if key == DIGESTS:
            continue
        say = known.get(key)
        words = say(value) if say is not None else None
        parts.append(f"{key.replace('_', ' ')}: {_plainly(value)}" if words is None else words)
    return "; ".join(part for part in parts if part)


def places_in_words(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """What entries on replies are about, by the numbers of the entries: a story's title, a section's, the whole site.

    What is gone keeps the key that it had.
    """
    own = {one.number: one.about for one in entries if one.event in ABOUT_REPLIES}
    numbers = {about: int(found[1]) for about in own.values() if (found := KEY.fullmatch(about)) is not None}
    titles = dict(Page.objects.filter(pk__in=set(numbers.values())).values_list("pk", "title"))
    names = {about: f"“{titles[pk]}”" for about, pk in numbers.items() if pk in titles} | {SITE: _("the whole site")}
    return {number: names[about] for number, about in own.items() if about in names}


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return "–"
    if isinstance(value, str) and MOMENT.fullmatch(value) and (at := parse_datetime(value)) is not None:
        return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _rights(key: str) -> Callable[[Any], str]:
    def said(codes: Any) -> str:
        rights = [right_in_words(str(code)) for code in codes]
        more = [_("%d more (all of them are in the file)") % (len(rights) - SHOWN)] if len(rights) > SHOWN else []
        return f"{key}: {_plainly([*rights[:SHOWN], *more])}"

    return said


def _mode(value: Any) -> str | None:
    if value == "":
        return _("who may reply: as for what stands above")
    return _("who may reply: %s") % Mode(value).label if value in Mode.values else None


def _close_days(value: Any) -> str | None:
    if value is None:
        return _("closing: as for what stands above")
    if not isinstance(value, int):
        return None
    if not value:
        return _("never closes")
    return ngettext("closes %d day after publication", "closes %d days after publication", value) % value


def _at_most(value: Any) -> str | None:
    if not isinstance(value, int):
        return None
    return ngettext("at most %d reply within ten minutes", "at most %d replies within ten minutes", value) % value


def _how(value: Any) -> str | None:
    return str(BreakingNews.Ending(value).label) if value in BreakingNews.Ending.values else None


def _counted(words: Any) -> Callable[[Any], str | None]:
    return lambda value: str(words % value) if isinstance(value, int) else None


def _either(yes: Any, no: Any) -> Callable[[Any], str]:
    return lambda value: str(yes if value else no)


WAYS = {
    "password": lazy("a password"),
    "totp": lazy("a code from an app"),
    "webauthn": lazy("a passkey"),
    "recovery_codes": lazy("a recovery code"),
}


def _ways(value: Any) -> str | None:
    if not isinstance(value, list) or not value or not set(value) <= WAYS.keys():
        return None
    return _("with %s") % _(" and ").join(str(WAYS[one]) for one in value)


def _way(value: Any) -> str | None:
    return str(WAYS[value]) if isinstance(value, str) and value in WAYS else None


def _until(value: Any) -> str:
    return _("until %s") % _plainly(value) if value else _("for good")


NAMELESS = ngettext_lazy("%d report no longer says who sent it", "%d reports no longer say who sent them")
SAID: Mapping[str, Callable[[Any], str | None]] = {key: _rights(key) for key in RIGHTS}
SAID_OF: Mapping[str, Mapping[str, Callable[[Any], str | None]]] = {
    Event.SIGNED_IN: {"by_means_of": _ways},
    Event.SIGN_IN_FAILED: {"kind": _way, "is_known": _either("", lazy("nobody has that name"))},
    Event.RESET_ASKED: {"is_known": _either("", lazy("nobody has that address"))},
    Event.FACTOR_ADDED: {"kind": _way},
    Event.FACTOR_REMOVED: {"kind": _way},
    Event.CODES_MADE: {"kind": lambda _value: ""},
    Event.ACCOUNT_MADE: {"is_superuser": _either(lazy("may do everything"), "")},
    Event.ACCOUNT_CHANGED: {
        "is_superuser": _either(lazy("may do everything now"), lazy("may no longer do everything")),
        "is_active": _either(lazy("may sign in again"), lazy("may no longer sign in")),
    },
    Event.REPLY_RULES: {
        "mode": _mode,
        "close_days": _close_days,
        "frozen": _either(lazy("nobody replies any more, what is there stays"), lazy("people may reply again")),
        "note": lambda value: _("readers are told: “%s”") % value if value else "",
        "imported": _either(lazy("came with an import"), ""),
    },
    Event.BREAKING_BEGAN: {
        "is_automatic": _either(lazy("began by itself, in a wave of replies"), lazy("switched on by hand")),
        "until": _until,
        "rate": _counted(ngettext_lazy("%d reply within ten minutes", "%d replies within ten minutes")),
        "imported": _either(lazy("came with an import"), ""),
    },
    Event.BREAKING_ENDED: {"how": _how, "most": _at_most},
    Event.WRITER_BANNED: {"until": _until},
    Event.APPEAL_DECIDED: {"granted": _either(lazy("it was right, the reply is back"), lazy("the decision stands"))},
    Event.ERASURE_ASKED: {
        "with_words": _either(lazy("what they wrote goes too"), lazy("what they wrote stays under no name")),
        "reports": _counted(NAMELESS),
    },
    Event.PERSON_ERASED: {
        "replies": _counted(ngettext_lazy("%d reply is nobody’s", "%d replies are nobody’s")),
        "words": _counted(ngettext_lazy("%d of them lost its words", "%d of them lost their words")),
        "reports": _counted(NAMELESS),
    },
}
"""How a detail is said, by event and key: ``None`` for a value that can't be, empty where nothing is to be said."""
