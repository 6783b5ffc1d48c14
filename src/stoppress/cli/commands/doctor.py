"""``stoppress doctor``: what is well and what is not, one line each."""

from collections.abc import Iterator
from pathlib import Path

import click

from stoppress.cli import place
from stoppress.cli.doctor import content, machine, tree
from stoppress.cli.doctor.finding import Finding, Level, fail, ok
from stoppress.cli.errors import explain
from stoppress.config.instance import Instance, InstanceError, load


@click.command(short_help="Look the instance over.")
@click.pass_obj
def doctor(folder: Path) -> None:
    """Look the instance over, and say of each thing how it is and what to do. Fails when something is broken.

    Settings, key, folders, disk, port, processes, database, clock, queue, pages, search, times, tasks, audit log and
    privacy.
    """
    try:
        instance = load(folder)
    except InstanceError as error:
        _show(fail("instance", str(error)))
        raise click.exceptions.Exit(1) from error
    _show(ok("instance", f"{instance.root}, {instance.settings.title}"))
    worst = max((_show(finding) for finding in findings(instance)), default=0)
    raise click.exceptions.Exit(1 if worst == _rank(Level.FAIL) else 0)


def findings(instance: Instance) -> Iterator[Finding]:
    """Every check in turn. What needs Django is left out when Django can't be configured."""
    yield from machine.check_folders(instance)
    yield from machine.check_room(instance)
    yield from machine.check_settings(instance)
    yield from tree.check_tree(instance)
    yield from machine.check_mail(instance)
    try:
        instance.secret_key()
    except InstanceError as error:
        yield fail("secret key", str(error))
        return
    yield machine.check_secret_key_mode(instance)
    try:
        place.configure(instance)
        place.require_database(instance)
    except Exception as error:  # noqa: BLE001 - whatever it is, the report says it in one line
        yield fail("database", explain(error))
        return
    yield ok("database", "answers, all migrations applied")
    try:
        yield from content.check_content(instance)
    except Exception as error:  # noqa: BLE001 - as above: the database may go away while we ask
        yield fail("database", explain(error))


def _show(finding: Finding) -> int:
    colour = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}[finding.level]
    click.echo(f"{click.style(f'{finding.level:4}', fg=colour, bold=True)}  {finding.subject}: {finding.text}")
    return _rank(finding.level)


def _rank(level: Level) -> int:
    return list(Level).index(level)
