"""What replies ask of the rooms above: what they are about, and what stands around their pages."""

from collections.abc import Callable, Iterable
from typing import Any

from stoppress.accounts.models import User
from stoppress.core.hooks import hookspec
from stoppress.core.subject import Subject


@hookspec(firstresult=True)
def subject_of_key(key: str) -> Subject | None:
    """What stands behind a surrogate key such as ``article:42``, if readers can see it now; ``None`` if not."""


@hookspec(firstresult=True)
def is_author_of(key: str, user: User) -> bool | None:
    """Whether ``user`` wrote what stands behind a surrogate key; ``None`` for a key that is none of yours."""


@hookspec
def names_of_staff() -> Iterable[str]:  # type: ignore[empty-body]
    """Names that only those who work here may reply under; what looks like one of them is read first."""


@hookspec
def records_of_person(is_theirs: Callable[[str], bool]) -> Iterable[dict[str, Any]]:  # type: ignore[empty-body]
    """What else is kept of whoever has a mail address, as JSON objects with a ``record`` that names the kind.

    Args:
        is_theirs: whether a mail address, as somebody typed it, is that one.
    """


@hookspec
def forget_person(is_theirs: Callable[[str], bool]) -> int:  # type: ignore[empty-body]
    """Forget whoever has a mail address; returns how many of your records said who they are.

    Args:
        is_theirs: as above.
    """


@hookspec(firstresult=True)
def frame_of_page(subject: Subject | None) -> dict[str, Any] | None:
    """What the base template needs around a page about ``subject``, or about nothing in particular.

    Context of ``design/base.html``; ``site_footer`` in it is HTML.
    """
