"""Exporting a publication."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

import stoppress
from stoppress.core.sealing import SealBrokenError
from stoppress.exporters.errors import ExportRefused
from stoppress.exporters.folder import written
from stoppress.exporters.jsonlines import JsonLines
from stoppress.exporters.reading import Publication, one_moment
from stoppress.exporters.replies import Replies
from stoppress.exporters.tally import Progress, Tally
from stoppress.exporters.wordpress import Site, Wordpress

FORMAT = 1
"""Of the JSON lines; grows when a field changes its meaning, not when one is added."""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written.

    Attributes:
        counts: records by kind.
        missing_files: how many files the publication names but does not have; ``missing_names`` are some of them.
    """

    folder: Path
    counts: dict[str, int]
    missing_files: int
    missing_names: list[str]


def export_json(
    target: Path, *, with_drafts: bool = False, with_addresses: bool = False, progress: Progress | None = None
) -> ExportReport:
    """Write everything as JSON lines, with the files, into the new folder ``target``. It may go on running meanwhile.

    Args:
        with_drafts: also what readers may not see yet, or any more. Killed articles never come.
        with_addresses: the mail addresses of those who replied too.

    Raises:
        ExportRefused: why nothing was written.
    """
    with written(target, is_private=with_drafts or with_addresses) as folder, one_moment(), _addresses_open():
        publication = Publication(with_drafts=with_drafts)
        replies = Replies(with_all=with_drafts, with_addresses=with_addresses, with_kept=with_drafts)
        tally = Tally(progress, publication.count())
        JsonLines(folder, publication, replies, settings.BASE_URL, tally).write(with_drafts=with_drafts)
        folder.close({**about("json", FORMAT, with_drafts=with_drafts, with_addresses=with_addresses), **told(tally)})
    return ExportReport(target, dict(tally.counts), tally.missing_files, tally.missing_names)


def export_wordpress(
    target: Path,
    files_url: str = "",
    *,
    with_drafts: bool = False,
    with_addresses: bool = False,
    progress: Progress | None = None,
) -> ExportReport:
    """Write everything as WordPress exports itself, with the files, into the new folder ``target``.

    Args:
        files_url: where the files will be reachable; empty means ``/wp-content/uploads`` of this publication.
        with_drafts: also what readers may not see yet, or any more. Killed articles never come.
        with_addresses: the mail addresses of those who replied too.

    Raises:
        ExportRefused: why nothing was written.
    """
    site = Site(
        title=settings.STOPPRESS_TITLE,
        strapline=settings.STOPPRESS_STRAPLINE,
        base_url=settings.BASE_URL,
        files_url=_address(files_url) if files_url else f"{settings.BASE_URL}/wp-content/uploads",
        language=settings.STOPPRESS_LANGUAGE,
        zone=ZoneInfo(settings.TIME_ZONE),
        generator=f"Stop Press {stoppress.__version__}",
    )
    with written(target, is_private=with_drafts or with_addresses) as folder, one_moment(), _addresses_open():
        publication = Publication(with_drafts=with_drafts)
        replies = Replies(with_all=with_drafts, with_addresses=with_addresses)
        tally = Tally(progress, publication.count())
        Wordpress(folder, publication, replies, site, tally).write(with_drafts=with_drafts)
        folder.close({**about("wxr", "1.2", with_drafts=with_drafts, with_addresses=with_addresses), **told(tally)})
    return ExportReport(target, dict(tally.counts), tally.missing_files, tally.missing_names)


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_sound = parts.scheme in {"http", "https"} and bool(parts.netloc) and not (parts.query or parts.fragment)
    except ValueError:
        is_sound = False
    if not is_sound:
        raise ExportRefused(f"{text!r} is no address of a folder, such as https://news.example/wp-content/uploads.")
    return text.rstrip("/")


@contextmanager
def _addresses_open() -> Iterator[None]:
    try:
        yield
    except SealBrokenError as error:
        raise ExportRefused(
            "The mail addresses of those who replied can't be opened: the secret key of this instance is another one "
            "than that they were sealed with. Without --with-addresses everything else can be exported."
        ) from error


def about(kind: str, version: int | str, *, with_drafts: bool, with_addresses: bool) -> dict[str, object]:
    """What a manifest says of the publication."""
    return {
        "product": "stoppress",
        "version": stoppress.__version__,
        "format": kind,
        "format_version": version,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "title": settings.STOPPRESS_TITLE,
        "strapline": settings.STOPPRESS_STRAPLINE,
        "base_url": settings.BASE_URL,
        "language": settings.STOPPRESS_LANGUAGE,
        "time_zone": settings.TIME_ZONE,
        "with_drafts": with_drafts,
        "with_addresses": with_addresses,
    }


def told(tally: Tally) -> dict[str, object]:
    """What a manifest says of what was written."""
    return {"counts": dict(sorted(tally.counts.items())), "missing_files": tally.missing_files}
