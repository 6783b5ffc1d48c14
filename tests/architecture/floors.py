"""The list of floors, read from where import-linter reads it, and what it allows."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src" / "stoppress"


def _floors() -> list[frozenset[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "floors")
    return [frozenset(room.strip(" ()") for room in floor.split("|")) for floor in contract["layers"]]


FLOORS = _floors()
ROOMS = frozenset().union(*FLOORS)


def floor(room: str) -> int:
    """The number of a room's floor, from the top."""
    (number,) = (i for i, rooms in enumerate(FLOORS) if room in rooms)
    return number


def may_use(room: str, other: str) -> bool:
    """Whether ``room`` may know ``other``: itself, or one on a lower floor."""
    return room == other or floor(room) < floor(other)


def room_of(path: Path) -> str:
    """The room that a file of ours is in."""
    return path.relative_to(SOURCE).parts[0]


def sources(pattern: str = "*.py") -> list[Path]:
    """Our files, all rooms, sorted."""
    return sorted(p for p in SOURCE.rglob(pattern) if p.relative_to(SOURCE).parts[0] in ROOMS)
