"""Database, queue, pages, times, tasks and the audit log. Django must be configured before anything here is called."""

from collections.abc import Iterator
from datetime import timedelta

from stoppress.cli.doctor.finding import Finding, fail, ok, warn
from stoppress.cli.locks import is_held
from stoppress.config.instance import Instance

SHOWN = 5
SKEW = timedelta(seconds=5)
SEARCH_WAITS_TOO_LONG = timedelta(seconds=60)


def check_content(instance: Instance) -> Iterator[Finding]:
    """Every check of the kind in turn."""
    yield from check_clock()
    yield from check_queue()
    yield from check_pages(instance)
    yield from check_search()
    yield from check_times()
    yield from check_tasks()
    yield from check_audit_log()
    yield from check_privacy()


def check_clock() -> Iterator[Finding]:
    """The clock goes with the database's, and nothing was written in the future."""
    from django.db import connection  # noqa: PLC0415 - needs Django configured
    from django.db.models import Max  # noqa: PLC0415 - as above
    from django.utils import timezone  # noqa: PLC0415 - as above

    from stoppress.pagestore.models import Address  # noqa: PLC0415 - as above

    now = timezone.now()
    last = Address.objects.aggregate(last=Max("baked_at"))["last"]
    skew = timedelta(0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            skew = cursor.fetchone()[0] - now
    if last is not None and last > now + SKEW:
        yield warn("clock", f"pages were baked {(last - now).total_seconds():.0f} s in the future: it was set back")
    elif abs(skew) > SKEW:
        yield warn("clock", f"the database's is {skew.total_seconds():+.0f} s off; let both keep time (NTP)")
    else:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")


def check_queue() -> Iterator[Finding]:
    """Nothing waits long to be derived or baked."""
    from stoppress.desk.condition import WAITS_TOO_LONG_SECONDS, look  # noqa: PLC0415 - needs Django configured
    from stoppress.pagestore.models import Mark  # noqa: PLC0415 - as above

    found = look()
    if found.oldest_seconds > WAITS_TOO_LONG_SECONDS:
        yield warn(
            "worker",
            f"{found.waiting} pages wait, the oldest change for {found.oldest_seconds:.0f} s; see that "
            "'stoppress run' runs, or 'stoppress bake'",
        )
    else:
        behind = f", {found.sweeping} more in the background" if found.sweeping else ""
        yield ok("worker", f"{found.waiting} pages wait to be baked{behind}")
    for mark in Mark.objects.filter(attempts__gt=0).order_by("-made_at")[:SHOWN]:
        yield warn("worker", f"what changed in {mark.key} reaches no page: {' '.join(mark.error.split())}")
    if found.parked > SHOWN:
        yield warn("worker", f"{found.parked - SHOWN} more changes reach no page")


def check_pages(instance: Instance) -> Iterator[Finding]:
    """No page failed to bake, none is missing, none is of another version."""
    from stoppress.pagestore.actions import lost_paths  # noqa: PLC0415 - needs Django configured
    from stoppress.pagestore.bake.fingerprint import is_current  # noqa: PLC0415 - as above
    from stoppress.pagestore.models import Address  # noqa: PLC0415 - as above

    failed = Address.objects.filter(failed_at__isnull=False).order_by("-failed_at")
    count = failed.count()
    if not count:
        yield ok("pages", f"{Address.objects.count()} addresses, none failed to bake")
    for address in failed[:SHOWN]:
        reason = " ".join(address.error.split())
        yield warn("pages", f"{address.path} was not baked: {reason}. 'stoppress bake {address.path}'")
    if count > SHOWN:
        yield warn("pages", f"{count - SHOWN} more failed to bake")
    lost = lost_paths()
    if lost:
        yield warn("pages", f"{len(lost)} are missing in the store, such as {lost[0]}. 'stoppress bake --all'")
    if not is_current() and not is_held(instance):
        yield warn("pages", "they are of another version, theme or setting; 'stoppress run' bakes them again")


def check_search() -> Iterator[Finding]:
    """Readers' search knows everything that is public, and nothing else."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django configured

    from stoppress.search.actions import missed  # noqa: PLC0415 - as above
    from stoppress.search.models import Entry, Pending  # noqa: PLC0415 - as above

    waiting = Pending.objects.order_by("made_at")
    count = Pending.objects.values("page_id").distinct().count()  # a page is noted once for each of its changes
    oldest = waiting.values_list("made_at", flat=True).first()
    if oldest is not None and timezone.now() - oldest > SEARCH_WAITS_TOO_LONG:
        age = (timezone.now() - oldest).total_seconds()
        text = f"{count} pages wait to be indexed, the first for {age:.0f} s"
        yield warn("search", f"{text}; see that 'stoppress run' runs")
    elif behind := missed():
        yield warn("search", f"{len(behind)} articles are not in the index as they are; 'stoppress search reindex'")
    else:
        yield ok("search", f"{Entry.objects.count()} articles can be found, {count} pages wait to be indexed")


def check_times() -> Iterator[Finding]:
    """Every article went live and off when it should."""
    from django.db.models import Q  # noqa: PLC0415 - needs Django configured

    from stoppress.newsroom.models import MissedTime  # noqa: PLC0415 - as above

    missed = MissedTime.objects.filter(Q(done_at=None) | Q(seen_at=None)).order_by("-due_at")
    for one in missed[:SHOWN]:
        how = f"it did at {one.done_at:%H:%M}" if one.done_at else f"it has not: {one.error or 'not tried yet'}"
        due = f"{one.due_at:%Y-%m-%d %H:%M} UTC"
        yield warn("times", f"“{one.headline}” was to {one.get_kind_display()} at {due}; {how}")
    count = missed.count()
    if count > SHOWN:
        yield warn("times", f"{count - SHOWN} more were not kept; the desk lists them")
    if not count:
        yield ok("times", "every planned time was kept")


def check_tasks() -> Iterator[Finding]:
    """No background task failed lately."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django configured
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - as above

    from stoppress.desk.condition import TASKS_LOOKED_AT  # noqa: PLC0415 - as above

    failed = DBTaskResult.objects.failed().filter(finished_at__gte=timezone.now() - TASKS_LOOKED_AT)
    count = failed.count()
    if not count:
        yield ok("tasks", "no background task failed within a day")
        return
    newest = failed.order_by("-finished_at")[0]
    last_line = (newest.traceback.strip().splitlines() or ["no further word"])[-1]
    yield warn("tasks", f"{count} background tasks failed within a day; the last, {newest.task_path}: {last_line}")


def check_audit_log() -> Iterator[Finding]:
    """The audit log is what was written, from its first entry to its last, and the database still guards it."""
    from stoppress.accounts.actions import audit  # noqa: PLC0415 - needs Django configured

    verdict = audit.verify()
    if verdict.trouble:
        yield fail("audit log", f"{verdict.trouble}. Somebody wrote to the database past the application")
    elif not audit.is_guarded():
        yield fail("audit log", "the database's triggers that forbid changes to it are gone. Somebody removed them")
    else:
        number, digest = verdict.last
        yield ok(
            "audit log", f"{verdict.count} entries, none changed or missing up to number {number} ({digest[:16]}…)"
        )


def check_privacy() -> Iterator[Finding]:
    """What readers are told is deleted in time has been."""
    from stoppress.comments.actions import overdue  # noqa: PLC0415 - needs Django configured
    from stoppress.comments.actions.erasing import late_erasures  # noqa: PLC0415 - as above

    for one in late_erasures():
        text = f"{one.replies} of {one.total} replies are done of somebody whose erasure was asked for"
        yield warn("privacy", f"{text} at {one.asked_at:%Y-%m-%d %H:%M} UTC; see that 'stoppress run' runs")
    if count := overdue():
        text = f"{count} network addresses of those who replied are older than 30 days, which is what readers are told"
        yield warn("privacy", f"{text}. 'stoppress prune'; see prune_daily")
    else:
        yield ok("privacy", "no network address of those who replied is older than 30 days")
