"""Bringing the pictures that public articles use, and no others."""

from pathlib import Path

from django.db import transaction

from stoppress.importers.receipt import Receipt
from stoppress.importers.wordpress.ledger import Kind, Ledger
from stoppress.importers.wordpress.mapper import Mapped
from stoppress.importers.wordpress.uploads import MAX_FILE, MediaFolder, Uploads, digest
from stoppress.media.actions import add_picture
from stoppress.media.models import Picture

MISSING = "picture whose file is not in the media folder"
BROKEN = "picture whose file can't be read"


class Pictures:
    """Pictures by their path in the uploads folder. One that came before is not read again."""

    def __init__(self, folder: MediaFolder, uploads: Uploads, ledger: Ledger, receipt: Receipt) -> None:
        self._folder = folder
        self._uploads = uploads
        self._ledger = ledger
        self._receipt = receipt
        self._fingerprints: dict[str, str] = {}
        self._pks: dict[str, int | None] = {}

    def fingerprint(self, path: str) -> str:
        """Hash of the picture's file, now or when it came; empty when there is none."""
        if path not in self._fingerprints:
            known = self._ledger.get(Kind.PICTURE, path)
            if known and known.object_key:
                self._fingerprints[path] = known.content_hash
            else:
                file = self._folder.find(path)
                self._fingerprints[path] = digest(file) if file else known.content_hash if known else ""
        return self._fingerprints[path]

    def file(self, path: str) -> Path | None:
        """The picture's file in the media folder."""
        return self._folder.find(path)

    def bring(self, mapped: Mapped) -> dict[str, Picture]:
        """The pictures of an article by path, stored if they are not yet; those that can't be had are missing."""
        pks = {path: self._bring(path, mapped) for path in mapped.pictures}
        there = Picture.objects.filter(withdrawn_at=None).in_bulk([pk for pk in pks.values() if pk])
        return {path: there[pk] for path, pk in pks.items() if pk in there}

    def account(self, mapped: Mapped) -> None:
        """Count the pictures of an article that needs no change."""
        for path in mapped.pictures:
            known = self._ledger.get(Kind.PICTURE, path)
            if known is None:
                self._receipt.not_yet.add(MISSING, where=f"{path} in “{mapped.headline}”")
            elif not known.object_key:
                self._receipt.not_yet.add(BROKEN, where=f"{path} in “{mapped.headline}”")
            elif path not in self._pks:
                self._pks[path] = known.object_pk
                self._receipt.count("pictures", "as before")

    def _bring(self, path: str, mapped: Mapped) -> int | None:
        where = f"{path} in “{mapped.headline}”"
        if path not in self._pks:
            self._pks[path] = self._store(path)
        pk = self._pks[path]
        if pk is None:
            self._receipt.not_yet.add(BROKEN if self.fingerprint(path) else MISSING, where=where)
        return pk

    def _store(self, path: str) -> int | None:
        fingerprint = self.fingerprint(path)
        known = self._ledger.get(Kind.PICTURE, path)
        if known and known.object_key:
            self._receipt.count("pictures", "as before")
            return known.object_pk
        file = self._folder.find(path)
        if file is None or (known and known.content_hash == fingerprint):
            return None
        upload = self._uploads.by_path(path)
        alt = upload.alt if upload else ""
        with transaction.atomic():
            try:
                if file.stat().st_size > MAX_FILE:
                    raise ValueError("larger than any picture for the web")
                title = upload.title if upload and upload.title else file.stem
                picture = add_picture(file.read_bytes(), file.name, title, alt=alt)
            except (ValueError, OSError):
                self._ledger.put(Kind.PICTURE, path, "", fingerprint)
                return None
            self._ledger.put(Kind.PICTURE, path, f"image:{picture.pk}", fingerprint)
        self._receipt.count("pictures", "new")
        return int(picture.pk)
