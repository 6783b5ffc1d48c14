"""What the media room answers when accounts ask."""

from stoppress.accounts.hookspecs import Rights
from stoppress.accounts.models import Role
from stoppress.core.hooks import hookimpl

KINDS = ("wagtailimages.{}_image", "wagtaildocs.{}_document")
"""Wagtail's own names: it asks for these whichever model holds the files."""


def _may(*verbs: str) -> frozenset[str]:
    return frozenset(kind.format(verb) for kind in KINDS for verb in verbs)


@hookimpl
def rights_of_role(role: Role) -> Rights | None:
    if role in {Role.REPORTER, Role.SECTION_EDITOR}:
        return Rights(files=_may("add", "choose"))
    if role is Role.PHOTO_DESK or role is Role.PUBLISHER:
        collections = frozenset(f"wagtailcore.{verb}_collection" for verb in ("add", "change", "delete"))
        return Rights(files=_may("add", "choose", "change", "delete"), anywhere=collections)
    return None
