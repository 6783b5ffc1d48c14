"""Tasks that a killed process left half done: their library never looks at them again."""

from django.utils import timezone
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

STARTS = 3
"""How often a task is begun; one that ends its process each time is given up."""


def resume_tasks() -> int:
    """Put every task that is marked as running back into the queue; returns how many.

    For the only process of the instance that works on tasks, before it begins.
    """
    resumed = 0
    for task in DBTaskResult.objects.running():
        if len(task.worker_ids) < STARTS:
            task.status = TaskResultStatus.READY
            task.started_at = None
            resumed += 1
        else:
            task.status = TaskResultStatus.FAILED
            task.finished_at = timezone.now()
            task.traceback = f"Its process was killed {len(task.worker_ids)} times while it ran."
        task.save(update_fields=["status", "started_at", "finished_at", "traceback"])
    return resumed
