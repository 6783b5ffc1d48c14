"""How the publication is, in figures: what waits, what failed, what was not kept, how much room there is.

For whoever asks: ``stoppress doctor``, ``/-/health/``, ``/-/metrics/``, and the desk's alarm.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stoppress.newsroom.models import MissedTime
from stoppress.pagestore.models import Address, BakeTask, Mark, Priority

WAITS_TOO_LONG_SECONDS = 60.0
"""A change that waits longer is not merely behind others."""
LITTLE_ROOM_BYTES = 1_000_000_000
NO_ROOM_BYTES = 100_000_000
TASKS_LOOKED_AT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found.

    Attributes:
        addresses: of pages, redirects and what is gone.
        waiting: pages that wait to be baked soon.
        sweeping: pages that wait for their turn in the background, after a change of theme, label or version.
        oldest_seconds: how long the oldest change has been waiting for the worker, 0 for none.
        failed: pages whose last bake failed; readers have the one before.
        parked: changes of which the worker could not find out what they touch.
        missed: times that were not kept and of which nobody took note.
        lost_tasks: background tasks that failed within a day.
        free_bytes: room for the store.
    """

    addresses: int
    waiting: int
    sweeping: int
    oldest_seconds: float
    failed: int
    parked: int
    missed: int
    lost_tasks: int
    free_bytes: int

    @property
    def problems(self) -> list[str]:
        """What keeps the publication from being up to date, a word each; nothing for a healthy one."""
        return [
            name
            for name, is_so in (
                ("worker", self.oldest_seconds > WAITS_TOO_LONG_SECONDS),
                ("disk", self.free_bytes < NO_ROOM_BYTES),
            )
            if is_so
        ]


def look() -> Condition:
    """Look at the database and the disk.

    Raises:
        DatabaseError: the database is away.
        OSError: the store is.
    """
    now = timezone.now()
    soon = BakeTask.objects.filter(priority__lt=Priority.SWEEP)
    failed_tasks = DBTaskResult.objects.failed().filter(finished_at__gte=now - TASKS_LOOKED_AT)
    return Condition(
        addresses=Address.objects.count(),
        waiting=soon.count(),
        sweeping=BakeTask.objects.filter(priority__gte=Priority.SWEEP).count(),
        oldest_seconds=_oldest_seconds(now),
        failed=Address.objects.filter(failed_at__isnull=False).count(),
        parked=Mark.objects.filter(attempts__gt=0).count(),
        missed=MissedTime.objects.filter(Q(done_at=None) | Q(seen_at=None)).count(),
        lost_tasks=failed_tasks.count(),
        free_bytes=room(),
    )


def room() -> int:
    """Bytes that are free where the pages are.

    Raises:
        OSError: the store is not there.
    """
    return shutil.disk_usage(Path(settings.STOPPRESS_STORE)).free


def _oldest_seconds(now: datetime) -> float:
    # A mark with a time waits for that time, one with attempts for another try: neither for the worker.
    due = Mark.objects.filter(Q(not_before=None) | Q(not_before__lte=now), attempts=0)
    marks = due.aggregate(oldest=Min(Coalesce("not_before", "made_at")))["oldest"]
    soon = BakeTask.objects.filter(priority__lt=Priority.SWEEP, not_before=None)
    tasks = soon.aggregate(oldest=Min("queued_at"))["oldest"]
    moments = [moment for moment in (marks, tasks) if moment is not None]
    return max((now - min(moments)).total_seconds(), 0.0) if moments else 0.0
