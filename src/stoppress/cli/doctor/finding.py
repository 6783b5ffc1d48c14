"""What a check says."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How it is."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do about it."""

    level: Level
    subject: str
    text: str


def ok(subject: str, text: str) -> Finding:
    """It is well."""
    return Finding(Level.OK, subject, text)


def warn(subject: str, text: str) -> Finding:
    """Somebody should look at it."""
    return Finding(Level.WARN, subject, text)


def fail(subject: str, text: str) -> Finding:
    """It is broken."""
    return Finding(Level.FAIL, subject, text)
