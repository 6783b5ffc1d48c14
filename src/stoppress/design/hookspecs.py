"""What templates ask of the rooms above: what stands in a region of the page."""

from django.utils.safestring import SafeString

from stoppress.core.hooks import hookspec
from stoppress.core.subject import Subject


@hookspec
def render_region(subject: Subject | None, region: str) -> SafeString | None:
    """What stands in ``region`` of a page about ``subject``; ``None`` for nothing. Answers follow one another."""
