"""``stoppress bake``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from stoppress.cli import place
from stoppress.cli.progress import shown
from stoppress.config.instance import InstanceError

if TYPE_CHECKING:
    from stoppress.pagestore.actions import BakeReport


@click.command(short_help="Bake pages now.")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Bake every page again.")
@click.pass_obj
def bake(folder: Path, paths: tuple[str, ...], everything: bool) -> None:
    """Bake the pages at PATH now, such as /world/; with neither PATH nor --all, what waits to be baked.

    Without PATH, readers' search is brought up to date too: after a start that never came, nothing else would.
    A page that fails keeps its last good version.
    """
    if paths and everything:
        raise click.UsageError("Give either paths or --all.")
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.pagestore import actions  # noqa: PLC0415 - needs Django configured
    from stoppress.search.actions import index_all  # noqa: PLC0415 - as above

    with shown("Baking") as report:
        if everything:
            result = actions.bake_everything(report)
        elif paths:
            try:
                result = actions.bake_paths(paths)
            except ValueError as error:
                raise InstanceError(f"{error}. Nothing was baked.") from error
        else:
            result = actions.drain(report)
    if not paths:
        index_all()
    tell(result)


def tell(result: "BakeReport") -> None:
    """Print the outcome of a bake.

    Raises:
        InstanceError: pages failed; each is named with its reason.
    """
    click.echo(f"{result.baked} baked, {len(result.failed)} failed.")
    if result.failed:
        reasons = "; ".join(f"{path}: {reason}" for path, reason in result.failed)
        raise InstanceError(f"{reasons} (the last good version stays)")
