"""The entry point: finds the command, and turns every failure into one clear line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

import stoppress
from stoppress.cli.commands import bake, demo, doctor, import_, init, manage, run
from stoppress.cli.errors import explain

INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
def cli(context: click.Context, folder: Path, debug: bool) -> None:
    """Run a newsroom's publication: the desk, the pages and everything between."""
    context.obj = folder


for _command in (
    init.init,
    run.run,
    demo.demo,
    bake.bake,
    import_.import_,
    doctor.doctor,
    manage.manage,
):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit: 0 when it worked, 2 when it was misused, else another number."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = cli.main(given, prog_name="stoppress", standalone_mode=False)
    except click.exceptions.Exit as error:
        code = error.exit_code
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
    sys.exit(code)


def wants_traceback(arguments: Sequence[str]) -> bool:
    """Whether ``--debug`` or ``STOPPRESS_DEBUG`` asks for more than one line."""
    return "--debug" in arguments or os.environ.get("STOPPRESS_DEBUG", "").lower() in {"1", "true", "yes", "on"}
