"""``stoppress export``."""

from pathlib import Path

import click

from stoppress.cli import place
from stoppress.cli.progress import shown


@click.command(short_help="Write everything out for other systems.")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--drafts", "with_drafts", is_flag=True, help="Also what readers can't see: planned, embargoed, drafts.")
@click.option("--with-addresses", is_flag=True, help="Also the mail addresses of those who replied.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "wxr"]),
    default="json",
    help="JSON lines, which lose nothing (the default), or WordPress's own format.",
)
@click.option("--files-url", metavar="URL", default="", help="With wxr: where pictures and files will be reachable.")
@click.pass_obj
def export(folder: Path, target: Path, with_drafts: bool, with_addresses: bool, form: str, files_url: str) -> None:
    """Write the publication into the new folder DIR, while it runs: texts as JSON lines, pictures and files beside.

    Without --drafts only what readers can see is written, and DIR can be handed on. Killed articles never are.
    """
    if files_url and form != "wxr":
        raise click.UsageError("--files-url belongs to --format wxr.")
    instance = place.find(folder)
    place.configure(instance)
    place.require_database(instance)
    from stoppress.accounts.actions.audit import record  # noqa: PLC0415 - needs Django configured
    from stoppress.accounts.models import Event  # noqa: PLC0415 - needs Django configured
    from stoppress.exporters import actions  # noqa: PLC0415 - needs Django configured

    with shown("Exporting") as report:
        if form == "wxr":
            result = actions.export_wordpress(
                target, files_url, with_drafts=with_drafts, with_addresses=with_addresses, progress=report
            )
        else:
            result = actions.export_json(
                target, with_drafts=with_drafts, with_addresses=with_addresses, progress=report
            )
    record(Event.EXPORTED, form, with_drafts=with_drafts, with_addresses=with_addresses)
    for kind, number in result.counts.items():
        click.echo(f"{kind:<14} {number:>9}")
    if result.missing_files:
        names = ", ".join(result.missing_names)
        click.echo(f"{result.missing_files} files are named but not there, such as {names}.")
    click.echo(f"{result.folder} is whole.")
