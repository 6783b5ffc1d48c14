"""What a post's markup is read with, and what comes of it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]
"""A raw block of the body. For a picture or a file it has its path in the uploads folder, where ours has a number."""

MAX_ALT, MAX_CAPTION, MAX_SUBHEADING, MAX_ATTRIBUTION = 300, 500, 200, 200


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the export: ``path`` in the uploads folder, and the texts kept with it."""

    path: str
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the export that is no picture.

    Attributes:
        kind: the block that shows it: ``audio``, ``video``, ``document`` or ``data``; ``captions`` is part of a video.
        problem: why it can't be brought; empty when it can.
        reason: what the problem is in this file.
    """

    path: str
    title: str
    kind: str
    problem: str = ""
    reason: str = ""


def _no_gallery(wish: Mapping[str, str]) -> Sequence[str]:
    return ()


def _no_file(href: str, number: str) -> FoundFile | None:
    return None


def _no_files(kind: str) -> Sequence[FoundFile]:
    return ()


def _no_block(number: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What a post's markup refers to.

    Attributes:
        find: the picture behind an ``src`` and an attachment id (either may be empty).
        file: the file behind an address and an attachment id (either may be empty).
        own_files: the files of a kind that were uploaded to this post.
        gallery: ids of the pictures that a ``[gallery]`` with these attributes shows, in order.
        reusable: the content of a reusable block that the old site shows to everyone.
        footnotes: the post's notes as WordPress stores them, JSON.
        hosts: names of the old site, whose links become relative.
        headline: the post's, for what has no name of its own.
    """

    find: Callable[[str, str], Found | None]
    gallery: Callable[[Mapping[str, str]], Sequence[str]] = _no_gallery
    file: Callable[[str, str], FoundFile | None] = _no_file
    own_files: Callable[[str], Sequence[FoundFile]] = _no_files
    reusable: Callable[[str], str | None] = _no_block
    footnotes: str = ""
    hosts: frozenset[str] = frozenset()
    headline: str = ""


@dataclass(slots=True)
class Composed:
    """A body, and counts of what it could not hold (``lost``), holds more simply (``simpler``) or should be looked at.

    A count's name may end in ``: `` and an example.

    Attributes:
        reused: numbers of the reusable blocks in it.
    """

    blocks: list[Block] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    simpler: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    reused: set[str] = field(default_factory=set)
