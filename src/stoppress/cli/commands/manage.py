"""``stoppress manage …``: Django's own management commands, for the instance."""

from pathlib import Path

import click

from stoppress.cli import place


@click.command(
    short_help="Django's management commands.",
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def manage(folder: Path, arguments: tuple[str, ...]) -> None:
    """Run one of Django's management commands; 'stoppress manage help' lists them."""
    place.configure(place.find(folder))
    from django.core.management import ManagementUtility  # noqa: PLC0415 - needs Django configured

    ManagementUtility(["stoppress manage", *arguments]).execute()
