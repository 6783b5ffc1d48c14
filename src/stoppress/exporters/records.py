"""What is exported, as plain values. Each class is a kind; its fields are the fields of its records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

RawBody = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of ours that something points at."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture or a file that something points at.

    Attributes:
        name: where its file is below the folder of files; empty when it is not exported.
        alt: what it shows.
    """

    name: str
    title: str
    alt: str = ""
    credit: str = ""
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class References:
    """What the bodies of one batch point at, by primary key; what readers may not see is not in it."""

    pages: Mapping[int, Place] = field(default_factory=dict)
    pictures: Mapping[int, Asset] = field(default_factory=dict)
    files: Mapping[int, Asset] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A section; ``parent`` is the one that it is inside of."""

    kind: ClassVar[str] = "section"

    id: int
    status: str
    path: str
    slug: str
    title: str
    standfirst: str
    search_description: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Author:
    """A name under which articles appear."""

    kind: ClassVar[str] = "author"

    id: int
    path: str
    slug: str
    name: str
    job: str
    bio: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """A topic, a running story or a series."""

    kind: ClassVar[str]

    id: int
    path: str
    slug: str
    name: str
    description: str


class Topic(Shelf):
    """What articles are about."""

    __slots__ = ()
    kind: ClassVar[str] = "topic"


class Story(Shelf):
    """A running story."""

    __slots__ = ()
    kind: ClassVar[str] = "story"


class Series(Shelf):
    """Articles that are read in their order."""

    __slots__ = ()
    kind: ClassVar[str] = "series"


@dataclass(frozen=True, slots=True)
class Lead:
    """The picture at the top, with its words there."""

    picture: int
    alt: str
    is_decorative: bool
    caption: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Someone's part in an article."""

    author: int
    name: str
    slug: str
    role: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong and how it is right."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is, or, in a draft, as it may become."""

    kind: ClassVar[str] = "article"

    id: int
    status: str
    path: str
    slug: str
    section: int | None
    headline: str
    kicker: str
    standfirst: str
    design: str
    display: str
    dateline_place: str
    dateline_at: datetime | None
    published_at: datetime | None
    changed_at: datetime | None
    updated_at: datetime | None
    update_note: str
    embargo_until: datetime | None
    planned_for: datetime | None
    expires_at: datetime | None
    seo_title: str
    short_headline: str
    share_headline: str
    search_description: str
    lead: Lead | None
    credits: list[Credit]
    topics: list[int]
    story: int | None
    series: int | None
    corrections: list[Correction]
    body: RawBody


@dataclass(frozen=True, slots=True)
class StaticPage:
    """What the publication says of itself."""

    kind: ClassVar[str] = "static_page"

    id: int
    status: str
    path: str
    slug: str
    title: str
    seo_title: str
    search_description: str
    is_in_footer: bool
    published_at: datetime | None
    changed_at: datetime | None
    planned_for: datetime | None
    expires_at: datetime | None
    body: RawBody


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply to an article; ``parent`` is the one that it answers, of those that are exported."""

    kind: ClassVar[str] = "reply"

    id: int
    public_id: str
    status: str
    article: int
    parent: int | None
    name: str
    website: str
    made_at: datetime
    edited_at: datetime | None
    is_staff: bool
    is_author: bool
    is_answerer: bool
    is_pick: bool
    pick_note: str
    recommended: int
    imported_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Thread:
    """What readers see of a thread besides its replies: that it is frozen, and when they may ask whom."""

    kind: ClassVar[str] = "thread"

    article: int
    frozen_at: datetime | None
    frozen_note: str
    questions_from: datetime | None
    questions_until: datetime | None
    answered_by: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. ``file`` is where its original is in the export."""

    kind: ClassVar[str] = "picture"

    id: int
    file: str
    title: str
    description: str
    credit: str
    rights: str
    rights_expire_at: datetime | None
    width: int
    height: int
    focus: list[int] | None
    tags: list[str]
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download or to play. ``file`` is where it is in the export."""

    kind: ClassVar[str] = "attachment"

    id: int
    file: str
    title: str
    tags: list[str]
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """A front as it was published, or with drafts as it will be; ``section`` is ``None`` for the home page."""

    kind: ClassVar[str] = "edition"

    section: int | None
    number: int
    layout: str
    slots: list[dict[str, Any]]
    note: str
    copy_of: int | None
    made_at: datetime
    due_at: datetime
    went_live_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Address:
    """An address that nothing lives at any more: it redirects ``to`` another (301), or is gone (410)."""

    kind: ClassVar[str] = "address"

    path: str
    answer: int
    to: str | None
