"""One tree per instance: the lock that a running tree or an ``init`` holds."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from stoppress.config.instance import Instance, InstanceError


@contextlib.contextmanager
def only_one(instance: Instance) -> Iterator[None]:
    """Hold the instance's lock; the kernel lets go of it when this process ends, however that happens.

    Raises:
        InstanceError: somebody holds it, or the folder can't be written.
    """
    path = instance.runtime / "lock"
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
            by = file.read().strip()
            raise InstanceError(f"{instance.root} is already running{f' (process {by})' if by else ''}.") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
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
