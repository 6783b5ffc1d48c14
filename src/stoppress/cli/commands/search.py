"""``stoppress search``: the readers' full-text index."""

from pathlib import Path

import click

from stoppress.cli import place
from stoppress.cli.progress import shown


@click.group(short_help="Look after the readers' search.")
def search() -> None:
    """Look after the index of the readers' full-text search. It follows what is published by itself."""


@search.command(short_help="Make the index again.")
@click.pass_obj
def reindex(folder: Path) -> None:
    """Make the index again from everything that is public, the newest first.

    What is not in it yet is not found meanwhile. It may run while the publication does, and may be interrupted: the
    running tree, or another run, goes on where it ended.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.search import actions  # noqa: PLC0415 - needs Django configured

    with shown("Indexing") as report:
        count = actions.reindex(report)
    click.echo(f"{count} articles can be found.")
