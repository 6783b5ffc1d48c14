"""A field for words that are one line to readers and may be several on the editor's screen. Knows no model."""

import re
from collections.abc import Mapping
from typing import Any

from wagtail.admin.widgets import AdminAutoHeightTextInput

BREAKS = re.compile(r"[\r\n]+")


class OneLine(AdminAutoHeightTextInput):
    """Grows with its text: a headline is longer than a telephone is wide. A line break that was sent becomes a space.

    ``desk/writing.js`` takes none in the first place.
    """

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"data-one-line": "", **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        """What was typed, without its breaks."""
        value = super().value_from_datadict(data, files, name)
        return one_line(value) if isinstance(value, str) else value


def one_line(text: str) -> str:
    """``text`` with a space for each line break and what is blank around it.

    In time that grows with its length only: one pattern for both tries each blank again at each.
    """
    if not BREAKS.search(text):
        return text
    return " ".join(part for line in BREAKS.split(text) if (part := line.strip()))
