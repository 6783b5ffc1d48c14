"""``stoppress import …``: bringing another system's archive in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli import place
from stoppress.cli.commands.bake import tell
from stoppress.cli.progress import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from stoppress.importers.discussions.records import Reader
    from stoppress.importers.receipt import Receipt

DRY = "Say what would come, and write nothing."


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
@click.option("--dry-run", "is_dry", is_flag=True, help=DRY)
@click.pass_obj
def wordpress(folder: Path, file: Path, media: Path | None, is_dry: bool) -> None:
    """Bring in FILE, what WordPress writes under Tools, Export; then bake what is new.

    Nothing private, pending, draft, scheduled or protected by a password becomes public. The report says what was
    brought and what was not.
    """
    _open(folder)
    from stoppress.importers.wordpress.actions import import_wordpress  # noqa: PLC0415 - needs Django configured

    _bring(lambda report: import_wordpress(file, media, report, is_dry=is_dry), is_dry=is_dry)


@import_.command(short_help="Replies from Disqus.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", "is_dry", is_flag=True, help=DRY)
@click.pass_obj
def disqus(folder: Path, file: Path, is_dry: bool) -> None:
    """Bring in the replies of FILE, the unpacked XML that Disqus exports; then bake the pages that show them.

    Articles are found by their addresses, here or where they were before they were imported.
    """
    _open(folder)
    from stoppress.importers.discussions.disqus import DisqusExport  # noqa: PLC0415 - kept from other commands' start

    _bring_replies(DisqusExport(file), is_dry=is_dry)


@import_.command(short_help="Replies from isso.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", "is_dry", is_flag=True, help=DRY)
@click.pass_obj
def isso(folder: Path, file: Path, is_dry: bool) -> None:
    """Bring in the replies of FILE, the database of isso (comments.db); then bake the pages that show them.

    Articles are found by their addresses, here or where they were before they were imported.
    """
    _open(folder)
    from stoppress.importers.discussions.isso import IssoDatabase  # noqa: PLC0415 - kept from other commands' start

    _bring_replies(IssoDatabase(file), is_dry=is_dry)


@import_.command(short_help="Replies from Coral.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--dry-run", "is_dry", is_flag=True, help=DRY)
@click.pass_obj
def coral(folder: Path, directory: Path, is_dry: bool) -> None:
    """Bring in Coral's comments from DIR, which has stories.json, comments.json and users.json as mongoexport writes
    them; then bake the pages that show them.

    Articles are found by their addresses, here or where they were before they were imported.
    """
    _open(folder)
    from stoppress.importers.discussions.coral import CoralFolder  # noqa: PLC0415 - kept from other commands' start

    _bring_replies(CoralFolder(directory), is_dry=is_dry)


@import_.command(short_help="Replies from an export of another Stop Press.")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--dry-run", "is_dry", is_flag=True, help=DRY)
@click.pass_obj
def replies(folder: Path, directory: Path, is_dry: bool) -> None:
    """Bring in the replies of DIR, what 'stoppress export' wrote; then bake the pages that show them.

    With 'stoppress export --drafts --with-addresses' nothing of them is lost. Articles are found by their addresses.
    """
    _open(folder)
    from stoppress.importers.discussions.ours import OwnExport  # noqa: PLC0415 - kept from other commands' start

    _bring_replies(OwnExport(directory), is_dry=is_dry)


def _open(folder: Path) -> None:
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)


def _bring_replies(reader: "Reader", *, is_dry: bool) -> None:
    from stoppress.importers.discussions.actions import import_replies  # noqa: PLC0415 - needs Django configured

    _bring(lambda report: import_replies(reader, report, is_dry=is_dry), is_dry=is_dry)


def _bring(work: "Callable[[Callable[[int, int], None]], Receipt]", *, is_dry: bool) -> None:
    """Do it with progress, print the receipt, and bake."""
    from stoppress.pagestore.actions import drain  # noqa: PLC0415 - needs Django configured

    with shown("Reading" if is_dry else "Importing") as report:
        result = work(report)
    click.echo(result.render())
    if is_dry:
        return
    with shown("Baking") as report:
        baked = drain(report)
    tell(baked)
