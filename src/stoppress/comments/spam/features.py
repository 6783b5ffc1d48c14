"""What the model looks at: words, pairs of words and shapes, each as a number below :data:`BUCKETS`.

Numbers stand for texts by a checksum (the hashing trick): no vocabulary to keep, and no reader's words in the weights.
"""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from stoppress.comments.text import folded, links_of, words_of

BUCKETS = 2**14
LOOKED_AT = 3_000
"""Characters; spam says what it wants before."""
_MAIL = re.compile(
    r"[\w.+-]{2,40}\s?(?:@|\(at\)|\[at\])\s?[\w-]{2,40}\s?(?:\.|\(dot\)|\[dot\])\s?[a-z]{2,10}", re.IGNORECASE
)
_PHONE = re.compile(r"\+?\d[\d\s().-]{7,18}\d")
_BARE = re.compile(
    r"\b(?:www\.|[a-z0-9-]{3,40}\s?\.\s?(?:com|net|org|info|biz|xyz|top|club|shop|site|online|ru|cn|io|me)\b)"
)
_MESSENGER = re.compile(r"\b(?:whats\s?app|telegram|t\.me|icq|skype|viber|wechat|discord)\b")
_MONEY = re.compile(r"[$€£₿]\s?\d|\d\s?[$€£₿]|\d\s?(?:usd|eur|btc|dollars?|euros?)\b")


@lru_cache(maxsize=8)
def features(text: str, name: str = "", website: str = "") -> tuple[int, ...]:
    """What there is to say of a reply, each once; the same reply is often asked of by two models."""
    return tuple(
        sorted(
            {
                zlib.crc32(one.encode("utf-8", "replace")) % BUCKETS
                for one in _said(text[:LOOKED_AT], name[:80], website)
            }
        )
    )


def _said(text: str, name: str, website: str) -> Iterator[str]:
    words = [("0" * min(len(word), 4) if word.isdigit() else word) for word in words_of(text)]
    for word in words:
        yield f"w {word}"
    for one, other in pairwise(words):
        yield f"p {one} {other}"
    for word in words_of(name):
        yield f"n {word}"
    yield from _shapes(text, name, website, words)


def _shapes(text: str, name: str, website: str, words: list[str]) -> Iterator[str]:
    links, plain = links_of(text), folded(text)
    letters = [letter for letter in text if letter.isalpha()]
    loud = sum(letter.isupper() for letter in letters) / max(len(letters), 1)
    yield f"s links {min(len(links), 4)}"
    yield f"s length {len(words).bit_length()}"
    yield f"s loud {int(loud * 5)}"
    yield f"s shouts {min(text.count('!'), 4)}"
    yield f"s digits {min(sum(sign.isdigit() for sign in text) * 10 // max(len(text), 1), 4)}"
    yield f"s website {bool(website)}"
    if links:
        yield f"s mostly-links {len(words) < 8 * len(links)}"
        yield f"s ends-in-link {text.rstrip().endswith(links[-1])}"
    for link in links[:5]:
        host = link.split("/")[2].casefold()
        yield f"h {host.rsplit('.', 1)[-1]}"
    for label, pattern in (
        ("mail", _MAIL),
        ("phone", _PHONE),
        ("bare", _BARE),
        ("messenger", _MESSENGER),
        ("money", _MONEY),
    ):
        if pattern.search(plain):
            yield f"s {label}"
    if "?" in text:
        yield "s asks"
    if any(character in text for character in '“”"«»„'):
        yield "s quotes"
    if any(ord(letter) > 0x1F000 for letter in text):
        yield "s pictures"
    if name and (any(letter.isdigit() for letter in name) or _BARE.search(folded(name))):
        yield "s odd-name"
    if len(words) > 12 and len(set(words)) < len(words) * 0.6:
        yield "s says-again"
