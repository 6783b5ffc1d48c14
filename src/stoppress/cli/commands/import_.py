"""``stoppress import …``: bringing another system's archive in."""

from pathlib import Path

import click

from stoppress.cli import place
from stoppress.cli.commands.bake import tell
from stoppress.cli.progress import shown


@click.group(name="import", short_help="Bring another system's archive in.", invoke_without_command=True)
@click.pass_context
def import_(context: click.Context) -> None:
    """Bring another system's archive in. A second run of the same file changes nothing."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@import_.command(short_help="A WordPress export (WXR).")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--media",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A copy of the site's wp-content/uploads folder.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would come, and write nothing.")
@click.pass_obj
def wordpress(folder: Path, file: Path, media: Path | None, is_dry: bool) -> None:
    """Bring in FILE, what WordPress writes under Tools, Export; then bake what is new.

    Nothing private, pending, draft, scheduled or protected by a password becomes public. The report says what was
    brought and what was not.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.importers.wordpress.actions import import_wordpress  # noqa: PLC0415 - needs Django configured
    from stoppress.pagestore.actions import drain  # noqa: PLC0415 - needs Django configured

    with shown("Reading" if is_dry else "Importing") as report:
        result = import_wordpress(file, media, report, is_dry=is_dry)
    click.echo(result.render())
    if is_dry:
        return
    with shown("Baking") as report:
        baked = drain(report)
    tell(baked)
