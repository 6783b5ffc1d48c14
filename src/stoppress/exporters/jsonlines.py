"""Everything as JSON lines (one JSON object a line, UTF-8): a file for each kind. Loses nothing."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from stoppress.comments.text import shown
from stoppress.exporters import records
from stoppress.exporters.bodies import Addresses, Plain, url_path
from stoppress.exporters.folder import Folder
from stoppress.exporters.reading import Batch, Publication
from stoppress.exporters.replies import Replies
from stoppress.exporters.tally import Tally

FILES = "files"
"""The folder of pictures and attachments."""


class JsonLines:
    """Writes one export."""

    def __init__(self, folder: Folder, publication: Publication, replies: Replies, base_url: str, tally: Tally) -> None:
        self._folder = folder
        self._publication = publication
        self._replies = replies
        self._tally = tally
        self._addresses = Addresses(base_url, lambda name: f"{FILES}/{url_path(name)}", lambda _pk: "")

    def write(self, *, with_drafts: bool) -> None:
        """Write every kind; pictures come last, since only those that are used are wanted."""
        read = self._publication
        self._file("sections.jsonl", map(_plain, read.sections()))
        self._file("authors.jsonl", map(_plain, read.authors()))
        self._file("topics.jsonl", map(_plain, read.shelves(records.Topic)))
        self._file("stories.jsonl", map(_plain, read.shelves(records.Story)))
        self._file("series.jsonl", map(_plain, read.shelves(records.Series)))
        self._file("articles.jsonl", self._pages(read.articles()))
        self._file("static_pages.jsonl", self._pages(read.static_pages()))
        if with_drafts:
            self._file("drafts.jsonl", self._pages(read.drafts()))
        self._file("threads.jsonl", self._threads())
        self._file("replies.jsonl", self._discussions())
        if self._replies.kept is not None:
            self._file("writers.jsonl", self._replies.kept.writers())
            self._file("filters.jsonl", self._replies.kept.filters())
            self._file("breaking.jsonl", self._replies.kept.breaking(read.articles_among))
        self._file("editions.jsonl", map(_plain, read.editions()))
        self._file("pictures.jsonl", self._stored(read.pictures()))
        self._file("attachments.jsonl", self._stored(read.attachments()))
        self._file("addresses.jsonl", map(_plain, read.addresses()))

    def _file(self, name: str, lines: Iterable[dict[str, Any]]) -> None:
        kind = name.removesuffix(".jsonl")
        self._tally.add(kind, 0)
        with self._folder.text(name) as file:
            for line in lines:
                self._tally.add(kind)
                file.write(json.dumps(line, ensure_ascii=False, default=_value) + "\n")

    def _pages(self, batches: Iterable[Batch]) -> Iterator[dict[str, Any]]:
        for batch in batches:
            plain = Plain(batch.references, self._addresses)
            found: list[records.Article | records.StaticPage] = [*batch.articles, *batch.pages]
            for one in found:
                self._tally.step()
                yield {**_plain(one), "html": plain.html(one.body)}

    def _discussions(self) -> Iterator[dict[str, Any]]:
        for batch in self._publication.discussions(self._replies):
            for one in batch.replies:
                line = {**_plain(one), "html": shown(one.text) if one.text else "", **batch.kept.get(one.id, {})}
                if self._replies.with_addresses:
                    line["email"] = batch.emails.get(one.id)
                yield line

    def _threads(self) -> Iterator[dict[str, Any]]:
        for thread, record in self._publication.threads():
            kept = self._replies.kept.of_thread(thread) if self._replies.kept is not None else {}
            yield {**_plain(record), **kept}

    def _stored(self, batches: Iterable[list[tuple[Any, Any]]]) -> Iterator[dict[str, Any]]:
        for batch in batches:
            for stored, record in batch:
                self._tally.step()
                name = f"{FILES}/{record.file}"
                copy = self._folder.copy(stored.file.storage, stored.file.name, name) if record.file else None
                if copy is None:
                    self._tally.missing(record.file)
                yield {
                    **_plain(record),
                    "file": name if copy else None,
                    "bytes": copy.bytes if copy else None,
                    "sha256": copy.sha256 if copy else None,
                }


def _plain(record: Any) -> dict[str, Any]:
    return {"kind": record.kind, **_fields(record)}


def _fields(record: Any) -> dict[str, Any]:
    return {one.name: getattr(record, one.name) for one in fields(record)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, records.Lead | records.Credit | records.Correction):
        return _fields(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")
