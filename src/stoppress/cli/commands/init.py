"""``stoppress init DIR``."""

from pathlib import Path

import click

from stoppress.cli import founding
from stoppress.cli.locks import only_one
from stoppress.config.instance import SETTINGS_FILE, Instance, InstanceError, Settings


@click.command(short_help="Make a new instance.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default=None, help="Name of the publication.")
@click.option("--base-url", default=None, metavar="URL", help="Its public address, such as https://news.example.")
def init(folder: Path, title: str | None, base_url: str | None) -> None:
    """Make a new instance in DIR: settings, secret key, folders, database and an empty publication.

    An init that was interrupted can be repeated; a complete instance is never touched.
    """
    root = folder.resolve()
    if founding.is_founded(root):
        raise InstanceError(f"{root} is an instance already; nothing was changed.")
    founding.require_room(root)
    chosen = {name: value for name, value in (("title", title), ("base_url", base_url)) if value is not None}
    founding.check(chosen)
    with only_one(Instance(root, Settings())):
        instance = founding.lay_out(root, chosen)
        founding.furnish(instance, click.echo)
    click.echo(f"{root} is ready; its settings are in {root / SETTINGS_FILE}.")
    click.echo(f"Make the first login:  stoppress --instance {root} manage createsuperuser")
    click.echo(f"Then start it:         stoppress --instance {root} run")
