"""What concerns several rooms at once: removing what nobody needs any more, each by the room that owns it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from stoppress.accounts.actions import remove_expired_sessions, remove_old_tallies
from stoppress.accounts.actions.audit import remove_old_entries
from stoppress.comments.actions import tidy
from stoppress.media.actions import remove_orphans
from stoppress.newsroom.actions import forget_reporters, prune_revisions

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, or would be, in an operator's words, and how many."""

    what: str
    count: int


def prune(*, is_dry: bool = False) -> Iterator[Pruned]:
    """Remove what is older than the settings say, one kind after the other; safe while the instance runs.

    Args:
        is_dry: only count.
    """
    # First what must not be kept any longer: whatever fails after it, that is done.
    yield Pruned("network addresses of those who replied", tidy(is_dry=is_dry))
    yield Pruned("traces of readers who reported errors", forget_reporters(is_dry=is_dry))
    before = timezone.now() - timedelta(days=settings.STOPPRESS_KEEP_REVISIONS_DAYS)
    yield Pruned("revisions of pages", prune_revisions(settings.STOPPRESS_KEEP_REVISIONS, before, is_dry=is_dry))
    results = remove_task_results(settings.STOPPRESS_KEEP_TASK_RESULTS_DAYS, is_dry=is_dry)
    yield Pruned("results of background tasks", results)
    yield Pruned("expired sessions", remove_expired_sessions(is_dry=is_dry))
    yield Pruned("counts of attempts to sign in", remove_old_tallies(is_dry=is_dry))
    orphans = remove_orphans(settings.STOPPRESS_KEEP_ORPHANS_DAYS * DAY_SECONDS, is_dry=is_dry)
    yield Pruned("files of replaced pictures", orphans)
    logs = remove_logs(Path(settings.STOPPRESS_LOG_FILE), settings.STOPPRESS_KEEP_LOGS_DAYS, is_dry=is_dry)
    yield Pruned("full log files", logs)
    mails = remove_mails(Path(settings.EMAIL_FILE_PATH), settings.STOPPRESS_KEEP_MAILS_DAYS, is_dry=is_dry)
    yield Pruned("mails kept as files", mails)
    entries_before = timezone.now() - timedelta(days=settings.STOPPRESS_KEEP_AUDIT_DAYS)
    yield Pruned("entries of the audit log", remove_old_entries(entries_before, is_dry=is_dry))


def remove_task_results(days: int, *, is_dry: bool = False) -> int:
    """Delete what is known of tasks that ended so many days ago; returns how many.

    Args:
        is_dry: only count them.
    """
    ended = DBTaskResult.objects.finished().filter(finished_at__lte=timezone.now() - timedelta(days=days))
    count = int(ended.count())
    if count and not is_dry:
        call_command("prune_db_task_results", min_age_days=days, queue_name="*", verbosity=0)
    return count


def remove_logs(current: Path, days: int, *, is_dry: bool = False) -> int:
    """Delete full log files that were put aside from ``current`` so many days ago; returns how many.

    Args:
        is_dry: only count them.
    """
    limit = time.time() - days * DAY_SECONDS
    aside = [file for file in current.parent.glob(f"{current.name}.*") if file.suffix[1:].isdigit()]
    old = [file for file in aside if file.stat().st_mtime < limit]
    if not is_dry:
        for file in old:
            file.unlink(missing_ok=True)
    return len(old)


def remove_mails(folder: Path, days: int, *, is_dry: bool = False) -> int:
    """Delete mails that became files in ``folder`` so many days ago; returns how many.

    Args:
        is_dry: only count them.
    """
    limit = time.time() - days * DAY_SECONDS
    old = [file for file in folder.glob("*.log") if file.is_file() and file.stat().st_mtime < limit]
    if not is_dry:
        for file in old:
            file.unlink(missing_ok=True)
    return len(old)
