"""How a process that takes over from another tells the supervisor that it can: one byte down a pipe."""

import os
from contextlib import suppress

READY = "STOPPRESS_READY"
"""The environment variable in which the supervisor tells a process the file descriptor on which it waits."""


def is_awaited() -> bool:
    """Whether this process, or the one that it was forked from, takes over from one that still runs."""
    return os.environ.get(READY, "").isdigit()


def tell_ready() -> None:
    """Say that this process can do its work; does nothing when nobody waits for it."""
    text = os.environ.pop(READY, "")
    if text.isdigit():
        with suppress(OSError):  # whoever waited may have given up, or heard it from another worker
            os.write(int(text), b"1")
        with suppress(OSError):
            os.close(int(text))
