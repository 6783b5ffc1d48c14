"""What replies ask of the rooms above: what they are about."""

from stoppress.core.hooks import hookspec
from stoppress.core.subject import Subject


@hookspec(firstresult=True)
def subject_of_key(key: str) -> Subject | None:
    """What stands behind a surrogate key such as ``article:42``, if readers can see it now; ``None`` if not."""
