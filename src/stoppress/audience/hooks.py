"""What the audience room answers when templates, the page store and accounts ask."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stoppress.accounts.hookspecs import Rights
from stoppress.accounts.models import Role
from stoppress.audience.models import CHANGED, KEY, current
from stoppress.core.hooks import hookimpl
from stoppress.core.subject import Subject
from stoppress.pagestore.hookspecs import Derivation


@hookimpl
def render_region(subject: Subject | None, region: str) -> SafeString | None:
    """*Connect with us* below an article, or in the footer of other pages, and the words of the footer."""
    if region == "connect":
        links = current().shown()
        return (
            render_to_string("audience/_connect.html", {"links": links, "is_footer": subject is None})
            if links
            else None
        )
    if region == "imprint" and (text := current().imprint):
        return render_to_string("audience/_imprint.html", {"text": text})
    return None


@hookimpl
def derive_marks(keys: Sequence[str]) -> Derivation | None:
    """Every page shows it, so they follow in the background."""
    return Derivation(swept={KEY}) if CHANGED in keys else None


@hookimpl
def rights_of_role(role: Role) -> Rights | None:
    """The publisher speaks for the paper."""
    return Rights(anywhere=frozenset({"audience.change_connections"})) if role is Role.PUBLISHER else None
