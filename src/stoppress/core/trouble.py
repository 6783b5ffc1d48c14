"""What an error means for the person at the desk, when it is the machine's and not theirs."""

import errno
from enum import StrEnum

from django.db import InterfaceError, OperationalError


class Trouble(StrEnum):
    """What is wrong with the machine."""

    DISK = "disk"
    DATABASE = "database"


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Which trouble ``error``, or what it came from, tells of; ``None`` for any other."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Trouble.DISK
        if isinstance(error, OperationalError | InterfaceError):
            text = str(error).lower()
            # SQLite's word and PostgreSQL's (SQLSTATE 53100).
            return Trouble.DISK if "disk is full" in text or "no space left" in text else Trouble.DATABASE
        error = error.__cause__ or error.__context__
    return None
