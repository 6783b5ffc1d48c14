"""Bringing the pictures and files that public articles use, and no others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.core.files import File
from django.db import transaction

from stoppress.core import filetypes
from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.context import FoundFile
from stoppress.importers.wordpress.ledger import Kind, Ledger
from stoppress.importers.wordpress.mapper import Mapped
from stoppress.importers.wordpress.uploads import MAX_FILE, MediaFolder, Uploads, digest
from stoppress.media.actions import add_attachment, add_picture
from stoppress.media.intake import file_complaint, picture_complaint, suffix_of
from stoppress.media.models import Attachment, Picture


class Stored:
    """Things of one kind by their path in the uploads folder. One that came before is not read again.

    Attributes:
        kind: in the ledger; ``noun`` is that of the surrogate key.
        name: in the receipt; ``missing`` and ``broken`` are what it says of those that can't be had.
    """

    kind: ClassVar[Kind]
    noun: ClassVar[str]
    name: ClassVar[str]
    missing: ClassVar[str]
    broken: ClassVar[str]
    model: ClassVar[Any]

    def __init__(
        self, folder: MediaFolder, uploads: Uploads, ledger: Ledger, receipt: Receipt, *, is_dry: bool = False
    ) -> None:
        self._is_dry = is_dry
        self._folder = folder
        self._uploads = uploads
        self._ledger = ledger
        self._receipt = receipt
        self._fingerprints: dict[str, str] = {}
        self._pks: dict[str, int | None] = {}

    def paths(self, mapped: Mapped) -> Sequence[str]:
        """Which of these an article uses."""
        raise NotImplementedError

    def complaint(self, file: Path) -> str:
        """Why a file can't be stored; empty when it can."""
        raise NotImplementedError

    def _add(self, file: Path, path: str) -> Any:
        """Store a file.

        Raises:
            ValueError: it can't be, and nothing was stored.
        """
        raise NotImplementedError

    def fingerprint(self, path: str) -> str:
        """Hash of the file, now or when it came; empty when there is none."""
        if path not in self._fingerprints:
            known = self._ledger.get(self.kind, path)
            if known and known.object_key:
                self._fingerprints[path] = known.content_hash
            else:
                file = self._folder.find(path)
                self._fingerprints[path] = digest(file) if file else known.content_hash if known else ""
        return self._fingerprints[path]

    def bring(self, mapped: Mapped) -> dict[str, int]:
        """Numbers of what an article uses by path, stored if it is not yet; what can't be had is missing."""
        if self._is_dry:
            self._foresee(mapped)
            return {}
        pks = {path: pk for path in self.paths(mapped) if (pk := self._bring(path, mapped))}
        if not pks:
            return {}
        there = self.model.objects.filter(withdrawn_at=None, pk__in=pks.values())
        known = set(there.values_list("pk", flat=True))
        return {path: pk for path, pk in pks.items() if pk in known}

    def account(self, mapped: Mapped) -> None:
        """Count what an article uses that needs no change."""
        for path in self.paths(mapped):
            known = self._ledger.get(self.kind, path)
            if known is None:
                self._receipt.not_yet.add(self.missing, where=f"{path} in “{mapped.headline}”")
            elif not known.object_key:
                self._receipt.not_yet.add(self.broken, where=f"{path} in “{mapped.headline}”")
            elif path not in self._pks:
                self._pks[path] = known.object_pk
                self._receipt.count(self.name, "as before")

    def _foresee(self, mapped: Mapped) -> None:
        """Count what :meth:`bring` would do; no file is written."""
        for path in self.paths(mapped):
            known = self._ledger.get(self.kind, path)
            file = self._folder.find(path)
            where = f"{path} in “{mapped.headline}”"
            if known is not None and known.object_key:
                outcome = "as before"
            elif file is None:
                self._receipt.not_yet.add(self.broken if known else self.missing, where=where)
                continue
            elif self.complaint(file):
                self._receipt.not_yet.add(self.broken, where=where)
                continue
            else:
                outcome = "new"
            if path not in self._pks:
                self._pks[path] = None
                self._receipt.count(self.name, outcome)

    def _bring(self, path: str, mapped: Mapped) -> int | None:
        where = f"{path} in “{mapped.headline}”"
        if path not in self._pks:
            self._pks[path] = self._store(path)
        pk = self._pks[path]
        if pk is None:
            self._receipt.not_yet.add(self.broken if self.fingerprint(path) else self.missing, where=where)
        return pk

    def _store(self, path: str) -> int | None:
        fingerprint = self.fingerprint(path)
        known = self._ledger.get(self.kind, path)
        if known and known.object_key:
            self._receipt.count(self.name, "as before")
            return known.object_pk
        file = self._folder.find(path)
        if file is None or (known and known.content_hash == fingerprint):
            return None
        with transaction.atomic():
            try:
                stored = self._add(file, path)
            except (ValueError, OSError):
                self._ledger.put(self.kind, path, "", fingerprint)
                return None
            self._ledger.put(self.kind, path, f"{self.noun}:{stored.pk}", fingerprint)
        self._receipt.count(self.name, "new")
        return int(stored.pk)


