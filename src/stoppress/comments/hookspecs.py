"""What replies ask of the rooms above: what they are about, and what stands around their pages."""

from collections.abc import Iterable
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


@hookspec(firstresult=True)
def frame_of_page(subject: Subject | None) -> dict[str, Any] | None:
    """What the base template needs around a page about ``subject``, or about nothing in particular.

    Context of ``design/base.html``; ``site_footer`` in it is HTML.
    """
