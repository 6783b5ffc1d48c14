"""``stoppress run``."""

import logging
import os
import signal
from pathlib import Path

import click

from stoppress.cli import place, upgrading
from stoppress.cli.children import child, statuses
from stoppress.cli.locks import only_one
from stoppress.cli.ports import answers, reserve, socket_answers
from stoppress.cli.readiness import require_ready
from stoppress.cli.supervisor import Supervisor
from stoppress.config.instance import PREFIX
from stoppress.core import logs, tree_status

log = logging.getLogger("stoppress.supervisor")


@click.command(short_help="Serve the publication.")
@click.option("--host", default=None, help="Address to bind, instead of the setting.")
@click.option("--port", type=int, default=None, help="Port to bind, instead of the setting; 0 takes a free one.")
@click.option("--workers", type=int, default=None, help="Front processes, instead of the setting.")
@click.pass_obj
def run(folder: Path, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the publication and the desk until Ctrl-C or SIGTERM.

    Processes for readers (front), the desk (app), baking (worker) and what can wait (tasks). One that dies is
    started again.
    """
    given = {"host": host, "port": port, "workers": workers}
    overrides = {PREFIX + name.upper(): str(value) for name, value in given.items() if value is not None}
    environment = {**os.environ, **overrides}
    instance = place.find(folder, environment)
    settings = instance.settings
    place.require_writable(instance)
    instance.prepare_socket_folder()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)  # until the supervisor takes it
    with only_one(instance) as lock, reserve(settings.host, settings.port) as reserved:
        real_port = reserved.getsockname()[1]
        environment |= {
            "STOPPRESS_INSTANCE": str(instance.root),
            "STOPPRESS_PORT": str(real_port),
            "DJANGO_SETTINGS_MODULE": "stoppress.config.settings",
        }
        require_ready(instance, environment)
        logs.install(instance.logging_of("supervisor"))
        address = _address(settings.host, real_port)

        def on_ready() -> None:
            click.echo(f"{settings.title} is at {address}/ and its desk at {address}/desk/")
            lock.offer_renewal()

        names = ["front", *(f"front {number}" for number in range(2, settings.workers + 1))]
        supervisor = Supervisor(
            [
                child("app", stops_after=names, overlaps=True),
                *(child("front", name=name, listener=reserved, overlaps=True) for name in names),
                child("worker"),
                child("tasks"),
            ],
            environment,
            is_ready=lambda: answers(settings.host, real_port) and socket_answers(instance.app_socket),
            on_ready=on_ready,
            tell=log.warning,
            on_renewed=lambda trouble: upgrading.report(instance, trouble),
            on_change=lambda children: tree_status.write(instance.tree_file, statuses(children)),
        )
        click.echo("Starting; Ctrl-C stops everything.")
        code = supervisor.run()
    click.echo("Stopped.")
    raise click.exceptions.Exit(code)


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown
    return f"http://{shown}:{port}"
