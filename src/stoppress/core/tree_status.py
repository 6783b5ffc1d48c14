"""What the processes of a running tree leave for ``stoppress doctor`` and the metrics: small files, written whole."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """One process of the running tree, as its supervisor knows it.

    Attributes:
        pid: 0 while it is down.
        since: when it was started, in seconds since the epoch.
        quick_deaths: how often in a row it ended soon after its start.
        last_end: how it ended the last time, in words; ``""`` for never.
    """

    name: str
    pid: int
    since: float
    quick_deaths: int
    last_end: str

    @property
    def is_up(self) -> bool:
        """Whether there is such a process now."""
        return bool(self.pid) and is_alive(self.pid)


def write(file: Path, processes: Iterable[ProcessStatus]) -> None:
    """Leave word of every process."""
    _leave(file, [asdict(process) for process in processes])


def read(file: Path) -> list[ProcessStatus]:
    """What the supervisor said last; nothing if it never did, or not in words that this version knows."""
    try:
        rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        return [ProcessStatus(**row) for row in rows]
    except (OSError, ValueError, TypeError):
        return []


def write_counts(folder: Path, counts: Mapping[int, int]) -> None:
    """Leave what this process counted of each kind since it began."""
    _leave(folder / f"{os.getpid()}.json", counts)


def read_counts(folder: Path) -> Iterator[tuple[int, dict[str, int]]]:
    """What each living process counted, with its process id; the words of dead ones are removed."""
    for file in sorted(folder.glob("*.json")):
        if not file.stem.isdigit() or not is_alive(int(file.stem)):
            file.unlink(missing_ok=True)
            continue
        with suppress(OSError, ValueError):
            yield int(file.stem), json.loads(file.read_text(encoding="utf-8"))


def is_alive(pid: int) -> bool:
    """Whether a process of this id runs on this machine."""
    return Path(f"/proc/{pid}").exists()


def _leave(file: Path, content: object) -> None:
    """A disk that is full must stop neither a supervisor nor a front: then the word is an old one."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        fresh.write_text(json.dumps(content), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
