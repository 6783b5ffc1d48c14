"""Between ``stoppress upgrade`` and the running tree: a signal one way, a file with the outcome the other."""

import os
import signal
import time
from pathlib import Path

from stoppress.cli.locks import Holder, is_held
from stoppress.config.instance import Instance, InstanceError

LOOK_SECONDS = 0.1


def report(instance: Instance, trouble: str) -> None:
    """Leave word of how the renewal went: ``""`` when it went well. Called in the supervisor."""
    file = _file(instance)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(trouble, encoding="utf-8")
    fresh.replace(file)


def renew(instance: Instance, tree: Holder) -> None:
    """Have the running tree renew its processes, and wait until it has.

    The tree itself gives up on a process that takes too long, so this ends.

    Raises:
        InstanceError: it can't be asked, it ended, or a new process did not get ready.
    """
    file = _file(instance)
    file.unlink(missing_ok=True)
    try:
        os.kill(tree.pid, signal.SIGUSR1)
    except PermissionError as error:
        raise InstanceError(f"Process {tree.pid} is another user's. Run 'stoppress upgrade' as that user.") from error
    except ProcessLookupError as error:
        raise InstanceError(f"Process {tree.pid} has just ended. Start it: {_start(instance)}") from error
    while not file.exists():
        if not is_held(instance):
            raise InstanceError(f"The running tree ended meanwhile. Start it: {_start(instance)}")
        time.sleep(LOOK_SECONDS)
    trouble = file.read_text(encoding="utf-8")
    if trouble:
        raise InstanceError(
            f"The renewal broke off: {trouble}. What was not renewed yet goes on as before; see the log, mend the "
            "cause and repeat 'stoppress upgrade'."
        )


def _start(instance: Instance) -> str:
    return f"stoppress --instance {instance.root} run"


def _file(instance: Instance) -> Path:
    return instance.runtime / "renewed"
