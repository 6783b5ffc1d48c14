"""A field for words that are one line to readers and may be several on the editor's screen. Knows no model."""

import re
from collections.abc import Mapping
from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput

BREAKS = re.compile(r"\s*[\r\n]+\s*")


class OneLine(AdminAutoHeightTextInput):
    """Grows with its text: a headline is longer than a telephone is wide. A line break that was sent becomes a space.

    ``desk/writing.js`` takes none in the first place.
    """

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"data-one-line": "", **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """What was typed, without its breaks."""
        value = super().value_from_datadict(data, files, name)
        return BREAKS.sub(" ", value) if isinstance(value, str) else value
