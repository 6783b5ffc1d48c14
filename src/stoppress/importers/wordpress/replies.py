"""Bringing the comments of posts as replies: a pass of its own, when all posts are here."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import groupby

from stoppress.comments.actions import Incoming, bring
from stoppress.comments.models import State
from stoppress.importers.receipt import Receipt
from stoppress.importers.remarks import remark
from stoppress.importers.wordpress import mapper
from stoppress.importers.wordpress.ledger import Kind, Ledger
from stoppress.importers.wordpress.reader import Export
from stoppress.importers.wordpress.records import Comment, Item
from stoppress.importers.wordpress.text import plain
from stoppress.newsroom.models import Article

STATES = {"1": State.APPROVED, "approve": State.APPROVED, "0": State.HELD, "hold": State.HELD, "spam": State.SPAM}
STATES |= {"trash": State.REFUSED, "post-trashed": State.REFUSED}
_CAME_FROM = {
    State.APPROVED: "approved comments",
    State.HELD: "comments held for moderation",
    State.REFUSED: "comments in the trash",
    State.SPAM: "spam comments",
}
MAX_ID = 40
MAX_VALUE = 2_000
"""Characters of a name or an address that are looked at."""


class Replies:
    """Brings the comments of one export. Every one of them is counted once, wherever it ends up."""

    def __init__(self, ledger: Ledger, receipt: Receipt, behind: timedelta, now: datetime) -> None:
        self._ledger = ledger
        self._receipt = receipt
        self._behind = behind
        self._now = now
        # Numbers of two sites are the same numbers.
        self._site = hashlib.sha256(ledger.source.encode()).hexdigest()[:8]

    def bring(self, export: Export) -> Iterator[Item]:
        """Bring all, and say of which post they are done.

        Raises:
            ExportUnreadable: as its iteration.
        """
        comments = (one for one in Export(export.path, with_comments=True) if isinstance(one, Comment))
        for post, theirs in groupby(comments, key=lambda one: one.post):
            self._of_post(post, theirs)
            yield post

    def _of_post(self, post: Item, comments: Iterable[Comment]) -> None:
        title = f"“{plain(post.title)[:100] or post.id}”"
        where = self._nowhere(post)
        if where:
            tally = self._receipt.kept_back if mapper.kept_back(post, self._now) else self._receipt.not_yet
            for one in comments:
                tally.add(f"{_what(one)} {where}", where=title)
            return
        entry = self._ledger.get(Kind.ARTICLE, mapper.source_id(post))
        key = entry.object_key if entry else ""
        brought = bring(
            key,
            self._incoming(post, comments, title),
            lambda words, known: self._receipt.notes.add(words, where=f"{known.rpartition(':')[2]} on {title}"),
        )
        for counts, outcome in ((brought.new, "new"), (brought.as_before, "as before")):
            for state, number in counts.items():
                self._receipt.brought.setdefault(f"{state} replies", Counter())[outcome] += number
        for state, number in brought.left_out.items():
            self._receipt.not_yet.add(f"{_CAME_FROM[state]} that could not be brought", number, where=title)

    def _nowhere(self, post: Item) -> str:
        """Why the comments of a post have no place here; empty when they have."""
        if post.kind not in {"post", "page"}:
            return f"on “{post.kind[:40]}” entries"
        if mapper.kept_back(post, self._now):
            return "on posts that the old site did not show to everyone"
        if post.kind == "page":
            return "on pages, which take no replies here"
        entry = self._ledger.get(Kind.ARTICLE, mapper.source_id(post))
        if entry is None:
            return "on posts that did not come"
        return "" if Article.objects.filter(pk=entry.object_pk).exists() else "on articles that were deleted here since"

    def _incoming(self, post: Item, comments: Iterable[Comment], title: str) -> Iterator[Incoming]:
        for one in comments:
            if one.kind != "comment":
                self._receipt.not_yet.add(_what(one), where=title)
            else:
                yield self._reply(post, one, title)

    def _reply(self, post: Item, one: Comment, title: str) -> Incoming:
        state = STATES.get(one.approved)
        where = f"{one.id[:MAX_ID]} on {title}"
        if state is None:
            self._receipt.notes.add("comment of unknown state, held", where=where)
        made_at = mapper.moment(one.date_gmt)
        if made_at is None and (own := mapper.moment(one.date)):
            made_at = own - self._behind
        if made_at is None:
            self._receipt.notes.add("comment without a date, dated by its post", where=where)
            made_at = mapper.moment(post.date_gmt) or mapper.moment(post.date) or datetime.fromtimestamp(0, UTC)
        simpler: Counter[str] = Counter()
        text = remark(one.content, simpler)
        for what, number in simpler.items():
            if number:
                self._receipt.simpler.add(what, number, where=where)
        return Incoming(
            id=self._name(one.id or "|".join((one.author, one.date, one.content))),
            parent=self._name(one.parent) if one.parent.strip("0") else "",
            state=state or State.HELD,
            # WordPress keeps names escaped; a tag in one is text all the same.
            name=unescape(one.author[:MAX_VALUE]),
            text=text,
            made_at=made_at,
            website=unescape(one.website[:MAX_VALUE]),
            email=one.email[:MAX_VALUE],
            address=one.address[:MAX_VALUE],
        )

    def _name(self, number: str) -> str:
        is_short = len(number) <= MAX_ID and number.isascii() and number.isprintable()
        return f"wordpress:{self._site}:{number if is_short else hashlib.sha256(number.encode()).hexdigest()[:MAX_ID]}"


def _what(one: Comment) -> str:
    if one.kind in {"pingback", "trackback"}:
        return f"{one.kind}s"
    if one.kind != "comment":
        return f"“{one.kind}” comments"
    state = STATES.get(one.approved)
    return _CAME_FROM[state] if state else "comments of unknown state"
