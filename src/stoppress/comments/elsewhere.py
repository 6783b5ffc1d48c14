"""Asking a service elsewhere whether a reply is spam, the way Akismet is asked. Off unless an address is set.

What goes there is in the guide, word for word: text, name, website, the machine's address. No mail address ever does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlencode

import httpcore
from django.conf import settings

import stoppress

PATIENCE_SECONDS = 5.0
"""For each step: to reach it, to be let in, to be answered."""
LONGEST_ANSWER = 200
WORDS = {b"true": "spam", b"false": "fine"}


class Answer(StrEnum):
    """What it said."""

    SPAM = "spam"
    FINE = "fine"


class NoAnswerError(Exception):
    """It said nothing of use; the text says why, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What it is told of a reply.

    Attributes:
        address: of the machine that sent it; empty once that is forgotten.
        on: address of what it is about.
    """

    text: str
    name: str
    website: str
    address: str
    on: str
    made_at: datetime
    is_answer: bool


def is_asked() -> bool:
    """Whether there is one to ask."""
    return bool(settings.STOPPRESS_COMMENTS_SPAM_SERVICE)


def ask(question: Question) -> Answer:
    """Ask it now, and wait for a short while.

    Raises:
        NoAnswerError: it could not be reached, took too long, or said something else.
    """
    form = {
        "api_key": settings.STOPPRESS_SPAM_SERVICE_KEY,
        "blog": settings.BASE_URL,
        "blog_lang": settings.STOPPRESS_LANGUAGE,
        "blog_charset": "UTF-8",
        "user_ip": question.address,
        "permalink": question.on,
        "comment_type": "reply" if question.is_answer else "comment",
        "comment_author": question.name,
        "comment_author_url": question.website,
        "comment_content": question.text,
        "comment_date_gmt": question.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    steps = dict.fromkeys(("connect", "read", "write", "pool"), PATIENCE_SECONDS)
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("User-Agent", f"StopPress/{stoppress.__version__}"),
        ("Accept-Encoding", "identity"),
    ]
    try:
        with httpcore.stream(
            "POST",
            settings.STOPPRESS_COMMENTS_SPAM_SERVICE,
            headers=headers,
            content=urlencode(form).encode(),
            extensions={"timeout": steps},
        ) as response:
            said = b""
            for part in response.iter_stream():
                said += part
                if len(said) > LONGEST_ANSWER:
                    break
            status = response.status
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError, ValueError) as error:
        raise NoAnswerError(f"{type(error).__name__}: {error}") from error
    word = WORDS.get(said.strip().lower()) if status == 200 else None
    if word is None:
        raise NoAnswerError(f"it answered {status}, {said[:80]!r}")
    return Answer(word)
