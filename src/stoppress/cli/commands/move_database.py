"""``stoppress move-database``."""

import os
import sys
from pathlib import Path

import click

from stoppress.cli import moving, place
from stoppress.cli.progress import shown
from stoppress.config.instance import SETTINGS_FILE


@click.command(name="move-database", short_help="Move from SQLite to PostgreSQL.")
@click.argument("url")
@click.pass_obj
def move_database(folder: Path, url: str) -> None:
    """Move the data from SQLite to the empty PostgreSQL database at URL, and compare every row.

    URL is like postgres://user:password@host/name; with - it is read from standard input, so that it stands in no list
    of processes. The publication must not run meanwhile. It works on PostgreSQL from then on; the SQLite file stays.
    When anything fails, nothing has changed.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    address = sys.stdin.readline().strip() if url == "-" else url
    with shown("Copying and comparing") as report:
        moved = moving.move_database(instance, address, dict(os.environ), click.echo, report)
    width = max(len(name) for name in moved.rows)
    for name, rows in moved.rows.items():
        if rows:
            click.echo(f"{name:{width}}  {rows:>9}")
    click.echo(f"{sum(moved.rows.values())} rows in {len(moved.rows)} tables are the same here and there.")
    for name, rows in moved.left.items():
        click.echo(f"The {rows} rows of {name}, which nothing that is installed knows, stay in the SQLite file only.")
    click.echo(f"{instance.root / SETTINGS_FILE} names the new database. The old one stays: {moved.old}")
    if moved.is_closed:
        click.echo(f"{SETTINGS_FILE} holds a password now, so others can't read it any more.")
    click.echo(f"Look it over:  stoppress --instance {instance.root} doctor")
    click.echo(f"Start it:      stoppress --instance {instance.root} run")
