"""``stoppress upgrade``."""

from pathlib import Path

import click

from stoppress.cli import founding, place, upgrading
from stoppress.cli.locks import holder, only_one
from stoppress.config.instance import InstanceError


@click.command(short_help="Bring the instance to this version.")
@click.pass_obj
def upgrade(folder: Path) -> None:
    """Bring the instance to the version of Stop Press that is installed now; safe to repeat.

    Migrates the database and collects the static files. If it runs, its processes are then replaced one after the
    other, without a reader noticing, and the pages are baked again in the background.
    """
    instance = place.find(folder)
    place.require_writable(instance)
    founding.make_folders(instance)  # a version may have more of them
    with only_one(instance, "upgrade.lock", "is being upgraded already"):
        tree = holder(instance)
        if tree is None:
            with only_one(instance):
                place.configure(instance)
                founding.refresh(click.echo)
            click.echo(f"It does not run. Start it: stoppress --instance {instance.root} run")
            return
        if not tree.renews:
            raise InstanceError(
                f"Process {tree.pid} is starting, or works on {instance.root} alone. Nothing was changed; "
                "repeat this when it is done."
            )
        place.configure(instance)
        founding.refresh(click.echo)
        click.echo("Renewing the running processes …")
        upgrading.renew(instance, tree)
    click.echo("Every process is renewed. Pages that look different now are baked again in the background.")
