"""One tree per instance: the lock that a running tree or an ``init`` holds."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from stoppress.config.instance import Instance, InstanceError

RENEWS = "renews"
"""Stands behind the process id in the lock of a tree that renews itself when it gets SIGUSR1."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds an instance's lock; anybody else than a tree that ``renews`` would be ended by the signal."""

    pid: int
    renews: bool


class Lock:
    """The lock that this process holds."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._write(str(os.getpid()))

    def offer_renewal(self) -> None:
        """Let others know that SIGUSR1 is understood."""
        self._write(f"{os.getpid()} {RENEWS}")

    def _write(self, text: str) -> None:
        self._file.truncate(0)
        self._file.write(text)
        self._file.flush()


@contextlib.contextmanager
def only_one(instance: Instance, name: str = "lock", doing: str = "is already running") -> Iterator[Lock]:
    """Hold the instance's lock; the kernel lets go of it when this process ends, however that happens.

    Args:
        name: the lock's file; by default that of the running tree.
        doing: what is said of the instance when somebody else holds it.

    Raises:
        InstanceError: somebody holds it, or the folder can't be written.
    """
    path = instance.runtime / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise InstanceError(f"{path.parent} can't be written: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            by = file.read().partition(" ")[0].strip()
            raise InstanceError(f"{instance.root} {doing}{f' (process {by})' if by else ''}.") from error
        yield Lock(file)
        file.truncate(0)


def is_held(instance: Instance) -> bool:
    """Whether a tree of this instance is running."""
    try:
        with (instance.runtime / "lock").open("r", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def holder(instance: Instance) -> Holder | None:
    """Who holds the lock of the running tree, if anybody does."""
    if not is_held(instance):
        return None
    pid, _, word = (instance.runtime / "lock").read_text(encoding="ascii").strip().partition(" ")
    return Holder(int(pid), word == RENEWS) if pid.isdigit() else None
