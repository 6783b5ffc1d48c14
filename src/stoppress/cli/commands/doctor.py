"""``stoppress doctor``: what is well and what is not, one line each."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import click

from stoppress.cli import place
from stoppress.cli.errors import explain
from stoppress.cli.locks import is_held
from stoppress.cli.ports import answers, reserve
from stoppress.config.instance import Instance, InstanceError, load

WAITS_TOO_LONG_SECONDS = 60
SHOWN_FAILURES = 5


class Level(StrEnum):
    """How it is."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report: what was looked at, how it is, and what to do about it."""

    level: Level
    subject: str
    text: str


Check = Callable[[Instance], Iterator[Finding]]


@click.command(short_help="Look the instance over.")
@click.pass_obj
def doctor(folder: Path) -> None:
    """Look the instance over: settings, key, database, store, worker and port. Fails when something is broken."""
    try:
        instance = load(folder)
    except InstanceError as error:
        _show(Finding(Level.FAIL, "instance", str(error)))
        raise click.exceptions.Exit(1) from error
    _show(Finding(Level.OK, "instance", f"{instance.root}, {instance.settings.title}"))
    worst = max((_show(finding) for finding in findings(instance)), default=0)
    raise click.exceptions.Exit(1 if worst == _rank(Level.FAIL) else 0)


def findings(instance: Instance) -> Iterator[Finding]:
    """Every check in turn. What needs Django is left out when Django can't be configured."""
    yield from check_folders(instance)
    yield from check_port(instance)
    try:
        instance.secret_key()
    except InstanceError as error:
        yield Finding(Level.FAIL, "secret key", str(error))
        return
    yield check_secret_key_mode(instance)
    try:
        place.configure(instance)
        place.require_database(instance)
    except Exception as error:  # noqa: BLE001 - whatever it is, the report says it in one line
        yield Finding(Level.FAIL, "database", explain(error))
        return
    yield Finding(Level.OK, "database", "answers, all migrations applied")
    yield from check_queue()
    yield from check_failures()


def check_folders(instance: Instance) -> Iterator[Finding]:
    """The folders are there, ours to write, and the instance is complete."""
    if (instance.data / place.UNFINISHED).exists():
        yield Finding(Level.FAIL, "instance", f"half made; repeat 'stoppress init {instance.root}'")
    try:
        place.require_writable(instance)
    except InstanceError as error:
        yield Finding(Level.FAIL, "folders", str(error))
    else:
        yield Finding(Level.OK, "folders", "store, media and originals can be written")


def check_secret_key_mode(instance: Instance) -> Finding:
    """Nobody else can read the secret key."""
    mode = stat.S_IMODE(instance.secret_key_file.stat().st_mode)
    if mode & 0o077:
        return Finding(
            Level.WARN, "secret key", f"others can read it (mode {mode:o}); chmod 600 {instance.secret_key_file}"
        )
    return Finding(Level.OK, "secret key", "there, and private")


def check_port(instance: Instance) -> Iterator[Finding]:
    """The port is free, or our own server answers on it."""
    host, port = instance.settings.host, instance.settings.port
    if is_held(instance):
        if answers(host, port):
            yield Finding(Level.OK, "server", f"runs and answers on {host}:{port}")
        else:
            yield Finding(
                Level.WARN,
                "server",
                f"runs, but not on {host}:{port}; it has another --port or is starting",
            )
        return
    try:
        reserve(host, port).close()
    except InstanceError as error:
        yield Finding(Level.FAIL, "server", f"does not run. {error}")
    else:
        yield Finding(Level.OK, "server", f"does not run; {host}:{port} is free")


def check_queue() -> Iterator[Finding]:
    """Nothing waits long to be derived or baked."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django configured

    from stoppress.pagestore.models import BakeTask, Mark  # noqa: PLC0415 - needs Django configured

    oldest = [
        moment
        for moment in (
            Mark.objects.order_by("made_at").values_list("made_at", flat=True).first(),
            BakeTask.objects.filter(not_before=None).order_by("queued_at").values_list("queued_at", flat=True).first(),
        )
        if moment is not None
    ]
    waiting = BakeTask.objects.count()
    seconds = round((timezone.now() - min(oldest)).total_seconds()) if oldest else 0
    if seconds > WAITS_TOO_LONG_SECONDS:
        yield Finding(
            Level.WARN,
            "worker",
            f"{waiting} pages wait, the oldest change for {seconds} s; see that 'stoppress run' runs, "
            "or 'stoppress bake'",
        )
    else:
        yield Finding(Level.OK, "worker", f"{waiting} pages wait to be baked")


def check_failures() -> Iterator[Finding]:
    """No page failed to bake."""
    from stoppress.pagestore.models import Address  # noqa: PLC0415 - needs Django configured

    failed = Address.objects.exclude(failed_at=None).order_by("-failed_at")
    count = failed.count()
    if not count:
        yield Finding(Level.OK, "pages", f"{Address.objects.count()} addresses, none failed to bake")
    for address in failed[:SHOWN_FAILURES]:
        reason = " ".join(address.error.split())
        yield Finding(Level.WARN, "pages", f"{address.path} was not baked: {reason}. 'stoppress bake {address.path}'")
    if count > SHOWN_FAILURES:
        yield Finding(Level.WARN, "pages", f"{count - SHOWN_FAILURES} more failed to bake")


def _show(finding: Finding) -> int:
    colour = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}[finding.level]
    click.echo(f"{click.style(f'{finding.level:4}', fg=colour, bold=True)}  {finding.subject}: {finding.text}")
    return _rank(finding.level)


def _rank(level: Level) -> int:
    return list(Level).index(level)
