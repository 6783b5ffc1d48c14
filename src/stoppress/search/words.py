"""From text to the words that are looked up, the same for both engines and for both sides of a search.

Case, accents and the forms that a language gives a word are folded here and not in the database, so that SQLite and
PostgreSQL find the same. Scripts that put no space between words are looked up by character; a run of characters is a
phrase.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer
from django.conf import settings

LONGEST = 40
"""Characters of a word that count; what is longer is no word."""

_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"  # kana, ideographs
    "\U00020000-\U0003fffd"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
)
# Vowel signs of Indic scripts belong to the word; their full stops do not.
_WORD = re.compile(rf"[{_ALONE}]|(?:[^\W_{_ALONE}]|[{_MARKS}\u0640\u0900-\u0963\u0966-\u0dff\u200c\u200d])+")
_DROPPED = re.compile(f"[{_MARKS}\u0640\u200c\u200d]")
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ک": "ك",
        "ی": "ي",
        "ے": "ي",
    }
)
_SHORT_I = "й"
"""Decomposes into another letter and a mark, but is a letter of its own, and its language's endings need it."""

_STEMMERS = {
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
"""Languages whose forms are folded. Others are looked up as written, without case and accents."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text.

    Attributes:
        start, end: where it stands.
        folded: without case and accents.
        stem: what is looked up.
    """

    start: int
    end: int
    folded: str
    stem: str


def form() -> str:
    """Which way of reading words is in use; when it changes, the index is made again."""
    return f"1 {_STEMMERS.get(_language(), '')}".strip()


def words(text: str) -> Iterator[Word]:
    """The words of ``text`` in order. A written word can be several, as *ﷺ* is."""
    language = _language()
    for found in _WORD.finditer(text):
        for folded, stem in _read(found[0], language):
            yield Word(found.start(), found.end(), folded, stem)


def is_alone(word: str) -> bool:
    """Whether it is a character of a script that puts no space between words."""
    return len(word) == 1 and bool(re.match(f"[{_ALONE}]", word))


@lru_cache(maxsize=50_000)
def _read(word: str, language: str) -> tuple[tuple[str, str], ...]:
    if len(word) > 8 * LONGEST:
        word = word[: 8 * LONGEST]
    folded = [one[0][:LONGEST] for one in _WORD.finditer(_fold(word))]
    return tuple((one, _stem(one, language)) for one in folded)


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", word).casefold()
    parts = (_SHORT_I if one == _SHORT_I else unicodedata.normalize("NFKD", one) for one in plain)
    return _DROPPED.sub("", "".join(parts)).translate(_LETTERS)


def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(language)
    if name is None or not word.isalpha():
        return word
    found: str = _stemmer(name).stemWord(word)
    return found or word


class _Stemmers(threading.local):
    """A stemmer keeps the word that it works on, so each thread has its own."""

    def __init__(self) -> None:
        self.by_name: dict[str, snowballstemmer.stemmer] = {}


_stemmers = _Stemmers()


def _stemmer(name: str) -> snowballstemmer.stemmer:
    if name not in _stemmers.by_name:
        _stemmers.by_name[name] = snowballstemmer.stemmer(name)
    return _stemmers.by_name[name]


def _language() -> str:
    return str(settings.STOPPRESS_LANGUAGE).partition("-")[0].lower()
