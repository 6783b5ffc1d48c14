"""What accounts ask of the rooms above: what a role may do there."""

from collections.abc import Iterator
from dataclasses import dataclass

from stoppress.accounts.models import Role
from stoppress.core.hooks import hookspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Django's permissions, as ``app.codename``, by where they count.

    Attributes:
        anywhere: no place limits them.
        pages: in the role's section, or in the whole publication (Wagtail's page permissions).
        files: for everything in Wagtail's collections.
    """

    anywhere: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()

    def names(self) -> Iterator[tuple[str, str]]:
        """Each as its scope and its permission, sorted."""
        for scope in ("anywhere", "pages", "files"):
            for permission in sorted(getattr(self, scope)):
                yield scope, permission


@hookspec
def rights_of_role(role: Role) -> Rights | None:
    """What a holder of ``role`` may do in this room."""
