"""Which of our articles an address of another system means."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from stoppress.importers.models import LedgerEntry
from stoppress.newsroom.models import Article, Publication
from stoppress.pagestore.layout import is_sound, normal
from stoppress.pagestore.models import Address

MAX_DIGITS = 18
_ENDINGS = ("index.html", "index.php", ".html", ".htm", ".php")
"""What other systems have at the end of an address, and ours have not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where replies belong.

    Attributes:
        subject: surrogate key of the article.
        published_at: when it came out.
    """

    subject: str
    published_at: datetime | None


def place_of(address: str) -> Place | None:
    """The article that readers found at ``address``, here or before it moved here; ``None`` for no article.

    Every address that it ever had counts, and WordPress's ``?p=17`` for what came from there.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    paths = [path for path in dict.fromkeys(_spellings(unquote(parts.path) or "/")) if is_sound(path)]
    found = dict(Address.objects.filter(path__in=paths).values_list("path", "subject"))
    subjects = [found[path] for path in paths if path in found]
    subjects += _by_number(parts.netloc.lower(), parts.query)
    for subject in subjects:
        noun, _colon, pk = subject.partition(":")
        if noun == Publication.Noun.ARTICLE and pk.isdecimal() and Article.objects.filter(pk=int(pk)).exists():
            times = Publication.objects.filter(pk=int(pk)).values_list("published_at", flat=True)
            return Place(subject, times.first())
    return None


def _spellings(path: str) -> Iterator[str]:
    path = path if path.startswith("/") else f"/{path}"
    for one in (path, path.lower()):
        yield from (one, normal(one))
        for ending in _ENDINGS:
            if one.endswith(ending):
                yield from (one.removesuffix(ending), normal(one.removesuffix(ending)))


def _by_number(host: str, query: str) -> list[str]:
    try:
        number = parse_qs(query, max_num_fields=50).get("p", [""])[0]
    except ValueError:
        return []
    if not (number.isascii() and number.isdigit() and len(number) <= MAX_DIGITS):
        return []
    entries = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.ARTICLE, source_id=number)
    hosts = {host, host.removeprefix("www."), f"www.{host}"} if host else set()
    known = [one for one in entries if one.source.partition(":")[2].partition("/")[0] in hosts or not hosts]
    return [one.object_key for one in known] if len(known) == 1 else []
