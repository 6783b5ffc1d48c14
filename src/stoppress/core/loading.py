"""Loading much at once, and letting go of it."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Let the garbage collector rest while a process loads what it needs for as long as it lives.

    It would go through all of it many times over, a fifth of what it takes to start, and find nothing; nor does it
    look at it later.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def let_go() -> None:
    """Close this thread's connections to databases, if it has any.

    What was loaded is not collected when the process ends, so nobody else does; SQLite would leave its journal behind.
    """
    if "django.db" not in sys.modules:
        return
    from django.conf import settings  # noqa: PLC0415 - the front must not load it
    from django.db import connections  # noqa: PLC0415 - as above

    if settings.configured:
        connections.close_all()
