"""The entry point: finds the command, and turns every failure into one clear line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

import stoppress
from stoppress.cli.commands import (
    backup,
    bake,
    comments,
    demo,
    doctor,
    export,
    import_,
    init,
    mail,
    manage,
    move_database,
    prune,
    run,
    search,
    upgrade,
    user,
)
from stoppress.cli.errors import explain
from stoppress.core.loading import let_go

INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended."""


class OneLineErrors(click.Group):
    """A group of commands of which each fails with one line on standard error: 2 when misused, else mostly 1."""

    def main(self, args: Sequence[str] | None = None, *_positional: Any, **_extra: Any) -> Any:
        """Run one command and exit."""
        given = list(sys.argv[1:] if args is None else args)
        try:
            code = super().main(given, prog_name="stoppress", standalone_mode=False)
        except (click.Abort, KeyboardInterrupt):
            click.echo("Interrupted.", err=True)
            code = INTERRUPTED
        except BrokenPipeError:
            # Whoever read our output left; Python would complain once more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 1
        except Exception as error:
            if wants_traceback(given):
                raise
            click.echo(f"stoppress: {explain(error)}", err=True)
            code = error.exit_code if isinstance(error, click.ClickException) else 1
        let_go()
        sys.exit(code)


@click.group(cls=OneLineErrors, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--instance",
    "folder",
    type=click.Path(path_type=Path),
    envvar="STOPPRESS_INSTANCE",
    default=Path(),
    help="The instance's folder; by default the current one.",
)
@click.option("--debug", is_flag=True, help="Show the whole traceback when something fails.")
@click.version_option(stoppress.__version__, prog_name="stoppress", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, folder: Path, debug: bool) -> None:
    """Run a newsroom's publication: the desk, the pages and everything between."""
    context.obj = folder
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (
    init.init,
    run.run,
    demo.demo,
    bake.bake,
    import_.import_,
    export.export,
    doctor.doctor,
    backup.backup,
    backup.restore,
    move_database.move_database,
    prune.prune,
    search.search,
    comments.comments,
    upgrade.upgrade,
    user.user,
    mail.mail,
    manage.manage,
):
    main.add_command(_command)


def wants_traceback(arguments: Sequence[str]) -> bool:
    """Whether ``--debug`` or ``STOPPRESS_DEBUG`` asks for more than one line."""
    return "--debug" in arguments or os.environ.get("STOPPRESS_DEBUG", "").lower() in {"1", "true", "yes", "on"}
