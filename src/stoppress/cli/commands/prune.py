"""``stoppress prune``."""

from pathlib import Path

import click

from stoppress.cli import place


@click.command(short_help="Remove what nobody needs any more.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say how much there is.")
@click.pass_obj
def prune(folder: Path, is_dry: bool) -> None:
    """Remove old revisions, task results, expired sessions, files of replaced pictures, full logs, mails kept as files.

    Old entries of the audit log go too, leaving a checkpoint.

    The settings that begin with keep_ say what is old. 'run' does this once a day by itself, unless prune_daily is
    false.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.desk import actions  # noqa: PLC0415 - needs Django configured

    for one in actions.prune(is_dry=is_dry):
        click.echo(f"{one.what}: {one.count} {'would go' if is_dry else 'removed'}")