class Pictures(Stored):
    """Pictures, with their sizes."""

    kind = Kind.PICTURE
    noun = "image"
    name = "pictures"
    missing = "picture whose file is not in the media folder"
    broken = "picture whose file can't be read"
    model = Picture

    def paths(self, mapped: Mapped) -> Sequence[str]:
        """Which pictures an article uses."""
        return mapped.pictures

    def complaint(self, file: Path) -> str:
        """Why a file can't be a picture of ours; empty when it can."""
        if file.stat().st_size > MAX_FILE:
            return "larger than any picture for the web"
        return picture_complaint(file.read_bytes(), file.name)

    def _add(self, file: Path, path: str) -> Picture:
        if file.stat().st_size > MAX_FILE:
            raise ValueError("larger than any picture for the web")
        upload = self._uploads.by_path(path)
        title = upload.title if upload and upload.title else file.stem
        return add_picture(file.read_bytes(), file.name, title, alt=upload.alt if upload else "")


class Files(Stored):
    """Files to download or to play."""

    kind = Kind.FILE
    noun = "document"
    name = "files"
    missing = "file that is not in the media folder"
    broken = "file that can't be stored"
    model = Attachment

    def paths(self, mapped: Mapped) -> Sequence[str]:
        """Which files an article uses."""
        return mapped.files

    def complaint(self, file: Path) -> str:
        """Why a file can't be an attachment of ours; empty when it can."""
        return file_complaint(file.name, file.stat().st_size)

    def find(self, href: str, number: str, hosts: frozenset[str]) -> FoundFile | None:
        """The file behind an address or an attachment id, with what speaks against bringing it."""
        found = self._uploads.find(href, number, hosts)
        return self.about(found.path) if found else None

    def about(self, path: str) -> FoundFile:
        """What is known of the file at ``path``, with what speaks against bringing it."""
        upload = self._uploads.by_path(path)
        suffix = suffix_of(path)
        kind = next((kind for kind, suffixes in _KINDS.items() if suffix in suffixes), "")
        title = (upload.title if upload else "") or path.rpartition("/")[2]
        known = self._ledger.get(self.kind, path)
        problem = reason = ""
        if not (known and known.object_key):
            file = self._folder.find(path)
            if not kind:
                problem, reason = "file of a kind that is not taken", path
            elif file is None:
                problem, reason = self.missing, path
            elif complaint := self.complaint(file):
                problem, reason = "file that is not taken", complaint
            elif known and known.content_hash == self.fingerprint(path):
                problem, reason = self.broken, path
        return FoundFile(path, title, kind, problem, reason)

    def _add(self, file: Path, path: str) -> Attachment:
        with file.open("rb") as content:
            return add_attachment(File(content, file.name), file.name, self.about(path).title)


_KINDS = {
    "audio": filetypes.AUDIO,
    "video": filetypes.VIDEO,
    "document": filetypes.DOCUMENTS,
    "data": filetypes.DATA,
    "captions": filetypes.CAPTIONS,
}
