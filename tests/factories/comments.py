"""Replies, sent in as readers send them."""

from itertools import count
from typing import Any

from stoppress.comments import actions
from stoppress.comments.models import Comment
from stoppress.core import hooks
from stoppress.newsroom.models import Article

_numbers = count(1)


def reply_to(article: Article, text: str = "", **more: Any) -> Comment:
    """A reply to ``article``, with a name, an address and words of its own unless given."""
    number = next(_numbers)
    subject = hooks.call().subject_of_key(key=f"article:{article.pk}")
    values = {"name": f"Reader {number}", "email": f"reader{number}@example.org", **more}
    user, reader = values.pop("user", None), values.pop("reader", None)
    reply = actions.Reply(text=text or f"What I say is number {number}.", **values)
    return actions.submit(subject, reply, user, reader)
