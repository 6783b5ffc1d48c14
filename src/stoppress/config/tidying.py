"""The daily pruning of a running tree, in the process of the background tasks: no bake waits for it."""

import logging
import threading
import time

from django.db import connections
from django_tasks_db.models import DBTaskResult

from stoppress.config.instance import Instance
from stoppress.desk.actions import DAY_SECONDS, prune
from stoppress.pagestore.models import BakeTask, Mark

log = logging.getLogger("stoppress.prune")

LOOK_SECONDS = 300.0
LATEST_SECONDS = 1.5 * DAY_SECONDS
"""When a publication is never quiet, it is done all the same."""


def keep_tidy(instance: Instance) -> None:
    """Prune once a day from now on, in a thread of its own that ends with the process."""
    threading.Thread(target=_look_now_and_then, args=(instance,), name="prune", daemon=True).start()


def tidy_if_due(instance: Instance, now: float) -> bool:
    """Prune if a day has passed and nothing waits to be done; returns whether it was time.

    The first time is a day after the first start: who has just moved in can still read the settings.

    Args:
        now: seconds since the epoch.
    """
    stamp = instance.pruned_file
    if not stamp.exists():
        stamp.touch()
        return False
    age = now - stamp.stat().st_mtime
    if age < DAY_SECONDS or (age < LATEST_SECONDS and not _is_quiet()):
        return False
    stamp.touch()  # first: what fails is tried tomorrow, not again and again
    for one in prune():
        if one.count:
            log.info("%s: %d removed", one.what, one.count)
    return True


def _is_quiet() -> bool:
    return not (Mark.objects.exists() or BakeTask.objects.exists() or DBTaskResult.objects.ready().exists())


def _look_now_and_then(instance: Instance) -> None:
    while True:
        threading.Event().wait(LOOK_SECONDS)
        try:
            tidy_if_due(instance, time.time())
        except Exception:  # a thread that ended would never prune again
            log.exception("Pruning broke off; it is tried again tomorrow.")
        finally:
            connections.close_all()
