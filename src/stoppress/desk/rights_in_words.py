"""Rights as the audit log keeps them (``wagtailcore.publish_page``), in words for people. Reads the models alone."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PLACED = re.compile(r"(?P<right>\w+) in (?P<place>page|collection) (?P<number>\d+)(?: “(?P<title>.*)”)?", re.DOTALL)
"""A right to a part of the pages or files, as :mod:`stoppress.accounts.handlers` writes it."""


DESK = "wagtailadmin.access_admin"
GIVEN = re.compile(r"(?P<right>[\w.]+) \((?P<scope>anywhere|pages|files)\)")
"""One that came with a role, as ``accounts.actions.roles`` writes it."""


def right_in_words(code: str) -> str:
    """What a right allows; ``code`` itself for one that nothing here declares any more."""
    known = _known(get_language())
    if (given := GIVEN.fullmatch(code)) is not None:
        words = known.get(given["right"], given["right"])
        if given["scope"] == "pages":
            return _("%(right)s of its part of the paper") % {"right": words}
        return words
    placed = PLACED.fullmatch(code)
    if placed is None:
        return known.get(code, code)
    by_name = {one.partition(".")[2]: words for one, words in known.items()}
    words = by_name.get(placed["right"], placed["right"])
    if placed["title"]:
        return _("%(right)s in “%(title)s”") % {"right": words, "title": placed["title"]}
    if placed["place"] == "page":
        return _("%(right)s in page %(number)s") % {"right": words, "number": placed["number"]}
    return _("%(right)s in collection %(number)s") % {"right": words, "number": placed["number"]}


@cache
def _known(_language: str | None) -> Mapping[str, str]:
    """Every right that a model declares, in the language that is active."""
    verbs = {"add": _("make %s"), "change": _("change %s"), "delete": _("delete %s"), "view": _("see %s")}
    found: dict[str, str] = {}
    for model in apps.get_models():
        about = model._meta
        for verb in about.default_permissions:
            words = verbs.get(verb, f"{verb} %s") % _many(about)
            found[f"{about.app_label}.{verb}_{about.model_name}"] = words
        for code, label in about.permissions:
            found[f"{about.app_label}.{code}"] = _deed(str(label))
    return {**found, DESK: _("open the desk")}


def _many(about: Any) -> str:
    """Of what has a plural name already Django makes another by an s: Connect with uss."""
    name = str(about.verbose_name)
    is_made_up = "verbose_name_plural" not in about.original_attrs and name.endswith("s")
    return name if is_made_up else str(about.verbose_name_plural)


def _deed(label: str) -> str:
    """“Can publish any page” in a list of what a role may do."""
    label = label.removeprefix("Can ")
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
