"""Keeping the index up to date, in the process of the background tasks: no bake and no mail waits for it."""

import logging
import threading
import time

from django.db import DatabaseError, connections

from stoppress.search.actions import index_pending, note_missed

log = logging.getLogger("stoppress.search")

LOOK_SECONDS = 0.25
RETRY_SECONDS = 2.0


def keep_indexed() -> None:
    """Index what is noted from now on, in a thread of its own that ends with the process."""
    threading.Thread(target=_look_now_and_then, name="search", daemon=True).start()


def _look_now_and_then() -> None:
    pause = threading.Event()
    is_started = False
    while True:
        try:
            if not is_started:
                note_missed()
                is_started = True
            began = time.monotonic()
            # SQLite has one lock and no queue at it: whoever comes back at once keeps out those who look now and then.
            pause.wait(time.monotonic() - began if index_pending() else LOOK_SECONDS)
        except DatabaseError as error:
            log.warning("Waiting: %s. What changed stays noted.", error)
            connections.close_all()
            pause.wait(RETRY_SECONDS)
        except Exception:  # a thread that ended would index nothing any more
            log.exception("Indexing broke off; it is tried again.")
            connections.close_all()
            pause.wait(RETRY_SECONDS)
