"""The pages of replies to an article."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from stoppress.comments.as_json import page_as_json
from stoppress.comments.models import Mode
from stoppress.comments.modes import breaking_on
from stoppress.comments.pages import ThreadPage, foot_of, oldest_page, recommended_page, thread_page, under_page
from stoppress.core.recorder import depends_on
from stoppress.newsroom import keys
from stoppress.newsroom.models import Publication
from stoppress.newsroom.pages.site import common
from stoppress.newsroom.replies import notice_now, place_of, sections_at, standing_now, subject_of

LOOKED_AT_SECONDS = 20
"""How often open pages look for new replies."""


@dataclass(frozen=True, slots=True)
class WhichReplies:
    """Which page of replies.

    Attributes:
        order: ``newest``, ``oldest`` or ``recommended``.
        number: of an older page, or from 2 of one that begins with the oldest.
        root, part: the reply under which it stands, and which run of replies to it.
    """

    order: str = "newest"
    number: int | None = None
    root: str = ""
    part: int = 0

    @classmethod
    def of(cls, parts: Mapping[str, str | None]) -> "WhichReplies":
        """What the parts of an address say."""
        order, number = parts.get("order") or "newest", parts.get("number") or parts.get("run")
        root, part = parts.get("root") or "", int(parts.get("part") or 0)
        return cls(order, int(number) if number else None, root, part)

    @property
    def path(self) -> str:
        """Below the first page."""
        if self.root:
            return f"under/{self.root}/{self.part}/"
        order = "" if self.order == "newest" else f"{self.order}/"
        return order if self.number is None else f"{order}page/{self.number}/"


def replies(path: str, which: WhichReplies) -> dict[str, Any] | None:
    """A page of the replies to the article at ``path``; ``None`` when there is no such page."""
    one = _article_at(path)
    if one is None:
        return None
    depends_on(keys.card(one.pk))
    base = f"{path}comments/"
    found = _page(one.subject, base, which)
    if found is None:
        return None
    place = place_of(one)
    subject = subject_of(one, sections_at(place))
    standing = standing_now(subject, found.thread)
    is_open = standing.is_open(timezone.now())
    has_form = is_open and which == WhichReplies()
    return {
        **common(base + which.path, place),
        # Another order is the same once more.
        "canonical": settings.BASE_URL + base + (which.path if which.order == "newest" else ""),
        "subject": subject,
        "thread": found,
        "nodes": found.nodes,
        "newer_path": found.newer,
        "older_path": found.older,
        "is_open": is_open,
        "is_for_accounts": standing.mode is Mode.ACCOUNTS,
        "frozen_note": standing.frozen_note,
        "breaking": breaking_on(subject.key) if has_form else None,
        "notice": notice_now(found.thread),
        "write_path": reverse("comments:write", args=[subject.key]),
        "base_path": base,
        "order": which.order,
        "number": found.number,
        "current_path": "",
    }


def replies_as_json(path: str, which: WhichReplies) -> dict[str, Any] | None:
    """A page of replies for programs; ``None`` when there is no such page."""
    one = _article_at(path)
    if one is None:
        return None
    subject = subject_of(one, sections_at(place_of(one)))
    depends_on(keys.card(one.pk))
    found = _page(subject.key, f"{path}comments/", which)
    if found is None:
        return None
    return page_as_json(
        found,
        subject,
        settings.BASE_URL,
        is_open=standing_now(subject, found.thread).is_open(timezone.now()),
        write_url=reverse("comments:api_send", args=[subject.key]),
        proof_url=reverse("comments:api_proof", args=[subject.key]),
    )


def replies_latest(path: str) -> dict[str, int] | None:
    """What open pages look at; ``None`` when no article lives at ``path``."""
    one = _article_at(path)
    if one is None:
        return None
    thread = foot_of(one.subject)
    return {"count": 0 if thread is None else thread.count, "seconds": LOOKED_AT_SECONDS}


def _page(subject: str, base: str, which: WhichReplies) -> ThreadPage | None:
    if which.root:
        return under_page(subject, base, which.root, which.part)
    if which.order == "oldest":
        # Its first page has no number in its address.
        return None if which.number == 1 else oldest_page(subject, base, which.number or 1)
    if which.order == "recommended":
        return None if which.number else recommended_page(subject, base)
    return thread_page(subject, base, which.number)


def _article_at(path: str) -> Publication | None:
    return Publication.objects.filter(path=path, noun=Publication.Noun.ARTICLE, is_live=True).first()
