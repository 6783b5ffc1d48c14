"""Replies as records, batch by batch. Mail addresses are opened only when somebody asked for them.

What only the newsroom knows of them is read in :mod:`stoppress.exporters.kept`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stoppress.comments import vault
from stoppress.comments.models import Comment, State, Thread
from stoppress.comments.text import shown
from stoppress.exporters import records
from stoppress.exporters.kept import Kept

if TYPE_CHECKING:
    from django.db.models import QuerySet

BATCH = 200
NOUN = "article"


@dataclass(slots=True)
class Batch:
    """Some replies.

    Attributes:
        emails: of their writers, by the number of the reply; empty unless asked for.
        kept: what only the newsroom knows of them, likewise.
    """

    replies: list[records.Reply]
    emails: dict[int, str] = field(default_factory=dict)
    kept: dict[int, dict[str, Any]] = field(default_factory=dict)


class Replies:
    """Reads the replies to articles.

    Args:
        with_all: also those that readers don't see.
        with_addresses: their writers' mail addresses too.
        with_kept: also what only the newsroom knows, and the places of those that their writers took back.
    """

    def __init__(self, *, with_all: bool, with_addresses: bool, with_kept: bool = False) -> None:
        self.with_addresses = with_addresses
        self.kept = Kept(with_addresses=with_addresses) if with_kept else None
        self._with_all = with_all

    def threads(self, articles: Sequence[int]) -> dict[int, Thread]:
        """The threads on these articles, by article."""
        found = Thread.objects.filter(subject__in=[f"{NOUN}:{pk}" for pk in articles])
        return {int(thread.subject.partition(":")[2]): thread for thread in found}

    def of(self, threads: dict[int, Thread]) -> Iterator[Batch]:
        """The replies of these threads, oldest number first."""
        articles = {thread.pk: pk for pk, thread in threads.items()}
        rows = self._wanted(Comment.objects.filter(thread__in=articles)).order_by("pk")
        last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH]):
            last = batch[-1].pk
            parents = self._parents(batch)
            found = [_record(one, articles[one.thread_id], parents.get(one.parent_id or 0)) for one in batch]
            emails = self._emails(batch) if self.with_addresses else {}
            yield Batch(found, emails, self.kept.of_replies(batch) if self.kept is not None else {})

    def _wanted(self, rows: "QuerySet[Comment]") -> "QuerySet[Comment]":
        if self.kept is not None:
            return rows
        # Of what its writer took back nothing is left but its place.
        return rows.exclude(state=State.REMOVED) if self._with_all else rows.filter(state=State.APPROVED)

    def _parents(self, batch: Sequence[Comment]) -> dict[int, int]:
        """By parent: itself, or the nearest above it that comes too."""
        parents: dict[int, int] = {}
        climbing = {one.parent_id: one.parent_id for one in batch if one.parent_id is not None}
        while climbing:
            pks = set(climbing.values())
            here = set(self._wanted(Comment.objects.filter(pk__in=pks)).values_list("pk", flat=True))
            above = dict(Comment.objects.filter(pk__in=pks - here).values_list("pk", "parent_id"))
            parents |= {start: at for start, at in climbing.items() if at in here}
            climbing = {start: up for start, at in climbing.items() if (up := above.get(at)) is not None}
        return parents

    @staticmethod
    def _emails(batch: Sequence[Comment]) -> dict[int, str]:
        emails = vault.emails_of({one.writer_id for one in batch if one.writer_id is not None})
        return {one.pk: emails[one.writer_id] for one in batch if one.writer_id in emails}


def markup(text: str) -> str:
    """A reply as WordPress keeps it: HTML in which lines end where they end."""
    html = str(shown(text)).replace("</p>\n<p>", "\n\n").replace("<br>", "\n")
    return html.replace("<p>", "").replace("</p>", "")


def _record(one: Comment, article: int, parent: int | None) -> records.Reply:
    is_gone = one.state == State.REMOVED
    return records.Reply(
        id=one.pk,
        public_id=one.public_id,
        status=one.state,
        article=article,
        parent=parent,
        name="" if is_gone else one.name,
        website=one.website,
        made_at=one.made_at,
        edited_at=one.edited_at,
        is_staff=one.is_staff,
        is_author=one.is_author,
        is_answerer=one.is_answerer,
        is_pick=one.is_pick,
        pick_note=one.pick_note if one.is_pick else "",
        recommended=one.recommended,
        imported_id=one.imported_id,
        text=one.text,
    )
