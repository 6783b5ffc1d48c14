"""How long a text takes to read."""

import re
from collections.abc import Iterator
from typing import Any

WORDS_A_MINUTE = 230
"""Of silent reading in alphabetic scripts (Brysbaert 2019: 238 for English, less in longer words)."""
CHARACTERS_A_MINUTE = 500
"""Of scripts that set no spaces (ICADI's rate for Japanese and Chinese is in this range)."""
NOT_READ = frozenset({"id", "type", "url", "image", "document", "captions", "page", "alt", "transcript", "at"})
"""Parts of blocks that are no text of the article."""
_TAG = re.compile(r"<[^>]*>")
_DENSE = re.compile(r"[぀-ヿ㐀-鿿]")
_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


def minutes(body: Any) -> int:
    """Whole minutes; 0 for what takes no more than half of one.

    Args:
        body: an article's blocks as they are stored.
    """
    words = dense = 0
    for text in _texts(list(body)):
        plain = _TAG.sub(" ", text)
        dense += len(_DENSE.findall(plain))
        words += len(_WORD.findall(_DENSE.sub(" ", plain)))
    return round(words / WORDS_A_MINUTE + dense / CHARACTERS_A_MINUTE)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in NOT_READ:
                yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
