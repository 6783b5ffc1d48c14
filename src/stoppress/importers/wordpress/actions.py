"""Importing a WordPress export."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from stoppress.importers.errors import ExportUnreadable
from stoppress.importers.receipt import Receipt
from stoppress.importers.rehearsal import rehearsal
from stoppress.importers.wordpress import mapper
from stoppress.importers.wordpress.ledger import Ledger
from stoppress.importers.wordpress.reader import Export
from stoppress.importers.wordpress.records import Item
from stoppress.importers.wordpress.replies import Replies
from stoppress.importers.wordpress.stored import Files, Pictures
from stoppress.importers.wordpress.survey import Survey
from stoppress.importers.wordpress.uploads import MediaFolder
from stoppress.importers.wordpress.writer import Writer
from stoppress.newsroom.models import Home
from stoppress.newsroom.setup import create_publication

BATCH = 200
"""Articles in one transaction at most."""
BATCH_LENGTH = 4 * 2**20
"""Characters of their texts, about: a batch of very long posts is a small one."""
MAX_DIGITS = 8
"""Digits of the number of a post of which a bit is kept, 12 MB for all; longer ones are kept as they are."""


def import_wordpress(
    file: Path,
    media: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    is_dry: bool = False,
) -> Receipt:
    """Bring what a WordPress site shows to everyone; a second run changes nothing.

    The whole file is read once before anything is written. Bake afterwards.

    Args:
        file: the export, as WordPress writes it (WXR).
        media: a copy of the site's uploads folder.
        progress: called with the number of entries done and of all.
        is_dry: write nothing; the receipt says what would be.

    Raises:
        ExportUnreadable: the file or the folder can't be used; nothing was changed.
    """
    now = timezone.now()
    folder = MediaFolder(media)
    export = Export(file)
    survey = Survey(export, folder, now)
    survey.receipt.is_forecast = is_dry
    with rehearsal() if is_dry else nullcontext():
        _bring(export, survey, folder, now, progress)
        if survey.discussed:
            _bring_replies(export, survey, now, progress)
    return survey.receipt


def _bring(
    export: Export, survey: Survey, folder: MediaFolder, now: datetime, progress: Callable[[int, int], None] | None
) -> None:
    receipt = survey.receipt
    ledger = Ledger(_source(survey.site.link))
    pictures = Pictures(folder, survey.uploads, ledger, receipt, is_dry=receipt.is_forecast)
    files = Files(folder, survey.files, ledger, receipt, is_dry=receipt.is_forecast)
    home = Home.objects.first() or create_publication(settings.STOPPRESS_TITLE)
    writer = Writer(home, survey, ledger, pictures, files)
    writer.sections()
    hosts = _hosts(survey.site.link)
    around = mapper.Surroundings(
        survey.categories,
        survey.slug_of_term,
        survey.uploads,
        survey.files,
        lambda href, number: files.find(href, number, hosts),
        survey.reusable.get,
        hosts,
        survey.site.exported,
        survey.behind,
    )
    seen = _Seen()
    used = _Used()
    batch: list[mapper.Mapped] = []
    length = done = 0
    try:
        for item in export:
            if not isinstance(item, Item):
                continue
            if item.kind in {"post", "page"}:
                if mapper.kept_back(item, now):
                    writer.kept_back(item)
                elif not seen.add(mapper.source_id(item)):
                    receipt.notes.add("post that is in the file twice, the first one taken", where=f"“{item.title}”")
                else:
                    mapped = mapper.article(item, around)
                    used.add(mapped)
                    if item.kind == "page":
                        writer.page(mapped)
                    else:
                        batch.append(mapped)
                        length += len(item.body)
            done += 1
            if len(batch) >= BATCH or length > BATCH_LENGTH:
                writer.articles(batch)
                batch, length = [], 0
            if progress is not None:
                progress(done, survey.items + survey.discussed)
        writer.articles(batch)
    except ExportUnreadable as error:
        raise _changed(export) from error
    used.tell_of_the_rest(survey)


def _bring_replies(export: Export, survey: Survey, now: datetime, progress: Callable[[int, int], None] | None) -> None:
    replies = Replies(Ledger(_source(survey.site.link)), survey.receipt, survey.behind, now)
    try:
        for done, _post in enumerate(replies.bring(export), 1):
            if progress is not None:
                progress(survey.items + done, survey.items + survey.discussed)
    except ExportUnreadable as error:
        raise _changed(export) from error


def _changed(export: Export) -> ExportUnreadable:
    return ExportUnreadable(
        f"{export.path}: it changed while it was being read. What came so far stays; run the import again."
    )


class _Seen:
    """Which posts the file had already. A bit for each number; memory does not grow with the number of posts."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self._others: set[str] = set()

    def add(self, source_id: str) -> bool:
        """Take note of a post; returns whether it is the first of this name."""
        number = int(source_id) if source_id.isdecimal() and len(source_id) <= MAX_DIGITS else -1
        if number < 0 or str(number) != source_id:
            is_first = source_id not in self._others
            self._others.add(source_id)
            return is_first
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        is_first = not self._bits[place] & bit
        self._bits[place] |= bit
        return is_first


@dataclass(slots=True)
class _Used:
    """What public posts use of what the export lists."""

    pictures: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    reusable: set[str] = field(default_factory=set)

    def add(self, mapped: mapper.Mapped) -> None:
        self.pictures.update(mapped.pictures)
        self.files.update(mapped.files)
        self.reusable.update(mapped.reused)

    def tell_of_the_rest(self, survey: Survey) -> None:
        rest = {
            "pictures that no public post uses": survey.uploads.count_unused(self.pictures),
            "files that no public post shows": survey.files.count_unused(self.files),
            "reusable blocks that no public post uses": len(survey.reusable.keys() - self.reusable),
        }
        for kind, number in rest.items():
            if number:
                survey.receipt.not_yet.add(kind, number)


def _source(link: str) -> str:
    """The site's name in the ledger; a site that moved to https is still the same."""
    parts = urlsplit(link)
    return f"wordpress:{parts.netloc.lower()}{parts.path.rstrip('/')}"[:200]


def _hosts(link: str) -> frozenset[str]:
    host = urlsplit(link).netloc.lower()
    return frozenset({host, f"www.{host}", host.removeprefix("www.")}) if host else frozenset()
