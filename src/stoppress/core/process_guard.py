"""No process of the tree outlives its parent, even when the parent is killed outright.

Without this a killed supervisor leaves servers behind that hold the port. Linux only; elsewhere nothing happens.
"""

import ctypes
import multiprocessing
import os
import signal
import sys

SUPERVISOR = "STOPPRESS_SUPERVISOR"
"""The environment variable in which the supervisor tells its children its process id."""

LISTENER = "STOPPRESS_LISTENER"
"""The environment variable in which the supervisor tells the front the file descriptor of the socket it listens on."""

ROLE = "STOPPRESS_ROLE"
"""The environment variable that says what this process does in the tree; a command outside of it has none."""

_PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies.

    Does nothing in a process that neither the supervisor nor one of its children started, such as a shell's. Call it
    as early as possible in each process: the request is not inherited by a fork.
    """
    parent = expected_parent()
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # The parent may have died before the request; then nobody would ever tell.
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def expected_parent() -> int | None:
    """The process id of the one that must be this process's parent; ``None`` when nobody must."""
    if (forked_by := multiprocessing.parent_process()) is not None:
        return forked_by.pid if SUPERVISOR in os.environ else None
    text = os.environ.get(SUPERVISOR, "")
    return int(text) if text.isdigit() else None
