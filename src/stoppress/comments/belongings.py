"""All that somebody has written here, for themselves: on a page, and as a file. Reads."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from stoppress.comments.models import Comment, State, Writer
from stoppress.core import hooks

ON_A_PAGE = 25
AT_ONCE = 200


def replies_of(writer: Writer, before: int | None) -> tuple[list[Comment], int | None]:
    """Somebody's replies, the newest first, and the number to go on from; ``None`` at the end.

    Args:
        before: where the page before ended.
    """
    rows = Comment.objects.filter(writer=writer).select_related("thread", "parent")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: ON_A_PAGE + 1])
    return found[:ON_A_PAGE], found[ON_A_PAGE - 1].pk if len(found) > ON_A_PAGE else None


def records_of(writer: Writer) -> Iterator[dict[str, Any]]:
    """What is kept of somebody, as records: themselves first, then each reply, the oldest first."""
    yield {
        "record": "writer",
        "name": writer.display_name,
        "is_verified": writer.is_verified,
        "mutes_mail": writer.mutes_mail,
        "since": writer.made_at.isoformat(),
    }
    rows = Comment.objects.filter(writer=writer).select_related("thread").order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        last = batch[-1].pk
        places = places_of(batch)
        for one in batch:
            yield _reply(one, places.get(one.thread.subject))


def as_lines(writer: Writer) -> Iterator[str]:
    """The records as JSON lines (RFC 8259, one object a line)."""
    for record in records_of(writer):
        yield json.dumps(record, ensure_ascii=False) + "\n"


def as_text(writer: Writer) -> Iterator[str]:
    """The same for people to read."""
    for record in records_of(writer):
        if record["record"] != "reply":
            continue
        yield f"{record['written_at']}  {State(record['state']).label}  {record['url']}\n"
        yield f"{record['name']}\n\n{record['text']}\n\n{'-' * 60}\n\n"


def places_of(comments: list[Comment]) -> dict[str, tuple[str, str]]:
    """Title and address of what these are on, by its key; what readers can't see now is left out."""
    found = {}
    for key in {one.thread.subject for one in comments}:
        subject = hooks.call().subject_of_key(key=key)
        if subject is not None:
            found[key] = (subject.title, subject.url)
    return found


def _reply(one: Comment, place: tuple[str, str] | None) -> dict[str, Any]:
    title, url = place or (_("What is not out now"), "")
    return {
        "record": "reply",
        "id": one.public_id,
        "on": title,
        "url": f"{settings.BASE_URL}{url}" if url else "",
        "state": one.state,
        "name": one.name,
        "website": one.website,
        "text": one.text,
        "written_at": one.made_at.isoformat(),
        "edited_at": one.edited_at.isoformat() if one.edited_at else None,
        "asked_at": one.asked_at.isoformat() if one.asked_at else None,
        "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else None,
    }
