"""What an export holds, as read: plain values, no Django."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Site:
    """The site that was exported. ``version`` is that of the format, not of WordPress."""

    title: str = ""
    link: str = ""
    version: str = ""
    exported: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Someone with an account; ``login`` is what posts name."""

    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category; ``parent`` is the parent's slug or empty. Names and descriptions are HTML-escaped."""

    term_id: str
    slug: str
    parent: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A tag or a term of another taxonomy. Names and descriptions are HTML-escaped."""

    taxonomy: str
    slug: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a post is filed: ``taxonomy`` is ``category``, ``post_tag`` or another one."""

    taxonomy: str
    slug: str
    name: str


@dataclass(slots=True)
class Item:
    """A post, page, attachment, menu entry or anything else that WordPress keeps in its table of posts.

    Times are as written, ``2025-10-06 18:30:00``; a draft's are zeros.
    """

    id: str = ""
    kind: str = ""
    status: str = ""
    title: str = ""
    link: str = ""
    guid: str = ""
    slug: str = ""
    body: str = ""
    excerpt: str = ""
    creator: str = ""
    date: str = ""
    date_gmt: str = ""
    modified_gmt: str = ""
    parent: str = ""
    password: str = ""
    is_sticky: bool = False
    order: int = 0
    attachment_url: str = ""
    filings: list[Filing] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_line: int = 0
    last_line: int = 0


@dataclass(slots=True)
class Comment:
    """A comment, a pingback or a trackback.

    Attributes:
        post: what it is on, as far as it was read: comments stand at the end of it.
        approved: ``1``, ``0``, ``spam``, ``trash`` …
        parent: id of the comment that it answers; empty or ``0`` for the post itself.
    """

    post: Item
    id: str = ""
    author: str = ""
    email: str = ""
    website: str = ""
    address: str = ""
    date: str = ""
    date_gmt: str = ""
    content: str = ""
    approved: str = ""
    kind: str = ""
    parent: str = ""


Record = Author | Category | Term | Item | Comment
