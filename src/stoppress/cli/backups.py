"""Backup and restore of a whole instance. What can be made again is left out: baked pages, static files, sockets."""

import os
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stoppress import __version__
from stoppress.cli import dumps, founding, place
from stoppress.cli.archive import (
    ArchiveWriter,
    Manifest,
    Progress,
    files_below,
    sync_folder,
    unpacked,
    verified,
    written,
)
from stoppress.config.instance import SETTINGS_FILE, Instance, InstanceError, load

TOPS = frozenset({SETTINGS_FILE, "theme", "data", dumps.NAMES[dumps.POSTGRESQL]})
SUFFIX = ".tar.gz"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What went into a backup."""

    file: Path
    files: int
    rows: int
    vanished: int


def back_up(instance: Instance, target: Path, progress: Progress) -> BackupReport:
    """Write one archive of the instance, which may be running; atomic, never over another file.

    Args:
        target: the archive's name, or a folder, in which it gets a name of its own.

    Raises:
        InstanceError: why there is no backup.
    """
    if target.is_dir():
        target /= f"{instance.root.name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"
    if not target.parent.is_dir():
        raise InstanceError(f"There is no folder {target.parent}. No backup was written.")
    target = target.parent.resolve() / target.name
    engine = dumps.engine_of(instance)
    with written(target) as archive, tempfile.TemporaryDirectory(prefix=".stoppress-", dir=target.parent) as folder:
        # First the database, then the files: what it names is there already, and is deleted late.
        copy = Path(folder) / "database"
        rows = dumps.dump(instance, copy)
        archive.add(dumps.NAMES[engine], copy)
        vanished = _add_files(archive, instance, target, progress)
        about = {
            "product": "stoppress",
            "version": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "title": instance.settings.title,
            "base_url": instance.settings.base_url,
            "engine": engine,
            "rows": rows,
        }
        archive.close(about)
    return BackupReport(target, len(archive.files), sum(rows.values()), vanished)


def restore(file: Path, root: Path, progress: Progress, environ: dict[str, str]) -> Instance:
    """Make the instance in ``root``, which must not exist or be empty, from a backup; the pages are not baked yet.

    Nothing is written before the archive was read and verified; ``root`` gets its name when all of it is there.

    Args:
        progress: of the verifying, in bytes.

    Raises:
        InstanceError: why nothing was restored.
    """
    root = root.resolve()
    _require_free(root)
    manifest = verified(file, TOPS, progress)
    _require_readable(file, manifest)
    engine, rows = str(manifest.about["engine"]), dict(manifest.about["rows"])
    fresh = root.with_name(f".{root.name}.{secrets.token_hex(4)}")
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        fresh.mkdir(mode=0o700)
        unpacked(file, manifest, fresh)
        staged = load(fresh, environ)
        if dumps.engine_of(staged) != engine:
            raise InstanceError(_other_engine(file, engine))
        _settle_database(staged, root, rows)
        founding.make_folders(staged)
        # Last of all: a database that is filled belongs to a folder that is there.
        if engine == dumps.POSTGRESQL:
            dumps.require_empty(staged.settings.database_url)
            dumps.load_dump(staged.settings.database_url, fresh / dumps.NAMES[engine], rows)
            (fresh / dumps.NAMES[engine]).unlink()
        fresh.chmod(0o755)
        if root.exists():
            root.rmdir()
        fresh.rename(root)
        sync_folder(root.parent)
    except OSError as error:
        raise InstanceError(f"{error.filename or root} failed: {error.strerror}. Nothing was restored.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return load(root, environ)


def _add_files(archive: ArchiveWriter, instance: Instance, target: Path, progress: Progress) -> int:
    remade = {instance.store, instance.static, instance.runtime, instance.sqlite_file.parent, instance.data / "logs"}
    remade |= {target, instance.data / place.UNFINISHED}
    found = [instance.root / SETTINGS_FILE]
    for folder in (instance.data, instance.theme):
        found += files_below(folder, frozenset(remade))
    vanished = 0
    for done, file in enumerate(found, start=1):
        vanished += not archive.add(file.relative_to(instance.root).as_posix(), file)
        progress(done, len(found))
    return vanished


def _require_free(root: Path) -> None:
    try:
        is_free = not root.exists() or not any(root.iterdir())
    except NotADirectoryError:
        is_free = False
    if not is_free:
        raise InstanceError(f"{root} is not empty; restore into a new folder. Nothing was touched.")


def _require_readable(file: Path, manifest: Manifest) -> None:
    about: dict[str, Any] = manifest.about
    name = dumps.NAMES.get(str(about.get("engine")))
    is_ours = about.get("product") == "stoppress" and isinstance(about.get("rows"), dict)
    if not is_ours or name not in manifest.files or SETTINGS_FILE not in manifest.files:
        raise InstanceError(f"{file} is not a backup of Stop Press. Nothing was touched.")
    version = str(about.get("version"))
    if _order(version) > _order(__version__):
        raise InstanceError(
            f"{file} was made by Stop Press {version}, this is {__version__}; update first. Nothing was touched."
        )


def _order(version: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]


def _other_engine(file: Path, engine: str) -> str:
    if engine == dumps.SQLITE:
        return f"{file} holds SQLite, but database_url names PostgreSQL. Unset it; nothing was restored."
    return (
        f"{file} holds a PostgreSQL database, but its settings name none. "
        "Set STOPPRESS_DATABASE_URL to an empty one; nothing was restored."
    )


def _settle_database(staged: Instance, root: Path, rows: dict[str, int]) -> None:
    """Put the SQLite file where the settings want it."""
    if dumps.engine_of(staged) != dumps.SQLITE:
        return
    copy = staged.root / dumps.NAMES[dumps.SQLITE]
    dumps.require_sound(copy, rows)
    wanted = dumps.sqlite_path(staged)
    if wanted == copy or wanted == root / dumps.NAMES[dumps.SQLITE]:
        return
    if wanted.exists():
        raise InstanceError(f"The database {wanted}, which database_url names, is there already. Nothing was restored.")
    with suppress(FileExistsError):
        wanted.parent.mkdir(parents=True)
    beside = wanted.with_name(f".{wanted.name}.{os.getpid()}")
    shutil.copyfile(copy, beside)
    beside.rename(wanted)
    copy.unlink()
