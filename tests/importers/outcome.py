"""What an import did: in its receipt, and in the tables."""

from typing import Any

from wagtail.models import Revision

from stoppress.importers.models import LedgerEntry
from stoppress.importers.receipt import Receipt
from stoppress.media.models import Picture
from stoppress.newsroom.models import Article, Author, Section, Topic
from stoppress.pagestore.models import Address, Mark


def outcome(receipt: Receipt, kind: str) -> dict[str, int]:
    """How many of a kind came, by what became of them."""
    return dict(receipt.brought.get(kind, {}))


def written() -> tuple[Any, ...]:
    """What a second run may not add to."""
    tables = (Article, Section, Author, Topic, Picture, Revision, LedgerEntry, Mark, Address)
    return tuple(model.objects.count() for model in tables)
