"""Loading much at once."""

import gc
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
