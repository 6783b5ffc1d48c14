"""The Subject: what a reply, an advertisement or a counter is about.

Lower rooms know only this, never an article, so that they can be used for whatever a newsroom publishes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubjectState(StrEnum):
    """Whether readers can open the subject."""

    LIVE = "live"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Subject:
    """A public thing with an address.

    Attributes:
        key: surrogate key, ``noun:pk``.
        url: path below the public base URL, with leading and trailing slash.
        title: plain text.
        section_path: path of the section that it stands in, ``/`` for none.
        tags: topic slugs.
        published_at: first publication, aware.
        state: whether readers can open it.
        language: BCP 47 tag.
        sections: surrogate keys of the sections that it stands in, the nearest first; looked up when asked for.
    """

    key: str
    url: str
    title: str
    section_path: str
    tags: tuple[str, ...]
    published_at: datetime | None
    state: SubjectState
    language: str
    sections: Sequence[str] = ()
