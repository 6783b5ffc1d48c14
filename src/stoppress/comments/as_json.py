"""A page of replies as JSON: a list of fields that is written down here and in the reference, and nothing else."""

from datetime import UTC, datetime
from typing import Any

from stoppress.comments.pages import Node, ThreadPage
from stoppress.core.subject import Subject

VERSION = 1
FILE = "thread.json"
"""Beside each page of replies."""


def page_as_json(
    page: ThreadPage, subject: Subject, base: str, *, is_open: bool, write_url: str, proof_url: str
) -> dict[str, Any]:
    """A page for programs.

    Args:
        base: public address of the publication, without a slash at its end.
        write_url: where a reply is sent to.
        proof_url: where a program asks whether a proof of work is wanted with it.
    """
    nodes: list[Node] = []
    waiting = list(reversed(page.nodes))
    # As a loop, since threads are as deep as people argue.
    while waiting:
        node = waiting.pop()
        nodes.append(node)
        waiting += reversed(node.answers)
    return {
        "version": VERSION,
        "subject": {"key": subject.key, "title": subject.title, "url": f"{base}{subject.url}"},
        "count": page.count if page.number is None else None,
        "is_open": is_open,
        "send_to": f"{base}{write_url}" if is_open else None,
        "proof_at": f"{base}{proof_url}" if is_open else None,
        "newer": f"{base}{page.newer.partition('#')[0]}{FILE}" if page.newer else None,
        "older": f"{base}{page.older}{FILE}" if page.older else None,
        "replies": [reply_as_json(node, base) for node in nodes],
    }


def reply_as_json(node: Node, base: str) -> dict[str, Any]:
    """One reply."""
    return {
        "id": node.public_id,
        "in_reply_to": node.answers_to or None,
        "name": node.name,
        "website": node.website or None,
        "html": str(node.text),
        "made_at": _stamp(node.made_at),
        "edited_at": _stamp(node.edited_at) if node.edited_at and not node.is_gone else None,
        "is_gone": node.is_gone,
        "is_staff": node.is_staff,
        "is_author": node.is_author,
        "is_answerer": node.is_answerer,
        "is_pick": node.is_pick,
        "pick_note": node.pick_note or None,
        "recommended": node.recommended,
        "more": [f"{base}{path}{FILE}" for path in node.more],
    }


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
