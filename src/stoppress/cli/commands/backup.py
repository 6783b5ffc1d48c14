"""``stoppress backup`` and ``stoppress restore``."""

import os
from pathlib import Path

import click

from stoppress.cli import backups, founding, place
from stoppress.cli.commands.bake import tell
from stoppress.cli.progress import shown


@click.command(short_help="Write one archive of everything.")
@click.argument("target", metavar="[FILE|DIR]", type=click.Path(path_type=Path), default=Path())
@click.pass_obj
def backup(folder: Path, target: Path) -> None:
    """Write one archive of the instance, while it runs: database, pictures, theme, settings and keys.

    FILE must not be there yet; in DIR (by default the current folder) the archive gets a name with the date. Baked
    pages are left out: 'restore' bakes them again. Whoever reads the archive reads the keys; only you can.
    """
    instance = place.find(folder)
    with shown("Saving files") as report:
        result = backups.back_up(instance, target, report)
    click.echo(f"{result.file}: {result.files} files, {result.rows} rows.")
    if result.vanished:
        click.echo(f"{result.vanished} files were deleted meanwhile and are not in it.")


@click.command(short_help="Make an instance from a backup.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("root", metavar="DIR", type=click.Path(path_type=Path))
def restore(file: Path, root: Path) -> None:
    """Make the instance in DIR, which must be new or empty, from the backup FILE; then bake its pages.

    The whole archive is verified before anything is written. With PostgreSQL, the database that the settings name
    must be empty.
    """
    with shown("Verifying") as report:
        instance = backups.restore(file, root, report, dict(os.environ))
    click.echo(f"{instance.root} is restored.")
    place.configure(instance)
    founding.refresh(click.echo)
    from stoppress.pagestore.actions import bake_everything  # noqa: PLC0415 - needs Django configured

    with shown("Baking") as report:
        result = bake_everything(report)
    tell(result)
    click.echo(f"Start it: stoppress --instance {instance.root} run")
